"""Where contributions to gradients are put: assigned at first, added later, summed where shared.

A number that is used in several places, or for every example, gets the sum of what these give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np

from autograd import operations as ops
from autograd.compiler.instructions import Rows, Storage
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.shapes import Places
from autograd.compiler.statements import Put, Reduce, ReduceSegments, Take
from autograd.compiler.views import View, whole

# Adds the statements that compute a contribution into the given view.
Writer = Callable[[View], object]
Contribution = View | Writer


class Gradients:
    """Deposits contributions, and knows which rows have got one.

    `required` are the rows whose gradient is needed: those that depend on parameters, or on
    arguments if these are to get gradients.
    """

    def __init__(self, builder: Builder, required: dict[Storage, set[int]]) -> None:
        self.builder, self.required = builder, required
        self.written: dict[Storage, set[int]] = {"values": set(), "weights": set(), "theta": set()}

    def needed(self, rows: Rows) -> bool:
        """Whether any of the rows needs a gradient; what is read in place needs none."""
        return rows.argument is None and not self.required[rows.storage].isdisjoint(rows.places)

    def of(self, rows: Rows) -> View:
        """The gradient of rows that lie together, with zeros where nothing was put."""
        self.fill(rows.storage, rows.places)
        return self.builder.gradient_of(rows)

    def fill(self, storage: Storage, places: Sequence[int]) -> None:
        """Zeros where no gradient has been written."""
        missing = sorted({*places} - self.written[storage])
        if missing:
            self.written[storage].update(missing)
            target = self._target(storage, missing, "unreached")
            if target:
                self.builder.copied(0.0, target)
            else:
                self._put(storage, missing, 0.0)

    def deposit(
        self,
        rows: Rows,
        view: View,
        contribution: Contribution,
        shape: tuple[int, ...] | None = None,
    ) -> None:
        """Add a contribution to the gradient of `rows`, of which `view` shows the numbers.

        It has the given shape, by default that of the view. Along an axis that has length 1 in
        the view it is summed.
        """
        if not self.needed(rows):
            return
        shape = contribution.shape if isinstance(contribution, View) else shape or view.shape
        view = view.with_axes(len(shape))
        summed = tuple(1 if v == 1 else n for n, v in zip(shape, view.shape, strict=True))
        if summed != shape:
            contribution = self._sum(self._made(contribution, shape))
        target = self.builder.gradient(view)
        places = view.places().ravel() if target else rows.table
        if target is None or (len(places) > 1 and len(np.unique(places)) < len(places)):
            self.scatter(rows.storage, places, self._made(contribution, summed))
        else:
            self._add(rows.storage, places.tolist(), target, contribution)

    def _sum(self, contribution: View) -> Writer:
        return lambda out: self.builder.do(Reduce(out, ops.total, contribution))

    def _made(self, contribution: Contribution, shape: tuple[int, ...]) -> View:
        """The contribution in memory of its own."""
        if isinstance(contribution, View):
            return contribution
        out = self.builder.temporary(shape)
        contribution(out)
        return out

    def _add(
        self,
        storage: Storage,
        places: Sequence[int],
        target: View,
        contribution: Contribution,
    ) -> None:
        """Assign what comes first; add what comes later."""
        if not self._is_first(storage, places):
            more = self._made(contribution, target.shape)
            self.builder.apply(ops.add, target, more, out=target)
        elif isinstance(contribution, View):
            self.builder.copied(contribution, target)
        else:
            contribution(target)

    def _is_first(self, storage: Storage, places: Sequence[int]) -> bool:
        """Whether nothing has been written to these rows; marks them as written."""
        first = self.written[storage].isdisjoint(places)
        if not first:
            self.fill(storage, places)
        self.written[storage].update(places)
        return first

    def scatter(self, storage: Storage, places: Places, contribution: View) -> None:
        """Put rows where they belong that do not lie so, or of which some go to one place."""
        builder, source = self.builder, whole(contribution.buffer)
        there = places >= 0
        order = np.argsort(places[there], kind="stable")
        rows = contribution.places().ravel()[there][order]
        unique, counts = np.unique(places[there], return_counts=True)
        targets = unique.tolist()
        in_order = rows.tolist() == list(range(source.buffer.rows))
        several = len(unique) < len(order)
        ordered = source
        if several and not in_order:
            ordered = builder.taken(source, rows.tolist(), "scratch")

        def write(out: View) -> None:
            if several:
                starts = (0, *accumulate(counts[:-1].tolist()))
                builder.do(ReduceSegments(out, ops.total, ordered, starts))
            else:
                builder.do(Take(out, source, tuple(rows.tolist())))

        gathered: Contribution = source if in_order and not several else write
        target = self._target(storage, targets)
        if target:
            self._add(storage, targets, target, gathered)
            return
        added = not self._is_first(storage, targets)
        columns = builder.gradients[storage].columns
        self._put(storage, targets, self._made(gathered, (len(targets), columns)), added)

    def _target(self, storage: Storage, places: Sequence[int], name: str = "") -> View | None:
        """The gradients of these rows, if they lie evenly."""
        lying = self.builder.lying(storage, np.array(places), name)
        return self.builder.gradient(lying) if lying else None

    def _put(
        self, storage: Storage, places: Sequence[int], source: View | float, added: bool = False
    ) -> None:
        out = whole(self.builder.gradients[storage])
        self.builder.do(Put(out, source, tuple(places), added))
