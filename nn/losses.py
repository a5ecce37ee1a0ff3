"""Losses: how wrong the prediction for one example is, as a Value to be minimised."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from typing import Any

import numpy as np

from autograd.operations import dot, log, logsumexp, maximum, pick, relu, softplus, total
from autograd.structure import flatten
from autograd.value import Value, as_values
from nn.functional import Logits, checked_logits, log_softmax

# log(0) is taken for -100, as PyTorch does.
_SMALLEST_PROBABILITY = float(np.exp(-100.0))


def cross_entropy(logits: Logits, target: Any) -> Value:
    """Minus the log-probability that softmax of the logits gives the target.

    Parameters:
        logits: one for each class.
        target: the index of the right class, or a probability for each class.

    >>> round(cross_entropy([1.0, 2.0, 3.0], 2).data, 4)
    0.4076
    >>> round(cross_entropy([1.0, 2.0, 3.0], [0.0, 0.5, 0.5]).data, 4)
    0.9076
    """
    values = checked_logits(logits, "cross_entropy")
    if isinstance(target, Sequence | np.ndarray) and np.ndim(target) == 1:
        _same_length("cross_entropy", values, target)
        loss: Value = -dot(list(target), log_softmax(values))
        return loss
    if isinstance(target, int | float | np.number):
        _check_class(target, len(values))
    loss = logsumexp(values) - pick(values, target)
    return loss


def mse(prediction: Any, target: Any) -> Value:
    """The mean of the squared differences between prediction and target.

    Parameters:
        prediction: a Value or a (nested) list of Values.
        target: numbers of the same shape.

    >>> mse([1.0, 2.0], [1.0, 4.0]).data
    2.0
    """
    return _mean("mse", lambda p, t: (p - t) ** 2, prediction, target)


def hinge(score: Any, target: Any) -> Value:
    """`max(0, 1 - target * score)`, which is 0 for a score on the right side of the margin.

    Parameters:
        score: a Value, or a list of them, whose mean is taken.
        target: -1 or 1 for each score.

    >>> hinge(0.25, 1).data, hinge(-3.0, -1).data
    (0.75, 0.0)
    """
    return _mean("hinge", lambda s, t: relu(1.0 - t * s), score, target)


def binary_cross_entropy(probability: Any, target: Any) -> Value:
    """`-(t log p + (1 - t) log(1 - p))`; logarithms below -100 count as -100.

    Parameters:
        probability: that the target is 1, from 0 to 1, or a list of such; for logits there is
            `binary_cross_entropy_with_logits`, which is exact where the sigmoid rounds to 0 or 1.
        target: 0 or 1, or a probability, for each.

    >>> round(binary_cross_entropy(0.8, 1).data, 4)
    0.2231
    """

    def loss(p: Value, t: Any) -> Any:
        return -t * _safe_log(p) - (1.0 - t) * _safe_log(1.0 - p)

    return _mean("binary_cross_entropy", loss, probability, target)


def binary_cross_entropy_with_logits(logit: Any, target: Any) -> Value:
    """The binary cross-entropy of `sigmoid(logit)`, without rounding it to 0 or 1 on the way.

    >>> round(binary_cross_entropy_with_logits(-1000.0, 1).data, 4)
    1000.0
    """
    return _mean(
        "binary_cross_entropy_with_logits", lambda z, t: softplus(z) - t * z, logit, target
    )


def _safe_log(p: Value) -> Any:
    return log(maximum(p, _SMALLEST_PROBABILITY))


def _mean(name: str, loss: Callable[[Any, Any], Any], prediction: Any, target: Any) -> Value:
    predictions, targets = as_values(flatten(prediction)), flatten(target)
    _same_length(name, predictions, targets)
    if not predictions:
        raise ValueError(f"{name}() of nothing: it needs at least one prediction")
    losses = [loss(p, t) for p, t in zip(predictions, targets, strict=True)]
    mean: Value = losses[0] if len(losses) == 1 else total(losses) / len(losses)
    return mean


def _same_length(name: str, predictions: Sized, targets: Sized) -> None:
    if len(predictions) != len(targets):
        raise ValueError(f"{name}() of {len(predictions)} predictions and {len(targets)} targets")


def _check_class(target: Any, classes: int) -> None:
    if not (0 <= target < classes and target == int(target)):
        raise ValueError(f"the target must be a class from 0 to {classes - 1}, not {target}")
