"""Chains: which additions belong together, and which of them stay apart as rows of one matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd import operations as ops
from autograd.compiler.folding.dependence import Dependence
from autograd.compiler.graph import Graph, Node

OF_NUMBERS = (Dependence.CONSTANT, Dependence.PARAMETERS)


class Chains:
    """The chains of additions in a graph.

    Parameters:
        depends: what each node depends on.

    Attributes:
        roots: the sums that end a chain.
        inner: the sums that are only a part of one.
    """

    def __init__(self, graph: Graph, depends: Sequence[Dependence]) -> None:
        self.nodes, self.depends, self.uses = graph.nodes, depends, _uses(graph)
        self._rows: set[int] = set()
        sums = [i for i, node in enumerate(graph.nodes) if _is_sum(node)]
        self.inner = {k for i in sums for k in self.nodes[i].operands if self._is_inner(k)}
        for i in sums:
            if i not in self.inner:
                self._rows.update(self._rows_of(i))
        self.inner -= self._rows
        self.roots = [i for i in sums if i not in self.inner]

    def addends(self, root: int) -> list[int]:
        """What a chain adds, from left to right."""
        addends, stack = [], list(reversed(self.nodes[root].operands))
        while stack:
            i = stack.pop()
            if self._is_inner(i):
                stack += reversed(self.nodes[i].operands)
            else:
                addends.append(i)
        return addends

    def is_product(self, i: int) -> bool:
        """Whether a node is a product that a sum may take in: one of no other use.

        That of a parameter and a plain number may be used in several rows of a matrix in which
        the number stands several times.
        """
        node = self.nodes[i]
        return node.op is ops.multiply and (
            self.uses[i] == 1 or self.kinds(node.operands) == OF_NUMBERS
        )

    def kinds(self, factors: Sequence[int]) -> tuple[Dependence, ...]:
        """What the factors of a product depend on, the least first."""
        return tuple(sorted(self.depends[k] for k in factors))

    def _is_inner(self, i: int) -> bool:
        """Whether a node that a sum adds is a sum itself, and of no other use."""
        return self.uses[i] == 1 and _is_sum(self.nodes[i]) and i not in self._rows

    def _rows_of(self, root: int) -> Iterator[int]:
        """The sums in a chain that are rows of one matrix: of products with the same inputs.

        All their products would be a dot as well, but one that reads each input for each row.
        """
        found: dict[tuple[int, ...], list[int]] = {}
        pending = [root]
        while pending:
            operands = self.nodes[pending.pop()].operands
            inner = [k for k in operands if self._is_inner(k)]
            # If the first operand alone is a sum, this is one more addend of the same row.
            is_end = inner != [*operands[:1]]
            for k in inner:
                inputs = self._inputs(k) if is_end else ()
                if len(inputs) > 1:
                    found.setdefault(inputs, []).append(k)
                else:
                    pending.append(k)
        return (k for rows in found.values() if len(rows) > 1 for k in rows)

    def _inputs(self, i: int) -> tuple[int, ...]:
        """What the weights of a row `(w1 x1 + w2 x2) + ...` are multiplied with, from the end.

        Nothing for what is no such row.
        """
        inputs: list[int] = []
        pending = [i]
        while pending:
            first, *others = self.nodes[pending.pop()].operands
            if any(map(self._is_inner, others)):
                return ()
            if self._is_inner(first):
                pending.append(first)
            else:
                others.insert(0, first)
            for k in reversed(others):
                if self.is_product(k):
                    a, b = self.nodes[k].operands
                    inputs.append(a if self.depends[a] > self.depends[b] else b)
        return tuple(inputs)


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
