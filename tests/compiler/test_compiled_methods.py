"""Compiled methods, and Values that a compiled function makes itself."""

import copy

import numpy as np
import pytest

from autograd import Value, compiled, gradient
from autograd.compiler.batches import BatchProgram
from autograd.compiler.recording import Argument, record_function
from nn import MLP, Module, Parameter, mse

X, Y = np.random.default_rng(0).normal(size=(4, 2)), np.array([0.5, -1.0, 2.0, 0.0])


class Regression(Module):
    def __init__(self, seed: int) -> None:
        self.net = MLP(2, [3, 1], seed=seed)

    @compiled
    def loss(self, x, y):
        return mse(self.net(x), y)


def eager(model: Regression) -> float:
    return float(np.mean([mse(model.net(x), y).data for x, y in zip(X, Y, strict=True)]))


def test_a_method_reads_the_parameters_of_its_instance():
    one, other = Regression(1), Regression(2)
    for model in (one, other, one):
        assert model.loss.mean(X, Y).data == pytest.approx(eager(model), rel=1e-12)


def test_a_method_is_compiled_once_for_each_instance():
    model = Regression(1)
    model.loss.mean(X, Y)
    program = model.loss.program
    model.loss.mean(X, Y)
    assert model.loss.program is program
    other = Regression(1)
    other.loss.mean(X, Y)
    assert other.loss.program is not program


def test_a_copied_instance_has_a_method_of_its_own():
    model = Regression(1)
    before = model.loss.mean(X, Y).data
    twin = copy.deepcopy(model)
    twin.net.layers[1].neurons[0].bias.data += 1.0
    assert twin.loss.mean(X, Y).data == pytest.approx(eager(twin), rel=1e-12)
    assert model.loss.mean(X, Y).data == before


def test_a_value_made_inside_is_a_constant_of_the_program():
    w = Value(2.0, label="w")

    def weighted(x):
        result = Value(0.0)  # not a parameter, although it looks like one from outside
        for part in x:
            result = result + part * w
        return result

    function = compiled(weighted)
    assert function.mean(X).operands == (w,)
    np.testing.assert_allclose(function(X), 2.0 * X.sum(axis=1), rtol=1e-12)


def test_a_gradient_with_respect_to_a_value_made_inside():
    def slope(x):
        t = Value(3.0)
        return gradient((t * x).exp(), t)

    points = np.array([0.1, 0.2])
    np.testing.assert_allclose(compiled(slope)(points), points * np.exp(3.0 * points), rtol=1e-12)


def test_the_gradient_of_arguments_reads_each_parameter_in_its_place():
    slope, offset = Parameter(2.0), Parameter(0.0)
    f = lambda x: offset.exp() + slope * x[0]  # noqa: E731
    made = BatchProgram("line", record_function(f, [Argument("x", (1,), False)]))
    assert made.runner.theta.tolist() == [0.0, 2.0]  # in the vector that both were packed into
    assert made.of_inputs().emitted.program.parameters == [slope, offset]  # in one of its own
    value, gradients = made.of_inputs().at_a_point([np.array([[3.0]])])
    assert (value, gradients[0].tolist()) == (7.0, [2.0])
