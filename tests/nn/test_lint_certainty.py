"""`lint` says no more than it can know, and what it could not look at."""

import math

import numpy as np
import pytest

from autograd import compiled
from nn import (
    MLP,
    Dropout,
    Layer,
    Module,
    Neuron,
    Parameter,
    Sequential,
    cross_entropy,
    lint,
    moons,
    mse,
)

DATA = moons(60)


def checks(findings):
    return [finding.check for finding in findings]


class InReverse(Module):
    """Layers that are defined in another order than they are computed in."""

    def __init__(self, depth, **settings):
        self.last = Layer(4, 2, nonlin=False, seed=depth)
        self.hidden = [Layer(4 if i else 2, 4, seed=i, **settings) for i in range(depth)][::-1]

    def __call__(self, xs):
        for layer in reversed(self.hidden):
            xs = layer(xs)
        return self.last(xs)


def reverse_growing():
    model = InReverse(5, activation="linear")
    for layer in model.hidden[:-1]:
        layer.weights = 1e2 * layer.weights
    return model


class Residual(Module):
    """A sum of the inputs and of a layer of them times a small factor, as ReZero begins."""

    def __init__(self, factor):
        self.inner, self.factor = Layer(2, 2, activation="tanh", seed=0), factor

    def __call__(self, xs):
        return [x + self.factor * y for x, y in zip(xs, self.inner(xs), strict=True)]


class Scaled(Module):
    """A network whose outputs are brought to the scale of the targets."""

    def __init__(self):
        self.net, self.shift = MLP(2, [4, 1], seed=0), Parameter(0.0)

    def __call__(self, xs):
        return self.net(xs) * 1e4 + self.shift


class Branching(Module):
    """A part of it computes with one example only."""

    def __init__(self, which):
        self.which, self.usual, self.rare = which, MLP(2, [1], seed=0), MLP(2, [1], seed=1)

    def __call__(self, xs):
        return (self.rare if float(xs[0]) == self.which else self.usual)(xs)


@pytest.mark.parametrize(
    ("model", "finding", "where"),
    [
        (InReverse(9, activation="sigmoid"), "gradients that vanish", "hidden.8"),
        (reverse_growing(), "gradients that explode", "hidden.4"),
    ],
)
def test_before_and_after_is_as_computed_and_not_as_defined(model, finding, where):
    (found,) = lint(model, DATA.X, DATA.y)
    assert (found.check, found.where) == (finding, where)


@pytest.mark.parametrize(
    ("model", "loss"),
    [
        (Sequential(Residual(1e-6), Residual(1e-4), Layer(2, 2, seed=1)), cross_entropy),
        (Sequential(Layer(2, 2, seed=1), Residual(1e-6), Layer(2, 2, seed=1)), cross_entropy),
        (Scaled(), lambda output, y: mse(output, 1e4 * y)),
    ],
    ids=["residual", "residual after a layer", "scaled"],
)
def test_layers_that_are_not_alike_are_not_compared(model, loss):
    assert not lint(model, DATA.X, DATA.y, loss=loss)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_size_of_the_loss_is_none_of_gradients(scale):
    def scaled(output, y):
        return cross_entropy(output, y) * scale

    assert not lint(MLP(2, [4, 2], seed=0), DATA.X, DATA.y, loss=scaled)
    vanishing = MLP(2, [8] * 10 + [2], activation="sigmoid", seed=1)
    assert checks(lint(vanishing, DATA.X, DATA.y, loss=scaled)) == ["gradients that vanish"]
    model = MLP(2, [4, 2], seed=0)
    for _ in range(2):
        compiled(lambda x, y: scaled(model(x), y)).mean(DATA.X, DATA.y).backward()
    assert checks(lint(model, DATA.X, DATA.y, loss=scaled)) == ["forgotten zero_grad?"]


def test_sizes_of_inputs_are_told_however_large():
    w = Parameter(1e-300)
    (found,) = lint(lambda xs: w * xs[0], [[1e200], [-1e200]], [0.0, 0.0], loss=mse)
    assert math.isclose(found.number, 1e200)


