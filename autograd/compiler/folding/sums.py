"""Sums: chains of additions become n-ary sums, and sums of products become dots.

Every dot comes out as weights times inputs: what depends on parameters alone on the left, what
depends on the example on the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd import operations as ops
from autograd.compiler.folding.chains import OF_NUMBERS, Chains
from autograd.compiler.folding.dependence import Dependence, dependences
from autograd.compiler.folding.rewriting import Builder, pruned, rewritten
from autograd.compiler.graph import Graph

Product = tuple[int, Sequence[int]]  # a node, and the factors that it multiplies

_ONE = -1  # in place of a node, for a factor of 1
_OF_WEIGHTS = (Dependence.PARAMETERS, Dependence.EXAMPLE)


def summed(graph: Graph) -> Graph:
    """The graph with n-ary sums for chains of additions, and dots for sums of products."""
    return pruned(rewritten(graph, _Sums(graph)))  # of zeros that are not added


class _Sums:
    """Rewrites the sums of a graph.

    What is only a part of a sum, an inner sum or a product of a dot, is not built by itself.
    """

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.depends = [*dependences(graph.nodes), Dependence.CONSTANT]  # the last is that of _ONE
        self.chains = Chains(graph, self.depends)
        self.addends = {root: self.chains.addends(root) for root in self.chains.roots}
        self.products = {root: self._products(found) for root, found in self.addends.items()}
        uses = self.chains.uses
        self.parts = self.chains.inner | {
            k
            for products in self.products.values()
            for k, (left, _) in products
            if left != _ONE and uses[k] == 1
        }

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

    def _products(self, addends: Sequence[int]) -> list[Product]:
        """The products of no other use, if they are worth a dot: several, or one of a weight."""
        is_product = self.chains.is_product
        products: list[Product] = [(i, self.nodes[i].operands) for i in addends if is_product(i)]
        if products and all(self.chains.kinds(factors) == OF_NUMBERS for _, factors in products):
            # Plain numbers that are 1 were left out, but other rows of the matrix have others.
            products = [
                (i, self.nodes[i].operands if is_product(i) else (_ONE, i))
                for i in addends
                if is_product(i) or self.depends[i] is Dependence.PARAMETERS
            ]
        if len(products) == 1 and self.chains.kinds(products[0][1]) != _OF_WEIGHTS:
            return []
        return products

    def _sum(self, builder: Builder, i: int, places: list[int]) -> int:
        products = self.products[i]
        taken = {k for k, _ in products}
        others = [k for k in self.addends[i] if k not in taken]
        zeros = [k for k in others if self._is_zero(k)]
        rest = [k for k in others if not self._is_zero(k)]
        if products:
            pairs = [factors for _, factors in products]
            result = self._dots(builder, pairs, rest, places)
        else:
            result = _total(builder, [places[k] for k in rest])
        # A dot of several products is summed from 0.0 on. Otherwise something is left of the 0
        # that Python's own `sum` begins with: -0.0 + 0.0 is 0.0.
        several = len(products) > len({self._is_of_examples(x) for _, x in products})
        if not several and any(repr(self.nodes[k].content) == "0.0" for k in zeros):
            return builder.operation(ops.add, [result, builder.constant(0.0)])
        return result

    def _is_of_examples(self, factors: Sequence[int]) -> bool:
        """Whether both factors depend on the example, and not one of them a weight."""
        return {*self.chains.kinds(factors)} == {Dependence.EXAMPLE}

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
            place = builder.constant(1.0) if weight == _ONE else places[weight]
            groups.setdefault(of_examples, []).append((place, places[x]))
        fixed = [places[k] for k in addends if self.depends[k] < Dependence.EXAMPLE]
        rest = [places[k] for k in addends if self.depends[k] is Dependence.EXAMPLE]
        bias = [_total(builder, fixed)] if fixed else []
        dots = []
        for group in groups.values():
            left, right = zip(*group, strict=True)
            dots.append(builder.operation(ops.dot, [*left, *right, *bias]))
            bias = []
        return _total(builder, [*dots, *bias, *rest])


def _total(builder: Builder, terms: Sequence[int]) -> int:
    if len(terms) == 1:
        return terms[0]
    return builder.operation(ops.add if len(terms) == 2 else ops.total, terms)
