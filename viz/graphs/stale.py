"""What is no longer true: numbers and gradients of a graph whose numbers were changed since.

A graph keeps the numbers of the moment at which it was computed. When `data` of a node is assigned
afterwards, as an optimizer does, those behind it do not follow. Each node is computed once more,
aside, from the numbers as they are now: where that gives another number, the node's is stale.
A gradient is stale if a local derivative that it is a product of would be another one now.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd import CompilationError, Value
from viz.graphs.picture import Box, Picture
from viz.graphs.selection import operands, ordered

Partials = Sequence[float | None]


def mark_stale(picture: Picture) -> None:
    """Mark the boxes "stale" whose number or gradient is so, and say which in `stale`.

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
    values = _values(picture)
    numbers, partials = _present(values)
    gradients = _stale_gradients(values, partials)
    for box in picture.boxes:
        if box.data is None:  # a fold of several that are alike
            continue
        if box.value in numbers and not _same(numbers[box.value], box.data):
            box.stale["data"] = numbers[box.value]
        if box.value in gradients and box.grad is not None:
            box.stale["grad"] = None
        if box.stale:
            box.marks.add("stale")


def _values(picture: Picture) -> list[Value]:
    """The nodes of the boxes, and those inside of boxes of several nodes: operands before results.

    What a depth limit left out is not among them.
    """
    boxes = {box.value: box for box in picture.boxes if box.value is not None}
    inside: set[Value] = set()
    for value, box in boxes.items():
        if _is_several(box):
            inside.update(ordered([value], lambda node: node not in boxes))
    return ordered(boxes, lambda node: node in boxes or node in inside)


def _is_several(box: Box) -> bool:
    return box.kind == "neuron" or (box.kind == "operation" and box.times > 1)


def _present(values: Sequence[Value]) -> tuple[dict[Value, float], dict[Value, Partials]]:
    """The numbers of operations and their local derivatives, as they would be computed now."""
    numbers: dict[Value, float] = {}
    partials: dict[Value, Partials] = {}
    for value in values:
        now = [numbers.get(x, getattr(x, "data", None)) for x in operands(value)]
        known = [number for number in now if number is not None]
        # A vector of parameters, of a compiled function, has no number.
        if value.op is None or not known or len(known) < len(now):
            continue
        wanted = [partial is not None for partial in value.partials]
        try:
            # The result of a compiled function refuses: it does not know the numbers it had.
            value.op.local_derivatives(known, value.data, wanted)
        except CompilationError:
            continue
        numbers[value] = data = float(value.op.forward(*known))
        partials[value] = value.op.local_derivatives(known, data, wanted)
    return numbers, partials


def _stale_gradients(values: Sequence[Value], present: dict[Value, Partials]) -> set[Value]:
    """Results before operands: what a gradient rests on is known before it is asked for."""
    stale: set[Value] = set()
    for value in reversed(values):
        recorded = getattr(value, "partials", ())
        now = present.get(value, recorded)
        for operand, before, partial in zip(operands(value), recorded, now, strict=True):
            if before is not None and (value in stale or not _same(before, partial)):
                stale.add(operand)
    return stale


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
