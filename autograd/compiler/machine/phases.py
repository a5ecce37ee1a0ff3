"""When a statement runs: before the blocks of examples, once for each block, or after them.

What has a column for each example is computed in blocks that stay in the processor's cache. What
depends on parameters alone is computed once, and so is what uses sums over all examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.compiler import statements as kinds
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Buffer, View

Span = tuple[Buffer, int, int]  # rows of a buffer, from the first to before the last


class Phases(NamedTuple):
    """The statements before the blocks, of each block, and after them."""

    before: list[Statement]
    block: list[Statement]
    after: list[Statement]


def phases(statements: Sequence[Statement]) -> Phases:
    """Each statement in the first phase that keeps the order of those that touch the same rows.

    Raises:
        Uncovered: an example needs what is known only after all examples.
    """
    found = Phases([], [], [])
    done = Touched(), Touched()  # by the statements of the blocks, and after them
    for statement in statements:
        written, read = _written(statement), _read(statement)
        if any(BATCH in view.shape for view in statement.views()):
            if done[1].meets(written, read):
                raise Uncovered("an example needs a sum over all examples")
            found.block.append(statement)
            done[0].add(written, read)
        elif done[0].meets(written, read) or done[1].meets(written, read):
            found.after.append(statement)
            done[1].add(written, read)
        else:
            found.before.append(statement)
    return found


class Touched:
    """Rows that were written or read."""

    def __init__(self) -> None:
        self._rows: dict[Buffer, tuple[set[int], set[int]]] = {}

    def add(self, written: Iterable[Span], read: Iterable[Span]) -> None:
        for place, spans in enumerate((written, read)):
            for buffer, start, stop in spans:
                self._of(buffer)[place].update(range(start, stop))

    def meets(self, written: Iterable[Span], read: Iterable[Span]) -> bool:
        """Whether one of both writes what the other writes or reads."""
        for buffer, start, stop in written:
            if any(not rows.isdisjoint(range(start, stop)) for rows in self._of(buffer)):
                return True
        return any(not self._of(b)[0].isdisjoint(range(i, j)) for b, i, j in read)

    def _of(self, buffer: Buffer) -> tuple[set[int], set[int]]:
        return self._rows.setdefault(buffer, (set(), set()))


def span(view: View) -> Span:
    """The rows from the first to the last that a view shows."""
    lengths = zip(view.shape, view.strides, strict=True)
    last = view.start + sum((n - 1) * step for n, step in lengths if n not in (1, BATCH))
    return view.buffer, view.start, last + 1


def _written(statement: Statement) -> list[Span]:
    return [span(statement.out)]


def _read(statement: Statement) -> list[Span]:
    views = [view for view in statement.views() if view is not statement.out]
    spans = [span(view) for view in views]
    if isinstance(statement, kinds.Unpick) or getattr(statement, "added", False):
        spans.append(span(statement.out))
    return spans
