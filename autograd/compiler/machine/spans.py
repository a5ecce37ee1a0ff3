"""Spans: the rows of buffers that a statement writes and reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import statements as kinds
from autograd.compiler.machine.statements import ScatteredProduct
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Buffer, View

Span = tuple[Buffer, int, int]  # rows of a buffer, from the first to before the last


def span(view: View) -> Span:
    """The rows from the first to the last that a view shows."""
    lengths = zip(view.shape, view.strides, strict=True)
    last = view.start + sum((n - 1) * step for n, step in lengths if n not in (1, BATCH))
    return view.buffer, view.start, last + 1


def written(statement: Statement) -> list[Span]:
    """What a statement writes."""
    if isinstance(statement, kinds.Put) or _is_scattered(statement, "out"):
        return _rows(statement.out.buffer, statement.rows)  # type: ignore[attr-defined]
    return spans(statement.out)


def read(statement: Statement) -> list[Span]:
    """What a statement reads; also what it only adds to."""
    if isinstance(statement, kinds.Take):
        return _rows(statement.source.buffer, statement.rows)
    if isinstance(statement, ScatteredProduct) and statement.scattered != "out":
        sides = (statement.left, statement.right)
        one, other = sides if statement.scattered == "left" else reversed(sides)
        return [*_rows(one.buffer, statement.rows), *spans(other)]
    found = [x for view in views_read(statement) for x in spans(view)]
    if isinstance(statement, kinds.Unpick) or getattr(statement, "added", False):
        found += written(statement)
    return found


def views_read(statement: Statement) -> list[View]:
    """What it is computed from, which may also be what it writes: `out` is the first of all."""
    return statement.views()[1:]


def _is_scattered(statement: Statement, side: str) -> bool:
    return isinstance(statement, ScatteredProduct) and statement.scattered == side


def spans(view: View) -> list[Span]:
    """The rows that a view shows; of lanes, which lie evenly in memory, those between them too."""
    if view.buffer.columns == BATCH:
        return [span(view)]
    return _rows(view.buffer, view.places().ravel().tolist())


def _rows(buffer: Buffer, rows: Sequence[int]) -> list[Span]:
    """Rows in as few spans as there can be; -1 is none."""
    found: list[Span] = []
    for row in sorted({*rows} - {-1}):
        if found and found[-1][2] == row:
            found[-1] = (buffer, found[-1][1], row + 1)
        else:
            found.append((buffer, row, row + 1))
    return found


class Marks:
    """A whole number for each row of every buffer, -1 at first."""

    def __init__(self) -> None:
        self._of: dict[Buffer, NDArray[np.intp]] = {}

    def mark(self, spans: Iterable[Span], number: int) -> None:
        for buffer, start, stop in spans:
            if buffer not in self._of:
                self._of[buffer] = np.full(buffer.rows, -1)
            self._of[buffer][start:stop] = number

    def highest(self, spans: Iterable[Span]) -> int:
        """The highest number in these spans."""
        found = (self._of[b][i:j].max() for b, i, j in spans if b in self._of)
        return int(max(found, default=-1))
