"""How many paths of the chain rule lead from a root to each node of its graph, and their sum."""

from __future__ import annotations

from typing import NamedTuple

from autograd.graph import recorded_order
from autograd.value import Value


class Share(NamedTuple):
    """How many paths lead from the root to a node, and the sum of their products."""

    paths: int
    gradient: float


def shares(root: Value) -> dict[Value, Share]:
    """For each node that a path leads to, those paths: `explain` for all nodes at once.

    What only an edge that nothing passes leads to is not among them, and so no part of any
    gradient. What a compiled function gave is taken for a leaf.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> shares(y * 2.0)[x]
    Share(paths=2, gradient=12.0)
    """
    found = {root: Share(1, 1.0)}
    for node in reversed(recorded_order(root)):
        share = found.get(node)
        if share is None:
            continue
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if partial is not None and isinstance(operand, Value):
                paths, gradient = found.get(operand, (0, 0.0))
                found[operand] = Share(paths + share.paths, gradient + partial * share.gradient)
    return found
