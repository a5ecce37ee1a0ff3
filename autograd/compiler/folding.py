"""Folding: the same function in fewer nodes.

Three passes. `simplified` computes constants now, repeated work once, and leaves out what changes
nothing (`x * 1`, `x + 0`). `summed` turns chains of additions into n-ary sums, and sums of
products into dots. `oriented` brings every dot into the form weights times inputs: what depends
on parameters alone on the left, what depends on the example on the right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import IntEnum

import numpy as np

from autograd import operations as ops
from autograd.compiler.graph import Graph, Node
from autograd.operation import Operation


class Dependence(IntEnum):
    """What a node's number depends on: nothing, the parameters, the example."""

    CONSTANT = 0
    PARAMETERS = 1
    EXAMPLE = 2


_LEAVES = {
    "constant": Dependence.CONSTANT,
    "parameter": Dependence.PARAMETERS,
    "input": Dependence.EXAMPLE,
    "random": Dependence.EXAMPLE,
}


def dependences(nodes: Sequence[Node]) -> list[Dependence]:
    """For each node what it depends on."""
    result: list[Dependence] = []
    for node in nodes:
        if node.kind == "operation":
            result.append(max((result[i] for i in node.operands), default=Dependence.CONSTANT))
        else:
            result.append(_LEAVES[node.kind])
    return result


def reached(nodes: Sequence[Node], order: Sequence[int], outputs: Sequence[int]) -> set[int]:
    """The nodes that a gradient of the outputs passes to; `order` has operands before results."""
    result = set(outputs)
    for i in reversed(order):
        op, operands = nodes[i].op, nodes[i].operands
        if op is None or i not in result:
            continue
        if op.nary:
            result.update(operands)
        else:
            result.update(k for n, k in enumerate(operands) if not op.is_flat_in(n))
    return result


def folded(graph: Graph) -> Graph:
    """The graph after all passes, with nothing in it that the outputs do not need."""
    return oriented(summed(simplified(graph)))


class _Builder:
    """A graph that grows by nodes made of its own; equal nodes are one."""

    def __init__(self, source: Graph) -> None:
        self.source = source
        self.nodes: list[Node] = []
        self.dependences: list[Dependence] = []
        self._known: dict[tuple[object, ...], int] = {}
        self.scope = ""

    def leaf(self, node: Node) -> int:
        if node.kind == "constant":
            return self.constant(node.content)
        return self._append(node, _LEAVES[node.kind])

    def constant(self, number: float) -> int:
        key = ("constant", repr(number))  # text tells -0.0 from 0.0, and NaN is equal to itself
        if key not in self._known:
            node = Node("constant", content=float(number))
            self._known[key] = self._append(node, Dependence.CONSTANT)
        return self._known[key]

    def number(self, place: int) -> float | None:
        """The number of a constant node, None for others."""
        node = self.nodes[place]
        return node.content if node.kind == "constant" else None

    def operation(self, op: Operation, operands: Sequence[int]) -> int:
        key = (op, *operands)
        place = self._known.get(key)
        if place is None:
            dependence = max((self.dependences[i] for i in operands), default=Dependence.CONSTANT)
            if dependence is Dependence.CONSTANT:
                place = self.constant(op.forward(*[self.nodes[i].content for i in operands]))
            else:
                node = Node("operation", op, tuple(operands), scope=self.scope)
                place = self._append(node, dependence)
            self._known[key] = place
        return place

    def _append(self, node: Node, dependence: Dependence) -> int:
        self.nodes.append(node)
        self.dependences.append(dependence)
        return len(self.nodes) - 1

    def finished(self, outputs: list[int]) -> Graph:
        return replace(self.source, nodes=self.nodes, outputs=outputs)


# Builds the node that stands for node `i` of the old graph, given where the others are by now.
Rewrite = Callable[[_Builder, int, list[int]], int]


def _rewritten(graph: Graph, rewrite: Rewrite) -> Graph:
    """The graph with each needed operation replaced by what `rewrite` builds."""
    builder, places = _Builder(graph), [-1] * len(graph.nodes)
    for i in needed(graph):
        node = graph.nodes[i]
        if node.kind == "operation":
            builder.scope = node.scope
            places[i] = rewrite(builder, i, places)
        else:
            places[i] = builder.leaf(node)
    return builder.finished([places[i] for i in graph.outputs])


