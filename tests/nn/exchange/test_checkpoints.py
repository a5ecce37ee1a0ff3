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
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    CheckpointError,
    CosineDecay,
    Dropout,
    ExponentialDecay,
    History,
    InverseTimeDecay,
    Layer,
    LayerNorm,
    LinearDecay,
    Module,
    Neuron,
    Optimizer,
    Parameter,
    RMSNorm,
    RMSProp,
    Sequential,
    StepDecay,
    WarmUp,
    clip_by_norm,
    clip_by_value,
    fit,
    hinge,
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
from nn.transformer import TransformerBlock

MOONS = moons(60, seed=0)
SIGNS = 2.0 * MOONS.y - 1.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def numbers(model):
    return [p.data for p in model.parameters()]


class Line(Module):
    """A model of a person's own, with a layer of nn's in it."""

    def __init__(self):
        self.hidden = Layer(2, 3, seed=0)
        self.slope, self.offsets = Parameter(2.0), [Parameter(1.0), Parameter(-0.0)]

    def __call__(self, xs):
        return sum(self.hidden(xs)) * self.slope + self.offsets[0]


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


# ------------------------------------------------------------------ what has no name in a file


def changed(model):
    model.layers[0].neurons[1].activation = "tanh"
    return model


def replaced(model):
    model.layers[1] = Layer(4, 1, activation="tanh", seed=0)
    return model


def frozen(model):
    model.layers[0].neurons[0].bias = Value(0.5)
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
    (lambda: replaced(MLP(2, [4, 1], seed=0)), "parts that are not those it was made with"),
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


# ------------------------------------------------------------------------------------ training

SCHEDULES = [
    0.05,
    InverseTimeDecay(0.1, 0.1),
    ExponentialDecay(0.1, 0.99),
    StepDecay(0.1, every=3),
    LinearDecay(0.1, steps=20, last=0.01),
    CosineDecay(0.1, steps=20),
    WarmUp(3, CosineDecay(0.1, steps=20)),
]
OPTIMIZED = [
    *[lambda ps, rate=rate: SGD(ps, rate) for rate in SCHEDULES],
    lambda ps: SGD(ps, 0.05, momentum=0.9, nesterov=True, clipping=clip_by_norm(1.0)),
    lambda ps: AdaGrad(ps, 0.1, epsilon=1e-6),
    lambda ps: Adam(ps, 0.05, betas=(0.8, 0.9), epsilon=1e-4, clipping=clip_by_value(0.5)),
    lambda ps: AdamW(ps, WarmUp(2, 0.1), weight_decay=0.1),
    lambda ps: RMSProp(ps, 0.01, momentum=0.5, centered=True),
]


def small():
    return Sequential(Layer(2, 4, seed=0), Dropout(0.2, seed=1), Layer(4, 1, nonlin=False, seed=2))


def trained(model, optimizer, epochs, history=None):
    settings = {"loss": hinge, "batch_size": 20, "progress": False, "seed": 3, "backend": "eager"}
    return fit(model, MOONS.X, SIGNS, optimizer=optimizer, epochs=epochs, history=history,
               **settings)  # fmt: skip


@pytest.mark.parametrize("make", OPTIMIZED)
def test_training_goes_on_to_the_same_bits(make, path):
    whole = small()
    at_once = trained(whole, make(whole.parameters()), 2)
    model = small()
    optimizer = make(model.parameters())
    save(model, path, optimizer=optimizer, history=trained(model, optimizer, 1))
    loaded = load(path)
    history = trained(loaded.model, loaded.optimizer, 1, loaded.history)
    assert numbers(loaded.model) == numbers(whole)
    assert history == at_once


def test_what_is_not_saved_is_not_there(path):
    save(MLP(2, [1]), path)
    _, optimizer, history, notes = load(path)
    assert optimizer is history is None
    assert notes == {}


def test_an_optimizer_of_some_parameters_trains_the_same_ones(path):
    model = MLP(2, [3, 1], seed=0)
    save(model, path, optimizer=Adam(reversed(model.layers[1].parameters())))
    again, optimizer, *_ = load(path)
    assert optimizer.vector.parameters == again.layers[1].parameters()[::-1]


def test_the_optimizer_works_on_the_model_that_was_given(path):
    model = Line()
    save(model, path, optimizer=SGD(model.parameters()))
    given = Line()
    assert load(path, model=given).optimizer.vector.parameters == given.parameters()


class Reordered(Line):
    """The same attributes, set in another order."""

    def __init__(self):
        self.offsets, self.slope = [Parameter(0.0), Parameter(0.0)], Parameter(0.0)
        self.hidden = Layer(2, 3, seed=0)


def test_what_an_optimizer_remembers_is_not_given_to_other_parameters(path):
    model = Line()
    save(model, path)
    assert load(path, model=Reordered()).model.slope.data == 2.0
    save(model, path, optimizer=Adam(model.parameters()))
    with pytest.raises(CheckpointError, match="the parameters of its optimizer in another order"):
        load(path, model=Reordered())


class SignDescent(Optimizer):
    def change(self, gradient):
        return -self.rate * np.sign(gradient)


UNNAMED = [
    (lambda ps: SGD(ps, lambda step: 0.1), "SGD has the function <lambda> in it"),
    (lambda ps: SGD(ps, WarmUp(3, lambda step: 0.1)), "SGD has the function <lambda> in it"),
    (lambda ps: SGD(ps, clipping=np.tanh), "SGD has the function tanh in it"),
    (lambda ps: SignDescent(ps, 0.1), "SignDescent has the class SignDescent in it"),
]


@pytest.mark.parametrize(("make", "message"), UNNAMED, ids=[m for _, m in UNNAMED])
def test_what_has_no_name_is_refused_before_anything_is_written(make, message, path):
    model = MLP(2, [1], seed=0)
    with pytest.raises(ValueError, match=message) as caught:
        save(model, path, optimizer=make(model.parameters()))
    assert "optimizer.state_dict()" in str(caught.value)
    assert not list(path.parent.iterdir())


def test_another_models_optimizer_is_refused(path):
    with pytest.raises(ValueError, match="parameters that are not the model's"):
        save(MLP(2, [1]), path, optimizer=Adam(MLP(2, [1]).parameters()))


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
    ({}, {"optimizer": "adam"}, r"the optimizer must be one such as Adam\(...\), not 'adam'"),
    ({}, {"history": {"loss": [1.0]}}, "the history must be the one that fit gave"),
]


@pytest.mark.parametrize(("model", "arguments", "message"), STRANGE)
def test_what_cannot_be_saved_is_named(model, arguments, message, path):
    with pytest.raises(TypeError, match=message):
        save(model.get("model", MLP(2, [1])), path, **arguments)
    assert not list(path.parent.iterdir())


def test_a_history_that_was_interrupted_says_so_again(path):
    history = History(loss=[0.5, 0.25], accuracy=[0.1, 0.2], interrupted=True)
    save(MLP(2, [1]), path, history=history)
    assert load(path).history == history


def test_the_file_says_in_text_what_is_in_it(path):
    save(MLP(2, [1], seed=0), path, notes={"classes": ["a", "b"]})
    with safetensors.safe_open(path, framework="np") as file:
        (text,) = file.metadata().values()
    content = json.loads(text)["content"]
    assert content["notes"] == {"classes": ["a", "b"]}
    (entry,) = content["model"]["made of"]
    assert entry == {"class": "MLP", "arguments": {"nin": 2, "nouts": [1], "activation": "relu"}}
    assert settings(MLP) == ["nin", "nouts", "activation"]
