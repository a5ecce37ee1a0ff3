"""A model that ends in a softmax or a sigmoid is not trained with a loss on logits."""

import numpy as np
import pytest

from autograd import constant, no_grad, total
from nn import (
    MLP,
    SGD,
    Layer,
    Module,
    Parameter,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    fit,
    hinge,
    log_softmax,
    moons,
    mse,
    predict,
    softmax,
)

MOONS = moons(40)
INDICATORS = np.eye(2)[MOONS.y]
ON_LOGITS = {cross_entropy: MOONS.y, binary_cross_entropy_with_logits: INDICATORS}


class Ending(Module):
    """A network with something done to its two logits."""

    def __init__(self, last_step):
        self.logits, self.last_step = MLP(2, [3, 2], seed=0), last_step

    def __call__(self, x):
        return self.last_step(self.logits(x))


def trained(model, loss, y=MOONS.y, epochs=1):
    optimizer = SGD(model.parameters(), 0.1)
    return fit(model, MOONS.X, y, loss=loss, epochs=epochs, optimizer=optimizer, progress=False)


def shares(zs):
    exponentials = [z.exp() for z in zs]
    return [e / sum(exponentials) for e in exponentials]


def shares_of_one_sum(zs):
    whole = total([z.exp() for z in zs])
    return [z.exp() / whole for z in zs]


def exponentials_of_logarithms(zs):
    whole = sum(z.exp() for z in zs).log()
    return [(z - whole).exp() for z in zs]


SOFTMAXES = {
    "softmax": softmax,
    "softmax at a temperature": lambda zs: softmax(zs, temperature=0.5),
    "shares": shares,
    "shares of one sum": shares_of_one_sum,
    "exponentials of logarithms": exponentials_of_logarithms,
}
SIGMOIDS = {
    "sigmoid": lambda zs: [z.sigmoid() for z in zs],
    "1 / (1 + e)": lambda zs: [1 / (1 + (-z).exp()) for z in zs],
    "1 / (e + 1)": lambda zs: [1.0 / ((-z).exp() + 1.0) for z in zs],
    "e / (1 + e)": lambda zs: [z.exp() / (1 + z.exp()) for z in zs],
}
PROBABILITIES = [(step, "softmax", "categorical_cross_entropy") for step in SOFTMAXES.values()]
PROBABILITIES += [(step, "sigmoid", "binary_cross_entropy") for step in SIGMOIDS.values()]


@pytest.mark.parametrize(("loss", "y"), ON_LOGITS.items())
@pytest.mark.parametrize(
    ("last_step", "name", "instead"), PROBABILITIES, ids=[*SOFTMAXES, *SIGMOIDS]
)
def test_probabilities_are_refused_by_losses_on_logits(last_step, name, instead, loss, y):
    message = (
        f"the model's last step is a {name}, .* but {loss.__name__} takes logits: "
        f"leave out the {name}, or take loss={instead}\n"
    )
    with pytest.raises(ValueError, match=message):
        trained(Ending(last_step), loss, y)


def test_one_probability_is_refused_too():
    with pytest.raises(ValueError, match="leave out the sigmoid"):
        trained(Layer(2, 1, activation="sigmoid"), binary_cross_entropy_with_logits)


def under_no_grad(zs):
    with no_grad():
        known = [z.exp() / (z.exp() + 1.0) for z in zs]
    return [z + p for z, p in zip(zs, known, strict=True)]


scale = Parameter(1.0)
LOGITS = {
    "logits": lambda zs: zs,
    "log-probabilities": log_softmax,
    "sums to one": lambda zs: [zs[0], 1.0 - zs[0]],
    "exponentials": lambda zs: [z.exp() for z in zs],
    "exponentials that sum to one here": lambda zs: [(0.0 * z).exp() / 2.0 for z in zs],
    "shares of something else": lambda zs: [(0.0 * z).exp() / (scale + constant(1.0)) for z in zs],
    "exponentials of differences": lambda zs: [(z - zs[0] - 0.7).exp() for z in zs],
    "some of the shares": lambda zs: softmax([*zs, zs[0]])[:2],
    "shares of two wholes": lambda zs: [softmax([z, z, z])[0] for z in zs],
    "scaled probabilities": lambda zs: [10.0 * p for p in softmax(zs)],
    "one sigmoid of two": lambda zs: [zs[0], zs[1].sigmoid()],
    "quotients of sums": lambda zs: [1.0 / (1.0 + z * z) for z in zs],
    "quotients with constants": lambda zs: [z / (constant(1.0) + constant(2.0)) for z in zs],
    "constants among them": under_no_grad,
    "an exponential without operands": lambda zs: [zs[0], constant(0.0).exp()],
    "gates": lambda zs: [z * z.sigmoid() for z in zs],
}


@pytest.mark.parametrize(("loss", "y"), ON_LOGITS.items())
@pytest.mark.parametrize("last_step", LOGITS.values(), ids=LOGITS)
def test_all_else_is_trained_on(last_step, loss, y):
    assert np.isfinite(trained(Ending(last_step), loss, y).loss).all()


@pytest.mark.parametrize("loss", [mse, hinge, binary_cross_entropy])
def test_losses_that_do_not_take_logits_take_probabilities(loss):
    y = 2 * INDICATORS - 1 if loss is hinge else INDICATORS
    assert np.isfinite(trained(Ending(lambda zs: [z.sigmoid() for z in zs]), loss, y).loss).all()


@pytest.mark.parametrize("y", [MOONS.y, INDICATORS], ids=["classes", "probabilities"])
def test_on_probabilities_the_same_is_learned_as_on_logits(y):
    probabilities, logits = Ending(softmax), Ending(lambda zs: zs)
    history = trained(probabilities, categorical_cross_entropy, y, epochs=5)
    expected = trained(logits, cross_entropy, y, epochs=5)
    assert history.loss == pytest.approx(expected.loss, rel=1e-9)
    right = predict(probabilities, MOONS.X).argmax(axis=1) == MOONS.y
    assert history.accuracy[-1] == expected.accuracy[-1] == right.mean()


@pytest.mark.parametrize(
    ("loss", "y", "on_logits"),
    [
        (categorical_cross_entropy, MOONS.y, "cross_entropy"),
        (binary_cross_entropy, INDICATORS, "binary_cross_entropy_with_logits"),
    ],
)
def test_logits_are_refused_by_losses_on_probabilities(loss, y, on_logits):
    message = rf"which is no probability from 0 to 1: for logits there is {on_logits}\(\)"
    with pytest.raises(ValueError, match=message):
        trained(Ending(lambda zs: [10.0 * z for z in zs]), loss, y)


@pytest.mark.parametrize(("last_step", "refused"), [(softmax, True), (lambda zs: zs, False)])
def test_probabilities_by_position_are_refused_too(last_step, refused):
    def model(x):
        return [last_step([w * xi for w in weights]) for xi in x]

    weights = [Parameter(0.5), Parameter(-0.5), Parameter(1.0)]
    X, y = np.ones((4, 2)), np.zeros((4, 2), dtype=int)
    optimizer = SGD(weights)
    if not refused:
        assert fit(model, X, y, optimizer=optimizer, epochs=1, progress=False).loss
        return
    with pytest.raises(ValueError, match="the model's last step is a softmax"):
        fit(model, X, y, optimizer=optimizer, epochs=1, progress=False)