def test_relus_and_parameters_of_the_loss_are_no_neurons():
    model = Neuron(2, nonlin=False, seed=0)
    model.bias = 100.0
    assert not lint(model, DATA.X, DATA.y, loss=lambda output, y: (1.0 - output).relu())
    net = MLP(2, [4, 2], seed=0)
    first = net.parameters()[0]
    assert not lint(
        net, DATA.X, DATA.y, loss=lambda output, y: cross_entropy(output, y) + 1e6 * first * first
    )


@pytest.mark.parametrize("count", [1, 4, 19])
def test_few_examples_tell_nothing_of_neurons(count):
    model = MLP(2, [16, 16, 2], seed=0)
    for layer in model.layers[:2]:
        layer.biases = [-100.0] * 16
    findings = lint(model, DATA.X[:count], DATA.y[:count])
    assert not findings
    assert f"not checked: dead relus and saturated neurons, which {count} example" in str(findings)
    assert checks(lint(model, DATA.X[:20], DATA.y[:20])) == ["dead relus"] * 2


def test_of_large_graphs_enough_examples_are_looked_at_to_tell_of_neurons():
    model = MLP(2, [120, 120, 2], seed=0)
    model.layers[0].biases = [-100.0] * 120
    findings = lint(model, DATA.X, DATA.y)
    assert "dead relus" in checks(findings)
    assert findings.examples == 20


def test_neuron_that_few_examples_came_to_is_not_dead():
    model = Branching(DATA.X[7, 0])
    model.rare = Neuron(2, activation="relu", seed=1)
    model.rare.bias = -100.0
    assert not lint(lambda xs: model(xs) * 2.0, DATA.X, DATA.y, loss=mse)


def test_what_a_sample_did_not_use_is_said_of_the_sample():
    data = moons(1000)
    (found,) = lint(Branching(data.X[1, 0]), data.X, data.y, loss=mse)
    assert (found.check, found.where) == ("parameters no loss depends on", "rare.layers.0")
    assert "from 256 examples looked at (of 1,000)" in found.what
    assert not lint(Branching(DATA.X[7, 0]), DATA.X, DATA.y, loss=mse)


def test_targets_are_counted():
    targets = np.full(200, 0.5)
    targets[7] = -2.0
    (found,) = lint(Neuron(2, activation="sigmoid", seed=0), moons(200).X, targets, loss=mse)
    assert found.what.startswith("1 of 200 targets")


@pytest.mark.parametrize(
    "reduce",
    [
        lambda loss, X, y: 3.0 * loss.mean(X, y),
        lambda loss, X, y: loss.mean(X[:30], y[:30]) + loss.mean(X[30:], y[30:]),
    ],
)
def test_factor_of_the_loss_and_a_forgotten_zero_grad_are_a_question(reduce):
    model = MLP(2, [4, 2], seed=0)
    loss = compiled(lambda x, y: cross_entropy(model(x), y))
    reduce(loss, DATA.X, DATA.y).backward()
    (found,) = lint(model, DATA.X, DATA.y)
    assert found.check.endswith("?")
    assert found.remedy.startswith("If no factor of the loss and no batches that add up are meant")


def test_large_factor_is_no_number_of_backward_passes():
    model = MLP(2, [4, 2], seed=0)
    loss = compiled(lambda x, y: cross_entropy(model(x), y))
    (1e8 / 3.0 * loss.mean(DATA.X, DATA.y)).backward()
    assert not lint(model, DATA.X, DATA.y)


def test_gradients_that_cannot_be_compared_are_said():
    data = moons(300)
    model = MLP(2, [4, 2], seed=0)
    assert not lint(model, data.X, data.y).unchecked  # There are none yet.
    compiled(lambda x, y: cross_entropy(model(x), y)).mean(data.X, data.y).backward()
    (said,) = lint(model, data.X, data.y).unchecked
    assert said.startswith("a forgotten zero_grad, because only 256 of 300 examples")
    model = Sequential(MLP(2, [4], seed=0), Dropout(0.5, seed=0), Layer(4, 2, seed=0)).train()
    cross_entropy(model(DATA.X[0]), DATA.y[0]).backward()
    (said,) = lint(model, DATA.X, DATA.y).unchecked
    assert "drew in training" in said
