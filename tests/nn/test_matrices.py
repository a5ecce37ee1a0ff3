"""A layer as matrices: reading and assigning them, and the Jacobians in closed form."""

import copy
import math

import numpy as np
import pytest

import autograd
from autograd import CompilationError, Value, compiled, constant, hessian, jacobian
from nn import MLP, SGD, Layer, Neuron, Parameter, Projection, fit, layer_jacobian, mse
from nn.parameters.vector import ParameterVector

W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
xs = np.array([0.5, -1.0, 2.0])


@pytest.fixture
def layer():
    return Layer(3, 2, activation="tanh", seed=0)


# ----------------------------------------------------------------------------- read and assigned


def test_a_row_of_the_weights_is_a_neuron(layer):
    assert layer.weights.shape == (2, 3)
    assert layer.weights[1, 2] == layer.neurons[1].weights[2].data
    layer.neurons[1].weights[2].data = 7.0
    layer.neurons[0].bias.data = 8.0
    assert (layer.weights[1, 2], layer.biases.tolist()) == (7.0, [8.0, 0.0])


def test_a_layer_computes_with_its_matrices(layer):
    layer.biases = [0.25, -0.5]
    outputs = [y.data for y in layer(xs)]
    assert outputs == pytest.approx(np.tanh(layer.weights @ xs + layer.biases), rel=1e-14)


def test_what_is_assigned_is_what_the_neurons_have(layer):
    parameters = layer.parameters()
    layer.weights, layer.biases = W, [7.0, 8.0]
    assert [p.data for p in parameters] == [1.0, 2.0, 3.0, 7.0, 4.0, 5.0, 6.0, 8.0]
    assert layer.parameters() == parameters


def test_arrays_that_were_read_stay_as_they_were(layer):
    before, biases = layer.weights, layer.biases
    layer.weights, layer.biases = before + 1.0, biases + 1.0
    assert (layer.weights - before == 1.0).all()
    assert not biases.any()


@pytest.mark.parametrize("name", ["weights", "biases"])
def test_the_arrays_are_read_only(layer, name):
    before = getattr(layer, name).copy()
    with pytest.raises(ValueError, match="read-only"):
        getattr(layer, name)[0] = 1.0
    assert (getattr(layer, name) == before).all()


def test_a_step_by_matrices_is_a_step():
    model, twin = MLP(3, [2, 1], seed=0), MLP(3, [2, 1], seed=0)
    for network in (model, twin):
        mse(network(xs), 1.0).backward()
    SGD(model.parameters(), 0.1).step()
    for layer in twin.layers:
        slopes = [[w.grad for w in n.weights] for n in layer.neurons]
        layer.weights = layer.weights - 0.1 * np.array(slopes)
        layer.biases = layer.biases - 0.1 * np.array([n.bias.grad for n in layer.neurons])
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]


def test_names_and_state_are_those_of_the_neurons(layer):
    names = [name for name, _ in layer.named_parameters()]
    layer.weights, layer.biases = W, [1.0, 2.0]
    assert [name for name, _ in layer.named_parameters()] == names
    assert layer.state_dict().keys() == {
        f"neurons.{i}.{part}" for i in range(2) for part in ("weights", "bias")
    }
    assert "weights" not in vars(layer)


def test_copies_are_assigned_to_by_themselves(layer):
    before, twin = layer.weights, copy.deepcopy(layer)
    twin.weights = W
    assert (layer.weights == before).all()
    assert (twin.weights == W).all()


def test_compiled_functions_and_optimizers_see_what_was_assigned():
    model = MLP(3, [2, 1], seed=0)
    optimizer, program = SGD(model.parameters(), 0.1), compiled(model)
    program([xs])
    model.layers[0].weights = W
    model.layers[0].biases = [1.0, -1.0]
    assert program([xs])[0] == pytest.approx(model(xs).data, rel=1e-14)
    assert optimizer.vector.data[:4].tolist() == [1.0, 2.0, 3.0, 1.0]


@pytest.mark.parametrize("name", ["weights", "biases"])
def test_a_compiled_function_neither_reads_nor_assigns_them(layer, name):
    with pytest.raises(CompilationError, match=rf"{name[:-2]}.*in a compiled function"):
        compiled(lambda x: x * float(getattr(layer, name).sum()))([1.0])

    def assigned(x):
        setattr(layer, name, np.zeros_like(before))
        return x

    before = getattr(layer, name)
    with pytest.raises(CompilationError, match="assigning"):
        compiled(assigned)([1.0])
    assert (getattr(layer, name) == before).all()


