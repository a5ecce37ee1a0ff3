"""Sums: chains of additions become n-ary sums, and sums of products become dots.

Every dot comes out as weights times inputs: what depends on parameters alone on the left, what
depends on the example on the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd import operations as ops
from autograd.compiler.folding.dependence import Dependence, dependences
from autograd.compiler.folding.rewriting import Builder, pruned, rewritten
from autograd.compiler.graph import Graph, Node


def summed(graph: Graph) -> Graph:
    """The graph with n-ary sums for chains of additions, and dots for sums of products."""
    return pruned(rewritten(graph, _Sums(graph)))  # of zeros that are not added


class _Sums:
    """Rewrites the sums of a graph.

    What is only a part of a sum, an inner sum or a product of a dot, is not built by itself.
    """

    def __init__(self, graph: Graph) -> None:
        self.nodes, self.depends = graph.nodes, dependences(graph.nodes)
        self.uses = _uses(graph)
        sums = [node for node in graph.nodes if _is_sum(node)]
        self.parts = {k for node in sums for k in node.operands if self._is_inner(k)}
        self.addends: dict[int, list[int]] = {}
        self.products: dict[int, list[int]] = {}
        for i, node in enumerate(graph.nodes):
            if _is_sum(node) and i not in self.parts:
                self.addends[i] = self._addends(i)
                self.products[i] = self._products(self.addends[i])
        self.parts.update(k for products in self.products.values() for k in products)

    def __call__(self, builder: Builder, i: int, places: list[int]) -> int:
        op, operands = self.nodes[i].op, self.nodes[i].operands
        assert op is not None
        if i in self.parts:
            return -1
        if i in self.addends:
            return self._sum(builder, i, places)
        if op is ops.dot:
            size = len(operands) // 2
            pairs = zip(operands[:size], operands[size : 2 * size], strict=True)
            return self._dots(builder, pairs, operands[2 * size :], places)
        return builder.operation(op, [places[k] for k in operands])

    def _is_inner(self, i: int) -> bool:
        """Whether a node that a sum adds is a sum itself, and of no other use."""
        return self.uses[i] == 1 and _is_sum(self.nodes[i])

    def _addends(self, root: int) -> list[int]:
        """The addends of a chain of additions, from left to right."""
        addends, stack = [], list(reversed(self.nodes[root].operands))
        while stack:
            i = stack.pop()
            if self._is_inner(i):
                stack += reversed(self.nodes[i].operands)
            else:
                addends.append(i)
        return addends

    def _products(self, addends: Sequence[int]) -> list[int]:
        """The products of no other use, if they are worth a dot: several, or one of a weight."""
        products = [i for i in addends if self.uses[i] == 1 and self.nodes[i].op is ops.multiply]
        if len(products) == 1:
            kinds = sorted(self.depends[k] for k in self.nodes[products[0]].operands)
            return products if kinds == [Dependence.PARAMETERS, Dependence.EXAMPLE] else []
        return products

    def _sum(self, builder: Builder, i: int, places: list[int]) -> int:
        products = self.products[i]
        others = [k for k in self.addends[i] if k not in self.parts]
        zeros = [k for k in others if self._is_zero(k)]
        rest = [k for k in others if not self._is_zero(k)]
        if products:
            pairs = [self.nodes[k].operands for k in products]
            result = self._dots(builder, pairs, rest, places)
        else:
            result = _total(builder, [places[k] for k in rest])
        # A dot of several products is summed from 0.0 on. Otherwise something is left of the 0
        # that Python's own `sum` begins with: -0.0 + 0.0 is 0.0.
        several = len(products) > len({self._is_of_examples(k) for k in products})
        if not several and any(repr(self.nodes[k].content) == "0.0" for k in zeros):
            return builder.operation(ops.add, [result, builder.constant(0.0)])
        return result

    def _is_of_examples(self, product: int) -> bool:
        """Whether both factors depend on the example, and not one of them a weight."""
        kinds = {self.depends[k] for k in self.nodes[product].operands}
        return kinds == {Dependence.EXAMPLE}

    def _is_zero(self, i: int) -> bool:
        return self.nodes[i].kind == "constant" and self.nodes[i].content == 0.0

    def _dots(
        self,
        builder: Builder,
        pairs: Iterable[Sequence[int]],
        addends: Sequence[int],
        places: list[int],
    ) -> int:
        """Dots of weights with inputs and of inputs with inputs, plus the addends.

        Those that no example changes are the bias of the first dot.
        """
        groups: dict[bool, list[tuple[int, int]]] = {}
        for a, b in pairs:
            weight, x = (b, a) if self.depends[a] > self.depends[b] else (a, b)
            of_examples = self.depends[weight] is Dependence.EXAMPLE
            groups.setdefault(of_examples, []).append((places[weight], places[x]))
        fixed = [places[k] for k in addends if self.depends[k] < Dependence.EXAMPLE]
        rest = [places[k] for k in addends if self.depends[k] is Dependence.EXAMPLE]
        bias = [_total(builder, fixed)] if fixed else []
        dots = []
        for group in groups.values():
            left, right = zip(*group, strict=True)
            dots.append(builder.operation(ops.dot, [*left, *right, *bias]))
            bias = []
        return _total(builder, [*dots, *bias, *rest])


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


def _total(builder: Builder, terms: Sequence[int]) -> int:
    if len(terms) == 1:
        return terms[0]
    return builder.operation(ops.add if len(terms) == 2 else ops.total, terms)
