"""What is no longer true: numbers and gradients of a graph whose numbers were changed since.

A graph keeps the numbers of the moment at which it was computed. When `data` of a node is assigned
afterwards, as an optimizer does, those behind it do not follow. Each node is computed once more,
aside, from the numbers as they are now: where that gives another number, the node's is stale.
A gradient is stale if a local derivative that it is a product of would be another one now.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from autograd import Operation, Value
from autograd.compiler.results import Result
from viz.graphs.picture import Box, Picture

Partials = Sequence[float | None]


def mark_stale(picture: Picture) -> None:
    """Mark the boxes "stale" whose number or gradient is so, and say which in `stale`.

    It is found out for nodes, and goes from there to the boxes that stand for them.

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
    again, partials = _present(picture.nodes)
    numbers = {x: now for x, now in again.items() if now is None or not _same(now, x.data)}
    gradients = _stale_gradients(picture.nodes, partials)
    for box in picture.boxes:
        box.stale |= _stale_in(box, numbers, gradients)
        if box.stale:
            box.marks.add("stale")
        for edge in box.edges:
            edge.stale = any(x in gradients and x.has_grad for x in edge.factors)


def _stale_in(
    box: Box, numbers: Mapping[Value, float | None], gradients: Collection[Value]
) -> dict[str, float | None]:
    """What is stale of a box, given the nodes that are: also of the several it stands for."""
    stale: dict[str, float | None] = {}
    if box.value is not None:
        shown = [box.value]
        if box.value in numbers:
            stale["data"] = numbers[box.value]
        if box.value in gradients and box.grad is not None:
            stale["grad"] = None
    else:
        # A layer shows the norm of what is inside, a fold the range of what it stands for.
        shown = box.inside if box.kind == "layer" else box.nodes
        if any(x in numbers for x in shown):
            stale["data"] = None
        if any(x in gradients and x.has_grad for x in shown):
            stale["grad"] = None
    others = {*box.nodes, *box.inside}.difference(shown)
    if any(x in numbers or (x in gradients and x.has_grad) for x in others):
        stale["inside"] = None
    return stale


def _present(
    nodes: Sequence[Value],
) -> tuple[dict[Value, float | None], dict[Value, Partials]]:
    """The numbers of operations and their local derivatives, as they would be computed now.

    None is one that cannot be: an operation of somebody's own may refuse numbers.
    """
    numbers: dict[Value, float | None] = {}
    partials: dict[Value, Partials] = {}
    for node in nodes:
        # The result of a compiled function does not know the numbers that it was computed from.
        if node.op is not None and node.operands and not isinstance(node, Result):
            given = [numbers.get(x, x.data) for x in node.operands]
            numbers[node], partials[node] = _again(node.op, given, node.partials)
    return numbers, partials


def _again(
    op: Operation, operands: Sequence[float | None], recorded: Partials
) -> tuple[float | None, Partials]:
    wanted = [partial is not None for partial in recorded]
    number: float | None = None
    partials: Partials = [None] * len(wanted)
    # What is not known is NaN, from which a local derivative follows only if it depends on it.
    given = [math.nan if x is None else x for x in operands]
    with suppress(Exception):
        number = float(op.forward(*given))
        partials = op.local_derivatives(given, number, wanted)
    return (None if None in operands else number), partials


def _stale_gradients(nodes: Sequence[Value], present: dict[Value, Partials]) -> set[Value]:
    """Results before operands: what a gradient rests on is known before it is asked for."""
    stale: set[Value] = set()
    for node in reversed(nodes):
        now = present.get(node, node.partials)
        for operand, before, partial in zip(node.operands, node.partials, now, strict=True):
            if before is not None and (node in stale or not _same(before, partial)):
                stale.add(operand)
    return stale


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
