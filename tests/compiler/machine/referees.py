"""How far a result is from the exact one, in units in the last place.

`estimated` computes in extended precision (64 bits against 53), with errors far below a unit, as a
test shows; `exact` asks mpmath, for 200 bits, and is too slow for all points.
"""

from collections.abc import Callable

import mpmath
import numpy as np
from mpmath import mp

Array = np.ndarray
_HALF = np.sqrt(np.longdouble(0.5))
_BEYOND = np.ldexp(np.longdouble(1.0), 1024)  # what is rounded to infinity

_LONG: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sech_squared": lambda x: 1 / np.cosh(x) ** 2,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
}
_EXACT: dict[str, Callable[[mpmath.mpf], mpmath.mpf]] = {
    "exp": mp.exp,
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "expm1": mp.expm1,
    "log": mp.log,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log1p": mp.log1p,
    "tanh": mp.tanh,
    "sech_squared": lambda x: mp.sech(x) ** 2,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "softplus": lambda x: max(x, 0) + mp.log1p(mp.exp(-abs(x))),
    "erf": mp.erf,
    "erfc": mp.erfc,
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
}
NAMES = tuple(_EXACT)


def estimated(table, name: str, x: Array, result: Array) -> Array:
    """The errors of results; infinite where only one of result and referee is NaN."""
    with np.errstate(all="ignore"):
        wanted = _in_long_double(table, name, x.astype(np.longdouble))
        bounded = np.clip(wanted, -_BEYOND, _BEYOND)
        unit = np.spacing(np.minimum(np.abs(wanted.astype(float)), np.finfo(float).max))
        found = np.clip(result.astype(np.longdouble), -_BEYOND, _BEYOND)
        errors = np.abs(found - bounded) / unit
    both_nan = np.isnan(result) & np.isnan(wanted)
    return np.where(both_nan, 0.0, np.where(np.isnan(errors), np.inf, errors)).astype(float)


def _in_long_double(table, name: str, x: Array) -> Array:
    if name == "gelu":
        return x * table.in_long_double("erfc", -x * _HALF) / 2
    return _LONG[name](x) if name in _LONG else table.in_long_double(name, x)


def exact(name: str, x: float, result: float) -> float:
    """The error of one result at a number where the function has one."""
    with mp.workprec(200):
        wanted = _EXACT[name](mpmath.mpf(x))
        unit = np.spacing(min(abs(float(wanted)), np.finfo(float).max))
        return float(abs(mpmath.mpf(result) - wanted) / mpmath.mpf(float(unit)))
