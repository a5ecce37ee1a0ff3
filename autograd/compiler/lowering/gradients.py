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
from autograd.compiler.statements import Put, Reduce, ReduceSegments, Take, View, whole

# Adds the statements that compute a contribution into the given view.
Writer = Callable[[View], object]


class Gradients:
    """Deposits contributions, and knows which rows have got one.

    `required` are the rows whose gradient is needed: those that depend on parameters, or on
    arguments if these are to get gradients.
    """

    def __init__(self, builder: Builder, required: dict[Storage, set[int]]) -> None:
        self.builder, self.required = builder, required
        self.written: dict[Storage, set[int]] = {"values": set(), "weights": set(), "theta": set()}

    def needed(self, rows: Rows | None) -> bool:
        if rows is None or rows.argument is not None:
            return False
        return not self.required[rows.storage].isdisjoint(rows.places)

    def of(self, rows: Rows) -> View:
        """The gradient of rows that lie together, with zeros where nothing was put."""
        self.fill(rows.storage, rows.places)
        return self.builder.gradient_of(rows)

    def fill(self, storage: Storage, places: Sequence[int]) -> None:
        """Zeros where no gradient has been written."""
        missing = sorted({*places} - self.written[storage])
        if missing:
            self.written[storage].update(missing)
            target = self._target(storage, missing, "unused")
            if target:
                self.builder.copied(0.0, target)
            else:
                self._put(storage, missing, 0.0)

    def deposit(
        self,
        rows: Rows,
        view: View,
        shape: Sequence[int],
        write: Writer | None = None,
        ready: View | None = None,
    ) -> None:
        """Add a contribution to the gradient of `rows`, of which `view` shows the numbers.

        The contribution has the given shape; it is `ready`, or `write` computes it. Along an axis
        that has length 1 in the view it is summed.
        """
        if not self.needed(rows):
            return
        view = view.with_axes(len(shape))
        left = tuple(1 if of_view == 1 else n for n, of_view in zip(shape, view.shape, strict=True))
        if left != tuple(shape):
            contribution = ready or self._written(shape, write)
            write, ready = self._sum(contribution), None
        target = self.builder.gradient(view)
        places = view.places().ravel() if target else np.asarray(rows.places)
        if target is None or len(np.unique(places)) < len(places):
            self.scatter(rows.storage, places, ready or self._written(left, write))
        else:
            self._add(rows.storage, places.tolist(), target, write, ready)

    def _sum(self, contribution: View) -> Writer:
        return lambda out: self.builder.do(Reduce(out, ops.total, contribution))

    def _written(self, shape: Sequence[int], write: Writer | None) -> View:
        assert write is not None
        out = self.builder.temporary(shape)
        write(out)
        return out

    def _add(
        self,
        storage: Storage,
        places: Sequence[int],
        target: View,
        write: Writer | None,
        ready: View | None = None,
    ) -> None:
        """Assign what comes first; add what comes later."""
        first = self._is_first(storage, places)
        if not first:
            contribution = ready or self._written(target.shape, write)
            self.builder.apply(ops.add, target, contribution, out=target)
        elif ready:
            self.builder.copied(ready, target)
        else:
            assert write is not None
            write(target)

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
            elif in_order:
                builder.copied(source, out)
            else:
                builder.do(Take(out, source, tuple(rows.tolist())))

        target = self._target(storage, targets)
        if target:
            self._add(storage, targets, target, write)
            return
        added = not self._is_first(storage, targets)
        columns = builder.gradients[storage].columns
        self._put(storage, targets, self._written((len(targets), columns), write), added)

    def _target(self, storage: Storage, places: Sequence[int], name: str = "") -> View | None:
        """The gradients of these rows, if they lie evenly."""
        lying = self.builder.lying(storage, np.array(places), name)
        return self.builder.gradient(lying) if lying else None

    def _put(
        self, storage: Storage, places: Sequence[int], source: View | float, added: bool = False
    ) -> None:
        out = whole(self.builder.gradients[storage])
        self.builder.do(Put(out, source, tuple(places), added))
