"""Whatever a person calls a thing, the program is the same and computes the same."""

import ast
from typing import Any

import numpy as np
import pytest

from autograd import Operation, Value, compiled, dot, logsumexp, scope
from autograd.compiler.execution import Runner
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import lowered
from autograd.compiler.naming import identifier
from autograd.compiler.numpy_source import NumpySource
from autograd.compiler.scheduling import scheduled
from tests.compiler.comparing import record_function

TEXTS = [
    *["", "0", "00", "1e5", "-", " ", "a b", "a.b.c", "_", "__", "été", "Ω", "²", "ﬁ", "名", "🙂"],
    *["class", "None", "def", "import os", "inf", "nan", "infinity", "Infinity", "e", "1.0"],
    *["__builtins__", "__debug__", "__name__", "__import__", "forward", "backward", "batch"],
    *["values", "grad_values", "weights", "theta", "grad_theta", "indices", "columns", "scratch"],
    *["out", "x", "y", "given_x", "given_x_1", "given_y", "x_and_1", "empty", "dot", "logsumexp"],
    *["value", "parameter0", "v1", "g1", "p1_1", "function0", "float"],
    *["\n", "\t", "\0", "#", "'", '"""', "\\", "a\n    raise SystemExit", "\u2028", "\ud800"],
    "x" * 10_000,
    "0" * 10_000,
    "é" * 10_000,
]
NAMES = [text for text in TEXTS if text.isidentifier()]

X, Y = np.random.default_rng(0).normal(size=(2, 4, 3))
W = [Value(0.1 * i - 0.2) for i in range(3)]

each_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:20])
each_name = pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])


def network(x: Any, y: Any) -> Any:
    """Something of everything: products at two positions, segments, a reduction of three rows."""
    hidden = [dot(W, row, W[0]).tanh() for row in (x, y) for _ in range(2)]
    return logsumexp([*hidden, dot(x, y), x[0] * y[1], W[1]]) * logsumexp(*x) - logsumexp(y)


def slopes(mean: Value) -> list[float]:
    for w in W:
        w.forget_grad()
    mean.backward()
    return [w.grad for w in W]


EXPECTED = compiled(network)(X, Y)
SLOPES = slopes(compiled(network).mean(X, Y))


@each_text
def test_a_scope_can_be_called_anything(text):
    def scoped(x: Any, y: Any) -> Any:
        with scope(text):
            return network(x, y)

    program = compiled(scoped)
    np.testing.assert_array_equal(program(X, Y), EXPECTED)
    assert slopes(program.mean(X, Y)) == SLOPES


@each_text
def test_a_function_can_be_called_anything(text):
    def function(x: Any, y: Any) -> Any:
        return network(x, y)

    function.__name__ = text
    program = compiled(function)
    np.testing.assert_array_equal(program(X, Y), EXPECTED)
    assert slopes(program.mean(X, Y)) == SLOPES


@each_name
def test_an_operation_can_be_called_anything(name):
    double = Operation(name, symbol=name, forward=lambda x: 2.0 * x, partials=(2.0,))
    program = compiled(lambda x: double(x) * W[0])
    np.testing.assert_array_equal(program(X[0]), 2.0 * X[0] * W[0].data)
    assert slopes(program.sum(X[0]))[0] == pytest.approx(2.0 * X[0].sum(), rel=1e-14)
    assert compiled(double).value_and_gradient_at(3.0) == (6.0, 2.0)


@each_text
def test_arguments_can_be_called_anything_and_both_the_same(text):
    arguments = [Argument(text, (3,), integer=False)] * 2
    runner = Runner(NumpySource(lowered(scheduled(folded(record_function(network, arguments))))))
    runner.theta[:] = [w.data for w in runner.program.parameters]
    np.testing.assert_array_equal(runner.outputs([X.T, Y.T], len(X))[:, 0], EXPECTED)


@each_text
def test_text_gives_a_short_identifier(text):
    name = identifier(text)
    assert name.isidentifier()
    assert name.isascii()
    assert len(name) < 100
    assert not name.startswith("__")


def test_no_text_of_a_person_is_in_the_program():
    secret = "a\n    raise SystemExit('né')"

    def function(x: Any) -> Any:
        with scope(secret):
            return x.tanh() * W[0]

    function.__name__ = secret
    program = compiled(function)
    program.mean(X[0])
    calls = {n.func.id for n in ast.walk(ast.parse(program.source))
             if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}  # fmt: skip
    assert calls <= {"empty", "copyto", "tanh", "multiply", "add", "dot"}
    assert "raise SystemExit" not in program.source
    assert program.source.isascii()
