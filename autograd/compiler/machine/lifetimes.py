"""Which rows of a block's memory numbers have: those that are dead make room for others.

Rows that a view shows together stay together; they live from the first statement that touches one
of them to the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.machine.joined import ScatteredProduct
from autograd.compiler.machine.phases import Span, span
from autograd.compiler.statements import Locate, Pick, Put, Statement, Take
from autograd.compiler.views import BATCH, Buffer, View

# Some rows of a buffer that are touched, and whether all between them must lie there too.
_Touch = tuple[Buffer, Sequence[int], bool]


def row_places(
    items: Sequence[Sequence[Statement]], kept: Iterable[Span]
) -> tuple[dict[Buffer, NDArray[np.intp]], int]:
    """For each buffer with a column for each example the place of its rows, and how many there are.

    Parameters:
        items: the statements of a block in their order, those together that share a loop: what
            one of these reads last is not yet free for another of them to write.
        kept: rows that are written before the block, or read after it.
    """
    touches = [(n, touch) for n, item in enumerate(items) for touch in _touches(item, items)]
    for buffer, start, stop in kept:
        touches += [(n, (buffer, range(start, stop), True)) for n in (-1, len(items))]
    parts = _parts(touches)
    lives: dict[tuple[Buffer, int], tuple[int, int]] = {}
    for n, (buffer, rows, _) in touches:
        for part in np.unique(parts[buffer][list(rows)]).tolist():
            first, _ = lives.get((buffer, part), (n, n))
            lives[buffer, part] = (min(first, n), n)
    return _placed(lives, parts)


def _touches(item: Sequence[Statement], items: Sequence[Sequence[Statement]]) -> list[_Touch]:
    return [
        touch
        for statement in item
        for view in statement.views()
        if view.buffer.kind == "memory" and view.buffer.columns == BATCH
        if (touch := _touch(statement, view, items))[1]
    ]


def _touch(statement: Statement, view: View, items: Sequence[Sequence[Statement]]) -> _Touch:
    """What a statement reads or writes of a view."""
    rows: Sequence[int]
    if isinstance(statement, Take) and view is statement.source:
        rows = [row for row in statement.rows if row >= 0]
    elif isinstance(statement, Put) and view is statement.out:
        rows = statement.rows
    elif isinstance(statement, ScatteredProduct) and view is getattr(
        statement, statement.scattered
    ):
        rows = [row for row in statement.rows if row >= 0]
    elif isinstance(statement, Pick) and view is statement.source:
        return view.buffer, _choices(statement.located, items), True
    else:
        buffer, start, stop = span(view)
        return buffer, range(start, stop), True
    return view.buffer, rows, False


def _choices(located: View, items: Sequence[Sequence[Statement]]) -> Sequence[int]:
    """The rows from the first to the last of those that can be chosen."""
    for statement in chain(*items):
        if isinstance(statement, Locate) and statement.out.buffer is located.buffer:
            last = max(statement.first) + statement.step * (statement.choices - 1)
            return range(min(statement.first), last + 1)
    raise AssertionError("what is picked was located before")


def _parts(touches: Sequence[tuple[int, _Touch]]) -> dict[Buffer, NDArray[np.intp]]:
    """For each row the number of the part of its buffer that stays together."""
    last: dict[Buffer, int] = defaultdict(int)
    for _, (buffer, rows, _) in touches:
        last[buffer] = max(last[buffer], max(rows))
    begins = {buffer: np.ones(row + 1, dtype=bool) for buffer, row in last.items()}
    for _, (buffer, rows, together) in touches:
        if together:
            begins[buffer][min(rows) + 1 : max(rows) + 1] = False
    return {buffer: np.cumsum(begin) - 1 for buffer, begin in begins.items()}


def _placed(
    lives: dict[tuple[Buffer, int], tuple[int, int]], parts: dict[Buffer, NDArray[np.intp]]
) -> tuple[dict[Buffer, NDArray[np.intp]], int]:
    """Each part in the first gap that is long enough when it begins to live."""
    counts = {buffer: np.bincount(part) for buffer, part in parts.items()}
    firsts = {buffer: np.cumsum(count) - count for buffer, count in counts.items()}
    places = {buffer: np.full(len(part), -1) for buffer, part in parts.items()}
    living: list[tuple[int, int, int]] = []  # from, to, the last statement
    total = 0
    by_birth = sorted(lives, key=lambda x: (lives[x][0], -int(counts[x[0]][x[1]])))
    for buffer, part in by_birth:
        (born, dies), length = lives[buffer, part], int(counts[buffer][part])
        living = sorted(each for each in living if each[2] >= born)
        at = 0
        for start, stop, _ in living:
            if start - at >= length:
                break
            at = max(at, stop)
        living.append((at, at + length, dies))
        total = max(total, at + length)
        first = int(firsts[buffer][part])
        places[buffer][first : first + length] = np.arange(at, at + length)
    return places, total
