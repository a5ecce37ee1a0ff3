"""What is no longer true: numbers and gradients of a graph whose numbers were changed since.

A graph keeps the numbers of the moment at which it was computed. When `data` of a node is assigned
afterwards, as an optimizer does, those behind it do not follow. Each node is computed once more,
aside, from the numbers as they are now: where that gives another number, the node's is stale.
A gradient is stale if a local derivative that it is a product of would be another one now.
"""

from __future__ import annotations

import math
from operator import is_
from typing import NamedTuple

from autograd import CompilationError
from viz.graphs.picture import Box, Picture


class _Present(NamedTuple):
    """A node as it would be, computed now."""

    data: float
    partials: list[float | None]


def mark_stale(picture: Picture) -> None:
    """Mark the boxes "stale" whose number or gradient is so, and say which in `stale`.

    >>> from autograd import Value
    >>> from viz.graphs.picture import compose
    >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
    >>> y = w * x
    >>> y.backward()
    >>> w.data = 5.0
    >>> picture = compose([w, x, y])
    >>> mark_stale(picture)
    >>> [(box.data, box.grad, box.stale) for box in picture.boxes]
    [(5.0, 3.0, {}), (3.0, 2.0, {'grad': None}), (6.0, 1.0, {'data': 15.0})]
    """
    present = _present(picture)
    for i, now in present.items():
        box = picture.boxes[i]
        if not _same(now.data, box.data):
            box.stale["data"] = now.data
    _mark_gradients(picture, present)
    for box in picture.boxes:
        if box.stale:
            box.marks.add("stale")


def _mark_gradients(picture: Picture, present: dict[int, _Present]) -> None:
    """Results before operands: what a gradient rests on is known before it is asked for."""
    for i, box in reversed(list(enumerate(picture.boxes))):
        if box.grad is None:
            continue
        recorded = [edge.partial for edge in box.edges]
        partials = present[i].partials if i in present else recorded
        for edge, partial in zip(box.edges, partials, strict=True):
            source = picture.boxes[edge.source]
            if edge.partial is None or source.grad is None:
                continue
            if "grad" in box.stale or not _same(partial, edge.partial):
                source.stale["grad"] = None


def _present(picture: Picture) -> dict[int, _Present]:
    """The boxes of operations, by their numbers, as they would be now."""
    found: dict[int, _Present] = {}
    for i, box in enumerate(picture.boxes):
        if not _shows_operands(picture, box):
            continue
        numbers = [_number(picture.boxes[e.source], found.get(e.source)) for e in box.edges]
        if now := _computed(box, numbers):
            found[i] = now
    return found


def _shows_operands(picture: Picture, box: Box) -> bool:
    """Whether its edges are those of its node; a neuron's, or an opened node's, are others."""
    shown = [picture.boxes[edge.source].value for edge in box.edges]
    operands = box.value.operands if box.value is not None else ()
    return len(shown) == len(operands) and all(map(is_, shown, operands))


def _number(box: Box, now: _Present | None) -> float | None:
    return now.data if now else box.data


def _computed(box: Box, numbers: list[float | None]) -> _Present | None:
    """The box's operation on these numbers; None if that cannot be computed from boxes alone."""
    value, op = box.value, box.value.op if box.value else None
    if value is None or op is None or len(numbers) != len(value.operands) or not numbers:
        return None
    operands = [x for x in numbers if x is not None]
    if len(operands) < len(numbers):
        return None
    wanted = [partial is not None for partial in value.partials]
    try:
        # A compiled function's result refuses: its operation does not know the numbers it had.
        op.local_derivatives(operands, value.data, wanted)
        data = float(op.forward(*operands))
        return _Present(data, op.local_derivatives(operands, data, wanted))
    except CompilationError:
        return None


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
