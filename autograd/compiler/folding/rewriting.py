"""Rewriting: a graph built anew, node by node, in which equal nodes are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograd.compiler.graph import Graph, Node, needed
from autograd.operation import Operation


class Builder:
    """A graph that grows by nodes made of its own.

    Attributes:
        nodes: so far.
        scope: of the operations to come.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.scope = ""
        self._known: dict[tuple[object, ...], int] = {}

    def leaf(self, node: Node) -> int:
        if node.kind == "constant":
            return self.constant(node.content)
        return self._append(node)

    def constant(self, number: float) -> int:
        key = ("constant", repr(number))  # text tells -0.0 from 0.0, and NaN is equal to itself
        if key not in self._known:
            self._known[key] = self._append(Node("constant", content=float(number)))
        return self._known[key]

    def number(self, place: int) -> float | None:
        """The number of a constant node, None for others."""
        node = self.nodes[place]
        return node.content if node.kind == "constant" else None

    def operation(self, op: Operation, operands: Sequence[int]) -> int:
        """The node of this operation, computed now if all its operands are constants."""
        key = (op, *operands)
        place = self._known.get(key)
        if place is None:
            nodes = [self.nodes[i] for i in operands]
            if all(node.kind == "constant" for node in nodes):
                place = self.constant(op.forward(*[node.content for node in nodes]))
            else:
                place = self._append(Node("operation", op, tuple(operands), scope=self.scope))
            self._known[key] = place
        return place

    def _append(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1


# Builds the node that stands for node `i` of the old graph, given where the others are by now.
Rewrite = Callable[[Builder, int, list[int]], int]


def rewritten(graph: Graph, rewrite: Rewrite) -> Graph:
    """The graph with each needed operation replaced by what `rewrite` builds."""
    builder, places = Builder(), [-1] * len(graph.nodes)
    for i in needed(graph):
        node = graph.nodes[i]
        if node.kind == "operation":
            builder.scope = node.scope
            places[i] = rewrite(builder, i, places)
        else:
            places[i] = builder.leaf(node)
    outputs, stands = [places[i] for i in graph.outputs], graph.moved(places)
    return replace(graph, nodes=builder.nodes, outputs=outputs, stands=stands)


def pruned(graph: Graph) -> Graph:
    """The graph without what its outputs do not need."""
    kept = needed(graph)
    if len(kept) == len(graph.nodes):
        return graph
    places = [-1] * len(graph.nodes)
    for new, old in enumerate(kept):
        places[old] = new
    nodes = [replace(graph.nodes[i]) for i in kept]
    for node in nodes:
        node.operands = tuple(places[k] for k in node.operands)
    outputs, stands = [places[i] for i in graph.outputs], graph.moved(places)
    return replace(graph, nodes=nodes, outputs=outputs, stands=stands)
