"""Which instruction computes what was written, and which lines of the program are its."""

from collections import Counter

import numpy as np
import pytest

from autograd import Value, compiled
from autograd.compiler.errors import CompilationError
from autograd.compiler.lowering import lowered
from nn import MLP, Parameter, hinge

X, Y = np.ones((5, 2)), np.ones(5)

u, v, w = (Parameter(float(i), label=name) for i, name in enumerate("uvw"))


def ran(function, *batches):
    f = compiled(function)
    f(*batches)
    return f


def made(f) -> list[tuple[str, str]]:
    """Each operation as it was written, and the name of the instruction that computes it."""
    names = [node.name for node in f.program.instructions]
    return [
        (node.op.name, names[maker] if maker >= 0 else "")
        for node, maker in zip(f.graph.nodes, f.program.makers, strict=True)
        if node.op
    ]


def test_every_neuron_is_computed_with_those_of_its_layer():
    model = MLP(2, [3, 1], "tanh", seed=0)
    f = ran(lambda x, y: hinge(model(x), y), X, Y)
    assert Counter(made(f)) == {
        ("dot", "layer0_dot"): 3,
        ("tanh", "layer0_tanh"): 3,
        ("dot", "layer1_dot"): 1,
        ("multiply", "multiply"): 1,
        ("subtract", "subtract"): 1,
        ("relu", "result"): 1,
    }


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        # what is only a part of a sum is computed by nothing of its own
        (
            lambda x: u * x[0] + v * x[1] + w,
            [("multiply", ""), ("multiply", ""), ("add", ""), ("add", "result")],
        ),
        # what is written twice is computed once
        (
            lambda x: x[0].exp() + x[0].exp().sin(),
            [("exp", "exp"), ("exp", "exp"), ("sin", "sin"), ("add", "result")],
        ),
        # what changes nothing is not computed, and what nobody needs is not either
        (
            lambda x: [x[0].tanh() * 1.0, x[1].tanh()][0],
            [("tanh", "result"), ("multiply", "result"), ("tanh", "")],
        ),
        # numbers are computed once, when the function is compiled
        (lambda x: x[0] * Value(2.0).exp(), [("exp", ""), ("multiply", "result")]),
    ],
)
def test_what_was_written_is_found_in_the_program(function, expected):
    assert made(ran(function, X)) == expected


def test_the_statements_of_an_instruction_lie_together():
    model = MLP(2, [3, 2], "tanh", seed=0)
    f = ran(lambda x, y: hinge(model(x)[0], y), X, Y)
    low = lowered(f.program)
    forward, backward = low.makers[: len(low.forward)], low.makers[len(low.forward) :]
    assert len(backward) == len(low.backward)
    assert forward == sorted(forward)
    assert backward == sorted(backward, reverse=True)
    assert {*forward} == {*range(len(f.program.instructions))}


def test_the_graph_is_that_of_the_latest_call_on_batches():
    f = compiled(lambda x: x * 2.0)
    with pytest.raises(CompilationError, match="has no graph yet"):
        _ = f.graph
    f(np.ones(3))
    assert [node.kind for node in f.graph.nodes] == ["input", "constant", "operation"]
    f(3.0)
    with pytest.raises(CompilationError, match="last called with plain numbers"):
        _ = f.graph
