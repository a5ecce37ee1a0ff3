"""Walking the graph: the topological order that everything else is a loop over."""

from __future__ import annotations

from typing import Any

from autograd.value import Value


def topological_order(*roots: Value) -> list[Value]:
    """All nodes that the roots depend on, and the roots: operands before results.

    The order depends only on the graph's shape. Not recursive, so depth is no limit.

    >>> x = Value(2.0, label="x")
    >>> [node.label or node.data for node in topological_order((x + 1.0) * x)]
    ['x', 1.0, 3.0, 6.0]
    """
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
            stack += (node, None, *node.operands[::-1])
    return order


def recorded_order(*roots: Value) -> list[Value]:
    """The same without leaves and constants: the nodes that a gradient passes through.

    Written for speed, because every `backward()` begins with it.
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Any] = [root for root in reversed(roots) if root._edges]
    pop, push, finish, visit = stack.pop, stack.append, order.append, seen.add
    while stack:
        node = pop()
        if node is None:
            finish(pop())
        elif node not in seen:
            visit(node)
            push(node)
            push(None)
            edges = node._edges
            if len(edges) == 4:  # The other case, unrolled: most nodes have two operands.
                a, b, _, _ = edges
                if b._edges and b not in seen:
                    push(b)
                if a._edges and a not in seen:
                    push(a)
            else:
                operands = edges[len(edges) // 2 - 1 :: -1]
                stack += [x for x in operands if x._edges and x not in seen]
    return order
