"""Losses for targets of two kinds: -1 and 1, or 0 and 1 and the probabilities between."""

from __future__ import annotations

from typing import Any

from autograd.operations import relu, softplus
from autograd.structure import flatten
from autograd.value import Value, as_values
from nn.losses.means import check_targets, mean_over_numbers
from nn.losses.outputs import refuse_probabilities
from nn.losses.probabilities import checked_probabilities, clamped_log

# What targets are, in words.
SIGNS = "hinge wants -1 and 1 (from 0 and 1: 2 * y - 1)"
BINARY = "the binary cross-entropy wants numbers from 0 to 1"


def hinge(score: Any, target: Any) -> Value:
    """`max(0, 1 - target * score)`, which is 0 for a score on the right side of the margin.

    Parameters:
        score: a Value, or a list of them, whose mean is taken.
        target: -1 or 1 for each score.

    Raises:
        ValueError: a target is another number. Targets that are Values, as in a compiled function,
            are not looked at; `fit` does so before.

    >>> hinge(0.25, 1).data, hinge(-3.0, -1).data
    (0.75, 0.0)
    """
    check_targets(target, lambda t: t in (-1, 1), SIGNS)
    return mean_over_numbers("hinge", lambda s, t: relu(1.0 - t * s), score, target)


def binary_cross_entropy(probability: Any, target: Any) -> Value:
    """`-(t log p + (1 - t) log(1 - p))`; logarithms below -100 count as -100.

    Parameters:
        probability: that the target is 1, from 0 to 1, or a list of such; for logits there is
            `binary_cross_entropy_with_logits`, which is exact where the sigmoid rounds to 0 or 1.
        target: 0 or 1, or a probability, for each.

    Raises:
        ValueError: a probability, or a target, is below 0 or above 1. In a compiled function,
            which cannot raise for a number, the loss is NaN for such a probability. Targets are
            looked at as those of `hinge`.

    >>> round(binary_cross_entropy(0.8, 1).data, 4)
    0.2231
    """

    def loss(p: Value, t: Any) -> Any:
        return -t * clamped_log(p) - (1.0 - t) * clamped_log(1.0 - p)

    name = "binary_cross_entropy"
    check_targets(target, lambda t: 0 <= t <= 1, BINARY)
    values = as_values(flatten(probability))
    if values:
        values = checked_probabilities(values, name, for_logits=f"{name}_with_logits")
    return mean_over_numbers(name, loss, values, target)


def binary_cross_entropy_with_logits(logit: Any, target: Any) -> Value:
    """The binary cross-entropy of `sigmoid(logit)`, without rounding it to 0 or 1 on the way.

    Parameters:
        logit: a Value, or a list of them, whose mean is taken; for probabilities, which have been
            through a sigmoid already, there is `binary_cross_entropy`.
        target: 0 or 1, or a probability, for each.

    Raises:
        ValueError: a target is below 0 or above 1, or the logits come from a sigmoid. Targets are
            looked at as those of `hinge`.

    >>> round(binary_cross_entropy_with_logits(-1000.0, 1).data, 4)
    1000.0
    """
    name = "binary_cross_entropy_with_logits"
    check_targets(target, lambda t: 0 <= t <= 1, BINARY)
    values = as_values(flatten(logit))
    refuse_probabilities(values, name)
    return mean_over_numbers(name, lambda z, t: softplus(z) - t * z, values, target)