def test_an_interrupt_leaves_the_old_or_the_new(layer, monkeypatch):
    before, moments = layer.weights, []
    assign = ParameterVector.assign

    def interrupted(vector, numbers):
        moments.append(layer.weights)
        assign(vector, numbers)
        moments.append(layer.weights)
        raise KeyboardInterrupt

    monkeypatch.setattr(ParameterVector, "assign", interrupted)
    with pytest.raises(KeyboardInterrupt):
        layer.weights = W
    old, new = moments  # one assignment, and nothing in between
    assert (old == before).all()
    assert (new == W).all()


NAME = r"the weights of Layer\(3 -> 2, tanh\)"


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        (W.T, ValueError, NAME + r" have the shape \(2, 3\), not \(3, 2\)"),
        (1.0, ValueError, r"have the shape \(2, 3\), not \(\)"),
        ([[1.0, 2.0, 3.0], [4.0, math.nan, 6.0]], ValueError,
         NAME + r" are finite, and nan came at \[1, 1\]"),
        ([[1.0], [4.0, 5.0]], TypeError, NAME + r" are real numbers of shape \(2, 3\), not"),
        ("abc", TypeError, "are real numbers"),
        ([[10**400, 1, 1], [1, 1, 1]], TypeError, "are real numbers"),
        (W * 1j, TypeError, "are real numbers"),
        (np.ma.masked_less(W, 3.0), TypeError, NAME + " are a masked array"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(layer, numbers, error, message):
    before = layer.weights
    with pytest.raises(error, match=message):
        layer.weights = numbers
    assert (layer.weights == before).all()


@pytest.mark.parametrize("put", [0.5, constant(0.5)])
def test_what_is_no_parameter_is_read_and_not_assigned(layer, put):
    layer.neurons[0].weights[1] = put
    before = layer.weights
    assert before[0, 1] == 0.5
    with pytest.raises(TypeError, match="which is no Parameter"):
        layer.weights = W
    assert (layer.weights == before).all()


def test_a_shared_parameter_cannot_have_two_numbers(layer):
    layer.neurons[1].weights = layer.neurons[0].weights
    layer.weights = [[1.0, 2.0, 3.0]] * 2
    assert layer.weights.tolist() == [[1.0, 2.0, 3.0]] * 2
    with pytest.raises(ValueError, match=r"'neurons.0.weights.0' in several places.* 1.0 and 4.0"):
        layer.weights = W
    assert layer.weights.tolist() == [[1.0, 2.0, 3.0]] * 2


# ------------------------------------------------------------------------------------- Jacobians

ACTIVATIONS = [
    "linear", "relu", "tanh", "sigmoid", "softplus", "gelu", "elu", "sin", lambda z: z * z * z,
]  # fmt: skip


def by_engine(layer, variables):
    """The Jacobian by some of the layer's Parameters, from the graph of each output."""
    outputs = layer.outputs([constant(x) for x in xs])
    return np.array([[g.data for g in autograd.gradient(y, variables)] for y in outputs])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_jacobians_are_the_engines(activation):
    layer = Layer(3, 2, activation=activation, seed=1)
    layer.biases = [0.25, -0.75]
    found = layer_jacobian(layer, xs)
    weights = [w for neuron in layer.neurons for w in neuron.weights]
    biases = [neuron.bias for neuron in layer.neurons]
    expected = {
        "inputs": jacobian(layer, xs),
        "weights": by_engine(layer, weights).reshape(2, 2, 3),
        "biases": by_engine(layer, biases),
    }
    for name, matrix in expected.items():
        assert getattr(found, name) == pytest.approx(matrix, rel=1e-12, abs=1e-15), name


def test_the_chain_rule_is_a_product_of_jacobians():
    model = MLP(3, [4, 2], "tanh", seed=0)
    hidden = [h.data for h in model.layers[0](xs)]
    first, second = (
        layer_jacobian(layer, x) for layer, x in zip(model.layers, (xs, hidden), strict=True)
    )
    assert second.inputs @ first.inputs == pytest.approx(jacobian(model, xs), rel=1e-12)


def test_neurons_may_have_activations_of_their_own(layer):
    layer.neurons[1].activation = "relu"
    assert layer_jacobian(layer, xs).inputs == pytest.approx(jacobian(layer, xs), rel=1e-12)


def test_of_several_layers_the_chain_rule_is_named():
    with pytest.raises(TypeError, match=r"takes a Layer, not MLP.* the product of theirs"):
        layer_jacobian(MLP(2, [1]), [1.0, 2.0])


class FiveTimes(Neuron):
    def __call__(self, xs):
        return 5.0 * super().__call__(xs)


class Doubled(Layer):
    def __call__(self, xs):
        return [2.0 * y for y in super().__call__(xs)]


class Shifted(Layer):
    def outputs(self, xs):
        return [y + xs[0] for y in super().outputs(xs)]


class Renamed(Layer):
    """Computes what a layer does."""


def with_neurons(*neurons):
    layer = Layer(3, 2)
    layer.neurons = list(neurons)
    return layer


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (with_neurons(Neuron(3), FiveTimes(3)), "__call__"),
        (with_neurons(Neuron(3), Projection(3, 1)), "__call__"),
        (Doubled(3, 2), "__call__"),
        (Shifted(3, 2), "outputs"),
    ],
)
def test_a_layer_that_computes_something_else_has_no_closed_form(layer, name):
    with pytest.raises(TypeError, match=rf"has a {name} of its own: autograd.jacobian"):
        layer_jacobian(layer, xs)


