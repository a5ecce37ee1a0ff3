"""Entropies: of a distribution, and of two. A distribution is a list of probabilities, one each.

Natural logarithms: the unit is the nat, of which a bit is log(2). A class of probability 0 adds
nothing, `0 log 0 = 0`, and its probability gets the derivative 0 from there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd.operations import (
    absolute,
    dot,
    equal,
    greater_equal,
    less_equal,
    log,
    minimum,
    total,
    where,
)
from autograd.value import Value
from nn.probability.checks import number

Distribution = Sequence[Value | float]

ROUNDING = 1e-6  # by how much the sum of the probabilities may differ from 1


def entropy(p: Distribution) -> Any:
    """How uncertain the outcome is, on average (Shannon, 1948): `-sum(p log p)`.

    Parameters:
        p: probabilities that sum to 1 (within 1e-6), numbers or Values.

    Returns:
        From 0 to log(classes), in nats: a Value, or a float of plain numbers.

    Raises:
        ValueError: `p` is no distribution. In a compiled function, which cannot raise for a number,
            the entropy is NaN.

    >>> round(entropy([0.5, 0.25, 0.25]) / math.log(2.0), 12)
    1.5
    >>> entropy([1.0, 0.0])
    0.0
    """
    ps = _checked("entropy", p)
    return 0.0 - dot(ps, [_log_where(p, p) for p in ps])  # and never -0.0


def cross_entropy(p: Distribution, q: Distribution) -> Any:
    """What outcomes of `p` cost, on average, in a code that is made for `q`: `-sum(p log q)`.

    Parameters:
        p, q: distributions as of `entropy`, of as many classes.

    Returns:
        At least `entropy(p)`; infinity if `q` has 0 where `p` has not.

    Raises:
        ValueError: as `entropy`, or they are not as long. For what a model says and a target
            there are the losses `nn.cross_entropy` and `nn.categorical_cross_entropy`.

    >>> round(cross_entropy([0.5, 0.5], [0.25, 0.75]), 4)
    0.837
    """
    ps, qs = _pair("cross_entropy", p, q)
    return 0.0 - dot(ps, [_log_where(p, q) for p, q in zip(ps, qs, strict=True)])


def kl_divergence(p: Distribution, q: Distribution) -> Any:
    """The relative entropy `sum(p log(p / q))` (Kullback & Leibler, 1951).

    Parameters:
        p, q: distributions as of `entropy`, of as many classes. Which is which matters.

    Returns:
        At least 0, but for rounding, and 0 if they are equal; infinity if `q` has 0 where `p` has
            not.

    Raises:
        ValueError: as `cross_entropy`.

    >>> round(kl_divergence([0.5, 0.5], [0.25, 0.75]), 4)
    0.1438
    >>> kl_divergence([0.25, 0.75], [0.25, 0.75])
    0.0
    """
    ps, qs = _pair("kl_divergence", p, q)
    pairs = zip(ps, qs, strict=True)
    return dot(ps, [_log_where(p, p) - _log_where(p, q) for p, q in pairs])


def _log_where(p: Any, x: Any) -> Any:
    """The logarithm of x, but 0 where p is 0; without an infinite derivative there."""
    return log(where(equal(p, 0.0), 1.0, x))


def _pair(name: str, p: Distribution, q: Distribution) -> tuple[list[Any], list[Any]]:
    ps, qs = _checked(name, p), _checked(name, q)
    if len(ps) != len(qs):
        raise ValueError(f"{name}() of distributions of {len(ps)} and of {len(qs)} classes")
    return ps, qs


def _checked(name: str, distribution: Distribution) -> list[Any]:
    """Its probabilities; NaN in place of what is none where no error can be raised."""
    if isinstance(distribution, Value | float | int):
        raise TypeError(
            f"{name}() takes lists of probabilities, one for each class, not {distribution!r:.60}"
        )
    ps = list(distribution)
    if not ps:
        raise ValueError(f"{name}() of no probabilities: it needs one for each class")
    numbers = [number(p) for p in ps]
    if min(numbers) < 0.0:
        raise ValueError(f"{name}() of {min(numbers)}, which is no probability: {_WAYS_OUT}")
    if abs(math.fsum(numbers) - 1.0) > ROUNDING:
        raise ValueError(
            f"{name}() of numbers that sum to {math.fsum(numbers):.9g}, and not to 1: {_WAYS_OUT}"
        )
    if not any(map(math.isnan, numbers)):
        return ps
    inside = greater_equal(minimum(ps), 0.0) * less_equal(absolute(total(ps) - 1.0), ROUNDING)
    return [where(inside, p, math.nan) for p in ps]


_WAYS_OUT = "divide counts by their sum, and give logits to nn.softmax()"
