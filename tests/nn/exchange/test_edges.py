"""Where functions end, overflow or are very small, other libraries compute what the model does."""

import math

import numpy as np
import onnxruntime
import pytest

from autograd import Value
from nn import Layer, Sequential, softmax, to_onnx, to_torch
from nn.functional import log_softmax
from tests.nn.exchange.conversions import ACTIVATIONS

SIZES = [
    *(0.0, 1e-300, 1e-160, 1e-20, 1e-9, 1e-3, 0.3, 0.5, 0.999999, 1.0, 1.0000001, 1.5),
    *(6.2, 6.4, 9.0, 20.0, 27.0, 28.0, 38.0, 100.0, 354.0, 700.0, 709.9, 710.3, 745.0),
    *(1e20, 1e160, 1.7e308, math.inf),
]  # fmt: skip
EDGES = [*SIZES, *[-x for x in SIZES], math.nan]


def bent_by(activation):
    """A layer that computes an activation and nothing else."""
    return Layer(1, 1, activation=activation, initialization=[[1.0]])


def runtime(model, path):
    to_onnx(model, path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda X: session.run(None, {"x": np.array(X)})[0]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_runtime_has_all_digits_of_an_activation(name, tmp_path):
    layer = bent_by(name)
    found = runtime(layer, tmp_path / "model.onnx")([[x] for x in EDGES])
    wanted = [layer([x]).data for x in EDGES]
    for x, number, expected in zip(EDGES, found, wanted, strict=True):
        assert number == pytest.approx(expected, rel=1e-12, abs=1e-305, nan_ok=True), x


@pytest.mark.parametrize(
    ("second", "x", "expected"),
    [("sigmoid", -38.0, -38.0), ("softplus", -50.0, -50.0), ("erfc", 20.0, -403.569346)],
)
def test_a_logarithm_sees_the_digits_of_what_is_small(second, x, expected, tmp_path):
    found = runtime(Sequential(bent_by(second), Value.log), tmp_path / "model.onnx")([[x]])
    assert found == pytest.approx([expected], rel=1e-8)


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize("logits", [[1000.0, 0.0], [-1000.0, 0.0], [-1.7e308, 1.7e308]])
def test_a_runtime_has_the_softmax_of_large_logits(function, logits, tmp_path):
    found = runtime(Sequential(function), tmp_path / "model.onnx")([logits])[0]
    assert found.tolist() == [p.data for p in function(logits)]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_pytorch_has_the_derivative_of_an_activation_where_there_is_one(name):
    torch = pytest.importorskip("torch")
    layer = bent_by(name)
    # PyTorch's cosh is infinite a little before the largest number.
    edges = [[x] for x in EDGES if abs(x) not in (709.9, 710.3)]
    xs = torch.tensor(edges, dtype=torch.float64, requires_grad=True)
    to_torch(layer)(xs).sum().backward()
    for x, (gradient,) in zip(xs.tolist(), xs.grad.tolist(), strict=True):
        value = Value(x[0])
        layer([value]).backward()
        if not math.isnan(value.grad):
            assert gradient == pytest.approx(value.grad, rel=1e-8, abs=1e-12), x


@pytest.mark.parametrize("name", ["sign", "step", "relu", "floor"])
def test_pytorch_makes_of_nan_what_the_model_does(name):
    torch = pytest.importorskip("torch")
    expected = bent_by(name)([math.nan]).data
    found = to_torch(bent_by(name))(torch.tensor([[math.nan]], dtype=torch.float64))
    assert found.item() == pytest.approx(expected, nan_ok=True)
