"""A training whose numbers become NaN or infinite stops, says so and can go on."""

import math
import pickle

import numpy as np
import pytest

from autograd import Value
from nn import (
    MLP,
    SGD,
    Adam,
    DivergenceError,
    Optimizer,
    Parameter,
    binary_cross_entropy,
    categorical_cross_entropy,
    fit,
    mse,
)
from tests.backends import each_backend

X = [[-1.0], [0.5], [2.0]]
Y = [-3.0, 1.5, 6.0]  # a line of slope 3 through the origin


def line(slope=0.5):
    weight = Parameter(slope, label="slope")
    return weight, lambda x: weight * x[0]


def diverged(model, optimizer, X=X, y=Y, **settings):
    settings = {"loss": mse, "epochs": 2000, "batch_size": 3, "progress": False} | settings
    with pytest.raises(DivergenceError) as caught:
        fit(model, X, y, optimizer=optimizer, **settings)
    return caught.value


def square_root(x):
    return x.sqrt()


def itself(output, y):
    return output + 0.0 * y


# What a line of one weight is trained with, where that ends, and what the message begins with.
WAYS = {
    "a loss that grows without end": (
        {"rate": 3.0},
        "the loss of all examples became inf",
    ),
    "a loss between two measurements": (
        {"rate": 3.0, "batch_size": 1},
        "the loss became inf in epoch",
    ),
    "a step that is too long for a float": (
        {"rate": 1e308},
        "the parameter slope became inf in epoch 1, step 1",
    ),
    "a gradient that is NaN where the loss is 0": (
        {"rate": 0.1, "X": [[0.0]], "y": [0.0], "bend": square_root},
        "the parameter slope became nan in epoch 1, step 1",
    ),
    "an infinite loss after a step that was finite": (
        {"rate": 1e60, "X": [[1.0]], "y": [1e100], "epochs": 1},
        "the loss of all examples became inf in epoch 1, step 1",
    ),
    "an infinite loss of examples that are only measured": (
        {"rate": 0.1, "validation": ([[1e200]], [0.0]), "batch_size": 1},
        "the validation loss became inf in epoch 1, step 3",
    ),
    "a mean that is too large for a float": (
        {"rate": 1e-310, "X": [[1.5e308]] * 3, "y": [0.0] * 3, "loss": itself, "batch_size": 1},
        "the loss of all examples became inf in epoch 1, step 3",
    ),
    "a gradient whose square is infinite": (
        {"rate": 0.1, "X": [[1e200]], "y": [0.0], "loss": itself, "optimizer": Adam},
        "the optimizer's square became inf in epoch 1, step 1",
    ),
}


@each_backend
@pytest.mark.parametrize(("way", "message"), WAYS.values(), ids=WAYS)
def test_training_stops_where_a_number_becomes_infinite(way, message, backend):
    settings = dict(way)
    weight, model = line()
    optimizer = settings.pop("optimizer", SGD)([weight], settings.pop("rate"))
    bend = settings.pop("bend", lambda output: output)
    error = diverged(lambda x: bend(model(x)), optimizer, backend=backend, **settings)
    assert str(error).startswith(message)
    assert f"in epoch {error.epoch}, step {error.step}" in str(error)
    assert math.isfinite(weight.data)
    assert math.isfinite(error.loss)
    assert len(error.history.loss) == error.epoch - 1
    assert np.isfinite(error.history.loss).all()


def test_the_message_gives_the_last_finite_loss_and_advice():
    weight, model = line()
    error = diverged(model, SGD([weight], 1e308))
    assert f"The last finite loss was {error.loss:.4g}" in str(error)
    for advice in ("Lower the learning rate (it is 1e+308)", "standardise", "clip"):
        assert advice in str(error)


@each_backend
@pytest.mark.parametrize("rate", [3.0, 50.0, 1e100, 1e300])
def test_the_parameters_are_those_of_the_last_finite_loss(rate, backend):
    weight, model = line()
    error = diverged(model, SGD([weight], rate), backend=backend)
    losses = [mse(model(x), y).data for x, y in zip(X, Y, strict=True)]
    assert np.mean(losses) == pytest.approx(error.loss)


def test_an_infinite_validation_loss_takes_no_step_back_that_was_good():
    weight, model = line()
    error = diverged(model, SGD([weight], 0.1), validation=([[1e200]], [0.0]))
    losses = [mse(model(x), y).data for x, y in zip(X, Y, strict=True)]
    assert weight.data != 0.5
    assert np.mean(losses) == pytest.approx(error.loss)


def test_a_loss_that_was_never_finite_leaves_the_parameters_as_they_came():
    weight, model = line(slope=1e200)
    error = diverged(model, SGD([weight], 0.1))
    assert "became inf in epoch 1, step 1, before any step was taken" in str(error)
    assert "detect_anomaly()" in str(error)
    assert (weight.data, error.loss, error.history.loss) == (1e200, None, [])


# A loss on probabilities, its targets, a model of one weight that leaves 0 to 1, and the advice.
ON_PROBABILITIES = {
    "binary": (
        binary_cross_entropy,
        [1.0, 1.0],
        lambda p: p,
        "loss=binary_cross_entropy_with_logits",
    ),
    "categorical": (
        categorical_cross_entropy,
        [0, 0],
        lambda p: [p, 1.0 - p],
        "loss=cross_entropy",
    ),
}


