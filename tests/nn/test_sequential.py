"""Sequential: parts one after the other, eagerly, compiled and in training."""

import copy
import math
import pickle
import re
from functools import partial

import numpy as np
import pytest

import autograd
from autograd import Operation, Value, compiled, logsumexp, relu
from nn import (
    MLP,
    SGD,
    Dropout,
    Layer,
    Module,
    Parameter,
    Sequential,
    fit,
    hinge,
    moons,
    mse,
    predict,
    softmax,
)

MOONS = moons(40)
X = MOONS.X[:7]
softsign = Operation(
    "softsign",
    symbol="softsign",
    forward=lambda x: x / (1.0 + abs(x)),
    partials=(lambda x, out: (1.0 - abs(out)) * (1.0 - abs(out)),),
)


def linear(nin, nout, seed=0):
    return Layer(nin, nout, nonlin=False, seed=seed)


def numbers(outputs):
    return [y.data for y in outputs]


@pytest.mark.parametrize(
    ("part", "same"),
    [
        (relu, "relu"),
        (Value.tanh, "tanh"),
        (autograd.leaky_relu, "leaky_relu"),
        (autograd.elu, "elu"),
        (partial(autograd.leaky_relu, slope=0.2), lambda z: z.leaky_relu(0.2)),
        (softsign, softsign),
        (lambda zs: [z.sigmoid() for z in zs], "sigmoid"),
    ],
    ids=["relu", "Value.tanh", "leaky relu", "elu", "slope", "softsign", "lambda"],
)
def test_a_function_between_layers_is_an_activation(part, same):
    model = Sequential(linear(2, 3, seed=1), part, linear(3, 1, seed=2))
    hidden = Layer(2, 3, activation=same, seed=1)
    for x in X:
        assert model(x).data == linear(3, 1, seed=2)(hidden(x)).data


def test_an_operation_of_many_values_gets_them_all():
    assert Sequential(logsumexp)([1.0, 2.0]) == logsumexp([1.0, 2.0])
    assert Sequential(autograd.maximum)([1.0, 3.0, 2.0]) == 3.0


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        (-1.0, 0.0),
        ([-1.0, 2.0], [0.0, 2.0]),
        ([[-1.0, 2.0], [3.0, -4.0]], [[0.0, 2.0], [3.0, 0.0]]),
        (np.array([-1.0, 2.0]), [0.0, 2.0]),
    ],
    ids=["one", "list", "nested", "array"],
)
def test_an_operation_of_one_value_is_applied_to_each(structure, expected):
    assert Sequential(relu)(structure) == expected


def test_a_lone_value_goes_from_a_layer_of_one_to_the_next():
    model = Sequential(linear(2, 1), Value.tanh, Dropout(0.0), linear(1, 2))
    assert len(model([1.0, 2.0])) == 2


def deep():
    return Sequential(
        Sequential(linear(2, 4, seed=1), Value.tanh),
        Dropout(0.25, seed=3),
        linear(4, 3, seed=2),
        softmax,
    )


def test_compiled_it_gives_what_it_gives_eagerly():
    model = deep().eval()
    assert compiled(model)(X) == pytest.approx(np.array([numbers(model(x)) for x in X]), rel=1e-13)


def test_the_program_is_named_after_the_parts():
    model = deep().eval()
    program = compiled(model)
    program(X)
    assert "dot(sequential0_layer0_weights, xs_and_1" in program.source
    assert "dot(layer2_weights, sequential0_tanh1_tanh_and_1" in program.source


def test_nodes_know_which_part_they_belong_to():
    *_, last = deep().eval()([1.0, 2.0])
    assert last.scope == "softmax3"
    one = Sequential(lambda xs: xs[0] * 2.0)([Value(1.0)])
    assert one.scope == "part0"


def test_it_is_trained():
    model = Sequential(linear(2, 8, seed=0), Value.tanh, Dropout(0.1, seed=0), linear(8, 1))
    y = 2 * MOONS.y - 1
    history = fit(
        model, MOONS.X, y, loss=hinge, optimizer=SGD(model.parameters(), 0.2), epochs=15,
        progress=False,
    )  # fmt: skip
    assert history.accuracy[-1] > 0.8


@pytest.mark.parametrize("last", [softmax, Value.sigmoid, Sequential(Value.sigmoid)])
def test_a_loss_on_logits_sees_the_probabilities(last):
    name = "softmax" if last is softmax else "sigmoid"
    with pytest.raises(ValueError, match=f"the model's last step is a {name}"):
        fit(Sequential(linear(2, 2), last), MOONS.X, MOONS.y, progress=False)


# ------------------------------------------------------------------------------- as a container


