"""Moments of numbers: mean, variance and standard deviation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.operations import sqrt, total
from autograd.value import Value

Numbers = Sequence[Value | float]


def mean(xs: Numbers) -> Any:
    """The sum divided by the count.

    Parameters:
        xs: numbers or Values, at least one.

    Returns:
        A Value, or a float of plain numbers.

    Raises:
        ValueError: there are none.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    numbers = _listed("mean", xs)
    return total(numbers) / len(numbers)


def variance(xs: Numbers, sample: bool = False) -> Any:
    """The mean squared distance from the mean.

    Parameters:
        xs: numbers or Values: a whole population; or, with `sample`, a part of one, whose variance
            is estimated: the sum is then divided by the count less 1 (Bessel's correction), because
            the mean lies closer to the sample than that of the population.

    Raises:
        ValueError, TypeError: there are no numbers, or a sample of one; `sample` is not True or
            False.

    >>> variance([1.0, 2.0, 6.0]), variance([1.0, 2.0, 6.0], sample=True)
    (4.666666666666667, 7.0)
    """
    numbers = _listed("variance", xs)
    if not isinstance(sample, bool | np.bool_):
        raise TypeError(f"sample is True or False, whether xs are one, not {sample!r:.80}")
    if sample and len(numbers) == 1:
        raise ValueError("variance() of a sample of one number: it needs at least two")
    middle = mean(numbers)
    squares = [(x - middle) * (x - middle) for x in numbers]
    return total(squares) / (len(numbers) - int(sample))


def standard_deviation(xs: Numbers, sample: bool = False) -> Any:
    """The square root of the variance, in the unit of the numbers.

    Parameters, Raises: as of `variance`. Where all numbers are equal there is no derivative: NaN.

    >>> standard_deviation([1.0, 3.0])
    1.0
    """
    return sqrt(variance(xs, sample))


def _listed(name: str, xs: Any) -> list[Any]:
    if isinstance(xs, Value | float | int):
        raise TypeError(f"{name}() takes a list of numbers, not {xs!r:.60}")
    numbers = list(xs)
    if not numbers:
        raise ValueError(f"{name}() of no numbers: it needs at least one")
    return numbers
