"""An ONNX file is valid, and a runtime computes from it what the model does."""

import os

import numpy as np
import onnx
import onnxruntime
import pytest

from autograd import TABLE
from nn import GPT, MLP, ConversionError, Dropout, Layer, Sequential, predict, to_onnx
from nn.exchange.known import MODULES
from tests.nn.exchange.conversions import ACTIVATIONS, CASES, NAMES, REFUSED, SYMBOLS


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def called(path, X):
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {"x": np.asarray(X, dtype=np.float64)})
    return output


@pytest.mark.parametrize(("model", "X"), CASES, ids=NAMES)
def test_a_runtime_computes_what_the_model_does(model, X, path):
    to_onnx(model, path)
    outputs = predict(model.eval(), X)
    found = called(path, X)
    assert found.dtype == np.float64
    assert found.shape == outputs.shape
    assert found == pytest.approx(outputs, rel=0, abs=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_known(name, path):
    layer = Layer(1, 1, activation=name, initialization=[[1.0]])
    domain = TABLE[name].domain[0] if name in TABLE else (-2.0, 2.0)
    X = np.linspace(*domain, 101)[:, np.newaxis]
    if name in ("softplus", "sigmoid", "tanh", "gelu", "silu", "elu", "erf", "erfc", "arctan"):
        X = np.concatenate([X, [[-500.0], [-20.5], [20.5], [500.0]]])
    to_onnx(layer, path)
    assert called(path, X) == pytest.approx(predict(layer, X), rel=1e-12, abs=1e-12)


def test_the_versions_are_those_that_runtimes_read(path):
    to_onnx(MLP(2, [1]), path)
    model = onnx.load(path)
    assert model.ir_version == 9
    assert [(x.domain, x.version) for x in model.opset_import] == [("", 18)]


def test_every_module_of_nn_is_among_the_cases():
    converted = {type(part) for model, _ in CASES for part in model.modules()}
    assert converted == {kind for kind in MODULES.values() if isinstance(kind, type)}


def shape(info):
    return [axis.dim_param or axis.dim_value for axis in info.type.tensor_type.shape.dim]


@pytest.mark.parametrize(
    ("model", "taken", "given"),
    [
        (MLP(6, [4, 3]), ["batch", 6], ["batch", 3]),
        (MLP(6, [4, 1]), ["batch", 6], ["batch"]),
        (Sequential(Dropout(0.5), Layer(6, 2)), ["batch", 6], ["batch", 2]),
        (Sequential(Dropout(0.5)), ["batch", "numbers"], ["batch", "numbers"]),
        (GPT(5, width=8, heads=2), ["batch", "positions"], ["batch", "positions", 5]),
    ],
)
def test_the_file_says_which_shapes_there_are(model, taken, given, path):
    to_onnx(model, path)
    graph = onnx.load(path).graph
    assert [(x.name, shape(x)) for x in graph.input] == [("x", taken)]
    assert [(x.name, shape(x)) for x in graph.output] == [("output", given)]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_batch_may_have_any_size(count, path):
    model = MLP(6, [4, 1], seed=0)
    to_onnx(model, path)
    X = np.random.default_rng(0).normal(size=(count, 6))
    assert called(path, X) == pytest.approx(predict(model, X), rel=0, abs=1e-12)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_gpt_takes_sequences_of_any_length_up_to_its_context(length, path):
    model = GPT(4, context=3, width=6, heads=2, seed=0)
    to_onnx(model, path)
    X = SYMBOLS[:, :length]
    assert called(path, X) == pytest.approx(predict(model, X), rel=0, abs=1e-12)


def test_dropout_is_left_out_also_of_a_model_that_trains(path):
    model = Sequential(Layer(6, 4, seed=0), Dropout(0.5)).train()
    to_onnx(model, path)
    assert {node.op_type for node in onnx.load(path).graph.node} == {"Gemm", "Relu", "Identity"}
    assert model.training


def test_the_same_model_is_the_same_file(path):
    model = MLP(6, [4, 1], seed=0)
    to_onnx(model, path)
    first = path.read_bytes()
    to_onnx(model, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(("model", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_what_cannot_be_converted_is_named_and_nothing_is_written(model, message, path):
    with pytest.raises(ConversionError, match=message):
        to_onnx(model, path)
    assert not os.listdir(path.parent)


def test_a_file_is_written_whole_or_not_at_all(path, monkeypatch):
    path.write_text("old")

    def interrupted(*ends):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        to_onnx(MLP(2, [1]), path)
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == [path.name]