def needed(graph: Graph) -> list[int]:
    """The places of the nodes that the outputs depend on, in order."""
    alive = [False] * len(graph.nodes)
    for i in graph.outputs:
        alive[i] = True
    for i in range(len(graph.nodes) - 1, -1, -1):
        if alive[i]:
            for k in graph.nodes[i].operands:
                alive[k] = True
    return [i for i, is_alive in enumerate(alive) if is_alive]


# ------------------------------------------------------------------------------ simplified


def simplified(graph: Graph) -> Graph:
    """The graph without constants to compute, repeated work, and work that changes nothing."""

    def rewrite(builder: _Builder, i: int, places: list[int]) -> int:
        node = graph.nodes[i]
        operands = [places[k] for k in node.operands]
        if len(operands) == 1 and node.op in _OF_ONE_ITSELF:
            return operands[0]
        return _simplify(builder, node, operands)

    return _rewritten(graph, rewrite)


_OF_ONE_ITSELF = (ops.total, ops.maximum, ops.minimum, ops.logsumexp)


# x op number = x, and number op x = x; as text, because x + -0.0 is x, but -0.0 + 0.0 is 0.0.
_NEUTRAL_RIGHT = {
    ops.add: "-0.0", ops.subtract: "0.0", ops.multiply: "1.0", ops.divide: "1.0", ops.power: "1.0"
}  # fmt: skip
_NEUTRAL_LEFT = {ops.add: "-0.0", ops.multiply: "1.0"}


def _simplify(builder: _Builder, node: Node, operands: list[int]) -> int:
    op = node.op
    assert op is not None
    if len(operands) == 2:
        left, right = operands
        if op in _NEUTRAL_RIGHT and repr(builder.number(right)) == _NEUTRAL_RIGHT[op]:
            return left
        if op in _NEUTRAL_LEFT and repr(builder.number(left)) == _NEUTRAL_LEFT[op]:
            return right
        if op is ops.power and builder.number(right) == 2.0:
            return builder.operation(ops.multiply, [left, left])
    if op is ops.pick and (index := builder.number(operands[-1])) is not None:
        return _picked(builder, int(op.forward(*operands[:-1], index)), operands[:-1])
    if op is ops.negate and builder.nodes[operands[0]].op is ops.negate:
        return builder.nodes[operands[0]].operands[0]
    return builder.operation(op, operands)


# The first operand; the others get a gradient of 0, as from a pick that could choose them.
_first = Operation(
    "first",
    symbol="first",
    forward=lambda x, *others: x,
    array=lambda x, *others, out=None: np.positive(x, out=out),
    partials=lambda operands, out: [1.0, *[0.0] * (len(operands) - 1)],
)


def _picked(builder: _Builder, chosen: int, operands: Sequence[int]) -> int:
    """What a fixed index picks, beside what it does not, of which it makes infinities NaN."""
    others = [i for i in dict.fromkeys(operands) if i != chosen and builder.nodes[i].op]
    return builder.operation(_first, [chosen, *others]) if others else chosen


# ---------------------------------------------------------------------------------- summed


def summed(graph: Graph) -> Graph:
    """The graph with n-ary sums for chains of additions, and dots for sums of products."""
    return _without_unused(_rewritten(graph, _Sums(graph)))


def _without_unused(graph: Graph) -> Graph:
    def rewrite(builder: _Builder, i: int, places: list[int]) -> int:
        node = graph.nodes[i]
        assert node.op is not None
        return builder.operation(node.op, [places[k] for k in node.operands])

    return _rewritten(graph, rewrite)


