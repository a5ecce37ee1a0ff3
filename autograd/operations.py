"""The table of operations: one row per operation, nothing else.

The local derivatives (partials) are written in the operations themselves, so that they can be
evaluated on floats, on arrays and on Values, whose gradients are then differentiable again.
Adding an operation is adding a row. The edge cases follow PyTorch's, except for a few where
PyTorch is wrong.
"""

# Rows refer to rows further down, which they only do when they are called.
# mypy: disable-error-code="has-type"

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import arrays, floats
from autograd.operation import Operation

# fmt: off

# ------------------------------------------------------------------------------ arithmetic

add = Operation(
    "add", symbol="+", forward=lambda a, b: a + b, array=np.add,
    partials=(1.0, 1.0))

subtract = Operation(
    "subtract", symbol="-", forward=lambda a, b: a - b, array=np.subtract,
    partials=(1.0, -1.0))

multiply = Operation(
    "multiply", symbol="*", forward=lambda a, b: a * b, array=np.multiply,
    partials=(lambda a, b, out: b,
              lambda a, b, out: a))

divide = Operation(
    "divide", symbol="/", forward=floats.divide, array=np.divide, domain=((-2, 2), (0.5, 2)),
    partials=(lambda a, b, out: divide(1.0, b),
              lambda a, b, out: -divide(out, b)))

negate = Operation(
    "negate", symbol="neg", forward=lambda x: -x, array=np.negative,
    partials=(-1.0,))

# x**b has the derivative b x**(b-1), where 0 x**0 stands for 0 x**(-1) at x = 0 (and at NaN), so
# that it is 0 there.
# Its other derivative, out log(a), is 0 and not 0 log(0) at a = 0, as long as b >= 0.
power = Operation(
    "power", symbol="**", forward=floats.power, array=arrays.power, domain=((0.2, 3), (-2, 3)),
    partials=(lambda a, b, out: b * power(
                  a, b - maximum(not_equal(b, 0.0), greater(absolute(a), 0.0))),
              lambda a, b, out: out * log(a + equal(a, 0.0) * greater_equal(b, 0.0))))

# As Python's and NumPy's: a % b = a - b (a // b) has the sign of b. The quotient is the one that
# belongs to this remainder, also where a / b is rounded up to a whole number (1.0 // 0.1 is 9).
floor_divide = Operation(
    "floor_divide", symbol="//", forward=floats.floor_divide, array=np.floor_divide,
    domain=((2.3, 2.8), (1.0, 1.1)), partials=(None, None))

remainder = Operation(
    "remainder", symbol="%", forward=floats.remainder, array=np.remainder,
    domain=((2.3, 2.8), (1.0, 1.1)),
    partials=(1.0,
              lambda a, b, out: -floor_divide(a, b)))

absolute = Operation(
    "absolute", symbol="abs", forward=abs, array=np.absolute,
    partials=(lambda x, out: sign(x),))

# ------------------------------------------------------ exponentials, logarithms, circles

exp = Operation(
    "exp", symbol="exp", forward=floats.exp, array=np.exp,
    partials=(lambda x, out: out,))

exp2 = Operation(
    "exp2", symbol="exp2", forward=floats.exp2, array=np.exp2,
    partials=(lambda x, out: math.log(2.0) * out,))

expm1 = Operation(
    "expm1", symbol="expm1", forward=floats.expm1, array=np.expm1,
    partials=(lambda x, out: exp(x),))

log = Operation(
    "log", symbol="log", forward=floats.log, array=np.log, domain=((0.2, 4),),
    partials=(lambda x, out: divide(1.0, x),))

log2 = Operation(
    "log2", symbol="log2", forward=floats.log2, array=np.log2, domain=((0.2, 4),),
    partials=(lambda x, out: divide(1.0 / math.log(2.0), x),))

log10 = Operation(
    "log10", symbol="log10", forward=floats.log10, array=np.log10, domain=((0.2, 4),),
    partials=(lambda x, out: divide(1.0 / math.log(10.0), x),))

log1p = Operation(
    "log1p", symbol="log1p", forward=floats.log1p, array=np.log1p, domain=((-0.8, 4),),
    partials=(lambda x, out: divide(1.0, 1.0 + x),))

sqrt = Operation(
    "sqrt", symbol="sqrt", forward=floats.sqrt, array=np.sqrt, domain=((0.2, 4),),
    partials=(lambda x, out: divide(0.5, out),))

cbrt = Operation(
    "cbrt", symbol="cbrt", forward=math.cbrt, array=np.cbrt, domain=((0.2, 4),),
    partials=(lambda x, out: divide(1.0 / 3.0, out * out),))

