"""An n-ary node -> the simpler operations it stands for, with their numbers and gradients.

The inner nodes are made for the picture: they refer to the person's nodes, which do not know
them, so the graph stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value
from autograd.context import changed
from autograd.floats import LARGEST
from autograd.operations import maximum, minimum
from autograd.value import record
from viz.graphs.selection import ordered


def inner_nodes(node: Value) -> list[Value]:
    """What the node stands for, operands before results, the last one in the node's place.

    Empty if the node cannot be opened, or is nothing but one of its operands.

    >>> from autograd import dot
    >>> x, y, z = Value(2.0), Value(3.0), Value(5.0)
    >>> [inner.op.symbol for inner in inner_nodes(dot([x, y], [y, z]))]
    ['*', '*', 'sum']
    """
    if node.op is None or node.op.expansion is None or not node.operands:
        return []
    # Recorded even inside `no_grad`, and seen by nobody who watches the graph being built.
    with changed(recording=True, scope=node.scope, watcher=None, tracer=None):
        result = node.op.expansion(list(node.operands))
        known = set(node.operands)
        if not isinstance(result, Value) or result in known or not result.operands:
            return []
        return _without_bounds(ordered([result], lambda inner: inner not in known), known)


def _without_bounds(inner: list[Value], known: set[Value]) -> list[Value]:
    """The same without bounds at the largest floats, which keep infinities away.

    Where they are not in effect they say nothing; where they are, they stay.
    """
    new: dict[Value, Value] = {}
    for node in inner:
        operands = [new.get(x, x) for x in node.operands]
        kept = [x for x in operands if not (x.kind == "constant" and abs(x.data) == LARGEST)]
        if node.op in (minimum, maximum) and 0 < len(kept) < len(operands):
            plain = kept[0] if len(kept) == 1 else record(node.op, kept)
            if plain.data == node.data:
                new[node] = plain
                continue
        changed_below = any(x is not y for x, y in zip(operands, node.operands, strict=True))
        new[node] = record(node.op, operands) if changed_below and node.op else node
    last = new[inner[-1]]
    return [] if last in known else ordered([last], lambda node: node not in known)


def inner_gradients(inner: Sequence[Value], gradient: float | None) -> dict[Value, float]:
    """The chain rule from an opened node, whose gradient is given, back to its operands.

    The gradients are gathered aside and no node's `grad` changes. None gives none.
    """
    if gradient is None:
        return {}
    gradients = {inner[-1]: gradient}
    for node in reversed(inner):
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if partial is not None:
                contribution = partial * gradients.get(node, 0.0)
                gradients[operand] = gradients.get(operand, 0.0) + contribution
    return gradients
