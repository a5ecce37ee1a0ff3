"""The paths of the chain rule from a root to a leaf, counted, summed and ranked without a list.

There are more of them than anyone can list: every node with two edges may double them. So each
question is answered for a node by the answers for its operands, once for each node.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from autograd.graph import recorded_order
from autograd.value import Value


class Edge(NamedTuple):
    """A way on from a node: to which operand, the place of that, and the local derivative."""

    place: int
    operand: Value
    partial: float


# The nodes on the paths without the leaf, operands before results, and for each its ways on.
Ways = dict[Value, list[Edge]]


class Path(NamedTuple):
    """One path of the chain rule.

    Attributes:
        nodes: from the root to the leaf.
        factors: the local derivative of each edge, one fewer than nodes.
        places: which operand each edge leads to, counted from 0; `x * x` has two edges to x.
        product: of the factors, multiplied from the root on.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    places: tuple[int, ...]
    product: float


def ways(root: Value, leaf: Value) -> Ways:
    """All that lies on a path from the root to the leaf.

    >>> x = Value(3.0)
    >>> [edge.partial for edge in ways(x * x, x).popitem()[1]]
    [3.0, 3.0]
    """
    found: Ways = {}
    for node in recorded_order(root):
        if node is not leaf:
            edges = [e for e in _edges(node, leaf) if e.operand is leaf or e.operand in found]
            if edges:
                found[node] = edges
    # What leads to the leaf may be out of the root's reach, behind an edge that nothing passes.
    reached = {root}
    for node in reversed(found):
        if node in reached:
            reached.update(edge.operand for edge in found[node])
    return {node: edges for node, edges in found.items() if node in reached}


def _edges(node: Value, leaf: Value) -> Iterator[Edge]:
    """The edges that something passes."""
    operands: Sequence[Any] = node.operands
    for place, (operand, partial) in enumerate(zip(operands, node.partials, strict=True)):
        if partial is not None and isinstance(operand, Value):
            yield Edge(place, operand, partial)
        elif partial is not None:  # A compiled function depends on all its parameters at once.
            for i, parameter in enumerate(operand.parameters):
                if parameter is leaf:
                    slopes = np.broadcast_to(partial, len(operand.parameters))
                    yield Edge(place, leaf, float(slopes[i]))


def count(ways: Ways, root: Value, leaf: Value) -> int:
    """How many paths there are, exactly.

    >>> x = y = Value(1.0)
    >>> for _ in range(100):
    ...     y = y + y
    >>> count(ways(y, x), y, x) == 2**100
    True
    """
    last = {edge.operand: node for node, edges in ways.items() for edge in edges}
    counts = {leaf: 1}
    for node, edges in ways.items():
        counts[node] = sum(counts[edge.operand] for edge in edges)
        for edge in edges:  # Such numbers may be long, and there may be many.
            if last[edge.operand] is node:
                last[edge.operand] = leaf
                if edge.operand is not leaf:
                    del counts[edge.operand]
    return counts.get(root, 0)


def sum_from(ways: Ways, starts: Mapping[Value, float], leaf: Value) -> float:
    """The sum of the products of all paths that begin at some nodes, each with a first factor.

    They are multiplied from the root on, as by `backward()`.
    """
    found = dict(starts)
    for node in reversed(ways):
        product = found.get(node)
        if product is not None:
            for edge in ways[node]:
                found[edge.operand] = found.get(edge.operand, 0.0) + edge.partial * product
    return found.get(leaf, 0.0)


# A path from a node to the leaf by how large its product is: the number of factors that are NaN or
# infinite and the logarithm of all others; then its first edge, and which one goes on from there.
# Both are sums, so the largest of a node are among the largest of its operands, and nothing
# overflows or underflows.
_Ranked = tuple[int, float, Edge | None, int]
_SIZE = itemgetter(0, 1)


def largest(ways: Ways, root: Value, leaf: Value, most: int) -> list[Path]:
    """The paths whose products are largest in size, those that are NaN or infinite first.

    >>> x, y = Value(2.0), Value(3.0)
    >>> z = y * (x + x * y)
    >>> [path.product for path in largest(ways(z, x), z, x, most=1)]
    [9.0]
    """
    ranked: dict[Value, list[_Ranked]] = {leaf: [(0, 0.0, None, 0)]}
    for node, edges in ways.items():
        candidates: list[_Ranked] = []
        for edge in edges:
            odd, size = _size(edge.partial)
            candidates += [
                (odd + more, size + rest, edge, which)
                for which, (more, rest, _, _) in enumerate(ranked[edge.operand])
            ]
        if len(edges) > 1:
            candidates = sorted(candidates, key=_SIZE, reverse=True)[:most]
        ranked[node] = candidates
    return [_path(ranked, root, which) for which in range(len(ranked.get(root, ())))]


def _size(partial: float) -> tuple[int, float]:
    if not math.isfinite(partial):
        return 1, 0.0
    return 0, math.log(abs(partial)) if partial else -math.inf


def _path(ranked: dict[Value, list[_Ranked]], root: Value, which: int) -> Path:
    nodes, edges, product = [root], [], 1.0
    _, _, edge, which = ranked[root][which]
    while edge is not None:
        edges.append(edge)
        nodes.append(edge.operand)
        product *= edge.partial
        _, _, edge, which = ranked[edge.operand][which]
    factors, places = (tuple(edge.partial for edge in edges), tuple(edge.place for edge in edges))
    return Path(tuple(nodes), factors, places, product)


def sum_of_others(ways: Ways, root: Value, leaf: Value, paths: Sequence[Path]) -> float:
    """The sum of the products of all paths but some.

    It is summed from where the others branch off, and is not the difference of two sums, which
    would be nothing but rounding if those are large.
    """
    branches: dict[Value, float] = {}
    pending = [(1.0, 0, list(paths))] if paths else []
    while pending:
        product, depth, together = pending.pop()
        node = together[0].nodes[depth]
        for edge in ways.get(node, ()):
            along = [path for path in together if _takes(path, depth, edge)]
            if along:
                pending.append((product * edge.partial, depth + 1, along))
            else:
                known = branches.get(edge.operand, 0.0)
                branches[edge.operand] = known + product * edge.partial
    return sum_from(ways, branches, leaf)


def _takes(path: Path, depth: int, edge: Edge) -> bool:
    return path.places[depth] == edge.place and path.nodes[depth + 1] is edge.operand
