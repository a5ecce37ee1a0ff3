"""Statements: what an array program does, as data from which every source is printed.

A statement reads views and writes one. A view is a part of a buffer in some shape; shapes follow
NumPy's rules, so an axis of length 1 serves all of another's. Nothing here knows a language:
`numpy_source` prints statements in NumPy, one a line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from autograd.operation import Operation

BATCH = -1  # a length: the number of examples


def shape_text(shape: Sequence[int]) -> str:
    """As NumPy prints it, with `batch` for the number of examples."""
    lengths = ["batch" if n == BATCH else str(n) for n in shape]
    return f"({', '.join(lengths)}{',' * (len(lengths) == 1)})"


# Memory is made for each batch size; a vector (of parameters, or their gradient), a table (made at
# compile time) and a given array (an argument of the call) are there before.
BufferKind = Literal["memory", "vector", "table", "given"]


@dataclass(slots=True, eq=False)
class Buffer:
    """An array of `rows`, each of which has one column or one for each example (BATCH).

    `shared` says that it holds intermediate results, so that others may use the memory later.
    `zero_row` says that there is one more row behind the others, of zeros, which row -1 means.
    Rows that are `absent` hold zeros for nothing: no product with them counts.
    """

    name: str
    rows: int
    columns: int = BATCH
    kind: BufferKind = "memory"
    integer: bool = False
    content: Any = None  # of a table
    shared: bool = False
    zero_row: bool = False
    absent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Elements of a buffer: from row `start` on, `strides[i]` rows apart along axis `i`.

    One axis may have the length BATCH: it runs over the columns, and has stride 0. `name` is what
    a source may call it.

    >>> view = View(Buffer("values", 6), 1, (2, 2, BATCH), (2, 1, 0), "x")
    >>> view
    x(2, 2, batch)
    >>> view.places().tolist()
    [[1, 2], [3, 4]]
    """

    buffer: Buffer
    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    name: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return f"{self.name}{shape_text(self.shape)}"

    @property
    def T(self) -> View:
        """With the axes the other way round."""
        return self.arranged(*reversed(range(len(self.shape))))

    def arranged(self, *axes: int | None) -> View:
        """With these of its axes, in this order, and one of length 1 for each None.

        Axes that are left out have length 1.
        """
        shape = tuple(1 if i is None else self.shape[i] for i in axes)
        strides = tuple(0 if i is None else self.strides[i] for i in axes)
        return replace(self, shape=shape, strides=strides)

    def places(self) -> NDArray[np.intp]:
        """The row of each element, in the shape without the columns."""
        axes = [(n, step) for n, step in zip(self.shape, self.strides, strict=True) if n != BATCH]
        if self.buffer.columns == 1 and axes and axes[-1] == (1, 0):
            axes.pop()
        result = np.array(self.start, dtype=np.intp)
        for length, step in axes:
            result = result[..., None] + step * np.arange(length)
        return result

    def there(self) -> NDArray[np.bool_] | None:
        """Which rows are not absent, in the shape of `places`; None if all are there."""
        present = ~np.isin(self.places(), self.buffer.absent)
        return None if present.all() else present

    def with_axes(self, count: int) -> View:
        """With axes of length 1 in front, so that it has `count` of them."""
        more = (0,) * (count - len(self.shape))
        return replace(self, shape=(1,) * len(more) + self.shape, strides=more + self.strides)


def whole(buffer: Buffer, name: str = "") -> View:
    """All of a buffer, shape (rows, columns)."""
    return View(buffer, 0, (buffer.rows, buffer.columns), (1, 0), name or buffer.name)


def stacked(view: View, shape: Sequence[int], name: str = "") -> View:
    """Rows that lie one behind the other, shape (rows, columns), as (*shape, columns)."""
    assert math.prod(shape) == view.shape[0]
    strides = [view.strides[0] * math.prod(shape[i + 1 :]) for i in range(len(shape))]
    strides = [0 if length == 1 else step for length, step in zip(shape, strides, strict=True)]
    return replace(
        view,
        shape=(*shape, view.shape[1]),
        strides=(*strides, 0),
        name=name or view.name,
    )


