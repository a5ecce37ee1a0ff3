"""The operations on single floats, with IEEE 754 results where Python would raise.

Python's `math` raises for `exp(710)`, `1.0 / 0.0` or `log(0.0)`. NumPy gives the infinity or NaN
that IEEE 754 asks for, but is slow on single numbers; so `math` does the work, and NumPy answers
in the rare case that `math` refuses.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

LARGEST = sys.float_info.max


def as_float(number: Any) -> float:
    """A real number of any type as a float.

    Raises:
        ValueError: it is too large to be one.
    """
    try:
        return float(number)
    except OverflowError:
        kind = "integer" if isinstance(number, int) else type(number).__name__
        raise ValueError(f"that {kind} is too large for float64 (beyond 1.8e308)") from None


def _ieee(fast: Callable[..., float], exact: Callable[..., Any]) -> Callable[..., float]:
    def forward(*numbers: float) -> float:
        try:
            return fast(*numbers)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(exact(*numbers))

    forward.quick = fast  # type: ignore[attr-defined]  # for compiled code that catches errors itself
    return forward


divide = _ieee(operator.truediv, np.divide)
floor_divide = _ieee(operator.floordiv, np.floor_divide)
remainder = _ieee(operator.mod, np.remainder)
power = _ieee(math.pow, np.power)
exp = _ieee(math.exp, np.exp)
exp2 = _ieee(math.exp2, np.exp2)
expm1 = _ieee(math.expm1, np.expm1)
log = _ieee(math.log, np.log)
log2 = _ieee(math.log2, np.log2)
log10 = _ieee(math.log10, np.log10)
log1p = _ieee(math.log1p, np.log1p)
sqrt = _ieee(math.sqrt, np.sqrt)
sin = _ieee(math.sin, np.sin)
cos = _ieee(math.cos, np.cos)
tan = _ieee(math.tan, np.tan)
sinh = _ieee(math.sinh, np.sinh)
cosh = _ieee(math.cosh, np.cosh)
arcsin = _ieee(math.asin, np.arcsin)
arccos = _ieee(math.acos, np.arccos)
arccosh = _ieee(math.acosh, np.arccosh)
arctanh = _ieee(math.atanh, np.arctanh)


def _comparison(holds: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda a, b: 1.0 if holds(a, b) else 0.0


equal = _comparison(operator.eq)
not_equal = _comparison(operator.ne)
less = _comparison(operator.lt)
less_equal = _comparison(operator.le)
greater = _comparison(operator.gt)
greater_equal = _comparison(operator.ge)


def sign(x: float) -> float:
    return (0.0 if x == 0.0 else math.copysign(1.0, x)) if x == x else x


_WHOLE = 2.0**52  # from here on floats have no fraction


def floor(x: float) -> float:
    # With the sign of x also if it is 0, as IEEE 754 has it; `math.floor` gives an int.
    return math.copysign(math.floor(x), x) if abs(x) < _WHOLE else x


def ceil(x: float) -> float:
    return math.copysign(math.ceil(x), x) if abs(x) < _WHOLE else x


def sech_squared(x: float) -> float:
    sech = 1.0 / cosh(x)
    return sech * sech


def sigmoid(x: float) -> float:
    return divide(1.0, 1.0 + exp(-x))


def softplus(x: float) -> float:
    return relu(x) + log1p(exp(-abs(x)))


def relu(x: float) -> float:
    return 0.0 if x <= 0.0 else x


def leaky_relu(x: float, slope: float) -> float:
    return x if x > 0.0 else slope * x


def elu(x: float, alpha: float) -> float:
    return x if x > 0.0 else alpha * expm1(x)


def gelu(x: float) -> float:
    return 0.5 * x * math.erfc(-x * math.sqrt(0.5))


def silu(x: float) -> float:
    return x * sigmoid(x)


def minimum(*xs: float) -> float:
    return next((x for x in xs if x != x), min(xs))


def maximum(*xs: float) -> float:
    return next((x for x in xs if x != x), max(xs))


def clip(x: float, low: float, high: float) -> float:
    return minimum(maximum(x, low), high)


def where(condition: float, a: float, b: float) -> float:
    return a if condition != 0.0 else b


def total(*xs: float) -> float:
    # One fixed order, from left to right: the built-in `sum` rounds otherwise since Python 3.12.
    return reduce(operator.add, xs) if xs else 0.0


def dot_of(ws: Sequence[float], xs: Sequence[float], bias: float) -> float:
    return reduce(operator.add, map(operator.mul, ws, xs), 0.0) + bias


def dot(*operands: float) -> float:
    """`w1 x1 + w2 x2 + ... + bias` of the operands `w1 w2 ... x1 x2 ...`, and a bias if odd."""
    size = len(operands) // 2
    bias = operands[-1] if len(operands) % 2 else 0.0
    return dot_of(operands[:size], operands[size : 2 * size], bias)


def logsumexp(*xs: float) -> float:
    if len(xs) == 1:
        return xs[0]
    # A finite number: infinity less itself would be NaN.
    largest = clip(maximum(*xs), -LARGEST, LARGEST)
    return log(total(*[exp(x - largest) for x in xs])) + largest


def pick(*operands: float) -> float:
    *xs, index = operands
    if not (0 <= index < len(xs) and index == int(index)):
        raise IndexError(f"pick() index {index:g} is not one of 0 to {len(xs) - 1}")
    return xs[int(index)]