# The distance from (0, 0), where it has the derivatives 0, as abs has there.
hypot = Operation(
    "hypot", symbol="hypot", forward=math.hypot, array=np.hypot, domain=((0.2, 2),),
    partials=(lambda x, y, out: divide(x, out + equal(out, 0.0)),
              lambda x, y, out: divide(y, out + equal(out, 0.0))))

sin = Operation(
    "sin", symbol="sin", forward=floats.sin, array=np.sin,
    partials=(lambda x, out: cos(x),))

cos = Operation(
    "cos", symbol="cos", forward=floats.cos, array=np.cos,
    partials=(lambda x, out: -sin(x),))

tan = Operation(
    "tan", symbol="tan", forward=floats.tan, array=np.tan, domain=((-1.2, 1.2),),
    partials=(lambda x, out: 1.0 + out * out,))

sinh = Operation(
    "sinh", symbol="sinh", forward=floats.sinh, array=np.sinh,
    partials=(lambda x, out: cosh(x),))

cosh = Operation(
    "cosh", symbol="cosh", forward=floats.cosh, array=np.cosh,
    partials=(lambda x, out: sinh(x),))

# 1 - tanh(x)**2 would be 0 from |x| = 19 on; the derivative is not.
tanh = Operation(
    "tanh", symbol="tanh", forward=math.tanh, array=np.tanh,
    partials=(lambda x, out: sech_squared(x),))

sech_squared = Operation(
    "sech_squared", symbol="sech²", forward=floats.sech_squared, array=arrays.sech_squared,
    partials=(lambda x, out: -2.0 * tanh(x) * out,))

# (1 - x)(1 + x), because 1 - x**2 has lost half of its digits near 1.
arcsin = Operation(
    "arcsin", symbol="arcsin", forward=floats.arcsin, array=np.arcsin, domain=((-0.8, 0.8),),
    partials=(lambda x, out: divide(1.0, sqrt((1.0 - x) * (1.0 + x))),))

arccos = Operation(
    "arccos", symbol="arccos", forward=floats.arccos, array=np.arccos, domain=((-0.8, 0.8),),
    partials=(lambda x, out: divide(-1.0, sqrt((1.0 - x) * (1.0 + x))),))

arctan = Operation(
    "arctan", symbol="arctan", forward=math.atan, array=np.arctan,
    partials=(lambda x, out: divide(1.0, 1.0 + x * x),))


def _from_origin(y: Any, x: Any) -> Any:
    """The distance from (0, 0), but 1 there, where the derivatives of the angle are 0."""
    distance = hypot(y, x)
    return distance + equal(distance, 0.0)


# x / (x**2 + y**2) without the squares, which overflow.
arctan2 = Operation(
    "arctan2", symbol="arctan2", forward=math.atan2, array=np.arctan2, domain=((0.2, 2),),
    partials=(lambda y, x, out: divide(divide(x, _from_origin(y, x)), _from_origin(y, x)),
              lambda y, x, out: divide(divide(-y, _from_origin(y, x)), _from_origin(y, x))))

arcsinh = Operation(
    "arcsinh", symbol="arcsinh", forward=math.asinh, array=np.arcsinh,
    partials=(lambda x, out: divide(1.0, hypot(x, 1.0)),))

# Two roots, because x**2 overflows, and because below -1 there is no derivative.
arccosh = Operation(
    "arccosh", symbol="arccosh", forward=floats.arccosh, array=np.arccosh, domain=((1.2, 4),),
    partials=(lambda x, out: divide(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),))

arctanh = Operation(
    "arctanh", symbol="arctanh", forward=floats.arctanh, array=np.arctanh, domain=((-0.8, 0.8),),
    partials=(lambda x, out: divide(1.0, (1.0 - x) * (1.0 + x)),))

erf = Operation(
    "erf", symbol="erf", forward=math.erf, array=arrays.erf,
    partials=(lambda x, out: 2.0 / math.sqrt(math.pi) * exp(-(x * x)),))

# 1 - erf(x), exact where that would be 0.
erfc = Operation(
    "erfc", symbol="erfc", forward=math.erfc, array=arrays.erfc,
    partials=(lambda x, out: -2.0 / math.sqrt(math.pi) * exp(-(x * x)),))

# ------------------------------------------------------------------- activation functions

# s(x) s(-x) = 1 / (4 cosh(x/2)**2), and not s(x) (1 - s(x)), which is 0 from x = 37 on.
sigmoid = Operation(
    "sigmoid", symbol="sigmoid", forward=floats.sigmoid, array=arrays.sigmoid,
    partials=(lambda x, out: 0.25 * sech_squared(0.5 * x),))

softplus = Operation(
    "softplus", symbol="softplus", forward=floats.softplus, array=arrays.softplus,
    partials=(lambda x, out: sigmoid(x),))

