import numpy as np
import pytest

from autograd import no_grad, relu, scope, total
from nn import (
    GPT,
    MLP,
    Dropout,
    Layer,
    Module,
    Neuron,
    Parameter,
    Sequential,
    cross_entropy,
    hinge,
    moons,
    predict,
)
from viz.plots import activation_histograms, gradient_histograms
from viz.plots.training.measuring import gradients_by_layer, outputs_by_layer

DATA = moons(30, seed=0)


def rows(figure):
    """The notes of each row, by its name."""
    lines = [label.get_text().split("\n") for label in figure.axes[0].get_yticklabels()]
    return {name: " ".join(notes) for name, *notes in lines}


def test_outputs_of_layers_are_what_they_give_to_the_next():
    model = MLP(2, [5, 3], seed=0)
    found = outputs_by_layer(model, DATA.X, limit=100)
    assert list(found) == ["layers.0", "layers.1"]
    hidden = np.maximum(DATA.X @ model.layers[0].weights.T + model.layers[0].biases, 0.0)
    assert np.sort(found["layers.0"].numbers) == pytest.approx(np.sort(hidden))
    assert found["layers.1"].numbers == pytest.approx(predict(model, DATA.X))


class Own(Module):
    """Its parts are not in the order in which they are used, and it opens no scopes."""

    def __init__(self):
        self.head, self.body, self.scale = Layer(3, 2, False), Layer(2, 3), Parameter(2.0)

    def __call__(self, xs):
        return [self.scale * y.tanh() for y in self.head([h + 1.0 for h in self.body(xs)])]


class Around(Module):
    def __init__(self):
        self.inner = Own()

    def __call__(self, xs):
        return self.inner(xs)


def scoped(xs):
    with scope("first"):
        hidden = [x * 2 for x in xs]
    with scope("second"):
        return total(hidden)


# A model, its examples, and its layers with how many numbers each gives.
MODELS = {
    "own": (Own(), DATA.X, {"body": 3, "head": 2, "Own": 2}),
    "around": (Around(), DATA.X, {"inner.body": 3, "inner.head": 2, "inner": 2}),
    "layer": (Layer(2, 3), DATA.X, {"Layer": 3}),
    "neuron": (Neuron(2), DATA.X, {"Neuron": 1}),
    "sequential": (
        Sequential(Layer(2, 3, False), relu, Dropout(0.5), Layer(3, 2)),
        DATA.X,
        {"parts.0": 3, "parts.3": 2},
    ),
    "gpt": (
        GPT("abc", context=4, width=4, heads=1, layers=2),
        [[0, 1, 2], [2, 1, 0]],
        {"embedding": 12, "positions": 12, "blocks.0": 12, "blocks.1": 12, "unembedding": 9},
    ),
    "scopes": (scoped, DATA.X, {"first": 2, "second": 1}),
    "a function": (lambda xs: xs[0] * 2, DATA.X, {"outputs": 1}),
}


@pytest.mark.parametrize(("model", "X", "layers"), MODELS.values(), ids=MODELS)
def test_layers_are_parts_with_parameters_or_scopes(model, X, layers):
    found = outputs_by_layer(model, X, limit=2)
    assert {name: outputs.numbers.shape for name, outputs in found.items()} == {
        name: (2, count) for name, count in layers.items()
    }


def test_zeros_and_dead_neurons_are_counted_and_not_drawn():
    model = MLP(2, [4, 1], seed=0)
    model.layers[0].biases = [-100.0, -100.0, 100.0, 100.0]
    figure = activation_histograms(model, DATA.X)
    assert rows(figure) == {"layers.0": "50% zero, 2 of 4 dead", "layers.1": ""}


def test_what_is_linear_and_zero_is_not_dead():
    layer = Layer(2, 3, nonlin=False)
    layer.weights, layer.biases = np.zeros((3, 2)), np.zeros(3)
    assert rows(activation_histograms(layer, DATA.X)) == {"Layer": "100% zero"}


def test_one_zero_of_many_is_not_none():
    X = np.where(np.arange(300) == 7, 0.0, 1.0)[:, None]
    assert rows(activation_histograms(lambda xs: xs[0] * 1.0, X, limit=300)) == {
        "outputs": "<1% zero"
    }


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_numbers_are_counted(activation):
    layer = Layer(1, 4, activation=activation)
    layer.weights = [[0.0], [0.0], [0.0], [0.0]]
    layer.biases = [-9.0, 9.0, 0.5, -0.5]
    assert rows(activation_histograms(layer, [[1.0]])) == {"Layer": "50% saturated"}


def test_of_many_examples_some_are_taken_evenly():
    (found,) = outputs_by_layer(lambda xs: xs[0] + 0.0, np.arange(100.0)[:, None], 3).values()
    assert found.numbers.ravel().tolist() == [0.0, 49.0, 99.0]


def test_numbers_that_are_not_finite_are_counted():
    figure = activation_histograms(lambda xs: xs[0].log(), [[0.0], [-1.0], [2.0], [1.5]])
    assert rows(figure) == {"outputs": "50% not finite"}
    figure.draw_without_rendering()


def test_looking_at_a_network_changes_nothing_of_it():
    model = Sequential(Layer(2, 4, seed=0), Dropout(0.5, seed=0), Layer(4, 2, seed=1))
    (model([1.0, 2.0])[0] * 2).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    activation_histograms(model, DATA.X, limit=5)
    gradient_histograms(model, DATA.X, DATA.y)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert model.training


def test_gradients_are_those_of_the_mean_loss():
    model = MLP(2, [4, 2], seed=0)
    found = gradients_by_layer(model, DATA.X, DATA.y, cross_entropy)
    for x, y in zip(DATA.X, DATA.y, strict=True):
        (cross_entropy(model(x), int(y)) * (1 / len(DATA.X))).backward()
    assert list(found) == ["layers.0", "layers.1"]
    for gradients, layer in zip(found.values(), model.layers, strict=True):
        assert gradients == pytest.approx([p.grad for p in layer.parameters()])


def test_without_recording_gradients_are_the_same():
    model = MLP(2, [4, 2], seed=0)
    with no_grad():
        inside = rows(gradient_histograms(model, DATA.X, DATA.y))
    assert inside == rows(gradient_histograms(model, DATA.X, DATA.y))


def test_gradients_are_noted_with_their_median_and_zeros():
    model = MLP(2, [2, 1], seed=0)
    model.layers[0].biases = [-100.0, -100.0]
    figure = gradient_histograms(model, DATA.X, np.ones(30), loss=hinge)
    assert rows(figure)["layers.0"] == "100% zero"
    assert rows(figure)["layers.1"] == "67% zero, median of the others 1"
    figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("plot", "arguments", "error", "message"),
    [
        (activation_histograms, (MLP(3, [2]), DATA.X), ValueError, "takes 3 inputs, 2 came"),
        (activation_histograms, (MLP, DATA.X), TypeError, "MLP"),
        (activation_histograms, (lambda x: 1.0, DATA.X), ValueError, "computes nothing of X"),
        (gradient_histograms, (MLP(2, [2]), DATA.X, DATA.X), ValueError, "y"),
        (gradient_histograms, (predict, DATA.X, DATA.y), TypeError, "model is a Module"),
    ],
)
def test_models_and_data_that_do_not_fit_are_named(plot, arguments, error, message):
    with pytest.raises(error, match=message):
        plot(*arguments)
