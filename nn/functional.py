"""Functions of logits: softmax, its logarithm, and how often the largest is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.operations import greater, logsumexp, where
from autograd.value import Value, as_values
from nn.settings.ranges import check_temperature

Scores = Sequence[Value | float]


def one_for_each_class(numbers: Any, what: str, function: str) -> list[Value]:
    """The numbers (logits or probabilities, says `what`) as Values, at least one of them."""
    if isinstance(numbers, Value | float | int):
        raise TypeError(
            f"{function}() takes a list of {what}, one for each class, not {numbers!r:.60}"
        )
    if len(numbers) == 0:
        raise ValueError(f"{function}() of no {what}: it needs one for each class")
    return as_values(numbers)


def log_softmax(logits: Scores) -> list[Value]:
    """The logarithms of the softmax probabilities, exact where those are too small to be.

    >>> [round(x.data, 3) for x in log_softmax([0.0, 1000.0])]
    [-1000.0, 0.0]
    """
    values = one_for_each_class(logits, "logits", "log_softmax")
    whole = logsumexp(values)
    whole = whole + 0.0 * whole  # An infinite logit makes all of them NaN, and not one of them.
    return [x - whole for x in values]


def softmax(logits: Scores, temperature: Value | float = 1.0) -> list[Value]:
    """Probabilities in proportion to `exp(logit / temperature)`; they sum to 1.

    Parameters:
        temperature: above 0; below 1 the largest logit takes more, above 1 less. It may be a
            `Parameter`, that is learned (Guo et al., 2017): then those of one that is not above 0
            are NaN.

    Raises:
        ValueError, TypeError: the temperature is a number that is not above 0, or no number; or
            there are no logits.

    >>> [round(p.data, 3) for p in softmax([1.0, 2.0, 3.0])]
    [0.09, 0.245, 0.665]
    """
    values = one_for_each_class(logits, "logits", "softmax")
    if isinstance(temperature, Value):
        temperature = where(greater(temperature, 0.0), temperature, math.nan)
    else:
        temperature = check_temperature(temperature, "softmax")
    if isinstance(temperature, Value) or temperature != 1.0:
        values = [x / temperature for x in values]
    return [x.exp() for x in log_softmax(values)]


def accuracy(
    predictions: Sequence[Any] | NDArray[Any], targets: Sequence[Any] | NDArray[Any]
) -> float:
    """The share of examples that are classified rightly, from 0 to 1.

    A prediction that holds a NaN is never right, whatever its target.

    Parameters:
        predictions: for each example the logits or probabilities of the classes, of which the
            largest counts; or one score, which stands for the second class if it is above 0; or
            its class, a whole number from 0 on.
        targets: for each example its class; -1 or 0 and 1 with scores.

    Raises:
        ValueError: there are no examples, or not as many targets as predictions, or one score is
            given where there are more than two classes.
        TypeError: some of it is masked.

    >>> accuracy([[0.1, 2.0], [3.0, 0.2]], [1, 1])
    0.5
    >>> accuracy([-0.3, 1.2], [-1, 1])
    1.0
    >>> accuracy([0, 2, 1, 1], [0, 2, 2, 1])
    0.75
    >>> accuracy([float("nan"), 1.2], [-1, 1])
    0.5
    """
    if len(predictions) != len(targets):
        raise ValueError(f"{len(predictions)} predictions for {len(targets)} targets")
    if len(predictions) == 0:
        raise ValueError("accuracy() of no examples")
    for name, given in (("predictions", predictions), ("targets", targets)):
        if np.ma.is_masked(given):
            raise TypeError(f"the {name} are a masked array: leave out what is masked, or fill it")
    scores, classes = np.asarray(predictions, np.float64), np.asarray(targets, np.float64)
    if scores.ndim > 2 or classes.size != len(classes):
        raise ValueError(
            f"accuracy() takes predictions of shape (n,) or (n, classes) and targets of shape "
            f"(n,), but {scores.shape} and {classes.shape} came"
        )
    scores, classes = scores.reshape(len(scores), -1), classes.ravel()
    if scores.shape[1] == 1 and _are_classes(scores, classes, np.asarray(predictions).dtype.kind):
        right = scores[:, 0] == classes
    elif scores.shape[1] == 1:
        right = (scores[:, 0] > 0) == (classes > 0)
    else:
        right = scores.argmax(axis=1) == classes
    if np.isnan(scores.min()) or np.isnan(classes.min()):
        right &= ~(np.isnan(scores).any(axis=1) | np.isnan(classes))
    return float(right.mean())


def _are_classes(predictions: NDArray[Any], targets: NDArray[Any], kind: str) -> bool:
    """Whether single predictions are classes, and not scores that tell two of them apart."""
    if min(np.nanmin(targets, initial=0.0), np.nanmin(predictions, initial=0.0)) < 0:
        return False
    if np.nanmax(targets, initial=0.0) <= 1:
        return kind in "iu"
    if not np.all((predictions == np.floor(predictions)) | np.isnan(predictions)):
        raise ValueError(
            "accuracy() got one score for each example, which tells two classes apart, and a "
            f"target of {np.nanmax(targets):g}: give a score for each class, or the class itself"
        )
    return True