relu = Operation(
    "relu", symbol="relu", forward=floats.relu, array=arrays.relu,
    partials=(lambda x, out: not_equal(out, 0.0),))

leaky_relu = Operation(
    "leaky_relu", symbol="leaky relu", forward=floats.leaky_relu, array=arrays.leaky_relu,
    domain=((-2, 2), (0.01, 0.3)), arrange=lambda x, slope=0.01: (x, slope),
    partials=(lambda x, slope, out: where(greater(x, 0.0), 1.0, slope),
              lambda x, slope, out: where(greater(x, 0.0), 0.0, x)))


def _left(x: Any) -> Any:
    """`x` up to 0, where its derivative still is 1; that of `minimum` is shared."""
    return clip(x, -math.inf, 0.0)


elu = Operation(
    "elu", symbol="elu", forward=floats.elu, array=arrays.elu,
    domain=((-2, 2), (0.5, 2)), arrange=lambda x, alpha=1.0: (x, alpha),
    partials=(lambda x, alpha, out: where(greater(x, 0.0), 1.0, alpha * exp(_left(x))),
              lambda x, alpha, out: where(greater(x, 0.0), 0.0, expm1(_left(x)))))

# x Phi(x), with the standard normal's distribution Phi and density (Hendrycks & Gimpel, 2016).
gelu = Operation(
    "gelu", symbol="gelu", forward=floats.gelu, array=arrays.gelu,
    partials=(lambda x, out: 0.5 * erfc(-math.sqrt(0.5) * x)
              + x * exp(-0.5 * (x * x)) * (1.0 / math.sqrt(2.0 * math.pi)),))

silu = Operation(
    "silu", symbol="silu", forward=floats.silu, array=arrays.silu,
    partials=(lambda x, out: sigmoid(x) * (1.0 + x * sigmoid(-x)),))

# ----------------------------------------------------------------- steps, choices, ranges

step = Operation(
    "step", symbol="step", forward=lambda x: 1.0 if x > 0.0 else 0.0, array=arrays.step,
    partials=(None,))

sign = Operation(
    "sign", symbol="sign", forward=floats.sign, array=np.sign,
    partials=(None,))

floor = Operation(
    "floor", symbol="floor", forward=floats.floor, array=np.floor, domain=((0.1, 0.9),),
    partials=(None,))

ceil = Operation(
    "ceil", symbol="ceil", forward=floats.ceil, array=np.ceil, domain=((0.1, 0.9),),
    partials=(None,))

# As in PyTorch it is `high` if that is below `low`.
clip = Operation(
    "clip", symbol="clip", forward=floats.clip, array=arrays.clip,
    domain=((-2, 2), (-1, -0.5), (0.5, 1)), arrange=lambda x, low, high: (x, low, high),
    partials=(lambda x, low, high, out: less_equal(low, x) * less_equal(x, high),
              lambda x, low, high, out: less(x, low) * less_equal(low, high),
              lambda x, low, high, out: maximum(greater(x, high), greater(low, high))))

where = Operation(
    "where", symbol="where", forward=floats.where, array=arrays.where,
    partials=(None,
              lambda condition, a, b, out: not_equal(condition, 0.0),
              lambda condition, a, b, out: equal(condition, 0.0)))


def _comparison(name: str, symbol: str) -> Operation:
    """1.0 where it holds and 0.0 where not, for the condition of `where`; no derivative."""
    return Operation(
        name, symbol=symbol, forward=getattr(floats, name), array=getattr(arrays, name),
        partials=(None, None))


equal = _comparison("equal", "==")
not_equal = _comparison("not_equal", "!=")
less = _comparison("less", "<")
less_equal = _comparison("less_equal", "<=")
greater = _comparison("greater", ">")
greater_equal = _comparison("greater_equal", ">=")

# ------------------------------------------------------------- any number of operands


_SEQUENCES = (list, tuple, np.ndarray, Sequence)  # the first are the quickest to find


def _sequence(xs: Any) -> tuple[Any, ...]:
    return tuple(xs) if isinstance(xs, _SEQUENCES) else (xs,)


def _operands(name: str, *xs: Any) -> tuple[Any, ...]:
    operands = _sequence(xs[0]) if len(xs) == 1 else xs
    if not operands:
        raise ValueError(f"{name}() of nothing: it needs at least one operand")
    return operands


def _vector(xs: Any) -> tuple[Any, ...]:
    if isinstance(xs, (list, tuple)):
        return tuple(xs)
    if isinstance(xs, np.ndarray) and xs.ndim > 1:
        raise ValueError(
            f"dot() is of two vectors, and one has the shape {xs.shape}: the product with a matrix "
            "is A @ B, or np.dot(A, B)"
        )
    return _sequence(xs)


