"""A weight has one name, wherever it is seen: the way to it from the outermost module."""

import copy
import pickle

import pytest

from autograd import CompilationError, Value, compiled
from nn import MLP, Layer, Module, Neuron, Parameter
from viz import draw


class Parts(Module):
    """A module with whatever parts it is given."""

    def __init__(self, **parts):
        for name, part in parts.items():
            setattr(self, name, part)


def labels(module):
    """As they are; not as they become when one asks for the parameters."""
    return [p.label for layer in module.layers for n in layer.neurons for p in [*n.weights, n.bias]]


def names(module):
    return [name for name, _ in module.named_parameters()]


@pytest.mark.parametrize(
    ("module", "last"),
    [
        (Neuron(2), "bias"),
        (Layer(2, 3), "neurons.2.bias"),
        (MLP(2, [3, 1]), "layers.1.neurons.0.bias"),
        (Parts(part={"pair": (1.0, [Layer(1, 1)])}), "part.pair.1.0.neurons.0.bias"),
    ],
    ids=repr,
)
def test_a_label_is_the_way_from_the_outermost_module(module, last):
    given = [p.label for p in module.parameters()]
    assert given == names(module)
    assert given[-1] == last


def test_labels_are_there_before_anybody_asks_for_the_parameters():
    model = MLP(2, [2, 1])
    assert labels(model) == [
        "layers.0.neurons.0.weights.0",
        "layers.0.neurons.0.weights.1",
        "layers.0.neurons.0.bias",
        "layers.0.neurons.1.weights.0",
        "layers.0.neurons.1.weights.1",
        "layers.0.neurons.1.bias",
        "layers.1.neurons.0.weights.0",
        "layers.1.neurons.0.weights.1",
        "layers.1.neurons.0.bias",
    ]


def test_drawings_repr_state_and_errors_say_the_same_name():
    model = MLP(1, [1, 1], seed=0)
    name = "layers.1.neurons.0.bias"
    bias = model.layers[1].neurons[0].bias
    assert f"label='{name}'" in repr(bias)
    assert name in draw(model([1.0])).svg
    assert name in model.state_dict()
    with pytest.raises(CompilationError, match=f"'{name}'"):
        compiled(lambda x: model([x]) * bias.data)(1.0)


def test_a_label_that_a_person_gave_stays():
    own = Parameter(1.0, label="temperature")
    same = Parameter(1.0, label="b")
    whole = Parts(part=Parts(a=own, b=same))
    assert [p.label for p in whole.parameters()] == ["temperature", "b"]
    assert names(whole) == ["part.a", "part.b"]
    renamed = MLP(1, [1])
    renamed.layers[0].neurons[0].bias.label = "offset"
    assert [p.label for p in Parts(model=renamed).parameters()] == [
        "model.layers.0.neurons.0.weights.0",
        "offset",
    ]


def test_what_is_shared_has_its_first_name():
    w = Parameter(1.0)
    whole = Parts(first=Parts(w=w), second=Parts(w=w), third=[w])
    assert (w.label, names(whole)) == ("first.w", ["first.w"])
    assert whole.state_dict().keys() == {"first.w"}


def test_a_part_used_alone_keeps_the_name_it_has_in_the_whole():
    model = MLP(1, [1, 1])
    part = model.layers[1]
    assert names(part) == ["neurons.0.weights.0", "neurons.0.bias"]
    assert [p.label for p in part.parameters()] == [f"layers.1.{name}" for name in names(part)]


def test_a_part_of_two_wholes_keeps_its_first_name_until_the_other_is_asked():
    part = Neuron(1)
    one, other = Parts(one=part), Parts(other=part)
    assert part.bias.label == "one.bias"
    assert [p.label for p in other.parameters()] == ["other.weights.0", "other.bias"]
    assert [p.label for p in one.parameters()] == ["one.weights.0", "one.bias"]


def test_what_is_put_into_a_list_later_is_named_when_the_parameters_are_asked_for():
    model = Parts(layers=[])
    model.layers.append(Layer(1, 1))
    model.layers.append(Layer(1, 1))
    model.parameters()
    assert labels(model) == names(model)
    assert labels(model)[-1] == "layers.1.neurons.0.bias"


@pytest.mark.parametrize(
    "move",
    [
        lambda model: model.layers.insert(0, Layer(1, 1)),
        lambda model: model.layers.reverse(),
        lambda model: model.layers.pop(0),
        lambda model: setattr(model, "layers", [Layer(1, 1), *model.layers]),
    ],
    ids=["insert", "reverse", "pop", "set anew"],
)
def test_what_is_moved_is_named_anew_when_the_parameters_are_asked_for(move):
    model = MLP(1, [1, 1, 1])
    move(model)
    model.parameters()
    assert labels(model) == names(model)


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda thing: pickle.loads(pickle.dumps(thing))}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_are_named_as_the_original_and_can_become_parts(copied):
    model = MLP(1, [1])
    twin = copied(model)
    assert labels(twin) == labels(model)
    assert [p.label for p in Parts(twin=twin).parameters()] == [f"twin.{x}" for x in labels(model)]


def test_modules_may_refer_to_each_other():
    whole = Parts(part=Neuron(1))
    whole.part.whole = whole
    assert names(whole) == ["part.weights.0", "part.bias"]
    assert whole.state_dict().keys() == {"part.weights", "part.bias"}


def test_values_that_are_no_parameters_are_not_named():
    whole = Parts(x=Value(1.0))
    assert whole.x.label == ""
    assert names(whole) == []
