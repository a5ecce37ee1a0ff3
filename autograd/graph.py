"""Walking the graph: the topological order that everything else is a loop over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.value import Value


def topological_order(*roots: Value) -> list[Value]:
    """All nodes that the roots depend on, and the roots: operands before results.

    The order depends only on the graph's shape. Not recursive, so depth is no limit.

    >>> x = Value(2.0, label="x")
    >>> [node.label or node.data for node in topological_order((x + 1.0) * x)]
    ['x', 1.0, 3.0, 6.0]
    """
    return _ordered(roots, leaves=True)


def recorded_order(*roots: Value) -> list[Value]:
    """The same without leaves and constants: the nodes that a gradient passes through."""
    return _ordered([root for root in roots if root._edges], leaves=False)


def _ordered(roots: Iterable[Value], leaves: bool) -> list[Value]:
    order: list[Value] = []
    seen: set[Value] = set()
    # A None on the stack says that all operands of the node below it are in order.
    stack: list[Any] = list(roots)[::-1]
    while stack:
        node = stack.pop()
        if node is None:
            order.append(stack.pop())
        elif node not in seen:
            seen.add(node)
            edges = node._edges
            if edges:
                stack += (node, None)
                operands = edges[len(edges) // 2 - 1 :: -1]
                stack += operands if leaves else [x for x in operands if x._edges and x not in seen]
            else:
                order.append(node)
    return order