def _dot_operands(ws: Any, xs: Any, bias: Any = None) -> tuple[Any, ...]:
    ws, xs = _vector(ws), _vector(xs)
    if len(ws) != len(xs):
        raise ValueError(f"dot() of {len(ws)} and {len(xs)} numbers: the lengths must be equal")
    return (*ws, *xs) if bias is None else (*ws, *xs, bias)


def _dot_partials(operands: Sequence[Any], out: Any) -> list[Any]:
    size = len(operands) // 2
    return [*operands[size : 2 * size], *operands[:size], *[1.0] * (len(operands) % 2)]


def _dot_expansion(operands: Sequence[Any]) -> Any:
    size = len(operands) // 2
    products = [w * x for w, x in zip(operands[:size], operands[size : 2 * size], strict=True)]
    return total([*products, *operands[2 * size :]])


def _shared_by_ties(strictly_worse: Operation) -> Any:
    def partials(xs: Sequence[Any], out: Any) -> list[Any]:
        # A NaN among the operands makes `out` NaN: nothing is then worse, and all get 1.
        ties = maximum(total([equal(x, out) for x in xs]), 1.0)
        return [divide(1.0 - strictly_worse(x, out), ties) for x in xs]

    return partials


def _largest(xs: Sequence[Any]) -> Any:
    """The largest operand, but finite: infinity less itself would be NaN."""
    return minimum(maximum([*xs, -floats.LARGEST]), floats.LARGEST)


def _logsumexp_partials(xs: Sequence[Any], out: Any) -> list[Any]:
    if len(xs) == 1:
        return [1.0]
    # Softmax. Not exp(x - out), which has lost digits of `out` when the operands are large.
    largest = _largest(xs)
    shares = [exp(x - largest) for x in xs]
    # At least the 1 of the largest operand; 0 only if all are -inf, whose shares are then 0. Not
    # the larger one of it and 1, because it may be 1, and the derivative of a tie is shared.
    whole = maximum(total(shares), 0.5)
    return [divide(share, whole) for share in shares]


def _logsumexp_expansion(xs: Sequence[Any]) -> Any:
    if len(xs) == 1:
        return xs[0]
    largest = _largest(xs)
    return log(total([exp(x - largest) for x in xs])) + largest


class _NotChosen(float):
    """A partial of 0 that makes no NaN of infinity: 0, whatever it is multiplied with."""

    __slots__ = ()

    def __mul__(self, gradient: Any) -> float:
        return 0.0


_NOT_CHOSEN = _NotChosen()


class _Choice:
    """A partial that is 1 where a condition holds, and elsewhere as `_NotChosen`."""

    def __init__(self, condition: Any) -> None:
        self.condition = condition

    def __mul__(self, gradient: Any) -> Any:
        return where(self.condition, gradient, 0.0)

    __rmul__ = __mul__  # Values multiply from the left

    def __float__(self) -> float:
        return float(self.condition)


def _pick_partials(operands: Sequence[Any], out: Any) -> list[Any]:
    *xs, index = operands
    if isinstance(index, float):
        return [*[1.0 if i == index else _NOT_CHOSEN for i in range(len(xs))], None]
    return [*[_Choice(equal(i, index)) for i in range(len(xs))], None]


total = Operation(
    "total", symbol="sum", forward=floats.total, array=arrays.total,
    arrange=lambda *xs: _sequence(xs[0]) if len(xs) == 1 else xs,
    partials=lambda xs, out: [1.0] * len(xs), expansion=lambda xs: reduce(add, xs))

dot = Operation(
    "dot", symbol="dot", forward=floats.dot, array=arrays.dot,
    arrange=_dot_operands, partials=_dot_partials, expansion=_dot_expansion)

minimum = Operation(
    "minimum", symbol="min", forward=floats.minimum, array=arrays.minimum,
    arrange=lambda *xs: _operands("minimum", *xs), partials=_shared_by_ties(greater))

maximum = Operation(
    "maximum", symbol="max", forward=floats.maximum, array=arrays.maximum,
    arrange=lambda *xs: _operands("maximum", *xs), partials=_shared_by_ties(less))

logsumexp = Operation(
    "logsumexp", symbol="logsumexp", forward=floats.logsumexp, array=arrays.logsumexp,
    arrange=lambda *xs: _operands("logsumexp", *xs),
    partials=_logsumexp_partials, expansion=_logsumexp_expansion)

pick = Operation(
    "pick", symbol="pick", forward=floats.pick, array=arrays.pick, domain=((-2, 2), (1, 1)),
    arrange=lambda xs, index: (*_sequence(xs), index), partials=_pick_partials)

# fmt: on

TABLE = {row.name: row for row in list(globals().values()) if isinstance(row, Operation)}
if not TYPE_CHECKING:  # Type checkers know the rows by themselves, and would not follow a list.
    __all__ = [*TABLE]
