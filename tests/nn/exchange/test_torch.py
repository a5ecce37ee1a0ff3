"""A model of PyTorch's is the same function, with the same gradients, and can be trained on."""

import copy
import pickle

import numpy as np
import pytest

from autograd import TABLE, constant
from nn import (
    GPT,
    MLP,
    SGD,
    ConversionError,
    Dropout,
    Layer,
    Sequential,
    cross_entropy,
    fit,
    load,
    predict,
    save,
    to_torch,
)
from nn.exchange.tensors import numbers, parameters
from tests.nn.exchange.conversions import ACTIVATIONS, CASES, NAMES, REFUSED, SYMBOLS, VECTORS

torch = pytest.importorskip("torch")
safetensors = pytest.importorskip("safetensors.torch")


def called(converted, X):
    return converted(torch.from_numpy(X)).detach().numpy()


@pytest.mark.parametrize(("model", "X"), CASES, ids=NAMES)
def test_it_computes_what_the_model_does(model, X):
    model.eval()
    converted = to_torch(model)
    outputs = predict(model, X)
    assert called(converted, X).shape == outputs.shape
    assert called(converted, X) == pytest.approx(outputs, rel=0, abs=1e-12)
    assert called(pickle.loads(pickle.dumps(converted)), X) == pytest.approx(outputs, abs=1e-12)
    assert all(p.dtype == torch.float64 for p in converted.parameters())


LEARNING = [(model, X) for model, X in CASES if model.parameters()]


@pytest.mark.parametrize(("model", "X"), LEARNING, ids=[repr(model) for model, _ in LEARNING])
def test_its_gradients_are_the_models(model, X):
    model.eval().zero_grad()
    X = X[:2]
    converted = to_torch(model)
    y = converted(torch.from_numpy(X))
    (y * y).sum().backward()
    for x in X.tolist():
        for output in np.array(model(x), dtype=object).flat:
            (output * output).backward()
    ours = {
        name: [p.grad for p in np.array(group, dtype=object).flat]
        for name, group in parameters(model).items()
    }
    theirs = [p.grad.ravel().tolist() for p in converted.parameters()]
    assert len(theirs) == len(ours)
    for name, gradient in zip(ours, theirs, strict=True):
        assert gradient == pytest.approx(ours[name], rel=1e-12, abs=1e-12), name


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_known(name):
    layer = Layer(1, 1, activation=name, initialization=[[1.0]])
    domain = TABLE[name].domain[0] if name in TABLE else (-2.0, 2.0)
    X = np.linspace(*domain, 101)[:, np.newaxis]
    if name in ("softplus", "sigmoid", "tanh", "gelu", "silu", "elu", "erfc", "relu"):
        X = np.concatenate([X, [[-50.0], [-20.5], [20.5], [50.0]]])
    assert called(to_torch(layer), X) == pytest.approx(predict(layer, X), rel=1e-12, abs=1e-12)


def test_it_is_made_of_what_pytorch_has():
    model = Sequential(Layer(2, 4, seed=0), Dropout(0.25), MLP(4, [3, 2], "tanh", seed=0))
    kinds = [type(part) for part in to_torch(model).modules() if not [*part.children()]]
    nn = torch.nn
    assert kinds == [nn.Linear, nn.ReLU, nn.Dropout, nn.Linear, nn.Tanh, nn.Linear]


@pytest.mark.parametrize("training", [True, False])
def test_it_drops_out_if_the_model_does(training):
    model = Sequential(Layer(6, 50, seed=0), Dropout(0.5)).train(training)
    converted = to_torch(model)
    assert converted.training is training
    dropped = not np.array_equal(called(converted, VECTORS), called(converted, VECTORS))
    assert dropped is training


def tied(layer):
    layer.neurons[1].weights = layer.neurons[0].weights
    return layer


def frozen(layer):
    layer.neurons[0].bias = constant(0.5)
    return layer


@pytest.mark.parametrize("change", [tied, frozen])
def test_parameters_that_would_be_trained_otherwise_there_are_refused(change):
    with pytest.raises(ConversionError, match=r"became of (bias|neurons.0.weight) in Layer"):
        to_torch(change(Layer(2, 2, seed=0)))


@pytest.mark.parametrize(("model", "X"), LEARNING, ids=[repr(model) for model, _ in LEARNING])
def test_either_reads_the_others_files(model, X, tmp_path):
    path = tmp_path / "model.safetensors"
    save(model, path)
    other = to_torch(model)
    with torch.no_grad():
        for p in other.parameters():
            p.zero_()
    other.load_state_dict(safetensors.load_file(path))
    assert {n: t.tolist() for n, t in other.state_dict().items()} == {
        n: a.tolist() for n, a in numbers(model).items()
    }
    with torch.no_grad():
        for p in other.parameters():
            p += 1.0
    safetensors.save_file(other.state_dict(), path)
    before = numbers(model)
    model = copy.deepcopy(model)
    load(path, model=model)
    assert all(np.array_equal(a, before[n] + 1.0) for n, a in numbers(model).items())
    assert called(other, X) == pytest.approx(predict(model, X), rel=1e-9)


def test_training_goes_on_there_as_it_would_here():
    model, y = MLP(6, [4, 3], seed=0), np.array([0, 1, 2, 0, 1])
    converted = to_torch(model)
    for _ in range(5):
        converted.zero_grad()
        outputs = converted(torch.from_numpy(VECTORS))
        torch.nn.functional.cross_entropy(outputs, torch.from_numpy(y)).backward()
        with torch.no_grad():  # not by torch.optim, which takes seconds to import
            for p in converted.parameters():
                p -= 0.1 * p.grad
    optimizer = SGD(model.parameters(), learning_rate=0.1)
    fit(model, VECTORS, y, loss=cross_entropy, optimizer=optimizer, epochs=5, batch_size=5,
        progress=False)  # fmt: skip
    assert called(converted, VECTORS) == pytest.approx(predict(model, VECTORS), abs=1e-12)


def test_it_has_numbers_of_its_own():
    model = MLP(6, [1], seed=0)
    before = numbers(model)["layers.0.weight"]
    with torch.no_grad():
        for p in to_torch(model).parameters():
            p.zero_()
    assert np.array_equal(numbers(model)["layers.0.weight"], before)


def test_what_is_shared_stays_shared():
    layer = Layer(6, 6, seed=0)
    converted = to_torch(Sequential(layer, layer))
    assert len([*converted.parameters()]) == 2
    copied = copy.deepcopy(converted)
    assert len([*copied.parameters()]) == 2


def test_a_gpt_takes_sequences_of_any_length_up_to_its_context():
    model = GPT(4, context=3, width=6, heads=2, seed=0)
    converted = to_torch(model)
    for length in (1, 2, 3):
        X = SYMBOLS[:, :length]
        assert called(converted, X) == pytest.approx(predict(model, X), abs=1e-12)


@pytest.mark.parametrize(("model", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_what_cannot_be_converted_is_named(model, message):
    with pytest.raises(ConversionError, match=message):
        to_torch(model)