def test_its_parts_are_there_as_in_a_list():
    model = deep()
    assert len(model) == 4
    assert [*model] == model.parts
    assert (model[0], model[-1]) == (model.parts[0], softmax)
    some = model[1:3]
    assert isinstance(some, Sequential)
    assert some.parts == model.parts[1:3]
    with pytest.raises(IndexError):
        model[4]


def test_it_shows_its_parts():
    assert repr(deep()) == (
        "Sequential(Sequential(Layer(2 -> 4, linear), tanh), Dropout(0.25), "
        "Layer(4 -> 3, linear), softmax)"
    )
    assert repr(Sequential(lambda x: x, softsign)) == "Sequential(<lambda>, softsign)"


def test_a_summary_has_a_line_for_each_part():
    assert deep().summary().splitlines() == [
        "part     shape                                    parameters",
        "parts.0  Sequential(Layer(2 -> 4, linear), tanh)          12",
        "parts.1  Dropout(0.25)                                     0",
        "parts.2  Layer(4 -> 3, linear)                            15",
        "parts.3  softmax                                           0",
        "total                                                     27",
    ]


def test_parameters_are_named_by_the_place_of_their_part():
    names = [name for name, _ in deep().named_parameters()]
    assert names[0] == "parts.0.parts.0.neurons.0.weights.0"
    assert names[-1] == "parts.2.neurons.2.bias"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_compute_the_same(copied):
    model = deep()
    twin = copied(model)
    assert numbers(twin([1.0, 2.0])) == numbers(model([1.0, 2.0]))
    twin[2].biases = [1.0, 2.0, 3.0]
    assert model[2].biases.tolist() == [0.0, 0.0, 0.0]


def test_it_is_made_again_from_its_parts():
    model = deep()
    assert Sequential(*model.parts).parts == model.parts


def test_another_part_is_seen_by_what_is_compiled():
    model = Sequential(linear(2, 2), relu)
    program = compiled(model)
    program(X)
    model.parts[1] = Value.tanh
    assert program(X) == pytest.approx(np.array([numbers(model(x)) for x in X]), rel=1e-13)


def test_the_mode_reaches_the_parts():
    model = deep()
    model.eval()
    assert not any(module.training for module in model.modules())
    assert predict(model, X).shape == (7, 3)


# ---------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((Layer, relu), r"part 0 .* is the class Layer: give an instance, Layer\(...\)"),
        ((linear(2, 2), MLP), "part 1 of a Sequential is the class MLP"),
        (([linear(2, 2), relu],), r"part 0 .* not \[Layer.*: give parts .* Sequential\(\*parts\)"),
        ((iter([linear(2, 2)]),), r"part 0 .*: give parts one by one, as Sequential\(\*parts\)"),
        ((linear(2, 2), "relu"), "not 'relu': as a function it is autograd.relu"),
        ((linear(2, 2), "rleu"), "part 1 of a Sequential is a module or a function, not 'rleu'$"),
        ((linear(2, 2), None), "part 1 of a Sequential is a module or a function, not None"),
    ],
)  # fmt: skip
def test_what_is_no_part_is_refused(parts, message):
    with pytest.raises(TypeError, match=message):
        Sequential(*parts)


class Forward(Module):
    def __init__(self):
        self.w = Parameter(1.0)

    def forward(self, xs):
        return [self.w * x for x in xs]


@pytest.mark.parametrize(
    ("part", "xs", "note"),
    [
        (lambda z: z.tanh(), [1.0, 2.0], r"\(in part 1 of a Sequential, <lambda>, called on a list "
         r"of 2; for a function of one Value write lambda xs: \[f\(x\) for x in xs\]\)"),
        (math.tanh, [1.0, 2.0], r"part 1 of a Sequential, tanh, called on a list of 2; for"),
        (linear(3, 1), [1.0, 2.0], r"part 1 of a Sequential, Layer\(3 -> 1, linear\), called on a "
         r"list of 2\)"),
        (softmax, 1.0, "part 1 of a Sequential, softmax, called on one Value"),
        (Forward(), [1.0], r"part 1 of a Sequential, Forward\(1 parameters\)"),
    ],
    ids=["lambda", "math", "layer", "softmax", "forward"],
)  # fmt: skip
def test_an_error_says_in_which_part_it_was(part, xs, note):
    with pytest.raises((AttributeError, TypeError, ValueError)) as caught:
        Sequential(lambda xs: xs, part)(xs)
    (found,) = caught.value.__notes__
    assert re.search(note, found)


def test_no_parts_pass_everything_on():
    assert Sequential()([1.0, 2.0]) == [1.0, 2.0]
    with pytest.raises(ValueError, match="no parameters"):
        fit(Sequential(), X, X, loss=mse, progress=False)
