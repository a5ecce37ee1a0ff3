"""Checks of numbers that may be Values: where there are none, nothing can be said against them."""

from __future__ import annotations

import math
from typing import Any

from autograd import context
from autograd.value import Value


def is_known(x: Any) -> bool:
    """Whether it has a number: a Value has none while a function is recorded.

    >>> is_known(Value(2.0))
    True
    """
    return not (isinstance(x, Value) and context.current().tracer is not None)


def number(x: Any) -> float:
    """What to compare with bounds: NaN, of which no comparison holds, if it is not known.

    >>> number(Value(2.0))
    2.0
    """
    return float(x) if is_known(x) else math.nan