@pytest.mark.parametrize(
    ("loss", "y", "output", "advice"), ON_PROBABILITIES.values(), ids=ON_PROBABILITIES
)
@pytest.mark.parametrize("inputs", [[[0.5], [2.0]], [[0.5], [1.0]]], ids=["at first", "later"])
def test_outputs_that_are_no_probabilities_name_the_loss_on_logits(loss, y, output, advice, inputs):
    weight, model = line(slope=0.75)
    settings = {"X": inputs, "y": y, "loss": loss, "batch_size": 2}
    error = diverged(lambda x: output(model(x)), SGD([weight], 1.0), **settings)
    assert "became nan" in str(error)
    assert str(error).endswith(f"for outputs that are logits there is {advice}")


def test_other_losses_and_infinities_have_nothing_to_do_with_logits():
    for loss, rate in ((mse, 3.0), (binary_cross_entropy, 1e308)):
        weight, model = line()
        settings = {"X": [[1.0]], "y": [1.0], "loss": loss}
        assert "logits" not in str(diverged(model, SGD([weight], rate), **settings))


class Leaping(Adam):
    """Adam, but a large learning rate makes infinite steps."""

    def change(self, gradient):
        return super().change(gradient) * (1e200 if self.rate > 1.0 else 1.0)


RETRIED = {
    "descent": lambda weights: SGD(weights, 10.0),
    "descent, one step": lambda weights: SGD(weights, 1e308),
    "momentum": lambda weights: SGD(weights, 10.0, momentum=0.5),
    "momentum, one step": lambda weights: SGD(weights, 1e308, momentum=0.5),
    "Nesterov": lambda weights: SGD(weights, 10.0, momentum=0.5, nesterov=True),
    "Adam, infinite loss": lambda weights: Adam(weights, 1e160),
    "Adam, infinite parameter": lambda weights: Leaping(weights, 1e160),
}


@pytest.mark.parametrize("make", RETRIED.values(), ids=RETRIED)
def test_with_a_lower_rate_the_same_optimizer_goes_on(make):
    weight, model = line()
    optimizer = make([weight])
    diverged(model, optimizer)
    optimizer.learning_rate = 0.2
    fit(model, X, Y, loss=mse, optimizer=optimizer, epochs=1200, progress=False)
    assert weight.data == pytest.approx(3.0)


class Remembering(Optimizer):
    """Keeps the last gradient, which it has no place for before the first."""

    def change(self, gradient):
        self.last = gradient
        return -self.learning_rate * gradient


def test_what_an_optimizer_remembers_is_taken_back_with_the_step():
    weight, model = line()
    optimizer = Remembering([weight], 1e308)
    diverged(model, optimizer)
    assert not hasattr(optimizer, "last")
    momentum = SGD([weight], 1e308, momentum=0.5)
    diverged(model, momentum)
    assert momentum.velocity.tolist() == [0.0]
    adam = Leaping([weight], 1e160)
    diverged(model, adam)
    assert (adam.steps, adam.mean.tolist(), adam.square.tolist()) == (0, [0.0], [0.0])


class Clipping(SGD):
    """Takes no step longer than one tenth."""

    def change(self, gradient):
        return np.clip(super().change(gradient), -0.1, 0.1)


@each_backend
def test_an_infinite_gradient_that_the_optimizer_clips_is_no_divergence(backend):
    """The slope of the square root is infinite at the weight's first place, 0."""
    weight = Parameter(0.0)
    fit(lambda x: weight.sqrt(), [[0.0]], [1.0], loss=lambda out, y: y - out, epochs=1,
        optimizer=Clipping([weight], 1.0), progress=False, backend=backend)  # fmt: skip
    assert weight.data == 0.1


@pytest.mark.parametrize("frozen", [math.inf, math.nan])
def test_a_parameter_that_was_infinite_before_and_is_not_used_does_not_matter(frozen):
    weight, model = line()
    unused = Parameter(frozen)
    history = fit(model, X, Y, loss=mse, optimizer=SGD([weight, unused], 0.1), progress=False)
    assert history.loss[-1] < 0.01


@pytest.mark.parametrize(
    "leaves",
    [
        lambda: [Value(0.5), Value(0.5)],
        lambda: Optimizer([Parameter(0.5) for _ in range(5)], 1.0).vector.parameters[4::-2],
    ],
    ids=["plain Values", "some of a larger vector, in another order"],
)
def test_weights_are_watched_wherever_their_numbers_live(leaves):
    first, second, *_ = leaves()
    error = diverged(lambda x: first * x[0] + second, SGD([first, second], 1e308))
    assert "the parameter number 0 became inf" in str(error)
    assert (first.data, second.data) == (0.5, 0.5)


def test_the_error_can_be_sent_to_another_process():
    weight, model = line()
    error = diverged(model, SGD([weight], 3.0))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_a_network_stops_too():
    model = MLP(1, [8, 8, 1], seed=0)
    error = diverged(model, SGD(model.parameters(), 1e4), batch_size=1)
    assert np.isfinite([p.data for p in model.parameters()]).all()
    assert math.isfinite(error.loss)
