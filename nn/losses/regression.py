"""Losses for targets that are numbers: squared and absolute differences, and between the two."""

from __future__ import annotations

from typing import Any

from autograd.operations import absolute, clip
from autograd.value import Value
from nn.losses.means import mean_over_numbers
from nn.settings.ranges import above_zero


def mse(prediction: Any, target: Any) -> Value:
    """The mean of the squared differences between prediction and target.

    Parameters:
        prediction: a Value or a (nested) list of Values.
        target: numbers of the same shape.

    >>> mse([1.0, 2.0], [1.0, 4.0]).data
    2.0
    """
    return mean_over_numbers("mse", lambda p, t: (p - t) ** 2, prediction, target)


def mae(prediction: Any, target: Any) -> Value:
    """The mean of the absolute differences; its derivative at a difference of 0 is 0.

    Parameters:
        prediction, target: as of `mse`.

    >>> mae([1.0, 2.0], [1.0, 4.0]).data
    1.0
    """
    return mean_over_numbers("mae", lambda p, t: absolute(p - t), prediction, target)


def huber(prediction: Any, target: Any, delta: float = 1.0) -> Value:
    """Half the squared difference up to delta, beyond it linear with the slope delta; their mean.

    So what is far off counts less than in `mse` (Huber, 1964).

    Parameters:
        prediction, target: as of `mse`.
        delta: the difference from which on it is linear, above 0.

    >>> huber(3.0, 0.0).data, huber(3.0, 2.5).data
    (2.5, 0.125)
    """
    delta = above_zero("delta", delta)

    def loss(p: Value, t: Any) -> Any:
        difference = p - t
        near = clip(difference, -delta, delta)
        return 0.5 * near**2 + delta * absolute(difference - near)

    return mean_over_numbers("huber", loss, prediction, target)
