"""Gradients are clipped before the optimizer sees them."""

import copy
import pickle

import numpy as np
import pytest

from nn import MLP, SGD, Adam, Optimizer, Parameter, clip_by_norm, clip_by_value, fit, mse
from tests.backends import each_backend


def test_an_optimizer_uses_what_clipping_makes_of_the_gradient():
    a, b = Parameter(1.0), Parameter(1.0)
    optimizer = SGD([a, b], 1.0, clipping=lambda gradient: np.minimum(gradient, 0.5))
    (3.0 * a + 0.25 * b).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.5, 0.75)
    assert (a.grad, b.grad) == (3.0, 0.25)


@pytest.mark.parametrize(
    ("clipping", "expected"),
    [(clip_by_norm(1.0), [0.4, 0.2]), (clip_by_value(2.0), [-1.0, -1.0])],
    ids=repr,
)
def test_a_long_gradient_keeps_its_direction_or_its_small_numbers(clipping, expected):
    a, b = Parameter(1.0), Parameter(1.0)
    optimizer = SGD([a, b], 1.0, clipping=clipping)
    (3.0 * a + 4.0 * b).backward()
    optimizer.step()
    assert [a.data, b.data] == pytest.approx(expected, abs=1e-6)


def test_the_clipped_gradient_is_no_longer_than_the_bound_and_nearly_as_long():
    for scale in (1.0, 1e100, 1e160, 1e200, 1e307):
        gradient = np.array([3.0, -4.0, 0.5, 8.0]) * scale
        clipped = clip_by_norm(0.5)(gradient)
        assert 0.5 - 1e-6 < np.linalg.norm(clipped) <= 0.5 * (1 + 1e-15)
        assert clipped / clipped[0] == pytest.approx(gradient / gradient[0], rel=1e-12)


@pytest.mark.parametrize("gradient", [np.zeros(3), np.full(3, 1e-200), np.full(3, 0.1)])
@pytest.mark.parametrize("clipping", [clip_by_norm(1.0), clip_by_value(1.0)], ids=repr)
def test_a_short_gradient_is_left_as_it_is(clipping, gradient):
    assert clipping(gradient).tolist() == gradient.tolist()


@pytest.mark.parametrize("bound", [1e161, 1e200])
def test_a_gradient_below_a_bound_whose_square_is_infinite_is_left_as_it_is(bound):
    assert clip_by_norm(bound)(np.array([1e160, -3e159])).tolist() == [1e160, -3e159]


def test_nan_is_not_hidden():
    assert np.isnan(clip_by_norm(1.0)(np.array([1.0, np.nan]))).all()
    assert np.isnan(clip_by_value(1.0)(np.array([2.0, np.nan]))).tolist() == [False, True]


@pytest.mark.parametrize("kind", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("bound", [0.0, -1.0, np.inf, np.nan, "1", None, True, [Parameter(1.0)]])
def test_a_bound_is_a_number_above_0(kind, bound):
    with pytest.raises((TypeError, ValueError), match=f"the bound of {kind.__name__} must be"):
        kind(bound)


def test_an_optimizer_that_keeps_its_gradient_may_do_so_with_clipping():
    class Keeping(Optimizer):
        def change(self, gradient):
            self.kept = gradient
            return -self.rate * gradient

    w = Parameter(1.0)
    optimizer = Keeping([w], 1.0, clipping=lambda gradient: gradient)
    (2.0 * w).backward()
    optimizer.step()
    optimizer.zero_grad()
    (5.0 * w).backward()
    assert optimizer.kept.tolist() == [2.0]


@pytest.mark.parametrize(
    "clipping", [lambda gradient: None, lambda gradient: 1.0, lambda gradient: gradient[:1]]
)
def test_a_clipping_that_gives_no_gradient_is_named_before_anything_changes(clipping):
    ps = [Parameter(1.0), Parameter(2.0)]
    optimizer = Adam(ps, 0.1, clipping=clipping)
    before = repr(optimizer.state_dict())
    with pytest.raises(ValueError, match="clipping makes an array of 2 numbers of a gradient of"):
        optimizer.step()
    assert repr(optimizer.state_dict()) == before
    assert [p.data for p in ps] == [1.0, 2.0]


def test_clipping_is_a_function():
    with pytest.raises(TypeError, match=r"such as clip_by_norm\(1.0\), not 1.0"):
        SGD([Parameter(1.0)], clipping=1.0)
    with pytest.raises(TypeError, match=r"clip_by_norm\(1.0\), not <class 'nn.optimizers.clipping"):
        SGD([Parameter(1.0)], clipping=clip_by_norm)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("clipping", [clip_by_norm(0.5), clip_by_value(2)], ids=repr)
def test_clippings_are_copied_and_compared(clipping, again):
    assert again(clipping) == clipping
    assert eval(repr(clipping)) == clipping


@each_backend
def test_clipping_keeps_a_training_that_would_diverge(backend):
    X, y = [[-1.0], [0.5], [2.0]], [-3.0, 1.5, 6.0]
    settings = {"loss": mse, "epochs": 50, "progress": False, "backend": backend}
    model = MLP(1, [1], seed=0)
    with pytest.raises(ArithmeticError, match=r"or clip the gradients \(clipping=clip_by_norm"):
        fit(model, X, y, optimizer=SGD(model.parameters(), 5e150), **settings)
    model = MLP(1, [1], seed=0)
    optimizer = SGD(model.parameters(), 0.2, clipping=clip_by_norm(0.5))
    assert fit(model, 1e3 * np.array(X), y, optimizer=optimizer, **settings).loss[-1] < 1e8