class _Sums:
    """Rewrites the sums of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.nodes, self.uses = graph.nodes, _uses(graph)
        self.depends = dependences(graph.nodes)
        sums = [node for node in graph.nodes if _is_sum(node)]
        self.inner = {k for node in sums for k in node.operands if self._is_part(k)}

    def __call__(self, builder: _Builder, i: int, places: list[int]) -> int:
        node = self.nodes[i]
        assert node.op is not None
        if not _is_sum(node):
            return builder.operation(node.op, [places[k] for k in node.operands])
        if i in self.inner:
            return -1  # It is built as a part of the sum that uses it.
        zeros: list[int] = []
        terms: list[int] = []
        for k in self._terms(i):
            (zeros if self._is_zero(k) else terms).append(k)
        result, starts_at_zero = self._sum(builder, terms, places)
        if starts_at_zero or not any(repr(self.nodes[k].content) == "0.0" for k in zeros):
            return result
        # What is left of the 0 that Python's own `sum` begins with: -0.0 + 0.0 is 0.0.
        return builder.operation(ops.add, [result, builder.constant(0.0)])

    def _is_zero(self, i: int) -> bool:
        return self.nodes[i].kind == "constant" and self.nodes[i].content == 0.0

    def _is_part(self, i: int) -> bool:
        """Whether a node that a sum adds is a sum itself, and of no other use."""
        return self.uses[i] == 1 and _is_sum(self.nodes[i])

    def _terms(self, root: int) -> list[int]:
        """The addends of a chain of additions, from left to right."""
        terms, stack = [], list(reversed(self.nodes[root].operands))
        while stack:
            i = stack.pop()
            if self._is_part(i):
                stack += reversed(self.nodes[i].operands)
            else:
                terms.append(i)
        return terms

    def _sum(self, builder: _Builder, terms: list[int], places: list[int]) -> tuple[int, bool]:
        """A dot of the products, in which addends that no example changes are its bias.

        Also whether the sum begins at 0, so that it is not -0.0, as that of several products does.
        """
        products = [i for i in terms if self.uses[i] == 1 and self.nodes[i].op is ops.multiply]
        if not self._worth_a_dot(products):
            return _total(builder, [places[i] for i in terms]), False
        pairs = [_oriented(self.depends, *self.nodes[i].operands) for i in products]
        together = set(products)
        others = [i for i in terms if i not in together]
        bias = [places[i] for i in others if self.depends[i] < Dependence.EXAMPLE]
        rest = [places[i] for i in others if self.depends[i] is Dependence.EXAMPLE]
        operands = [*[places[w] for w, _ in pairs], *[places[x] for _, x in pairs]]
        operands += [_total(builder, bias)] if bias else []
        dot = builder.operation(ops.dot, operands)
        return _total(builder, [dot, *rest]), len(products) > 1

    def _worth_a_dot(self, products: list[int]) -> bool:
        if len(products) != 1:
            return len(products) > 1
        kinds = sorted(self.depends[k] for k in self.nodes[products[0]].operands)
        return kinds == [Dependence.PARAMETERS, Dependence.EXAMPLE]


def _uses(graph: Graph) -> list[int]:
    uses = [0] * len(graph.nodes)
    for node in graph.nodes:
        for k in node.operands:
            uses[k] += 1
    for k in graph.outputs:
        uses[k] += 1
    return uses


def _is_sum(node: Node) -> bool:
    return node.op is ops.add or node.op is ops.total


def _total(builder: _Builder, terms: list[int]) -> int:
    if len(terms) == 1:
        return terms[0]
    return builder.operation(ops.add if len(terms) == 2 else ops.total, terms)


# -------------------------------------------------------------------------------- oriented


def oriented(graph: Graph) -> Graph:
    """The graph with every dot as weights times inputs."""

    def rewrite(builder: _Builder, i: int, places: list[int]) -> int:
        node = graph.nodes[i]
        operands = [places[k] for k in node.operands]
        assert node.op is not None
        if node.op is ops.dot:
            return _orient(builder, operands)
        return builder.operation(node.op, operands)

    return _rewritten(graph, rewrite)


def _oriented(depends: Sequence[Dependence], a: int, b: int) -> tuple[int, int]:
    """The pair with what depends on less first."""
    return (b, a) if depends[a] > depends[b] else (a, b)


def _orient(builder: _Builder, operands: list[int]) -> int:
    """A dot of each kind of pair by itself: weights with inputs, and inputs with inputs."""
    size, depends = len(operands) // 2, builder.dependences
    pairs = [
        _oriented(depends, a, b) for a, b in zip(operands[:size], operands[size:], strict=False)
    ]
    groups: dict[bool, list[tuple[int, int]]] = {}
    for weight, x in pairs:
        groups.setdefault(depends[weight] is Dependence.EXAMPLE, []).append((weight, x))
    bias, late = operands[2 * size :], []
    if bias and depends[bias[0]] is Dependence.EXAMPLE:
        bias, late = [], bias
    terms = []
    for group in groups.values():
        flat = [*[w for w, _ in group], *[x for _, x in group]]
        terms.append(builder.operation(ops.dot, flat + bias))
        bias = []
    return _total(builder, [*terms, *bias, *late])
