"""Losses: how wrong the prediction for one example is, as a Value to be minimised."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Sized
from typing import Any

import numpy as np

from autograd import context
from autograd.operations import (
    dot,
    greater_equal,
    less_equal,
    log,
    logsumexp,
    maximum,
    minimum,
    pick,
    relu,
    softplus,
    total,
    where,
)
from autograd.structure import flatten
from autograd.value import Value, as_values
from nn.functional import Scores, log_softmax, one_for_each_class

# log(0) is taken for -100, as PyTorch does.
_SMALLEST_PROBABILITY = math.exp(-100.0)

# What targets are, in words.
SIGNS = "hinge wants -1 and 1 (from 0 and 1: 2 * y - 1)"
BINARY = "the binary cross-entropy wants numbers from 0 to 1"


def cross_entropy(logits: Scores, target: Any) -> Value:
    """Minus the log-probability that softmax of the logits gives the target.

    Parameters:
        logits: one for each class, of any size; for probabilities, which have been through a
            softmax already, there is `categorical_cross_entropy`.
        target: the index of the right class, or a probability for each class.

    >>> round(cross_entropy([1.0, 2.0, 3.0], 2).data, 4)
    0.4076
    >>> round(cross_entropy([1.0, 2.0, 3.0], [0.0, 0.5, 0.5]).data, 4)
    0.9076
    """
    values = one_for_each_class(logits, "logits", "cross_entropy")
    if _is_distribution(target):
        _same_length("cross_entropy", values, target)
        loss: Value = -dot(list(target), log_softmax(values))
        return loss
    _check_class(target, len(values))
    loss = logsumexp(values) - pick(values, target)
    return loss


def categorical_cross_entropy(probabilities: Scores, target: Any) -> Value:
    """Minus the logarithm of the probability of the target; logarithms below -100 count as -100.

    Parameters:
        probabilities: one for each class, from 0 to 1, as `softmax` gives them; for logits there
            is `cross_entropy`, which is exact where the softmax rounds to 0 or 1.
        target: the index of the right class, or a probability for each class.

    Raises:
        ValueError: a probability is below 0 or above 1. In a compiled function, which cannot
            raise for a number, the loss is NaN.

    >>> round(categorical_cross_entropy([0.2, 0.7, 0.1], 1).data, 4)
    0.3567
    >>> round(categorical_cross_entropy([0.2, 0.7, 0.1], [0.0, 1.0, 0.0]).data, 4)
    0.3567
    """
    name = "categorical_cross_entropy"
    values = one_for_each_class(probabilities, "probabilities", name)
    values = _checked_probabilities(values, name, for_logits="cross_entropy")
    if _is_distribution(target):
        _same_length(name, values, target)
        loss: Value = -dot(list(target), [_clamped_log(p) for p in values])
        return loss
    _check_class(target, len(values))
    loss = -_clamped_log(pick(values, target))
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

    Raises:
        ValueError: a target is another number.

    >>> hinge(0.25, 1).data, hinge(-3.0, -1).data
    (0.75, 0.0)
    """
    _check_targets(target, lambda t: t in (-1, 1), SIGNS)
    return _mean("hinge", lambda s, t: relu(1.0 - t * s), score, target)


def binary_cross_entropy(probability: Any, target: Any) -> Value:
    """`-(t log p + (1 - t) log(1 - p))`; logarithms below -100 count as -100.

    Parameters:
        probability: that the target is 1, from 0 to 1, or a list of such; for logits there is
            `binary_cross_entropy_with_logits`, which is exact where the sigmoid rounds to 0 or 1.
        target: 0 or 1, or a probability, for each.

    Raises:
        ValueError: a probability, or a target, is below 0 or above 1. In a compiled function,
            which cannot raise for a number, the loss is NaN for such a probability.

    >>> round(binary_cross_entropy(0.8, 1).data, 4)
    0.2231
    """

    def loss(p: Value, t: Any) -> Any:
        return -t * _clamped_log(p) - (1.0 - t) * _clamped_log(1.0 - p)

    name = "binary_cross_entropy"
    _check_targets(target, lambda t: 0 <= t <= 1, BINARY)
    values = as_values(flatten(probability))
    if values:
        values = _checked_probabilities(values, name, for_logits=f"{name}_with_logits")
    return _mean(name, loss, values, target)


def binary_cross_entropy_with_logits(logit: Any, target: Any) -> Value:
    """The binary cross-entropy of `sigmoid(logit)`, without rounding it to 0 or 1 on the way.

    Parameters:
        logit: a Value, or a list of them, whose mean is taken; for probabilities, which have been
            through a sigmoid already, there is `binary_cross_entropy`.
        target: 0 or 1, or a probability, for each.

    Raises:
        ValueError: a target is below 0 or above 1.

    >>> round(binary_cross_entropy_with_logits(-1000.0, 1).data, 4)
    1000.0
    """
    _check_targets(target, lambda t: 0 <= t <= 1, BINARY)
    return _mean(
        "binary_cross_entropy_with_logits", lambda z, t: softplus(z) - t * z, logit, target
    )


def _clamped_log(p: Value) -> Any:
    return log(maximum(p, _SMALLEST_PROBABILITY))


def _checked_probabilities(values: list[Value], name: str, for_logits: str) -> list[Value]:
    """The same if all are from 0 to 1; else an error or, where none can be raised, NaN.

    NaN is no error, in losses as in operations, but if one is NaN all are.
    """
    if context.current().tracer is None:  # While a function is recorded there are no numbers.
        numbers = [p.data for p in values]
        for p in numbers:
            if p < 0.0 or p > 1.0:
                raise ValueError(
                    f"{name}() of {p}, which is no probability from 0 to 1: "
                    f"for logits there is {for_logits}()"
                )
        if not any(map(math.isnan, numbers)):
            return values
    inside = greater_equal(minimum(values), 0.0) * less_equal(maximum(values), 1.0)
    return [where(inside, p, math.nan) for p in values]


def _is_distribution(target: Any) -> bool:
    return isinstance(target, Sequence | np.ndarray) and np.ndim(target) == 1


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


# Of the targets only plain numbers are looked at: a Value may not have its number yet.
_PLAIN = (int, float, np.number, np.bool_)


def _check_targets(target: Any, right: Callable[[Any], bool], rule: str) -> None:
    """Raise for a plain number that is no such target."""
    for t in flatten(target):
        if isinstance(t, _PLAIN) and not right(t):
            raise ValueError(f"{t} is no target: {rule}")


def _check_class(target: Any, classes: int) -> None:
    """Raise for a plain number that is no class."""
    if not isinstance(target, _PLAIN):
        return
    if not (0 <= target < classes and target == int(target)):
        raise ValueError(f"the target must be a class from 0 to {classes - 1}, not {target}")