Operand = View | float


def broadcast(operands: Sequence[Operand]) -> tuple[int, ...]:
    """The shape that the operands have together."""
    shapes = [x.shape for x in operands if isinstance(x, View)]
    count = max(map(len, shapes), default=0)
    padded = [(1,) * (count - len(shape)) + shape for shape in shapes]
    return tuple([max(lengths, key=lambda n: n != 1) for lengths in zip(*padded, strict=True)])


# ------------------------------------------------------------------------- the statements


def _flat(content: Any) -> tuple[Any, ...]:
    return content if isinstance(content, tuple) else (content,)


@dataclass(frozen=True, slots=True)
class Statement:
    """What all have: the view that is written, and what a reader may want to know of it."""

    out: View
    note: str = field(default="", kw_only=True)

    def views(self) -> list[View]:
        """What is read and written."""
        contents = [getattr(self, each.name) for each in fields(self)]
        flat = (x for content in contents for x in _flat(content))
        return [x for x in flat if isinstance(x, View)]

    def moved(self, to: Callable[[Buffer], Buffer]) -> Self:
        """The same on other buffers."""

        def move(content: Any) -> Any:
            if isinstance(content, View):
                return replace(content, buffer=to(content.buffer))
            return tuple(map(move, content)) if isinstance(content, tuple) else content

        return replace(self, **{each.name: move(getattr(self, each.name)) for each in fields(self)})


@dataclass(frozen=True, slots=True)
class Apply(Statement):
    """`out = op(*inputs)`, element by element."""

    op: Operation
    inputs: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Copy(Statement):
    """`out = source`, of which each element may serve several of `out`."""

    source: Operand


@dataclass(frozen=True, slots=True)
class Reduce(Statement):
    """`out = op` of all elements along the axes of `source` that have length 1 in `out`.

    A `signed` sum is -0.0 if all terms are; otherwise it begins at 0.0.
    """

    op: Operation
    source: View
    signed: bool = False

    @property
    def axes(self) -> tuple[int, ...]:
        pairs = zip(self.source.shape, self.out.shape, strict=True)
        return tuple(i for i, (n, left) in enumerate(pairs) if left == 1 and n != 1)


@dataclass(frozen=True, slots=True)
class ReduceSegments(Statement):
    """Row `r` of `out` is `op` of the rows of `source` from `starts[r]` to the next start."""

    op: Operation
    source: View
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product(Statement):
    """`out = left @ right`, matrices in the last two axes, one for each element of the others.

    Elements that are absent are of no product, also not with infinity.
    """

    left: View
    right: View


@dataclass(frozen=True, slots=True)
class Take(Statement):
    """Row `r` of `out` is row `rows[r]` of the buffer of `source`, which is all of it."""

    source: View
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Put(Statement):
    """Row `rows[r]` of `out`, which is all of a buffer, is row `r` of `source`; or it is added."""

    source: Operand
    rows: tuple[int, ...]
    added: bool = False


@dataclass(frozen=True, slots=True)
class Locate(Statement):
    """Where the rows are that indices choose: `first + step * indices`, a first for each row.

    For a buffer with a column for each example it is the place of the element, counted through.
    """

    indices: View
    first: tuple[int, ...]
    step: int
    chosen_from: Buffer


@dataclass(frozen=True, slots=True)
class Pick(Statement):
    """`out` is what lies at the located places of the buffer of `source`, which is all of it."""

    source: View
    located: View


@dataclass(frozen=True, slots=True)
class Unpick(Statement):
    """Adds `source` to what lies at the located places, which are in `out`.

    `once` says that no place is located twice in one example.
    """

    source: View
    located: View
    once: bool


@dataclass(frozen=True, slots=True)
class Draw(Statement):
    """Random numbers from a generator."""

    generator: Any
