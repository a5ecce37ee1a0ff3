"""A model with something of a person's own in it: its numbers are saved, and filled in."""

import numpy as np
import pytest
import safetensors.numpy

from autograd import constant, relu
from nn import (
    MLP,
    CheckpointError,
    Layer,
    Sequential,
    load,
    save,
)
from tests.nn.exchange.models import Line, numbers


def changed(model):
    model.layers[0].neurons[1].activation = "tanh"
    return model


def replaced(model, part):
    model.layers[1] = part
    return model


class Doubled(Layer):
    """A layer that keeps less of its arguments than it is made with."""

    def __init__(self, factor=2.0):
        super().__init__(2, 1, nonlin=False, seed=0)

    def outputs(self, xs):
        return [2.0 * y for y in super().outputs(xs)]


def frozen(model):
    model.layers[0].neurons[0].bias = constant(0.5)
    return model


def tied(model):
    model.layers[0].neurons[1].bias = model.layers[0].neurons[0].bias
    return model


def bent(model):
    model.layers[0].neurons[1].activate = relu
    return model


OWN = [
    (lambda: Line(), "the numbers of a Line and not how to make one, because of the class Line"),
    (lambda: MLP(2, [2, 1], activation=lambda x: x * x, seed=0), "of the function <lambda>"),
    (lambda: Sequential(Layer(2, 1, seed=0), lambda x: 2.0 * x), "of the function <lambda>"),
    (lambda: Sequential(Line()), "of the class Line"),
    (lambda: changed(MLP(2, [4, 1], seed=0)), "parts that are not those it was made with"),
    (
        lambda: replaced(MLP(2, [4, 1], seed=0), Layer(4, 1, seed=0)),
        "parts that are not those it was made with",
    ),
    (lambda: replaced(MLP(2, [4, 1], seed=0), Line()), "of the MLP without its nouts"),
    (lambda: replaced(MLP(2, [2, 1], seed=0), Doubled()), "parts that are not those it was"),
    (lambda: frozen(MLP(2, [4, 1], seed=0)), "parts that are not those it was made with"),
    (lambda: tied(MLP(2, [4, 1], seed=0)), "parts that are not those it was made with"),
    (lambda: bent(MLP(2, [4, 1], seed=0)), "parts that are not those it was made with"),
]


@pytest.mark.parametrize(("make", "reason"), OWN, ids=[reason[-40:] for _, reason in OWN])
def test_a_model_with_something_of_a_persons_own_is_filled(make, reason, path):
    model = make()
    for i, p in enumerate(model.parameters()):
        p.data = float(i)
    save(model, path)
    with pytest.raises(CheckpointError, match=reason) as caught:
        load(path)
    assert "fill it with nn.load(path, model=...)" in str(caught.value)
    assert str(path) in str(caught.value)
    filled = make()
    assert load(path, model=filled).model is filled
    assert numbers(filled) == numbers(model)


def test_a_file_of_numbers_alone_fills_a_model(path):
    arrays = {"weight": np.eye(2), "bias": np.ones(2)}
    safetensors.numpy.save_file(arrays, path)
    layer = Layer(2, 2, seed=0)
    assert load(path, model=layer).notes == {}
    assert layer.weights.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    with pytest.raises(CheckpointError, match=r"nn.save did not write it.*nn.load\(path, model="):
        load(path)


DIFFERENT = [
    (MLP(3, [2]), r"layers.0.weight has the shape \(2, 2\), the model's has \(2, 3\)"),
    (MLP(2, [2, 1]), r"it has no layers.1.weight, which the model has in the shape \(1, 2\)"),
    (Layer(2, 2), r"it has no weight, which the model has in the shape \(2, 2\)"),
    (Sequential(), "the model has no 'layers.0.bias', which is in the file"),
]


@pytest.mark.parametrize(("model", "message"), DIFFERENT, ids=[repr(m) for m, _ in DIFFERENT])
def test_a_model_of_another_shape_is_refused_and_not_changed(model, message, path):
    before = numbers(model)
    save(MLP(2, [2]), path)
    with pytest.raises(CheckpointError, match=message):
        load(path, model=model)
    assert numbers(model) == before
