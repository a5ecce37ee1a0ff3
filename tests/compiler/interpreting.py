"""What statements mean: they are run from their data, without a source, as slowly as need be."""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, NamedTuple

import numpy as np

from autograd import operations as ops
from autograd.compiler import statements as kinds
from autograd.compiler.lowering import Lowered
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Buffer, View

_REDUCERS = {ops.total: np.add, ops.maximum: np.maximum, ops.minimum: np.minimum}


class Numbers(NamedTuple):
    """What a program computes: results, and gradients of parameters and of arguments."""

    output: np.ndarray
    gradient: np.ndarray
    slopes: list[np.ndarray]


def interpreted(
    program: Lowered, theta: np.ndarray, given: Sequence[np.ndarray], batch: int
) -> Numbers:
    """Forward and backward; `given` are the arguments, shape (elements, batch)."""
    memory = Memory(batch)
    gradient = np.zeros(len(theta))
    memory.vectors = {"theta": theta, "grad_theta": gradient}
    for buffer, array in zip(program.given, given, strict=True):
        memory.hold(buffer, array)
    for one in program.ones:
        memory.write(one, 1.0)
    for statement in program.forward:
        run(statement, memory)
    output = memory.read(program.output)
    if program.seed:
        memory.write(program.seed, 1.0)
        for statement in program.backward:
            run(statement, memory)
    return Numbers(output, gradient, [memory.read(view) for _, _, view in program.slopes])


def coordinates(view: View, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """The row and the column of each element, in its shape."""
    rows, columns = np.array(view.start), np.array(0)
    for length, step in zip(view.shape, view.strides, strict=True):
        count = np.arange(batch if length == BATCH else length)
        rows = rows[..., None] + step * count
        columns = columns[..., None] + (length == BATCH) * count
    return rows, columns


class Memory:
    """The arrays of buffers, shape (rows, columns), and which of their elements were written.

    What has not been written cannot be read, and nothing is written twice by one statement.
    """

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.vectors: dict[str, np.ndarray] = {}
        self.arrays: dict[Buffer, np.ndarray] = {}
        self.written: dict[Buffer, np.ndarray] = {}

    def hold(self, buffer: Buffer, content: np.ndarray) -> None:
        self.arrays[buffer], self.written[buffer] = content, np.ones(content.shape, bool)

    def array(self, buffer: Buffer) -> np.ndarray:
        if buffer not in self.arrays:
            self._begin(buffer)
        return self.arrays[buffer]

    def _begin(self, buffer: Buffer) -> None:
        if buffer.kind == "table":
            self.hold(buffer, buffer.content[:, None])
        elif buffer.kind == "vector":
            self.hold(buffer, self.vectors[buffer.name][:, None])
            self.written[buffer][:] = buffer.name == "theta"
        else:
            shape = (buffer.rows + buffer.zero_row, self.batch if buffer.columns == BATCH else 1)
            self.hold(buffer, np.zeros(shape, int if buffer.integer else float))
            self.written[buffer][: buffer.rows] = False

    def at(self, buffer: Buffer, rows: Any, columns: Any = slice(None)) -> np.ndarray:
        array = self.array(buffer)
        assert self.written[buffer][rows, columns].all(), f"{buffer.name} is read before written"
        return array[rows, columns]

    def put(self, buffer: Buffer, rows: Any, columns: Any, content: Any) -> None:
        self.array(buffer)[rows, columns] = content
        self.written[buffer][rows, columns] = True

    def read(self, operand: View | float) -> np.ndarray:
        if not isinstance(operand, View):
            return np.array(operand)
        return self.at(operand.buffer, *coordinates(operand, self.batch))

    def write(self, view: View, content: Any) -> None:
        rows, columns = coordinates(view, self.batch)
        places = rows * self.batch + columns
        assert len(np.unique(places)) == places.size, f"{view.buffer.name} overlaps itself"
        self.put(view.buffer, rows, columns, content)

    def there(self, view: View) -> np.ndarray:
        return ~np.isin(coordinates(view, self.batch)[0], view.buffer.absent)

    def located(self, view: View, buffer: Buffer) -> tuple[np.ndarray, np.ndarray]:
        """The rows and columns of places that are counted through."""
        return np.divmod(self.read(view), self.array(buffer).shape[1])


# ------------------------------------------------------------------------- the statements


@singledispatch
def run(statement: Statement, memory: Memory) -> None:
    raise NotImplementedError(type(statement))


@run.register
def _(apply: kinds.Apply, memory: Memory) -> None:
    memory.write(apply.out, apply.op.array(*map(memory.read, apply.inputs)))


@run.register
def _(copy: kinds.Copy, memory: Memory) -> None:
    memory.write(copy.out, memory.read(copy.source))


@run.register
def _(reduce: kinds.Reduce, memory: Memory) -> None:
    initial = {"initial": -0.0} if reduce.signed and reduce.op is ops.total else {}
    source, reducer = memory.read(reduce.source), _REDUCERS[reduce.op]
    memory.write(reduce.out, reducer.reduce(source, axis=reduce.axes, keepdims=True, **initial))


@run.register
def _(reduce: kinds.ReduceSegments, memory: Memory) -> None:
    source, reducer = memory.read(reduce.source), _REDUCERS[reduce.op]
    parts = np.split(source, reduce.starts[1:])
    memory.write(reduce.out, np.stack([reducer.reduce(part, axis=0) for part in parts]))


@run.register
def _(product: kinds.Product, memory: Memory) -> None:
    left, right = product.left, product.right
    products = memory.read(left)[..., None] * memory.read(right)[..., None, :, :]
    there = memory.there(left)[..., None] & memory.there(right)[..., None, :, :]
    memory.write(product.out, np.where(there, products, 0.0).sum(axis=-2))


@run.register
def _(take: kinds.Take, memory: Memory) -> None:
    buffer = take.source.buffer
    rows = [buffer.rows if row < 0 else row for row in take.rows]
    memory.write(take.out, memory.at(buffer, rows))


@run.register
def _(put: kinds.Put, memory: Memory) -> None:
    buffer, rows, source = put.out.buffer, list(put.rows), memory.read(put.source)
    assert len({*rows}) == len(rows), f"{buffer.name} overlaps itself"
    before = memory.at(buffer, rows) if put.added else 0.0
    memory.put(buffer, rows, slice(None), before + source)


@run.register
def _(locate: kinds.Locate, memory: Memory) -> None:
    rows = np.array(locate.first)[:, None] + locate.step * memory.read(locate.indices)
    per_example = locate.chosen_from.columns == BATCH
    places = rows * memory.batch + np.arange(memory.batch) if per_example else rows
    memory.write(locate.out, places)


@run.register
def _(pick: kinds.Pick, memory: Memory) -> None:
    buffer = pick.source.buffer
    memory.write(pick.out, memory.at(buffer, *memory.located(pick.located, buffer)))


@run.register
def _(unpick: kinds.Unpick, memory: Memory) -> None:
    buffer, places = unpick.out.buffer, memory.read(unpick.located)
    assert not unpick.once or all(len({*column}) == len(column) for column in places.T.tolist())
    rows, columns = memory.located(unpick.located, buffer)
    assert np.isin(rows, unpick.out.places()).all()
    memory.at(buffer, rows, columns)
    np.add.at(memory.array(buffer), (rows, columns), memory.read(unpick.source))


@run.register
def _(draw: kinds.Draw, memory: Memory) -> None:
    memory.write(draw.out, draw.generator.random(coordinates(draw.out, memory.batch)[0].shape))
