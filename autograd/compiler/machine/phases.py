"""When a statement runs: before the blocks of examples, once for each block, or after them.

What has a column for each example is computed in blocks that stay in the processor's cache. What
depends on parameters alone is computed once, and so is what uses sums over all examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd import operations as ops
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.spans import Marks, Span, read, spans, views_read, written
from autograd.compiler.statements import Apply, Statement, Unpick
from autograd.compiler.views import BATCH


class Phases(NamedTuple):
    """The statements before the blocks, of each block, and after them, with their numbers."""

    before: list[int]
    block: list[int]
    after: list[int]


def phases(statements: Sequence[Statement]) -> Phases:
    """Each statement in the first phase that keeps the order of those that touch the same rows.

    Raises:
        Uncovered: a statement of the blocks needs what is known, or is written, only after them.
    """
    found = Phases([], [], [])
    blocks, later = _Touched(), _Touched()  # by the statements of the blocks, and after them
    for number, statement in enumerate(statements):
        if any(BATCH in view.shape for view in statement.views()):
            if later.meets(statement):
                raise Uncovered(
                    "gradients of the same parameters are added up in an order that it has not"
                )
            found.block.append(number)
            blocks.add(statement)
        elif blocks.meets(statement) or later.meets(statement):
            found.after.append(number)
            later.add(statement)
        else:
            found.before.append(number)
    return found


class _Touched:
    """Rows that were written, read, or only added to."""

    def __init__(self) -> None:
        self._written, self._read, self._added = Marks(), Marks(), Marks()

    def add(self, statement: Statement) -> None:
        writes, reads, adds = _uses(statement)
        self._written.mark(writes, 1)
        self._read.mark(reads, 1)
        self._added.mark(adds, 1)

    def meets(self, statement: Statement) -> bool:
        """Whether one of both writes what the other touches: two may add in any order."""
        writes, reads, adds = _uses(statement)
        return (
            self._written.highest([*writes, *reads, *adds]) > 0
            or self._read.highest([*writes, *adds]) > 0
            or self._added.highest([*writes, *reads]) > 0
        )


def _uses(statement: Statement) -> tuple[list[Span], list[Span], list[Span]]:
    """What a statement writes, what it reads, and what it only adds to."""
    if not _only_adds(statement):
        return written(statement), read(statement), []
    others = [view for view in views_read(statement) if view != statement.out]
    return [], [rows for view in others for rows in spans(view)], written(statement)


def _only_adds(statement: Statement) -> bool:
    if isinstance(statement, Apply):
        return statement.op is ops.add and statement.inputs[0] == statement.out
    return isinstance(statement, Unpick) or getattr(statement, "added", False)
