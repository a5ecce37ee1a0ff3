"""What is saved is loaded, to the last bit, and training goes on from it as if never stopped."""

import json
import random
import struct

import numpy as np
import pytest
import safetensors.numpy

from autograd import Value, relu
from nn import (
    GPT,
    MLP,
    Dropout,
    Layer,
    LayerNorm,
    Module,
    Neuron,
    Optimizer,
    RMSNorm,
    Sequential,
    load,
    log_softmax,
    moons,
    predict,
    save,
    softmax,
)
from nn.exchange.description import described, settings
from nn.exchange.known import MODULES, OPTIMIZERS, numbers_of
from nn.module import Module as Base
from nn.transformer.block import TransformerBlock
from tests.nn.exchange.models import numbers

MOONS = moons(60, seed=0)
SIGNS = 2.0 * MOONS.y - 1.0


# One of each class, as different from what it is at first as can be.
MODELS = [
    Neuron(2, activation="tanh", seed=0),
    Neuron(2, nonlin=False, seed=0),
    Layer(2, 3, activation="sigmoid", seed=0),
    Layer(2, 1, nonlin=False, initialization="glorot"),
    MLP(2, [4, 3, 1], activation="softplus", seed=0),
    MLP(2, [4, 3], activation=relu, seed=0),
    Sequential(Layer(2, 3, seed=0), Value.tanh, Dropout(0.25, seed=1), LayerNorm(3), softmax),
    Sequential(Sequential(MLP(2, [3], seed=0), relu), RMSNorm(3, epsilon=0.1), log_softmax),
    LayerNorm(3, epsilon=0.1, affine=False),
    RMSNorm(3),
    GPT(5, context=4, width=6, heads=3, layers=2, seed=0),
    TransformerBlock(4, heads=2, causal=False, seed=0),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_model_of_nn_is_made_again_from_its_file(model, path):
    save(model, path)
    again = load(path).model
    assert type(again) is type(model)
    assert described(again, MODULES) == described(model, MODULES)
    assert [name for name, _ in again.named_parameters()] == [
        name for name, _ in model.named_parameters()
    ]
    assert numbers(again) == numbers(model)
    assert load(path, model=model).model is model


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_how_many_numbers_a_model_has_is_known_from_its_description(model):
    assert numbers_of(described(model, MODULES)) == len(model.parameters())


def test_every_module_of_nn_can_be_made_again():
    own = {
        kind
        for kind in subclasses(Base)
        if kind.__module__.startswith("nn.") and kind.__init__ is not Base.__init__
    }
    assert len(own) > 10
    assert own <= set(MODULES.values())


def test_every_optimizer_of_nn_can_be_made_again():
    own = {kind for kind in subclasses(Optimizer) if kind.__module__.startswith("nn.")}
    assert len(own) == 5
    assert own <= set(OPTIMIZERS.values())


def subclasses(kind):
    return {kind}.union(*map(subclasses, kind.__subclasses__())) - {Module, Optimizer}


def test_what_a_model_computes_is_the_same(path):
    model = MLP(2, [8, 1], activation="tanh", seed=0)
    save(model, path)
    assert np.array_equal(predict(load(path).model, MOONS.X), predict(model, MOONS.X))


def test_loading_draws_nothing_from_pythons_random_numbers(path):
    save(MLP(2, [3, 1]), path)
    random.seed(0)
    load(path)
    after = random.random()
    random.seed(0)
    assert random.random() == after


def test_layers_are_stored_as_pytorch_has_them(path):
    model = MLP(2, [3, 1], seed=0)
    save(model, path)
    stored = safetensors.numpy.load_file(path)
    assert {name: array.shape for name, array in stored.items()} == {
        "layers.0.weight": (3, 2),
        "layers.0.bias": (3,),
        "layers.1.weight": (1, 3),
        "layers.1.bias": (1,),
    }
    assert {array.dtype for array in stored.values()} == {np.dtype(np.float64)}
    first = model.layers[0]
    assert stored["layers.0.weight"].tolist() == first.weights.tolist()
    assert stored["layers.0.bias"].tolist() == first.biases.tolist()


def test_the_same_model_is_the_same_file(path):
    model = Sequential(Layer(2, 3, seed=0), Dropout(0.5, seed=0))
    save(model, path, notes={"b": 1, "a": 2})
    first = path.read_bytes()
    save(model, path, notes={"b": 1, "a": 2})
    assert path.read_bytes() == first


@pytest.mark.parametrize("number", [-0.0, 5e-324, np.inf, -np.inf, np.nan])
def test_every_number_keeps_its_bits(number, path):
    model = Layer(1, 1, seed=0)
    model.neurons[0].bias.data = number
    save(model, path)
    kept = load(path).model.neurons[0].bias.data
    assert struct.pack("<d", kept) == struct.pack("<d", number)


def test_what_is_shared_is_stored_once_and_shared_again(path):
    layer = Layer(2, 2, activation="tanh", seed=0)
    model = Sequential(layer, Sequential(layer), layer)
    save(model, path)
    assert sorted(safetensors.numpy.load_file(path)) == ["parts.0.bias", "parts.0.weight"]
    first, (second,), third = load(path).model
    assert first is second is third


@pytest.mark.parametrize("training", [True, False])
def test_a_model_goes_on_to_train_or_to_be_used(training, path):
    model = Sequential(Layer(2, 3, seed=0), Dropout(0.5, seed=0)).train(training)
    model.parts[0].training = True
    save(model, path)
    again = load(path).model
    assert [m.training for m in again.modules()] == [m.training for m in model.modules()]


@pytest.mark.parametrize(
    "source",
    [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM],
)
def test_dropout_goes_on_with_the_same_draws(source, path):
    model = Sequential(Dropout(0.5, seed=np.random.Generator(source(0))))
    model([1.0] * 5)
    save(model, path)
    again = load(path).model
    assert [x.data for x in again([1.0] * 50)] == [x.data for x in model([1.0] * 50)]


def test_a_generator_that_two_share_is_shared_again(path):
    generator = np.random.default_rng(0)
    save(Sequential(Dropout(0.5, seed=generator), Dropout(0.5, seed=generator)), path)
    first, second = load(path).model
    assert first.generator is second.generator


def test_what_is_not_saved_is_not_there(path):
    save(MLP(2, [1]), path)
    _, optimizer, history, notes = load(path)
    assert optimizer is history is None
    assert notes == {}


@pytest.mark.parametrize(
    "notes",
    [{}, {"classes": ["a", "ü", "\ud800"], "scale": [0.1, 1e300, -0.0], "nested": {"x": None}}],
)
def test_notes_come_back(notes, path):
    save(MLP(2, [1]), path, notes=notes)
    assert load(path).notes == notes


STRANGE = [
    ({"model": [[1.0]]}, {}, "only a Module can be saved"),
    ({}, {"notes": [1]}, "notes are a dict"),
    ({}, {"notes": {"x": np.ones(2)}}, "notes hold what JSON can"),
    ({}, {"notes": {"x": {1, 2}}}, "notes hold what JSON can"),
    ({}, {"notes": {1: "a", "1": "b"}}, "text for keys: 1 is a key, and no text: write '1'"),
    ({}, {"notes": {"x": [{None: "a"}]}}, "None is a key, and no text"),
    ({}, {"optimizer": "adam"}, r"the optimizer must be one such as Adam\(...\), not 'adam'"),
    ({}, {"history": {"loss": [1.0]}}, "the history must be the one that fit gave"),
]


@pytest.mark.parametrize(("model", "arguments", "message"), STRANGE)
def test_what_cannot_be_saved_is_named(model, arguments, message, path):
    with pytest.raises(TypeError, match=message):
        save(model.get("model", MLP(2, [1])), path, **arguments)
    assert not list(path.parent.iterdir())


def test_notes_that_are_too_long_for_a_file_are_refused(path):
    with pytest.raises(ValueError, match=r"up to 100 million bytes of text.* and 100,000,\d\d\d"):
        save(MLP(2, [1]), path, notes={"x": "a" * 100_000_000})
    assert not path.exists()


def test_the_file_says_in_text_what_is_in_it(path):
    save(MLP(2, [1], seed=0), path, notes={"classes": ["a", "b"]})
    with safetensors.safe_open(path, framework="np") as file:
        (text,) = file.metadata().values()
    content = json.loads(text)["content"]
    assert content["notes"] == {"classes": ["a", "b"]}
    (entry,) = content["model"]["made of"]
    assert entry == {"class": "MLP", "arguments": {"nin": 2, "nouts": [1], "activation": "relu"}}
    assert settings(MLP) == ["nin", "nouts", "activation"]
