import math
import pickle
import random
import re
import statistics
from inspect import signature

import numpy as np
import pytest

from autograd import Value, compiled, constant, dot, softplus, tanh
from nn import MLP, Layer, Module, Neuron, Parameter


def as_lists(neuron):
    return [w.data for w in neuron.weights], neuron.bias.data


@pytest.mark.parametrize("activation", ["linear", "relu", "tanh", "sigmoid", "gelu", "softplus"])
def test_a_neuron_is_the_activation_of_its_weighted_sum(activation):
    neuron = Neuron(3, activation=activation, seed=0)
    neuron.bias.data = 0.25
    xs = [1.0, -2.0, 3.0]
    (w0, w1, w2), b = as_lists(neuron)
    z = Value(w0 * xs[0] + w1 * xs[1] + w2 * xs[2] + b)
    expected = z if activation == "linear" else getattr(z, activation)()
    assert neuron(xs).data == pytest.approx(expected.data, rel=1e-14)


def test_an_activation_may_be_any_function_of_a_value():
    neuron = Neuron(2, activation=lambda z: z * z + 1.0, seed=0)
    assert neuron([0.0, 0.0]).data == 1.0
    assert Neuron(2, activation=Value.tanh).activation == "tanh"


def test_a_neuron_is_one_dot_and_one_activation():
    out = Neuron(5, seed=0)([1.0] * 5)
    assert out.op.name == "relu"
    assert out.operands[0].op is dot
    assert len(out.operands[0].operands) == 11


@pytest.mark.parametrize(
    ("module", "wrong", "message"),
    [
        (Neuron(2), [1.0], r"Neuron\(2 -> 1, relu\) takes 2 inputs, 1 came"),
        (Neuron(2), 1.0, r"takes 2 inputs, 1 came"),
        (Layer(2, 3), [1.0, 2.0, 3.0], r"Layer\(2 -> 3, relu\) takes 2 inputs, 3 came"),
        (MLP(2, [3, 1]), [], r"MLP\(2 -> 3 -> 1, relu\) takes 2 inputs, 0 came"),
    ],
    ids=repr,
)
def test_a_wrong_number_of_inputs_is_an_error(module, wrong, message):
    with pytest.raises(ValueError, match=message):
        module(wrong)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(0), "nin must be a whole number from 1 on, not 0"),
        (lambda: Layer(2, -1), "nout must be a whole number from 1 on, not -1"),
        (lambda: Layer(2, True), "nout must be a whole number from 1 on, not True"),
        (lambda: MLP(2.5, [1]), "nin must be a whole number from 1 on, not 2.5"),
        (lambda: MLP(2, []), "at least one layer"),
        (lambda: Neuron(2, activation="rleu"), "there is no activation 'rleu'"),
    ],
)
def test_sizes_and_names_are_checked(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "make", [lambda nonlin: Neuron(2, nonlin), lambda nonlin: Layer(2, 3, nonlin)]
)
@pytest.mark.parametrize("nonlin", ["tanh", "linear", Value.tanh, 1, None])
def test_an_activation_in_the_place_of_nonlin_is_an_error(make, nonlin):
    with pytest.raises(TypeError, match=r'nonlin must be True or False, .* activation="tanh"'):
        make(nonlin)


@pytest.mark.parametrize(
    "make",
    [
        lambda activation: Neuron(2, activation=activation),
        lambda activation: Neuron(2, False, activation),
        lambda activation: Layer(2, 3, False, activation),
        lambda activation: MLP(2, [3], activation),
    ],
    ids=["neuron", "linear neuron", "linear layer", "no hidden layer"],
)
@pytest.mark.parametrize(
    "wrong", ["Relu", "add", "power", "where", "clip", "pick", "dot", "greater", "logsumexp", None]
)
def test_an_activation_that_is_none_is_an_error_even_where_no_layer_uses_it(make, wrong):
    with pytest.raises(ValueError, match=r"there is no activation .*: give 'linear', the name"):
        make(wrong)


@pytest.mark.parametrize(
    ("sizes", "instead"),
    [
        ([3], "[3]"),
        ([4, 1], "[4, 1]"),
        ([128, 64, 10], "[128, 64, 10]"),
        ([2.5], "[16, 1]"),
        (["31"], "[16, 1]"),
        ([None, "tanh"], "[16, 1]"),
        ([np.array([3, 1])], "[16, 1]"),
    ],
    ids=repr,
)
def test_the_sizes_of_layers_are_a_list(sizes, instead):
    message = rf"number of neurons of each layer, such as MLP(2, {instead}), not {sizes[0]!r}"
    with pytest.raises(TypeError, match=re.escape(message)):
        MLP(2, *sizes)


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])], ids=repr)
@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((5, 2)),
        np.zeros((2, 2)),
        [[1.0, 2.0], [3.0, 4.0]],
        [(1.0, 2.0)],
        [np.zeros(2), np.zeros(2)],
        [[Value(1.0), Value(2.0)]],
    ],
    ids=["array", "square array", "lists", "one tuple", "arrays", "Values"],
)
def test_many_examples_are_an_error_that_names_predict(module, batch):
    message = r"takes one example, a list of 2 numbers; predict\(model, X\) takes many"
    with pytest.raises(ValueError, match=message):
        module(batch)


@pytest.mark.parametrize("nouts", [[1, 1], [3, 1, 2], [1, 4, 1], [1]])
def test_layers_of_width_one_fit_anywhere(nouts):
    model = MLP(2, nouts, seed=0)
    out = model([1.0, 2.0])
    assert isinstance(out, Value) if nouts[-1] == 1 else len(out) == nouts[-1]
    (out if nouts[-1] == 1 else sum(out)).backward()
    assert all(p.has_grad for p in model.parameters())


