"""Names in a file: each is that of one array, and none of a model's numbers is lost."""

import pytest

from nn import Dropout, Embedding, Layer, LayerNorm, Module, Parameter, Sequential, load, save


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def with_attributes(model, **attributes):
    for name, held in attributes.items():
        setattr(model, name, held)
    return model


def begun_with_a_weight():
    layer = with_attributes(Layer.__new__(Layer), weight=[Parameter(7.0)])
    layer.__init__(2, 2, seed=0)
    return layer


CLASHES = [
    (lambda: with_attributes(Layer(2, 2), weight=Parameter(7.0)), "'weight' is .*as in PyTorch"),
    (begun_with_a_weight, "the name of the attribute weight, and of the neurons' numbers"),
    (lambda: with_attributes(Layer(2, 2), bias=[Parameter(7.0)]), "'bias' is .* attribute bias"),
    (
        lambda: with_attributes(Embedding(3, 2), weight=Parameter(7.0)),
        "the name of the attribute weights, and of the attribute weight: give",
    ),
    (lambda: with_attributes(LayerNorm(3), bias=Parameter(7.0)), "attribute biases, and of"),
    (
        lambda: Sequential(with_attributes(Layer(2, 2), weight=Parameter(7.0))),
        "'parts.0.weight' is .* attribute parts.0.weight",
    ),
    (
        lambda: with_attributes(Module(), own={0: Parameter(1.0), "0": Parameter(2.0)}),
        "'own.0' is the name of .* one of which would be lost",
    ),
    (
        lambda: with_attributes(Module(), own={0: Dropout(0.5), "0": Dropout(0.5)}),
        r"'own.0' is the name of Dropout\(0.5\) and of Dropout\(0.5\)",
    ),
]


@pytest.mark.parametrize(("make", "message"), CLASHES, ids=[message for _, message in CLASHES])
def test_what_would_have_one_name_in_a_file_is_refused(make, message, path):
    with pytest.raises(ValueError, match=message):
        save(make(), path)
    assert not path.exists()
    save(Layer(2, 2), path)
    with pytest.raises(ValueError, match=message) as caught:
        load(path, model=make())
    assert str(path) not in str(caught.value)  # It is the model's fault, and not the file's.


@pytest.mark.parametrize(
    ("name", "message"),
    [("__metadata__", "that is the file's own text"), ("optimizer/x", "that is the optimizer's")],
)
def test_a_name_that_a_file_needs_itself_is_refused(name, message, path):
    with pytest.raises(ValueError, match=message):
        save(with_attributes(Module(), **{name: Parameter(1.0)}), path)
    assert not path.exists()
