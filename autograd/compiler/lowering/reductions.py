"""Operations on any number of operands: sums, largest and smallest ones, logsumexp."""

from __future__ import annotations

from autograd import operations as ops
from autograd.compiler.instructions import Reduction
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.rules import Rule
from autograd.compiler.lowering.segments import Segments, segments
from autograd.compiler.tracing import reduction_rule
from autograd.compiler.views import View

_REDUCERS = (ops.total, ops.maximum, ops.minimum)


def forward(builder: Builder, node: Reduction) -> None:
    lists = segments(node.lengths)
    stack = lists.stack(builder, node.operand, node.name)
    out = lists.result(builder.home(node.out, node.name))
    if node.op in _REDUCERS:
        lists.reduce(builder, node.op, stack, out, signed=True)
    else:
        rule = _rule(builder, node, lists, stack, out)
        rule.write(rule.graph.outputs[-1], out, node.op.name)


def backward(builder: Builder, gradients: Gradients, node: Reduction) -> None:
    lists = segments(node.lengths)
    stack = lists.stack(builder, node.operand, node.name)
    out = lists.result(builder.read(node.out))
    gradient = lists.result(gradients.of(node.out))
    rule = _rule(builder, node, lists, stack, out)
    partial, weight = rule.as_share(rule.graph.outputs[0], gradient)
    each = lists.spread(builder, weight)
    assert isinstance(each, View)

    def write(target: View) -> None:
        if partial == 1.0:
            builder.copied(each, target)
        else:
            builder.apply(ops.multiply, partial, each, out=target)

    is_ready = partial == 1.0 and each.shape == stack.shape
    gradients.deposit(node.operand, stack, each if is_ready else write)


def _rule(builder: Builder, node: Reduction, lists: Segments, stack: View, out: View) -> Rule:
    """The partial and the expansion; what it computed forward serves the derivative again."""
    known = builder.known.setdefault(id(node), {})
    return Rule(builder, reduction_rule(node.op), [stack, out], lists, known)
