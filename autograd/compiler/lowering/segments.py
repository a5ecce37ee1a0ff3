"""Segments: lists of rows that are reduced to one row each, all of one length or not.

Arrays with a row for each operand are stacks here, those with a row for each list are results.
Of lists of one length a stack has the shape (lists, length, columns) and a result (lists, 1,
columns), so that NumPy's rules make them fit (of one list it is (length, columns) and (1,
columns)); otherwise results are spread out where they meet a stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

import numpy as np

from autograd.compiler.instructions import Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.statements import Reduce, ReduceSegments
from autograd.compiler.views import Operand, View, whole
from autograd.operation import Operation


class Segments(Protocol):
    """What both kinds can do."""

    def stack(self, builder: Builder, rows: Rows, name: str) -> View:
        """The operands."""

    def result(self, view: View) -> View:
        """Rows of results, as they are used here."""

    def spread(self, builder: Builder, result: Operand) -> Operand:
        """A result where it is to meet a stack."""

    def reduce(
        self, builder: Builder, op: Operation, stack: View, out: View, signed: bool = False
    ) -> None:
        """`op` of each list."""


def segments(lengths: Sequence[int]) -> Segments:
    """The lists that lie one after the other in an operand."""
    if len({*lengths}) == 1:
        return Even(len(lengths), lengths[0])
    return Uneven(lengths)


class Even:
    """Lists of one length."""

    def __init__(self, count: int, length: int) -> None:
        self.count, self.length = count, length

    def stack(self, builder: Builder, rows: Rows, name: str) -> View:
        shape = (self.count, self.length) if self.count > 1 else (self.length,)
        return builder.table(rows, np.reshape(rows.table, shape), name, full=True)

    def result(self, view: View) -> View:
        return view.reshaped(self.count, 1, view.shape[-1]) if self.count > 1 else view

    def spread(self, builder: Builder, result: Operand) -> Operand:
        return result

    def reduce(
        self, builder: Builder, op: Operation, stack: View, out: View, signed: bool = False
    ) -> None:
        builder.do(Reduce(out, op, stack, signed))


class Uneven:
    """Lists of several lengths."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.starts = (0, *accumulate(lengths[:-1]))
        self.ids = np.repeat(np.arange(len(lengths)), lengths)

    def stack(self, builder: Builder, rows: Rows, name: str) -> View:
        return builder.table(rows, rows.table, name, full=True)

    def result(self, view: View) -> View:
        return view

    def spread(self, builder: Builder, result: Operand) -> Operand:
        if not isinstance(result, View):
            return result
        rows = result.places()[self.ids].tolist()
        return builder.taken(whole(result.buffer), rows, "scratch")

    def reduce(
        self, builder: Builder, op: Operation, stack: View, out: View, signed: bool = False
    ) -> None:
        builder.do(ReduceSegments(out, op, stack, self.starts))
