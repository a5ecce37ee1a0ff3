"""One operation on whole arrays, and its derivative by the rule of its row."""

from __future__ import annotations

from autograd import operations as ops
from autograd.compiler.instructions import Elementwise, Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.rules import Rule
from autograd.compiler.tracing import partials_rule
from autograd.compiler.views import Operand, View


def forward(builder: Builder, node: Elementwise) -> None:
    builder.home(node.out, node.name)
    operands, out = _views(builder, node)
    builder.apply(node.op, *operands, out=out)


def backward(builder: Builder, gradients: Gradients, node: Elementwise) -> None:
    gradients.fill(node.out.storage, node.out.places)
    operands, out = _views(builder, node)
    gradient = builder.gradient(out)
    assert gradient is not None
    wanted = tuple(
        gradients.needed(rows) and not node.op.is_flat_in(i) for i, rows in enumerate(node.operands)
    )
    graph = partials_rule(node.op, wanted)
    rule = Rule(builder, graph, [*operands, out])
    places = [i for i, is_wanted in enumerate(wanted) if is_wanted]
    for i, output in zip(places, graph.outputs, strict=True):
        rows, view, partial = node.operands[i], operands[i], rule.value(output)
        assert isinstance(view, View)
        if graph.nodes[output].kind == "constant" and partial == 0.0:
            gradients.fill(rows.storage, rows.places)  # A gradient of 0 is passed on, as eagerly.
        else:
            _chain(builder, gradients, rows, view, partial, gradient)


def _views(builder: Builder, node: Elementwise) -> tuple[list[Operand], View]:
    *operands, out = builder.together(node.operands, node.out, f"{node.name}_operand")
    assert isinstance(out, View)
    return operands, out


def _chain(
    builder: Builder,
    gradients: Gradients,
    rows: Rows,
    view: View,
    partial: Operand,
    gradient: View,
) -> None:
    """The chain rule: partial times gradient, without the factors 1 and -1."""
    if partial == 1.0:
        gradients.deposit(rows, view, gradient)
    else:
        op, factors = (ops.negate, ()) if partial == -1.0 else (ops.multiply, (partial,))
        gradients.deposit(
            rows, view, lambda out: builder.apply(op, *factors, gradient, out=out), gradient.shape
        )
