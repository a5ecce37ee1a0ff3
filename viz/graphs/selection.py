"""Which nodes of a graph are drawn: all of them, those near the root, or none with advice.

A graph that is too large to read is refused after counting just past the limit, however large
it is, and a depth limit looks at the nodes within it only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NoReturn

from autograd import Value

MAX_NODES = 1000
EDGES_PER_NODE = 4


class TooManyNodesError(ValueError):
    """The graph is too large to be read in one picture; the message says what to do."""


def refuse(limit: float, what: str = "nodes") -> NoReturn:
    """Raise `TooManyNodesError` with advice."""
    raise TooManyNodesError(
        f"the graph has more than {limit:,} {what}, too many to read in one picture. Draw the "
        "part near its root with depth=2, or one box for each `autograd.scope` with "
        "detail='layers', or all of it with a larger max_nodes="
    )


def select(
    roots: Iterable[Value], *, depth: int | None = None, max_nodes: float = MAX_NODES
) -> list[Value]:
    """The nodes at most `depth` edges from a root, operands before results.

    >>> x = Value(2.0, label="x")
    >>> [node.label for node in select([x * x])]
    ['x', '']

    Raises `TooManyNodesError` if there are more than `max_nodes`, or four times as many edges.
    """
    roots = list(roots)
    chosen = _nearest(roots, math.inf if depth is None else depth, max_nodes)
    return ordered(roots, chosen.__contains__)


def _nearest(roots: list[Value], depth: float, max_nodes: float) -> set[Value]:
    """Breadth first, so that the distance to the nearest root counts."""
    chosen = set(roots)
    edges, level, frontier = 0, 0, roots
    while frontier and level < depth:
        reached = []
        for node in frontier:
            for operand in operands(node):
                edges += 1
                if operand not in chosen:
                    chosen.add(operand)
                    reached.append(operand)
                if len(chosen) > max_nodes:
                    refuse(max_nodes)
                if edges > EDGES_PER_NODE * max_nodes:
                    refuse(EDGES_PER_NODE * max_nodes, "edges")
        level, frontier = level + 1, reached
    return chosen


def operands(node: Value) -> tuple[Value, ...]:
    """The operands of a node; none of a vector of parameters, which is a leaf but no Value."""
    return getattr(node, "operands", ())


def counted_uses(values: Iterable[Value], roots: Iterable[Value] = ()) -> Counter[Value]:
    """How often each node is an operand; who asks for a root is one more user of it.

    >>> x = Value(2.0)
    >>> y = x * x
    >>> [counted_uses([x, y], [y])[node] for node in (x, y)]
    [2, 1]
    """
    uses = Counter(operand for value in values for operand in operands(value))
    uses.update(dict.fromkeys(roots, 1))
    return uses


def ordered(roots: Iterable[Value], admits: Callable[[Value], bool]) -> list[Value]:
    """The topological order of the admitted nodes: it depends on the graph's shape alone."""
    order: dict[Value, None] = {}
    stack = list(roots)[::-1]
    while stack:
        node = stack[-1]
        pending = [x for x in operands(node) if x not in order and admits(x)]
        if pending and node not in order:
            stack.extend(reversed(pending))
        else:
            order.setdefault(stack.pop())
    return list(order)
