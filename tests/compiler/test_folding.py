"""Folding: the same function in fewer nodes."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autograd import (
    Value,
    dot,
    maximum,
    minimum,
    negate,
    no_grad,
    pick,
    scope,
    total,
)
from autograd.compiler.folding import folded, simplified, summed
from autograd.compiler.folding.dependence import Dependence, dependences
from autograd.compiler.graph import Argument, Graph, needed
from tests.compiler.comparing import record_function

w, v, b = Value(0.5), Value(-2.0), Value(0.25)


def recorded(f: Callable[..., Any], size: int = 3) -> Graph:
    return record_function(f, [Argument("x", (size,), integer=False)])


def operations(graph: Graph) -> list[str]:
    return [graph.nodes[i].op.name for i in needed(graph) if graph.nodes[i].op]


def evaluated(graph: Graph, xs: Sequence[float]) -> list[float]:
    """The outputs of a graph, one scalar after the other."""
    numbers: list[float] = []
    for node in graph.nodes:
        if node.kind == "operation":
            numbers.append(node.op.forward(*[numbers[k] for k in node.operands]))
        elif node.kind == "input":
            numbers.append(xs[node.content[1]])
        else:
            numbers.append(getattr(node.content, "data", node.content))
    return [numbers[i] for i in graph.outputs]


# A function, and the operations that it has when it is folded.
FOLDED = {
    "constants are computed now": (lambda x: x[0] + Value(1.0) * 0 + 2.0 * (3.0 + 4.0), None),
    "x * 1": (lambda x: x[0] * 1, []),
    "1 * x": (lambda x: 1.0 * x[0], []),
    "x / 1": (lambda x: x[0] / 1.0, []),
    "x + -0": (lambda x: -0.0 + x[0] + -0.0, []),
    "x - 0": (lambda x: x[0] - 0, []),
    "x + 0 is not x at -0": (lambda x: x[0] + 0.0, ["add"]),
    "x - -0 is not x at -0": (lambda x: x[0] - -0.0, ["subtract"]),
    "a sum from 0 that is no dot": (lambda x: sum(x), ["total", "add"]),
    "x ** 1": (lambda x: x[0] ** 1, []),
    "x ** 2": (lambda x: x[0] ** 2, ["multiply"]),
    "-(-x)": (lambda x: negate(negate(x[0])), []),
    "0 - x is not x": (lambda x: 0.0 - x[0], ["subtract"]),
    "1 / x is not x": (lambda x: 1.0 / x[0], ["divide"]),
    "x * 0 is not 0": (lambda x: x[0] * 0.0, ["multiply"]),
    "sums and largest of one": (lambda x: total([maximum(x[0])]) + minimum(x[1]), ["add"]),
    "pick by a number": (lambda x: pick(x, 1) + pick(x, 2.0), ["add"]),
    "the same twice": (lambda x: (x[0] * x[1]).tanh() - (x[0] * x[1]).tanh().exp(),
                       ["multiply", "tanh", "exp", "subtract"]),
    "what nobody needs": (lambda x: [x[0].exp(), x[1].tanh()][1], ["tanh"]),
    "a chain of additions": (lambda x: x[0] + x[1] + x[2] + x[0].tanh(), ["tanh", "total"]),
    "nested sums": (lambda x: total(x) + total([x[0], x[1] + x[2]]), ["total"]),
    "micrograd's neuron": (lambda x: sum((p * a for p, a in zip([w, v], x, strict=False)), b),
                           ["dot"]),
    "a sum from 0": (lambda x: sum(p * a for p, a in zip([w, v], x, strict=False)), ["dot"]),
    "two biases": (lambda x: w * x[0] + b + v + 1.0, ["total", "dot"]),
    "one product of a weight": (lambda x: w * x[0] + b, ["dot"]),
    "one product of inputs": (lambda x: x[0] * x[1] + b, ["multiply", "add"]),
    "products of inputs": (lambda x: x[0] * x[1] + x[1] * x[2], ["dot"]),
    "products of both kinds": (lambda x: w * x[0] + v * x[1] + x[1] * x[2], ["dot", "dot", "add"]),
    "a bias that depends on x": (lambda x: dot([w, v], x[:2], x[2]), ["dot", "add"]),
    "a product that is used again": (lambda x: [p := w * x[0], p + x[1]], ["multiply", "add"]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "expected"), FOLDED.values(), ids=FOLDED)
def test_folded(f, expected):
    graph = recorded(f)
    short = folded(graph)
    if expected is not None:
        assert operations(short) == expected
    assert len(needed(short)) == len(short.nodes), "nothing is left that nobody needs"
    for xs in ([0.5, -1.5, 2.0], [3.0, 0.25, -0.125]):
        assert evaluated(short, xs) == pytest.approx(evaluated(graph, xs), rel=1e-14)


def test_dots_have_weights_on_the_left_and_inputs_on_the_right():
    (node,) = [n for n in folded(recorded(lambda x: x[0] * w + v * x[1] + b)).nodes if n.op]
    graph = folded(recorded(lambda x: x[0] * w + v * x[1] + b))
    kinds = [graph.nodes[i].kind for i in node.operands]
    assert kinds == ["parameter", "parameter", "input", "input", "parameter"]


def test_what_nodes_depend_on():
    graph = recorded(lambda x: (w * v) * x[0] + 2.0)
    found = dict(
        zip([n.op and n.op.name for n in graph.nodes], dependences(graph.nodes), strict=True)
    )
    assert found["add"] is Dependence.EXAMPLE
    assert sorted(dependences(graph.nodes))[:1] == [Dependence.CONSTANT]
    parameters = [d for n, d in zip(graph.nodes, dependences(graph.nodes), strict=True)
                  if n.op and d is Dependence.PARAMETERS]  # fmt: skip
    assert len(parameters) == 1, "the product of the parameters"


def test_negative_zero_and_nan_are_told_apart():
    graph = simplified(recorded(lambda x: [x[0] * 0.0, x[0] * -0.0, x[0] * float("nan")]))
    constants = [repr(node.content) for node in graph.nodes if node.kind == "constant"]
    assert constants == ["0.0", "-0.0", "nan"]


def test_a_number_under_no_grad_is_not_folded_into_a_sum():
    def f(x):
        with no_grad():
            fixed = w * x[0]
        return fixed + v * x[1]

    assert operations(folded(recorded(f))) == ["multiply", "no_grad", "dot", "add"]


def test_sums_keep_the_scope_they_were_written_in():
    def f(x):
        with scope("layer0"):
            return sum((p * a for p, a in zip([w, v], x, strict=False)), b)

    (node,) = [node for node in folded(recorded(f)).nodes if node.op]
    assert node.scope == "layer0"


def test_summing_grows_in_proportion_to_the_chain():
    graph = summed(simplified(recorded(lambda x: sum(w * x[i % 3] for i in range(5000)), 3)))
    assert len(graph.nodes) < 20


def test_long_chains_need_no_recursion():
    def f(x):
        y = x[0]
        for _ in range(20_000):
            y = negate(y.tanh())
        return y

    assert len(folded(recorded(f)).nodes) == 40_001
