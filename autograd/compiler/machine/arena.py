"""Where the numbers of a program lie in the memory of its machine code.

`lanes` holds a row for each number that every example has one of: those of the examples of one
block, `stride` apart. `singles` holds what is the same for all. What is not needed any more in a
block makes room for what comes later.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.compiler.machine.expressions import number
from autograd.compiler.machine.spans import Span
from autograd.compiler.views import BATCH, Buffer, View


class Piece(NamedTuple):
    """Rows of a buffer that lie together: the first, and where that is in `lanes`."""

    start: int
    row: int


class Arena:
    """Places of buffers.

    Parameters:
        uses: what each step of a block touches, in their order.

    Attributes:
        rows: how many there are in `lanes`.
        singles: how many numbers there are of those.
        tables: the text of the constants.
    """

    def __init__(self, uses: Sequence[Sequence[Span]]) -> None:
        self.rows = self.singles = 0
        self.tables: list[str] = []
        self._names: dict[object, str] = {}
        self._single: dict[Buffer, int] = {}
        self._pieces: dict[Buffer, list[Piece]] = {}
        taken: list[tuple[int, int, int]] = []  # first row, row behind the last, last use
        for first, last, buffer, start, stop in sorted(_lives(uses), key=lambda life: life[:2]):
            taken = [place for place in taken if place[2] >= first]
            row = _gap(taken, stop - start)
            insort(taken, (row, row + stop - start, last))
            insort(self._pieces.setdefault(buffer, []), Piece(start, row))
            self.rows = max(self.rows, row + stop - start)

    def lane(self, buffer: Buffer, row: int) -> int:
        """The row of `lanes` that a row of a buffer is."""
        pieces = self._pieces[buffer]
        piece = pieces[bisect_right(pieces, row, key=lambda piece: piece.start) - 1]
        return piece.row + row - piece.start

    def origin(self, view: View) -> tuple[str, int]:
        """The array that a view is of, and the place of its first element (or row) there."""
        buffer, start = view.buffer, view.start
        if buffer.columns == BATCH and buffer.kind == "memory":
            return "lanes", self.lane(buffer, start)
        if buffer.kind in ("vector", "given"):
            return buffer.name, start
        if buffer.kind == "table":
            return self.table(buffer, buffer.content.ravel().tolist()), start
        if buffer not in self._single:
            self._single[buffer], self.singles = self.singles, self.singles + buffer.rows
        return "singles", self._single[buffer] + start

    def table(self, key: object, numbers: Sequence[float]) -> str:
        """The name of constants."""
        if key not in self._names:
            self._names[key] = f"table_{len(self._names)}"
            kind = "Count" if all(isinstance(x, int) for x in numbers) else "double"
            texts = [number(x) if kind == "double" else str(x) for x in numbers]
            head = f"static const {kind} {self._names[key]}[] = "
            self.tables.append(f"{head}{{{', '.join(texts)}}};")
        return self._names[key]


def has_lanes(view: View) -> bool:
    """Whether a view has a column for each example."""
    return view.buffer.columns == BATCH


def _lives(uses: Sequence[Sequence[Span]]) -> Iterable[tuple[int, int, Buffer, int, int]]:
    """The first and the last use of rows that are used together: those of spans that overlap."""
    found: dict[Buffer, list[tuple[int, int, int]]] = {}
    for time, spans in enumerate(uses):
        for buffer, start, stop in spans:
            found.setdefault(buffer, []).append((start, stop, time))
    for buffer, parts in found.items():
        start, stop, first, last = -1, -1, 0, 0
        for begin, end, time in sorted(parts):
            if begin >= stop:
                if stop >= 0:
                    yield first, last, buffer, start, stop
                start, stop, first, last = begin, end, time, time
            stop, first, last = max(stop, end), min(first, time), max(last, time)
        yield first, last, buffer, start, stop


def _gap(taken: Sequence[tuple[int, int, int]], size: int) -> int:
    """The first row from which on so many are free."""
    row = 0
    for start, stop, _ in taken:
        if start - row >= size:
            break
        row = max(row, stop)
    return row
