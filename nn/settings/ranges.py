"""Ranges: what a setting may be, checked when it is given."""

from __future__ import annotations

from math import inf
from numbers import Real
from typing import Any

from autograd.floats import as_float


def is_number(number: Any) -> bool:
    """Whether it is a plain number, Python's or NumPy's, and neither a truth value nor text."""
    return type(number) is float or (isinstance(number, Real) and not isinstance(number, bool))


def above_zero(name: str, number: Any) -> float:
    """The number as a float.

    Raises:
        TypeError, ValueError: it is no finite number above 0.

    >>> above_zero("epsilon", 1)
    1.0
    """
    return _checked(name, number, "above 0 and finite", lambda x: 0.0 < x < inf)


def from_zero(name: str, number: Any) -> float:
    """The number as a float.

    Raises:
        TypeError, ValueError: it is no finite number from 0 on.
    """
    return _checked(name, number, "from 0 on and finite", lambda x: 0.0 <= x < inf)


def below_one(name: str, number: Any) -> float:
    """The number, a share that is not the whole, as a float.

    Raises:
        TypeError, ValueError: it is no number from 0 to below 1.
    """
    return _checked(name, number, "from 0 to below 1", lambda x: 0.0 <= x < 1.0)


def up_to_one(name: str, number: Any) -> float:
    """The number, a factor that makes nothing larger, as a float.

    Raises:
        TypeError, ValueError: it is no number above 0, and 1 at most.
    """
    return _checked(name, number, "above 0, and 1 at most", lambda x: 0.0 < x <= 1.0)


def check_temperature(temperature: Any, function: str) -> float:
    """The temperature of a softmax as a float; at infinity all classes are equally likely.

    Raises:
        TypeError, ValueError: it is no number above 0.
    """
    if not is_number(temperature):
        raise TypeError(
            f"the temperature of {function}() must be a number above 0, not {temperature!r:.80}"
        )
    if not temperature > 0.0:
        raise ValueError(
            f"the temperature of {function}() must be above 0, not {temperature}; the likeliest "
            "class alone is that of the largest logit, drawn with top_k=1"
        )
    return as_float(temperature)


def _checked(name: str, number: Any, rule: str, right: Any) -> float:
    if not is_number(number):
        raise TypeError(f"{name} must be a number {rule}, not {number!r:.80}")
    try:
        converted = float(number)
    except OverflowError:
        converted = inf
    if not right(converted):
        raise ValueError(f"{name} must be {rule}, not {number!s:.80}")
    return converted
