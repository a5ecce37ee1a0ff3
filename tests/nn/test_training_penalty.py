"""A penalty is stepped down with the loss, and measured apart from it."""

import numpy as np
import pytest

from autograd import Value
from nn import (
    L1,
    L2,
    MLP,
    SGD,
    Adam,
    DivergenceError,
    Module,
    Parameter,
    cross_entropy,
    evaluate,
    fit,
    learning_rate_range,
    moons,
    mse,
)
from tests.backends import each_backend

MOONS = moons(24, seed=1)
PENALTIES = {
    "L2": L2(weights=0.1),
    "L1": L1(weights=0.01, biases=0.02),
    "both": L1(weights=0.01) + L2(biases=0.1),
    "one's own": lambda model: 0.5 * model.parameters()[0] ** 2,
}


def numbers(model):
    return [p.data for p in model.parameters()]


def trained(penalty, **settings):
    model = MLP(2, [4, 2], seed=0)
    optimizer = SGD(model.parameters(), 0.1)
    settings = {"epochs": 2, "batch_size": 24, "progress": False} | settings
    return model, fit(model, MOONS.X, MOONS.y, optimizer=optimizer, penalty=penalty, **settings)


@each_backend
@pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
def test_steps_go_down_loss_and_penalty_as_in_a_loop_by_hand(penalty, backend):
    model, twin = trained(penalty, backend=backend)[0], MLP(2, [4, 2], seed=0)
    optimizer = SGD(twin.parameters(), 0.1)
    for _ in range(2):
        losses = [cross_entropy(twin(x), y) for x, y in zip(MOONS.X, MOONS.y, strict=True)]
        twin.zero_grad()
        (sum(losses) / len(losses) + penalty(twin)).backward()
        optimizer.step()
    assert numbers(model) == pytest.approx(numbers(twin), rel=1e-9)
    assert numbers(model) != pytest.approx(numbers(trained(None)[0]), rel=1e-9)


@pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
def test_the_measured_loss_is_that_of_the_data_and_the_penalty_has_its_column(penalty):
    model, history = trained(penalty, validation=(MOONS.X[:5], MOONS.y[:5]))
    measured = evaluate(model, MOONS.X, MOONS.y)
    assert history.loss[-1] == pytest.approx(measured.loss, rel=1e-12)
    assert history.accuracy[-1] == measured.accuracy
    held_out = evaluate(model, MOONS.X[:5], MOONS.y[:5])
    assert history.validation_loss[-1] == pytest.approx(held_out.loss, rel=1e-12)
    assert history.penalty[-1] == pytest.approx(penalty(model).data, rel=1e-12)
    assert len(history.penalty) == 2


def test_a_penalty_of_nothing_changes_nothing():
    model, history = trained(L2())
    plain, without = trained(None)
    assert numbers(model) == numbers(plain)
    assert (history.penalty, without.penalty) == ([0.0, 0.0], [])


def test_a_penalty_that_becomes_infinite_takes_the_step_back():
    w = Parameter(1.0)
    with pytest.raises(DivergenceError, match="last finite loss was"):
        fit(lambda x: w * x[0], [[0.0]], [0.0], loss=mse, optimizer=SGD([w], 1e3), epochs=200,
            penalty=lambda model: w**4, progress=False)  # fmt: skip
    assert np.isfinite(w.data)


def test_parameters_that_only_the_penalty_reads_are_trained():
    w, unused = Parameter(1.0), Parameter(1.0)
    fit(lambda x: w * x[0], [[1.0]], [1.0], loss=mse, optimizer=SGD([w, unused], 0.25), epochs=1,
        penalty=lambda model: unused**2, progress=False)  # fmt: skip
    assert unused.data == 0.5


class Plain(Module):
    def __init__(self):
        self.w = Parameter(1.0)

    def __call__(self, x):
        return [self.w * x[0], x[1]]


WRONG = {
    "a number": (0.01, TypeError, r"such as L2\(weights=1e-4\), not 0.01"),
    "a class": (L2, TypeError, r"such as L2\(weights=1e-4\), not <class"),
    "a number of the model": (lambda model: 1.0, TypeError, "must be a Value, not 1.0"),
    "NaN": (lambda model: Value(-1.0).log(), ValueError, "is nan, and must be finite"),
}


@pytest.mark.parametrize(("penalty", "error", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("work", [fit, learning_rate_range])
def test_another_penalty_is_refused_before_anything_changes(penalty, error, message, work):
    model = Plain()
    quietly = {"progress": False} if work is fit else {}
    with pytest.raises(error, match=message):
        work(model, MOONS.X, MOONS.y, penalty=penalty, **quietly)
    assert model.w.data == 1.0


def test_a_penalty_of_nn_wants_a_module():
    model = MLP(2, [2], seed=0)
    with pytest.raises(TypeError, match="the parameters of a Module, and this model is none"):
        fit(lambda x: model(x), MOONS.X, MOONS.y, optimizer=Adam(model.parameters()),
            penalty=L2(weights=0.1), progress=False)  # fmt: skip