@pytest.mark.parametrize(
    "layer", [Renamed(3, 2, activation="tanh", seed=0), with_neurons(*[Neuron(3, seed=0)] * 3)]
)
def test_the_closed_form_is_that_of_the_neurons_as_they_are(layer):
    assert layer_jacobian(layer, xs).inputs == pytest.approx(jacobian(layer, xs), rel=1e-12)
    assert layer_jacobian(layer, xs).biases.shape == (len(layer.neurons),) * 2


def test_an_infinite_slope_is_that_of_its_own_neuron():
    layer = Layer(1, 2, activation="sqrt", initialization=[[0.0], [1.0]])
    assert layer_jacobian(layer, [4.0]).biases.tolist() == [[math.inf, 0.0], [0.0, 0.25]]
    assert layer_jacobian(layer, [4.0]).weights[:, :, 0].tolist() == [[math.inf, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("wrong", [[1.0], [[1.0, 2.0, 3.0]], [1.0, 2.0, math.inf]])
def test_the_inputs_are_one_example(layer, wrong):
    with pytest.raises(ValueError, match="inputs"):
        layer_jacobian(layer, wrong)


# --------------------------------------------------------------------------- linear regression


def regression():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(30, 3)) * [1.0, 2.0, 0.5] + [0.0, 1.0, -1.0]
    y = X @ [1.5, -2.0, 0.5] + 0.75 + generator.normal(scale=0.3, size=30)
    with_ones = np.column_stack([X, np.ones(30)])
    return X, y, np.linalg.lstsq(with_ones, y, rcond=None)[0]


def test_one_step_of_newtons_method_gives_the_numbers_of_least_squares():
    X, y, expected = regression()
    model = Layer(3, 1, nonlin=False, seed=0)

    def loss(w, b):
        predictions = X @ np.array(w) + b
        return mse(predictions, y)

    start = (model.weights[0], model.biases[0])
    gradient = jacobian(loss, *start)[0]
    solution = np.append(*start) - np.linalg.solve(hessian(loss, *start), gradient)
    assert solution == pytest.approx(expected, abs=1e-12)


def test_the_smallest_network_learns_the_numbers_of_least_squares():
    X, y, expected = regression()
    model = Layer(3, 1, nonlin=False, seed=0)
    descent = SGD(model.parameters(), learning_rate=0.1, momentum=0.8)
    fit(model, X, y, loss=mse, optimizer=descent, batch_size=30, epochs=400, progress=False)
    assert [*model.weights[0], *model.biases] == pytest.approx(expected, abs=1e-10)


def test_a_matrix_of_examples_times_a_vector_of_parameters():
    X, y, expected = regression()
    beta = np.array([Parameter(0.0) for _ in range(4)])
    predictions = np.column_stack([X, np.ones(30)]) @ beta
    assert all(isinstance(p, Value) for p in predictions)
    slope = autograd.gradient(mse(predictions, y), beta.tolist())
    curvature = hessian(
        lambda b: mse(np.column_stack([X, np.ones(30)]) @ np.array(b), y), [0.0] * 4
    )
    change = np.linalg.solve(curvature, [-g.data for g in slope])
    ParameterVector(beta).add(change)
    assert [b.data for b in beta] == pytest.approx(expected, abs=1e-12)