def test_the_last_layer_is_linear():
    model = MLP(2, [3, 2], activation="tanh", seed=0)
    assert [layer.neurons[0].activation for layer in model.layers] == ["tanh", "linear"]


def test_nodes_know_which_layer_they_belong_to():
    out = MLP(2, [3, 1], seed=0)([1.0, 2.0])
    assert out.scope == "layer1"
    assert out.operands[3].scope == "layer0"  # after the weights, the first hidden neuron


def test_one_value_may_be_the_input_of_a_neuron_with_one():
    assert isinstance(Neuron(1)(2.0), Value)
    assert isinstance(Layer(1, 1)(Value(2.0)), Value)


@pytest.mark.parametrize("nin", [17, 64, 300])
def test_signals_keep_their_size_through_wide_layers_of_relu(nin):
    """He et al. (2015): the mean square after each layer is that of the inputs."""
    generator = random.Random(0)
    xs = [generator.gauss(0.0, 1.0) for _ in range(nin)]
    sums = [s.data for s in Layer(nin, 200, activation="linear", seed=1)(xs)]
    assert statistics.fmean(s * s for s in sums) / 2 == pytest.approx(1.0, rel=0.35)


# ---------------------------------------------------------------- layers that were changed by hand


def test_a_layer_refuses_a_neuron_with_another_number_of_weights():
    layer = Layer(2, 2)
    layer.neurons[1].weights.append(Parameter(1000.0))
    for xs in ([1.0, 2.0], [Value(1.0), Value(2.0)]):
        with pytest.raises(ValueError, match=r"dot\(\) of 3 weights and 2 inputs"):
            layer(xs)


@pytest.mark.parametrize("bias", [0.5, constant(0.5)])
def test_a_layer_takes_numbers_for_a_bias_or_a_weight(bias):
    model = MLP(2, [2, 1], "tanh", seed=0)
    expected = MLP(2, [2, 1], "tanh", seed=0)
    neuron = model.layers[1].neurons[0]
    neuron.bias, neuron.weights[0] = bias, 0.25
    expected.layers[1].neurons[0].bias.data = 0.5
    expected.layers[1].neurons[0].weights[0].data = 0.25
    output, other = model([1.0, 2.0]), expected([1.0, 2.0])
    output.backward()
    other.backward()
    assert output.data == other.data
    assert neuron.weights[1].grad == expected.layers[1].neurons[0].weights[1].grad
    assert isinstance(bias, float) or not bias.has_grad


class Squared(Neuron):
    def __call__(self, xs):
        return super().__call__(xs) ** 2


def test_a_neuron_of_ones_own_is_called_in_a_layer():
    layer = Layer(2, 2)
    layer.neurons[0] = Squared(2)
    assert layer([1.0, 2.0])[0].data == layer.neurons[0]([1.0, 2.0]).data


@pytest.mark.parametrize("activation", [math.tanh, lambda x: math.exp(x), lambda x: x.data])
def test_an_activation_that_leaves_the_graph_is_refused(activation):
    with pytest.raises(TypeError, match=r"an activation gives a Value.*not math's"):
        MLP(2, [2, 1], activation=activation)


def test_sizes_may_be_numpys():
    assert repr(MLP(np.int64(2), [np.int64(3), 1])) == "MLP(2 -> 3 -> 1, relu)"


# ------------------------------------------------------------------ what they were made of


@pytest.mark.parametrize(
    "made",
    [
        Neuron(3),
        Neuron(3, False, "tanh"),
        Neuron(3, activation=Value.tanh),
        Layer(3, 2, activation=softplus),
        Layer(3, 2, activation=len),
        Layer(3, 2, nonlin=False),
        MLP(2, [3, 1]),
        MLP(2, [3], "tanh"),
    ],
    ids=repr,
)
def test_it_can_be_made_again_from_its_attributes(made):
    arguments = [name for name in signature(type(made)).parameters if "seed" not in name]
    arguments.remove("initialization")
    again = type(made)(**{name: getattr(made, name) for name in arguments})
    assert repr(again) == repr(made)
    assert [getattr(again, name) for name in arguments] == [
        getattr(made, name) for name in arguments
    ]


@pytest.mark.parametrize("given", ["tanh", Value.tanh, tanh])
def test_an_activation_of_the_table_is_kept_by_its_name(given):
    neuron = Neuron(2, activation=given, seed=0)
    assert neuron.activation == "tanh"
    assert pickle.loads(pickle.dumps(neuron))([1.0, 2.0]).data == neuron([1.0, 2.0]).data


def test_a_function_of_ones_own_with_such_a_name_stays_what_it_is():
    def tanh(z):
        return z * 2.0

    neuron = Neuron(1, activation=tanh, initialization=[1.0])
    assert neuron.activation is tanh
    assert (repr(neuron), neuron([3.0]).data) == ("Neuron(1 -> 1, tanh)", 6.0)


def test_an_activation_that_is_set_is_used():
    neuron = Neuron(1, initialization=[1.0])
    program = compiled(neuron)
    assert program([[-2.0]])[0] == 0.0
    neuron.activation = "linear"
    assert neuron([-2.0]).data == program([[-2.0]])[0] == -2.0
    assert not neuron.nonlin
    with pytest.raises(ValueError, match="there is no activation 'rleu'"):
        neuron.activation = "rleu"
    assert neuron.activation == "linear"


def test_an_activation_may_have_parameters_of_its_own():
    class Scaled(Module):
        def __init__(self):
            self.factor = Parameter(2.0)

        def __call__(self, z):
            return self.factor * z

    names = [name for name, _ in Neuron(1, activation=Scaled()).named_parameters()]
    assert names == ["activate.factor", "weights.0", "bias"]
