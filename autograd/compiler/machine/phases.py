"""When a statement runs: before the blocks of examples, once for each block, or after them.

What has a column for each example is computed in blocks that stay in the processor's cache. What
depends on parameters alone is computed once, and so is what uses sums over all examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.spans import Marks, Span, read, written
from autograd.compiler.statements import Statement
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
        writes, reads = written(statement), read(statement)
        if any(BATCH in view.shape for view in statement.views()):
            if later.meets(writes, reads):
                raise Uncovered(
                    "what is summed over all examples is needed before the last of them"
                )
            found.block.append(number)
            blocks.add(writes, reads)
        elif blocks.meets(writes, reads) or later.meets(writes, reads):
            found.after.append(number)
            later.add(writes, reads)
        else:
            found.before.append(number)
    return found


class _Touched:
    """Rows that were written or read."""

    def __init__(self) -> None:
        self._written, self._read = Marks(), Marks()

    def add(self, writes: Sequence[Span], reads: Sequence[Span]) -> None:
        self._written.mark(writes, 1)
        self._read.mark(reads, 1)

    def meets(self, writes: Sequence[Span], reads: Sequence[Span]) -> bool:
        """Whether one of both writes what the other writes or reads."""
        return (
            self._written.highest(writes) > 0
            or self._written.highest(reads) > 0
            or self._read.highest(writes) > 0
        )
