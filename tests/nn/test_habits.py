"""Names and ways that people bring from other libraries, and what they are told."""

import pytest

import nn
from autograd import Value
from nn import MLP, Dropout, Layer, Module, Neuron, Parameter


class Own(Module):
    def __init__(self, size):
        self.size = size


class Plain(Module):
    """Nothing but what a module is."""


class Any(Module):
    def __init__(self, **given):
        self.given = given


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Layer(in_features=2, out_features=3), "Layer takes no in_features=: say nin="),
        (lambda: Layer(nin=2, out_features=3), "Layer takes no out_features=: say nout="),
        (lambda: Layer(2, units=3), "Layer takes no units=: say nout="),
        (lambda: Neuron(2, init="he"), "Neuron takes no init=: say initialization="),
        (lambda: MLP(2, hidden_layer_sizes=[3, 1]), "MLP takes no hidden_layer_sizes=: say nouts="),
        (lambda: MLP(2, [3, 1], random_state=0), "MLP takes no random_state=: say seed="),
        (lambda: MLP(2, hidden=[3, 1]), "MLP takes no hidden=: say nouts="),
        (
            lambda: Layer(2, 3, bias=False),
            r"Layer takes no bias=: neurons always have one, .*; Projection\(nin, nout\) has none",
        ),
        (lambda: Neuron(2, use_bias=False), "Neuron takes no use_bias=: neurons always have one"),
        (lambda: MLP(2, [3], bias=False), "MLP takes no bias=: neurons always have one"),
        (lambda: Own(bias=False), "unexpected keyword argument 'bias'"),
        (lambda: Plain(5), r"^Plain\(\) takes no arguments"),
        (lambda: Plain(size=5), r"^Plain\(\) takes no arguments"),
        (lambda: Dropout(p=0.5), "Dropout takes no p=: say rate="),
        (lambda: Own(out_features=3), "unexpected keyword argument 'out_features'"),
        (lambda: Layer(2, 3, nonsense=1), "unexpected keyword argument 'nonsense'"),
    ],
)
def test_an_argument_from_elsewhere_is_told_its_name_here(make, message):
    with pytest.raises(TypeError, match=message):
        make()


@pytest.mark.parametrize("activations", [("sigmoid", "tanh"), (["sigmoid", "tanh"],)], ids=repr)
def test_several_activations_are_told_where_to_go(activations):
    with pytest.raises(TypeError, match=r"an MLP has one activation, .* Sequential\(Layer\("):
        MLP(3, [4, 1], *activations)


def test_a_module_may_take_such_a_name_itself():
    assert Any(in_features=2).given == {"in_features": 2}


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("Linear", r": here it is Layer\(nin, nout, nonlin=False\)$"),
        ("CrossEntropyLoss", ": here it is cross_entropy, a function$"),
        ("ReLU", ": here it is autograd.relu, a function$"),
        ("Nonsense", "$"),
    ],
)
def test_a_name_from_elsewhere_is_told_its_name_here(name, here):
    assert not hasattr(nn, name)
    with pytest.raises(AttributeError, match=f"module 'nn' has no attribute '{name}'{here}"):
        getattr(nn, name)


def subtract(p, other):
    p -= other


def add(p, other):
    p += other


def multiply(p, other):
    p *= other


def divide(p, other):
    p /= other


@pytest.mark.parametrize("change", [subtract, add, multiply, divide])
def test_a_step_that_would_be_lost_is_refused(change):
    p = Parameter(1.0, label="w")
    (p * 3.0).backward()
    with pytest.raises(TypeError, match=r"w .= \.\.\. with a number .* write w\.data .= "):
        change(p, 0.1 * p.grad)
    assert (p.data, p.grad) == (1.0, 3.0)


def test_a_sum_may_begin_with_a_parameter():
    bias, total = Parameter(1.0), None
    total = bias
    total += Value(2.0)
    total -= Value(0.5)
    total *= 2.0
    assert (total.data, bias.data) == (5.0, 1.0)
    total.backward()
    assert bias.grad == 2.0
