"""What is no symbol gets no answer from another library either, and no vector a place too many."""

import math
import pickle

import numpy as np
import onnxruntime
import pytest

from nn import (
    GPT,
    Embedding,
    Layer,
    LearnedPositions,
    Sequential,
    SinusoidalPositions,
    predict,
    to_onnx,
    to_torch,
)

NO_SYMBOLS = [-1.0, 0.5, 2.5, 3.0, 7.0, -0.5, 1e300]
MODELS = [Embedding(3, 2, seed=0), Sequential(Embedding(3, 2, seed=0), Layer(2, 2, seed=0))]
GPT_OF_THREE = GPT(3, context=2, width=4, heads=2, seed=0)


def runtime(model, path):
    to_onnx(model, path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # It also prints the errors that it raises.
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda X: session.run(None, {"x": np.asarray(X)})[0]


def pytorch(model):
    torch = pytest.importorskip("torch")
    converted = to_torch(model)
    return lambda X: converted(torch.from_numpy(np.asarray(X))).detach().numpy()


@pytest.mark.parametrize("symbol", NO_SYMBOLS)
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_the_model_and_pytorch_refuse_and_a_runtime_gives_nan(model, symbol, tmp_path):
    X = np.array([0.0, symbol])
    with pytest.raises(IndexError, match="not one of 0 to 2"):
        predict(model, X)
    found = runtime(model, tmp_path / "model.onnx")(X)
    assert found[:1] == pytest.approx(predict(model, X[:1]), rel=1e-12)
    assert np.isnan(found[1]).all()
    with pytest.raises(IndexError, match="index out of range"):
        pytorch(model)(X)


@pytest.mark.parametrize("symbol", NO_SYMBOLS)
def test_a_gpt_gives_nan_for_a_sequence_with_what_is_no_symbol(symbol, tmp_path):
    X = np.array([[0.0, 1.0], [0.0, symbol], [2.0, 2.0]])
    found = runtime(GPT_OF_THREE, tmp_path / "model.onnx")(X)
    assert found[::2] == pytest.approx(predict(GPT_OF_THREE, X[::2]), rel=1e-12)
    assert np.isnan(found[1, 1]).all()
    with pytest.raises(IndexError, match="index out of range"):
        pytorch(GPT_OF_THREE)(X)


def test_nan_is_no_symbol(tmp_path):
    assert np.isnan(runtime(MODELS[0], tmp_path / "model.onnx")([math.nan])).all()
    with pytest.raises(IndexError, match="index out of range"):
        pytorch(MODELS[0])([math.nan])


@pytest.mark.parametrize("kind", [np.float64, np.int64, np.int32])
@pytest.mark.parametrize("model", [*MODELS, GPT_OF_THREE], ids=repr)
def test_pytorch_takes_symbols_of_every_type(model, kind):
    X = np.array([0, 2, 1]) if model in MODELS else np.array([[0, 2], [1, 1]])
    assert pytorch(model)(X.astype(kind)) == pytest.approx(predict(model, X), rel=1e-12)


def test_a_copy_by_pickle_refuses_too():
    torch = pytest.importorskip("torch")
    copied = pickle.loads(pickle.dumps(to_torch(MODELS[0])))
    with pytest.raises(IndexError, match="index out of range"):
        copied(torch.tensor([-1.0]))


@pytest.mark.parametrize(
    ("model", "shape", "message"),
    [
        (LearnedPositions(1, 2), (3, 2), r"more vectors than LearnedPositions\(1, 2\) has places"),
        (LearnedPositions(2, 2), (3, 2), r"more vectors than LearnedPositions\(2, 2\) has places"),
        (LearnedPositions(2, 2), (2, 1), r"LearnedPositions\(2, 2\) takes vectors of 2 numbers"),
        (SinusoidalPositions(2), (2, 1), r"SinusoidalPositions\(2\) takes vectors of 2 numbers"),
        (SinusoidalPositions(2), (2, 3), r"SinusoidalPositions\(2\) takes vectors of 2 numbers"),
    ],
)
def test_vectors_that_have_no_place_are_refused(model, shape, message, tmp_path):
    X = np.zeros((1, *shape))
    with pytest.raises(ValueError, match=r"places|vector of 2 numbers"):
        predict(model, X)
    if shape[1] == 2:
        found = runtime(model, tmp_path / "model.onnx")(X)
        assert np.isnan(found).all(axis=(0, 2)).tolist() == [i >= model.context for i in range(3)]
    else:  # which a runtime refuses, as the file says which width there is
        with pytest.raises(Exception, match="invalid dimensions"):
            runtime(model, tmp_path / "model.onnx")(X)
    with pytest.raises(AssertionError, match=message):
        pytorch(model)(X)
