"""Views: parts of the arrays of a program, in some shape, as data.

Shapes follow NumPy's rules: an axis of length 1 serves all of another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

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
    of: Buffer | None = None  # whose gradient it holds


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
        shape = tuple([1 if i is None else self.shape[i] for i in axes])
        strides = tuple([0 if i is None else self.strides[i] for i in axes])
        return View(self.buffer, self.start, shape, strides, self.name)

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
        if not self.buffer.absent:
            return None
        present = ~np.isin(self.places(), self.buffer.absent)
        return None if present.all() else present

    def reshaped(self, *shape: int) -> View:
        """Rows that lie evenly, shape (rows, columns), in another shape."""
        strides: list[int] = []
        step = self.strides[0]
        for length in reversed(shape):
            strides.insert(0, 0 if length in (BATCH, 1) else step)
            step *= 1 if length == BATCH else length
        return replace(self, shape=shape, strides=tuple(strides))

    def with_axes(self, count: int) -> View:
        """With axes of length 1 in front, so that it has `count` of them."""
        own = range(len(self.shape))
        return self.arranged(*[None] * (count - len(own)), *own)


def whole(buffer: Buffer) -> View:
    """All of a buffer, shape (rows, columns)."""
    return View(buffer, 0, (buffer.rows, buffer.columns), (1, 0), buffer.name)


Operand = View | float


def broadcast(operands: Sequence[Operand]) -> tuple[int, ...]:
    """The shape that the operands have together."""
    shapes = [x.shape for x in operands if isinstance(x, View)]
    count = max(map(len, shapes), default=0)
    padded = [(1,) * (count - len(shape)) + shape for shape in shapes]
    return tuple([max(lengths, key=lambda n: n != 1) for lengths in zip(*padded, strict=True)])
