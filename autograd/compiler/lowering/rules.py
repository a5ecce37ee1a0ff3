"""The rules of operations on arrays: what `tracing` recorded on stand-ins, as statements."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import operations as ops
from autograd.compiler.graph import Graph
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.segments import Segments
from autograd.compiler.views import Operand, View
from autograd.operation import Operation


class Rule:
    """The graph of a rule, computed node by node as it is asked for.

    Parameters:
        leaves: the arrays of its inputs; those of a reduction are its operands and its result.
        segments: of a reduction, whose operands are input 0.
        known: the nodes that were computed before.
    """

    def __init__(
        self,
        builder: Builder,
        graph: Graph,
        leaves: Sequence[Operand],
        segments: Segments | None = None,
        known: dict[int, Operand] | None = None,
    ) -> None:
        self.builder, self.graph, self.leaves, self.segments = builder, graph, leaves, segments
        self.known: dict[int, Operand] = {} if known is None else known
        self._stacks = self._find_stacks() if segments else set()

    def _find_stacks(self) -> set[int]:
        """The nodes that have a row for each operand of the reduction."""
        found: set[int] = set()
        for i, node in enumerate(self.graph.nodes):
            if node.kind == "input":
                is_stack = node.content == 0
            else:
                is_stack = node.op is not None and not node.op.nary
                is_stack &= not found.isdisjoint(node.operands)
            if is_stack:
                found.add(i)
        return found

    def value(self, i: int, name: str = "scratch") -> Operand:
        """The array or number of node `i`, computed by now."""
        node = self.graph.nodes[i]
        if node.kind == "constant":
            number: float = node.content
            return number
        if node.kind == "input":
            leaf: Operand = self.leaves[node.content]
            return leaf
        if i not in self.known:
            self.known[i] = self._compute(i, None, name)
        return self.known[i]

    def of_each(self, i: int, name: str = "scratch") -> Operand:
        """The same for use with stacks."""
        value = self.value(i, name)
        if self.segments is None or i in self._stacks:
            return value
        return self.segments.spread(self.builder, value)

    def as_share(self, i: int, gradient: View) -> tuple[Operand, View]:
        """Two factors, of each operand and of each result, of node `i` times the gradient.

        A share of a whole, as in softmax, is not divided for each operand: the gradient is.
        """
        node = self.graph.nodes[i]
        if node.op is ops.divide:
            share, whole = node.operands
            if share in self._stacks and whole not in self._stacks:
                weight = self.builder.apply(ops.divide, gradient, self.value(whole))
                assert isinstance(weight, View)
                return self.value(share), weight
        return self.of_each(i), gradient

    def write(self, i: int, out: View, name: str = "scratch") -> None:
        """Compute node `i` into `out`."""
        if self.graph.nodes[i].kind == "operation":
            self._compute(i, out, name)
        else:
            self.builder.copied(self.value(i), out)

    def _compute(self, i: int, out: View | None, name: str) -> Operand:
        node = self.graph.nodes[i]
        assert node.op is not None
        own = name if name == "scratch" else f"{name}_{node.op.name}"
        stacks = [k for k in node.operands if k in self._stacks]
        if node.op.nary and stacks:
            others = [k for k in node.operands if k not in self._stacks]
            out = out or self.builder.temporary(self._result.shape, own)
            return self._reduce(node.op, stacks[0], others, out, name)
        value = self.of_each if stacks else self.value
        operands = [value(k, name) for k in node.operands]
        return self.builder.apply(node.op, *operands, out=out, name=own)

    @property
    def _result(self) -> View:
        """What the reduction computes."""
        result = self.leaves[1]
        assert isinstance(result, View)
        return result

    def _reduce(
        self, op: Operation, stack: int, others: Sequence[int], out: View, name: str
    ) -> View:
        """An n-ary operation on all operands of each list, and on some more arrays."""
        assert self.segments is not None
        operands = self.value(stack, name)
        assert isinstance(operands, View)
        self.segments.reduce(self.builder, op, operands, out)
        for other in others:
            self.builder.apply(op, out, self.value(other, name), out=out)
        return out
