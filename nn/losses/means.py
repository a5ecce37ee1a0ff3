"""What losses share: the mean over the numbers, or the positions, of an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.operations import total
from autograd.structure import flatten
from autograd.value import Value, as_values

Loss = Callable[[Any, Any], Value]


def mean_over_numbers(name: str, loss: Loss, prediction: Any, target: Any) -> Value:
    """The mean of the loss of each number, of a Value or a (nested) list of them."""
    return mean_over(name, loss, as_values(flatten(prediction)), flatten(target))


def mean_over(name: str, loss: Loss, predictions: Any, targets: Any) -> Value:
    """The mean of the loss of each prediction and its target.

    Raises:
        ValueError, TypeError: there are none, or not as many targets as predictions.
    """
    if not hasattr(targets, "__len__"):
        raise TypeError(
            f"{name}() of several positions takes a target for each, not {targets!r:.60}"
        )
    same_length(name, predictions, targets)
    if len(predictions) == 0:
        raise ValueError(f"{name}() of nothing: it needs at least one prediction")
    losses = [loss(p, t) for p, t in zip(predictions, targets, strict=True)]
    mean: Value = losses[0] if len(losses) == 1 else total(losses) / len(losses)
    return mean


def same_length(name: str, predictions: Any, targets: Any) -> None:
    """Raise if there are not as many targets as predictions."""
    if len(predictions) != len(targets):
        raise ValueError(f"{name}() of {len(predictions)} predictions and {len(targets)} targets")


# Of the targets only plain numbers are looked at: a Value may not have its number yet. So those of
# a compiled function are not; `fit` does that before.
PLAIN = (int, float, np.number, np.bool_)


def check_targets(target: Any, right: Callable[[Any], bool], rule: str) -> None:
    """Raise for a plain number that is no such target."""
    for t in flatten(target):
        if isinstance(t, PLAIN) and not right(t):
            raise ValueError(f"{t} is no target: {rule}")
