"""What makes the steps of estimators: a NumPy program, machine code, or one example at a time."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from nn.estimators import MLPClassifier, MLPRegressor
from tests.backends import compiled_backends, each_backend, needs_compiler
from tests.nn.estimating import BOTH, data, quick, unfinished

RUNS_AS = {
    "numpy": "<compiled loss_of_example>",
    "c": "<compiled loss_of_example: machine code>",
    "eager": "<eager loss_of_example>",
}


def runs_as(model):
    return repr(model._training.running._losses)


def first_epoch(model, X, y):
    told = {"classes": np.unique(y)} if isinstance(model, MLPClassifier) else {}
    return model.partial_fit(X, y, **told)


@unfinished
@each_backend
@pytest.mark.parametrize(
    ("kind", "classes"), [(MLPClassifier, 2), (MLPClassifier, 3), (MLPRegressor, 2)]
)
def test_each_backend_learns_the_same(kind, classes, backend):
    X, y = data(kind, classes)
    expected = quick(kind).fit(X, y)
    model = quick(kind, backend=backend).fit(X, y)
    np.testing.assert_allclose(model.loss_curve_, expected.loss_curve_, rtol=1e-10)
    np.testing.assert_allclose(model.predict(X), expected.predict(X), rtol=1e-8)
    assert first_epoch(model, X, y).loss_ < expected.loss_
    assert runs_as(model) == RUNS_AS[backend]


@unfinished
@pytest.mark.parametrize("backend", compiled_backends)
@pytest.mark.parametrize("kind", BOTH)
def test_copies_have_the_backend_and_go_on_with_it(kind, backend):
    X, y = data(kind)
    model = first_epoch(quick(kind, backend=backend), X, y)
    copy = pickle.loads(pickle.dumps(model))
    for each in (model, copy):
        assert each.partial_fit(X, y).get_params()["backend"] == backend
        assert runs_as(each) == RUNS_AS[backend]
    assert copy.loss_curve_ == model.loss_curve_
    again = first_epoch(clone(model), X, y)
    assert runs_as(again) == RUNS_AS[backend]
    assert again.loss_curve_ == model.loss_curve_[:1]


@pytest.mark.parametrize("backend", [pytest.param("c", marks=needs_compiler), "eager"])
@pytest.mark.parametrize("kind", BOTH)
def test_learning_may_go_on_with_another_backend(kind, backend):
    X, y = data(kind)
    model = first_epoch(quick(kind, backend=backend), X, y)
    before = model._training.running
    assert model.partial_fit(X, y)._training.running is before, "the same backend, and program"
    model.set_params(backend="numpy").partial_fit(X, y)
    assert runs_as(model) == RUNS_AS["numpy"]
    expected = first_epoch(quick(kind), X, y).partial_fit(X, y).partial_fit(X, y)
    np.testing.assert_allclose(model.loss_curve_, expected.loss_curve_, rtol=1e-10)
