"""Simplification: constants computed now, repeated work done once, and no work for nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd import operations as ops
from autograd.compiler.folding.rewriting import Builder, rewritten
from autograd.compiler.graph import Graph
from autograd.operation import Operation

_OF_ONE_ITSELF = (ops.total, ops.maximum, ops.minimum, ops.logsumexp)

# x op number = x, and number op x = x; as text, because x + -0.0 is x, but -0.0 + 0.0 is 0.0.
_NEUTRAL_RIGHT = {
    ops.add: "-0.0", ops.subtract: "0.0", ops.multiply: "1.0", ops.divide: "1.0", ops.power: "1.0"
}  # fmt: skip
_NEUTRAL_LEFT = {ops.add: "-0.0", ops.multiply: "1.0"}

# The first operand; the others get a gradient of 0, as from a pick that could choose them.
FIRST = Operation(
    "first",
    symbol="first",
    forward=lambda x, *others: x,
    array=lambda x, *others, out=None: np.positive(x, out=out),
    partials=lambda operands, out: [1.0, *[0.0] * (len(operands) - 1)],
)


def simplified(graph: Graph) -> Graph:
    """The graph without constants to compute, repeated work, and work that changes nothing."""

    def rewrite(builder: Builder, i: int, places: list[int]) -> int:
        op = graph.nodes[i].op
        assert op is not None
        return _simplify(builder, op, [places[k] for k in graph.nodes[i].operands])

    return rewritten(graph, rewrite)


def _simplify(builder: Builder, op: Operation, operands: list[int]) -> int:
    if len(operands) == 1 and op in _OF_ONE_ITSELF:
        return operands[0]
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


def _picked(builder: Builder, chosen: int, operands: Sequence[int]) -> int:
    """What a fixed index picks, beside what it does not, of which it makes infinities NaN."""
    others = [i for i in dict.fromkeys(operands) if i != chosen and builder.nodes[i].op]
    return builder.operation(FIRST, [chosen, *others]) if others else chosen
