"""Losses for targets that are classes, or a probability for each class.

All take the numbers of one example, one for each class; or a list of such, one for each position
of a sequence, with a target for each position: then it is the mean over the positions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.operations import dot, logsumexp, pick, total
from autograd.value import Value
from nn.functional import Scores, log_softmax, one_for_each_class
from nn.losses.means import PLAIN, check_targets, mean_over, same_length
from nn.losses.outputs import refuse_probabilities
from nn.losses.probabilities import checked_probabilities, clamped_log
from nn.probability import entropies
from nn.probability.entropies import ROUNDING
from nn.settings.ranges import below_one

Numbers = Scores | Sequence[Scores]

# What targets are that have a probability for each class, in words.
DISTRIBUTION = "the probabilities of the classes are from 0 to 1, and sum to 1"


def cross_entropy(logits: Numbers, target: Any, label_smoothing: float = 0.0) -> Value:
    """Minus the log-probability that softmax of the logits gives the target.

    Parameters:
        logits: one for each class, of any size; for probabilities, which have been through a
            softmax already, there is `categorical_cross_entropy`. Or a list of such by position.
        target: the index of the right class, or a probability for each class; a list of such by
            position.
        label_smoothing: the share of the target, from 0 to below 1, that is spread evenly over all
            classes, so that no logit need grow without end (Szegedy et al., 2016).

    Raises:
        ValueError, TypeError: the target is none, or the logits come from a softmax. Targets that
            are Values, as in a compiled function, are not looked at; `fit` does so before.

    >>> round(cross_entropy([1.0, 2.0, 3.0], 2).data, 4)
    0.4076
    >>> round(cross_entropy([1.0, 2.0, 3.0], [0.0, 0.5, 0.5]).data, 4)
    0.9076
    >>> round(cross_entropy([1.0, 2.0, 3.0], 2, label_smoothing=0.1).data, 4)
    0.5076
    >>> round(cross_entropy([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], [2, 0]).data, 4)
    0.7531
    """
    share = below_one("label_smoothing", label_smoothing)
    return _by_position("cross_entropy", partial(_of_logits, share), logits, target)


def categorical_cross_entropy(
    probabilities: Numbers, target: Any, label_smoothing: float = 0.0
) -> Value:
    """Minus the logarithm of the probability of the target; logarithms below -100 count as -100.

    Parameters:
        probabilities: one for each class, from 0 to 1, as `softmax` gives them; for logits there
            is `cross_entropy`, which is exact where the softmax rounds to 0 or 1.
        target, label_smoothing: as of `cross_entropy`.

    Raises:
        ValueError, TypeError: a probability is below 0 or above 1; in a compiled function, which
            cannot raise for a number, the loss is NaN. Or the target is none, as of
            `cross_entropy`.

    >>> round(categorical_cross_entropy([0.2, 0.7, 0.1], 1).data, 4)
    0.3567
    >>> round(categorical_cross_entropy([0.2, 0.7, 0.1], [0.0, 1.0, 0.0]).data, 4)
    0.3567
    """
    share = below_one("label_smoothing", label_smoothing)
    loss = partial(_of_probabilities, share)
    return _by_position("categorical_cross_entropy", loss, probabilities, target)


def kl_divergence(probabilities: Numbers, target: Any) -> Value:
    """How far the probabilities are from the target's (Kullback & Leibler, 1951); 0 if nowhere.

    It is the cross-entropy less the target's own entropy, which is the least that the former can
    be: on logits, `cross_entropy` has the same gradient. `nn.probability.kl_divergence`, of two
    distributions, has the true one first.

    Parameters:
        probabilities: one for each class, which sum to 1, as `softmax` gives them.
        target: a probability for each class.

    Raises:
        ValueError, TypeError: one of them is no distribution. In a compiled function, which cannot
            raise for a number, the loss is NaN.

    >>> round(kl_divergence([0.25, 0.75], [0.5, 0.5]).data, 4)
    0.1438
    >>> kl_divergence([0.25, 0.75], [0.25, 0.75]).data
    0.0
    """
    return _by_position("kl_divergence", _divergence, probabilities, target)


def _by_position(
    name: str, loss: Callable[[str, Any, Any], Value], numbers: Any, target: Any
) -> Value:
    """The loss, or its mean over positions if the numbers are lists."""
    if _is_list(numbers) and len(numbers) and _is_list(numbers[0]):
        return mean_over(name, partial(loss, name), numbers, target)
    return loss(name, numbers, target)


def _of_logits(smoothing: float, name: str, logits: Scores, target: Any) -> Value:
    values = one_for_each_class(logits, "logits", name)
    refuse_probabilities(values, name)
    if _is_distribution(name, values, target):
        return -_expected(log_softmax(values), target, smoothing)
    return logsumexp(values) - _expected(values, target, smoothing)  # type: ignore[no-any-return]


def _of_probabilities(smoothing: float, name: str, probabilities: Scores, target: Any) -> Value:
    values = one_for_each_class(probabilities, "probabilities", name)
    values = checked_probabilities(values, name, for_logits="cross_entropy")
    if not _is_distribution(name, values, target) and not smoothing:
        return -clamped_log(pick(values, target))  # type: ignore[no-any-return]
    return -_expected([clamped_log(p) for p in values], target, smoothing)


def _divergence(name: str, probabilities: Scores, target: Any) -> Value:
    values = one_for_each_class(probabilities, "probabilities", name)
    if not _is_list(target):
        raise TypeError(
            f"{name}() takes a probability for each class as target, not {target!r:.50}"
        )
    same_length(name, values, target)
    divergence: Value = entropies.kl_divergence(list(target), values)
    return divergence


def _is_list(thing: Any) -> bool:
    return isinstance(thing, list | tuple) or (isinstance(thing, np.ndarray) and thing.ndim > 0)


def _expected(logarithms: list[Value], target: Any, smoothing: float) -> Value:
    """Their mean under the target, of which a share is spread over all of them."""
    mean: Value = dot(list(target), logarithms) if _is_list(target) else pick(logarithms, target)
    if smoothing:
        mean = (1.0 - smoothing) * mean + smoothing / len(logarithms) * total(logarithms)
    return mean


def _is_distribution(name: str, values: list[Value], target: Any) -> bool:
    """Whether the target is a probability for each class, and not a class; raises if neither."""
    if _is_list(target):
        same_length(name, values, target)
        if _is_list(target[0]):
            raise ValueError(f"{name}() of one list of numbers takes one target, not one of lists")
        _check_distribution(target)
        return True
    if isinstance(target, PLAIN) and not (0 <= target < len(values) and target == int(target)):
        raise ValueError(f"the target must be a class from 0 to {len(values) - 1}, not {target}")
    return False


def _check_distribution(target: Any) -> None:
    """Raise for plain numbers that are no probabilities of classes, as far as they are known."""
    check_targets(target, lambda t: 0 <= t <= 1, DISTRIBUTION)
    if all(isinstance(t, PLAIN) for t in target):
        whole = math.fsum(target)
        if abs(whole - 1.0) > ROUNDING:
            raise ValueError(f"{whole:.9g} is the sum of a target: {DISTRIBUTION}")
