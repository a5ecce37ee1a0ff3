"""Penalties: a Value that grows with the parameters, differentiated by the engine."""

import copy
import math
import pickle

import numpy as np
import pytest

from autograd import compiled
from nn import L1, L2, MLP, SGD, Module, Parameter, mse


class Parts(Module):
    """A module with whatever parts it is given."""

    def __init__(self, **parts):
        for name, part in parts.items():
            setattr(self, name, part)

    def __call__(self, x):
        return x


def parameters(*numbers):
    return [Parameter(x) for x in numbers]


# A model, its weights and its biases.
def network():
    model = MLP(2, [3, 1], seed=0)
    neurons = [n for layer in model.layers for n in layer.neurons]
    for i, n in enumerate(neurons):
        n.bias.data = i - 1.5
    return model, [w for n in neurons for w in n.weights], [n.bias for n in neurons]


def lists():
    weights, biases = parameters(1.0, -2.0), parameters(3.0, -4.0)
    return Parts(weights=weights, biases=biases), weights, biases


def nested():
    model, weights, biases = lists()
    gain, bias = Parameter(0.5), Parameter(-0.25)
    whole = Parts(parts={"0": [Parts(part=model)]}, gain=gain, bias=bias)
    return whole, [*weights, gain], [*biases, bias]


def misleading():
    """Names that look like those of biases, but are not."""
    own = parameters(1.0, -2.0, 3.0, -4.0)
    inner = Parts(weights=own[:1])
    return Parts(bias=inner, biased=own[1], unbiases=own[2:3], Bias=own[3]), own, []


def shared():
    layer = Parts(weight=Parameter(-2.0), bias=Parameter(3.0))
    return Parts(first=layer, again=[layer, layer.weight]), [layer.weight], [layer.bias]


MODELS = {f.__name__: f for f in (network, lists, nested, misleading, shared)}
STRENGTHS = [(0.5, 0.0), (0.0, 0.25), (0.5, 0.25), (1, 2)]


def l1(strength, values):
    return strength * sum(abs(p.data) for p in values)


def l2(strength, values):
    return strength * sum(p.data**2 for p in values)


PENALTIES = {
    L1: (l1, lambda strength, p: strength * np.sign(p.data)),
    L2: (l2, lambda strength, p: 2.0 * strength * p.data),
}


def gradients(model):
    return [p.grad for p in model.parameters()]


@pytest.mark.parametrize("way", ["eager", "compiled"])
@pytest.mark.parametrize("strengths", STRENGTHS)
@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("kind", PENALTIES)
def test_a_penalty_and_its_gradient_are_the_textbooks(kind, make, strengths, way):
    model, weights, biases = make()
    size, slope = PENALTIES[kind]
    penalty = kind(*strengths)
    if way == "eager":
        value = penalty(model)
    else:
        value = compiled(lambda x: x + penalty(model)).mean(np.zeros(3))
    assert value.data == pytest.approx(size(strengths[0], weights) + size(strengths[1], biases))
    if value.data:  # else there is nothing to differentiate
        value.backward()
    for strength, group in zip(strengths, (weights, biases), strict=True):
        assert [p.grad for p in group] == pytest.approx([slope(strength, p) for p in group])


def test_the_slope_of_l1_at_0_is_0():
    model = Parts(weight=Parameter(0.0))
    L1(weights=1.0)(model).backward()
    assert model.weight.grad == 0.0


@pytest.mark.parametrize("add", [lambda a, b, c: a + b + c, lambda *all: sum(all)])
def test_penalties_are_added(add):
    model, weights, biases = network()
    penalty = add(L1(weights=0.5), L2(biases=0.25), L2(weights=2.0))
    expected = l1(0.5, weights) + l2(0.25, biases) + l2(2.0, weights)
    assert penalty(model).data == pytest.approx(expected)
    with pytest.raises(TypeError, match="unsupported operand"):
        L1(0.5) + 1.0


@pytest.mark.parametrize("penalty", [L1(), L2(), L2(0.0, 0.0), L1() + L2(), L1(biases=1.0)])
def test_a_strength_of_0_costs_nothing(penalty):
    model = Parts(weights=parameters(math.inf, math.nan), biases=[])
    value = penalty(model)
    assert value.data == 0.0
    assert len(value._prev) == 0
    value.backward()
    assert gradients(model) == [0.0, 0.0]


def test_l2_is_one_node_for_all_weights():
    value = L2(weights=0.5)(MLP(20, [20, 1], seed=0))
    [_, product] = sorted(value._prev, key=lambda x: len(x._prev))
    assert (product._op, len(set(product._prev))) == ("dot", 420)


@pytest.mark.parametrize("way", ["eager", "compiled"])
def test_by_hand_in_a_loop_it_is_added_to_the_loss(way):
    """And is what others call weight decay by the gradient, at twice the strength."""
    model, _, _ = network()
    X, y = np.random.default_rng(0).normal(size=(5, 2)), np.arange(5.0)
    before = np.array([p.data for p in model.parameters()])
    penalty, optimizer = L2(weights=0.05, biases=0.05), SGD(model.parameters(), 0.1)
    mean = compiled(lambda x, y: mse(model(x), y))
    loss = mean.mean(X, y)
    loss.backward()
    expected = before - 0.1 * (np.array(gradients(model)) + 0.1 * before)
    optimizer.zero_grad()
    if way == "eager":
        loss = mean.mean(X, y) + penalty(model)
    else:
        loss = compiled(lambda x, y: mse(model(x), y) + penalty(model)).mean(X, y)
    loss.backward()
    optimizer.step()
    assert [p.data for p in model.parameters()] == pytest.approx(expected)


@pytest.mark.parametrize("model", [lambda x: x, None, [Parameter(1.0)], MLP])
@pytest.mark.parametrize("penalty", [L1(1.0), L2(), L1(1.0) + L2(1.0)], ids=repr)
def test_what_is_no_module_is_named(penalty, model):
    with pytest.raises(
        TypeError, match=r"L[12] looks for .* a Module, .* a penalty of your own: a"
    ):
        penalty(model)


@pytest.mark.parametrize("strength", [-0.1, math.inf, math.nan, "0.1", None, True])
@pytest.mark.parametrize("name", ["weights", "biases"])
@pytest.mark.parametrize("kind", [L1, L2])
def test_a_strength_is_a_finite_number_from_0_on(kind, name, strength):
    message = f"the strength of {kind.__name__} for {name} must be .*from 0 on and finite, not"
    with pytest.raises((TypeError, ValueError), match=message):
        kind(**{name: strength})


@pytest.mark.parametrize("penalty", [L1(0.5), L2(biases=1), L1(0.5) + L2(0.5, 0.25)], ids=repr)
def test_penalties_can_be_read_copied_and_compared(penalty):
    assert pickle.loads(pickle.dumps(penalty)) == copy.deepcopy(penalty) == penalty
    assert eval(repr(penalty)) == penalty
    assert L1(0.5) != L2(0.5)


def test_the_gradient_of_a_square_goes_back_once():
    """The weights lie with gaps, where the biases are, and what is put there costs most."""
    model, _, _ = network()
    penalty, loss = L2(weights=0.5), compiled(lambda x: mse(model(x), 0.0) + penalty(model))
    loss.mean(np.ones((3, 2))).backward()
    assert loss.source.count("back to their rows") == 1
