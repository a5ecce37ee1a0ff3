"""Losses agree with PyTorch's, value and gradient, eagerly and compiled, and at the edges."""

import math
from functools import partial

import numpy as np
import pytest

from autograd import check_gradients, compiled
from nn import (
    Parameter,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
    mae,
    mse,
    softmax,
)

LOGITS = [0.3, -1.2, 2.0, 0.0]
OTHERS = [1.5, 0.25, -0.75, 3.0]
PROBABILITIES = [0.1, 0.4, 0.2, 0.3]
SHARES = [0.3, 0.0, 0.2, 0.5]


def categorical(torch, p, target, label_smoothing=0.0):
    """PyTorch has none on probabilities; `nll_loss` is one for classes."""
    if target.ndim == 0 and not label_smoothing:
        return torch.nn.functional.nll_loss(p.log(), target)
    if target.ndim == 0:
        target = torch.nn.functional.one_hot(target, len(p)).double()
    target = (1 - label_smoothing) * target + label_smoothing / len(p)
    return -(target * p.log()).sum()


def theirs(torch):
    """The same losses in PyTorch, of tensors."""
    F = torch.nn.functional
    return {
        cross_entropy: F.cross_entropy,
        categorical_cross_entropy: partial(categorical, torch),
        kl_divergence: lambda p, t: F.kl_div(p.log(), t, reduction="sum"),
        mse: F.mse_loss,
        mae: F.l1_loss,
        huber: F.huber_loss,
        hinge: lambda s, t: torch.relu(1 - t * s).mean(),
        binary_cross_entropy: F.binary_cross_entropy,
        binary_cross_entropy_with_logits: F.binary_cross_entropy_with_logits,
    }


CASES = [
    (cross_entropy, LOGITS, 2, {}),
    (cross_entropy, LOGITS, PROBABILITIES, {}),
    (cross_entropy, LOGITS, [0.0, 1.0, 0.0, 0.0], {}),
    (cross_entropy, [1000.0, -1000.0], 1, {}),
    (cross_entropy, [5.0], 0, {}),
    (cross_entropy, LOGITS, 2, {"label_smoothing": 0.1}),
    (cross_entropy, LOGITS, PROBABILITIES, {"label_smoothing": 0.3}),
    (cross_entropy, [1000.0, -1000.0], 0, {"label_smoothing": 0.1}),
    (cross_entropy, [LOGITS, OTHERS, LOGITS], [2, 0, 3], {}),
    (cross_entropy, [LOGITS, OTHERS], [PROBABILITIES, SHARES], {}),
    (cross_entropy, [LOGITS, OTHERS], [2, 0], {"label_smoothing": 0.1}),
    (categorical_cross_entropy, PROBABILITIES, 2, {}),
    (categorical_cross_entropy, PROBABILITIES, SHARES, {}),
    (categorical_cross_entropy, PROBABILITIES, 2, {"label_smoothing": 0.1}),
    (categorical_cross_entropy, [1.0], 0, {}),
    (kl_divergence, PROBABILITIES, SHARES, {}),
    (kl_divergence, PROBABILITIES, PROBABILITIES, {}),
    (kl_divergence, PROBABILITIES, [0.0, 0.0, 1.0, 0.0], {}),
    (mse, LOGITS, [0.0, 1.0, 2.0, -1.0], {}),
    (mse, [3.0], [1.0], {}),
    (mae, LOGITS, [0.0, 1.0, 1.5, -1.0], {}),
    (mae, [[1.0, 2.0], [3.0, 4.0]], [[1.5, 1.0], [0.0, 7.0]], {}),
    (huber, LOGITS, [0.0, 1.0, 2.5, -1.25], {}),
    (huber, LOGITS, [0.0, 1.0, 2.5, -1.25], {"delta": 0.25}),
    (huber, LOGITS, [0.0, 1.0, 2.5, -1.25], {"delta": 100.0}),
    (hinge, LOGITS, [1.0, -1.0, 1.0, -1.0], {}),
    (hinge, [-3.0], [1.0], {}),
    (binary_cross_entropy, PROBABILITIES, [0.0, 1.0, 0.25, 1.0], {}),
    (binary_cross_entropy_with_logits, LOGITS, [0.0, 1.0, 0.25, 1.0], {}),
    (binary_cross_entropy_with_logits, [800.0, -800.0], [0.0, 1.0], {}),
]

# Where formulas break: at the bend, on it, at 0, at infinity and with NaN.
INFINITE = math.inf
EDGES = [
    (mae, [2.0], [2.0], {}),
    (mae, [INFINITE], [1.0], {}),
    (mse, [INFINITE], [1.0], {}),
    (huber, [2.0], [2.0], {}),
    (huber, [3.0, 1.0], [2.0, 2.0], {"delta": 1.0}),
    (huber, [INFINITE], [1.0], {}),
    (huber, [-INFINITE, 0.0], [1.0, 0.0], {"delta": 2.0}),
    (huber, [math.nan, 2.0], [1.0, 1.0], {}),
    (huber, [1e200], [0.0], {}),
    (hinge, [1.0], [1.0], {}),
    (cross_entropy, [-INFINITE, 1.0], 1, {}),
    (cross_entropy, [-INFINITE, 1.0], 0, {}),
    (cross_entropy, [math.nan, 1.0], 1, {}),
    (binary_cross_entropy_with_logits, [INFINITE], [1.0], {}),
]


def expected(loss, outputs, target, settings):
    torch = pytest.importorskip("torch")
    tensor = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    index = loss in (cross_entropy, categorical_cross_entropy) and "f" not in str(
        np.asarray(target).dtype
    )
    kind = torch.int64 if index else torch.float64
    value = theirs(torch)[loss](tensor, torch.tensor(target, dtype=kind), **settings)
    value.backward()
    return value.item(), tensor.grad.numpy()


def of_parameters(parameters, outputs):
    """The parameters in the shape of the outputs."""
    if np.ndim(outputs) == 1:
        return parameters
    width = len(outputs[0])
    return [parameters[i : i + width] for i in range(0, len(parameters), width)]


@pytest.mark.parametrize(("loss", "outputs", "target", "settings"), [*CASES, *EDGES])
def test_losses_agree_with_pytorch(loss, outputs, target, settings):
    value, slopes = expected(loss, outputs, target, settings)
    ps = [Parameter(x) for x in np.ravel(outputs)]
    near = partial(pytest.approx, rel=1e-12, abs=1e-15, nan_ok=True)
    eager = loss(of_parameters(ps, outputs), target, **settings)
    eager.backward()
    assert eager.data == near(value)
    assert [p.grad for p in ps] == near(slopes.ravel().tolist())
    for p in ps:
        p.forget_grad()
    program = compiled(lambda y: loss(of_parameters(ps, outputs), y, **settings))
    many = program.mean(np.array([target, target]))
    many.backward()
    assert many.data == near(value)
    assert [p.grad for p in ps] == near(slopes.ravel().tolist())


# A distribution is none with one probability changed.
SMOOTH = [case for case in CASES if np.size(case[1]) > 2 and case[0] is not kl_divergence]


@pytest.mark.parametrize(("loss", "outputs", "target", "settings"), SMOOTH)
def test_losses_have_right_first_and_second_derivatives(loss, outputs, target, settings):
    check_gradients(lambda xs: loss(xs, target, **settings), outputs)


def test_a_divergence_has_right_derivatives_by_the_logits():
    check_gradients(lambda zs: kl_divergence(softmax(zs), SHARES), LOGITS)
