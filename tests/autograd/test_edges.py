"""Values and derivatives where floats end: a literal table, checked on floats, Values and arrays.

The last column computes the same with PyTorch; None where PyTorch is wrong (tanh, sigmoid and
softplus lose the tail, logsumexp loses digits) or has no such function.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import (
    Value,
    absolute,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan2,
    arctanh,
    cbrt,
    ceil,
    clip,
    divide,
    dot,
    elu,
    erf,
    erfc,
    exp,
    exp2,
    floor,
    floor_divide,
    gradient,
    hypot,
    leaky_relu,
    log,
    log2,
    log10,
    logsumexp,
    maximum,
    minimum,
    negate,
    pick,
    power,
    relu,
    remainder,
    sigmoid,
    sign,
    softplus,
    sqrt,
    step,
    tanh,
    total,
    where,
)

inf, nan = math.inf, math.nan


class Edge(NamedTuple):
    case: str
    f: Callable[..., Any]
    at: tuple[float, ...]
    value: float
    slopes: tuple[float, ...]
    torch: Callable[..., Any] | None


def log_softmax(x: Any, y: Any) -> Any:
    return x - logsumexp(x, y)


# fmt: off
EDGES = [
    Edge("relu at 0", relu, (0.0,), 0.0, (0.0,), lambda t, x: t.relu(x)),
    Edge("relu at -0", relu, (-0.0,), 0.0, (0.0,), lambda t, x: t.relu(x)),
    Edge("relu of nan", relu, (nan,), nan, (1.0,), lambda t, x: t.relu(x)),
    Edge("absolute at 0", absolute, (0.0,), 0.0, (0.0,), lambda t, x: t.abs(x)),
    Edge("leaky relu at 0", lambda x: leaky_relu(x, 0.01), (0.0,), 0.0, (0.01,),
         lambda t, x: t.nn.functional.leaky_relu(x, 0.01)),
    Edge("elu at 0", elu, (0.0,), 0.0, (1.0,), lambda t, x: t.nn.functional.elu(x)),
    Edge("elu far left", elu, (-1000.0,), -1.0, (0.0,), lambda t, x: t.nn.functional.elu(x)),
    Edge("step at 0", step, (0.0,), 0.0, (0.0,), None),
    Edge("sign at 0", sign, (0.0,), 0.0, (0.0,), lambda t, x: t.sign(x)),

    Edge("sqrt at 0", sqrt, (0.0,), 0.0, (inf,), lambda t, x: t.sqrt(x)),
    Edge("sqrt below 0", sqrt, (-1.0,), nan, (nan,), lambda t, x: t.sqrt(x)),
    Edge("log at 0", log, (0.0,), -inf, (inf,), lambda t, x: t.log(x)),
    Edge("log at -0", log, (-0.0,), -inf, (-inf,), lambda t, x: t.log(x)),
    Edge("log below 0", log, (-1.0,), nan, (-1.0,), lambda t, x: t.log(x)),
    Edge("exp too large", exp, (710.0,), inf, (inf,), lambda t, x: t.exp(x)),
    Edge("exp too small", exp, (-746.0,), 0.0, (0.0,), lambda t, x: t.exp(x)),

    Edge("log2 at 0", log2, (0.0,), -inf, (inf,), lambda t, x: t.log2(x)),
    Edge("log2 at -0", log2, (-0.0,), -inf, (-inf,), lambda t, x: t.log2(x)),
    Edge("log2 below 0", log2, (-1.0,), nan, (-1.0 / math.log(2.0),), lambda t, x: t.log2(x)),
    Edge("log2 of the least", log2, (5e-324,), -1074.0, (inf,), lambda t, x: t.log2(x)),
    Edge("log2 of a subnormal", log2, (2.0**-1030,), -1030.0, (inf,), lambda t, x: t.log2(x)),
    Edge("log10 at 0", log10, (0.0,), -inf, (inf,), lambda t, x: t.log10(x)),
    Edge("log10 at -0", log10, (-0.0,), -inf, (-inf,), lambda t, x: t.log10(x)),
    Edge("log10 below 0", log10, (-1.0,), nan, (-1.0 / math.log(10.0),), lambda t, x: t.log10(x)),
    Edge("log10 of the least", log10, (5e-324,), math.log10(5e-324), (inf,),
         lambda t, x: t.log10(x)),
    Edge("log10 of infinity", log10, (inf,), inf, (0.0,), lambda t, x: t.log10(x)),
    Edge("exp2 too large", exp2, (1025.0,), inf, (inf,), lambda t, x: t.exp2(x)),
    Edge("exp2 too small", exp2, (-1076.0,), 0.0, (0.0,), lambda t, x: t.exp2(x)),
    Edge("exp2 of -inf", exp2, (-inf,), 0.0, (0.0,), lambda t, x: t.exp2(x)),
    Edge("cbrt at 0", cbrt, (0.0,), 0.0, (inf,), None),
    Edge("cbrt at -0", lambda x: divide(1.0, cbrt(x)), (-0.0,), -inf, (-inf,), None),
    Edge("cbrt below 0", cbrt, (-8.0,), -2.0, (1.0 / 12.0,), None),
    Edge("cbrt of the largest", cbrt, (-1e300,), -1e100, (1e-200 / 3.0,), None),
    Edge("cbrt of infinity", cbrt, (-inf,), -inf, (0.0,), None),

    Edge("arcsinh of large", arcsinh, (-1e200,), math.asinh(-1e200), (1e-200,), None),
    Edge("arcsinh of infinity", arcsinh, (-inf,), -inf, (0.0,), lambda t, x: t.arcsinh(x)),
    Edge("arccosh at 1", arccosh, (1.0,), 0.0, (inf,), lambda t, x: t.arccosh(x)),
    Edge("arccosh below 1", arccosh, (0.5,), nan, (nan,), lambda t, x: t.arccosh(x)),
    Edge("arccosh below -1", arccosh, (-2.0,), nan, (nan,), None),
    Edge("arccosh of large", arccosh, (1e200,), math.acosh(1e200), (1e-200,), None),
    Edge("arccosh of infinity", arccosh, (inf,), inf, (0.0,), lambda t, x: t.arccosh(x)),
    Edge("arctanh at 1", arctanh, (1.0,), inf, (inf,), lambda t, x: t.arctanh(x)),
    Edge("arctanh at -1", arctanh, (-1.0,), -inf, (inf,), lambda t, x: t.arctanh(x)),
    Edge("arctanh past 1", arctanh, (2.0,), nan, (-1.0 / 3.0,), lambda t, x: t.arctanh(x)),
    Edge("arctanh near 1", arctanh, (1.0 - 2.0**-53,), math.atanh(1.0 - 2.0**-53),
         (1.0 / (2.0**-53 * (2.0 - 2.0**-53)),), None),

    Edge("arctan2 at (0, 0)", arctan2, (0.0, 0.0), 0.0, (0.0, 0.0),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 at (0, -0)", arctan2, (0.0, -0.0), math.pi, (0.0, 0.0),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 at (-0, -0)", arctan2, (-0.0, -0.0), -math.pi, (0.0, 0.0),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 at (-0, -1)", arctan2, (-0.0, -1.0), -math.pi, (-1.0, 0.0),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 of tiny", arctan2, (1e-200, 1e-200), 0.25 * math.pi, (5e199, -5e199), None),
    Edge("arctan2 of large", arctan2, (1e200, -1e200), 0.75 * math.pi, (-5e-201, -5e-201), None),
    Edge("arctan2 of infinities", arctan2, (inf, inf), 0.25 * math.pi, (nan, nan),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 far right", arctan2, (1.0, inf), 0.0, (nan, 0.0),
         lambda t, y, x: t.arctan2(y, x)),
    Edge("arctan2 of nan", arctan2, (nan, 1.0), nan, (nan, nan), lambda t, y, x: t.arctan2(y, x)),
    # PyTorch has NaN, which is no slope of a length; as at abs(0), which it is if y is 0.
    Edge("hypot at (0, 0)", hypot, (0.0, 0.0), 0.0, (0.0, 0.0), None),
    Edge("hypot at (-0, 0)", hypot, (-0.0, 0.0), 0.0, (0.0, 0.0), None),
    Edge("hypot of one 0", hypot, (0.0, -2.0), 2.0, (0.0, -1.0), lambda t, x, y: t.hypot(x, y)),
    Edge("hypot of large", hypot, (1e200, 1e200), math.sqrt(2.0) * 1e200, (math.sqrt(0.5),) * 2,
         lambda t, x, y: t.hypot(x, y)),
    Edge("hypot of tiny", hypot, (1e-200, 1e-200), math.sqrt(2.0) * 1e-200, (math.sqrt(0.5),) * 2,
         lambda t, x, y: t.hypot(x, y)),
    Edge("hypot too large", hypot, (1.7e308, 1.7e308), inf, (0.0, 0.0),
         lambda t, x, y: t.hypot(x, y)),
    Edge("hypot of infinity", hypot, (-inf, 1.0), inf, (nan, 0.0), lambda t, x, y: t.hypot(x, y)),
    Edge("hypot of infinity and nan", hypot, (inf, nan), inf, (nan, nan),
         lambda t, x, y: t.hypot(x, y)),

    Edge("erf at 0", erf, (0.0,), 0.0, (2.0 / math.sqrt(math.pi),), lambda t, x: t.erf(x)),
    Edge("erf far right", erf, (6.0,), 1.0, (2.0 / math.sqrt(math.pi) * math.exp(-36.0),),
         lambda t, x: t.erf(x)),
    Edge("erf of large", erf, (-1e200,), -1.0, (0.0,), lambda t, x: t.erf(x)),
    Edge("erf of tiny", erf, (1e-300,), math.erf(1e-300), (2.0 / math.sqrt(math.pi),),
         lambda t, x: t.erf(x)),
    Edge("erfc far right", erfc, (20.0,), math.erfc(20.0),
         (-2.0 / math.sqrt(math.pi) * math.exp(-400.0),), lambda t, x: t.erfc(x)),

    Edge("remainder of a whole", remainder, (6.0, 3.0), 0.0, (1.0, -2.0),
         lambda t, a, b: t.remainder(a, b)),
    Edge("-a % b", remainder, (-5.0, 3.0), 1.0, (1.0, 2.0), lambda t, a, b: t.remainder(a, b)),
    Edge("a % -b", remainder, (5.0, -3.0), -1.0, (1.0, 2.0), lambda t, a, b: t.remainder(a, b)),
    Edge("1 % 0.1", remainder, (1.0, 0.1), 1.0 % 0.1, (1.0, -9.0),
         lambda t, a, b: t.remainder(a, b)),
    Edge("next to 0 from below", remainder, (-1e-20, 1.0), 1.0, (1.0, 1.0),
         lambda t, a, b: t.remainder(a, b)),
    Edge("-1 % 1 is 0", lambda a, b: divide(1.0, remainder(a, b)), (-1.0, 1.0), inf, (-inf, -inf),
         None),  # PyTorch: -0
    Edge("a % 0", remainder, (1.0, 0.0), nan, (1.0, -inf), lambda t, a, b: t.remainder(a, b)),
    Edge("0 % 0", remainder, (0.0, 0.0), nan, (1.0, nan), lambda t, a, b: t.remainder(a, b)),
    Edge("a % inf", remainder, (5.0, inf), 5.0, (1.0, 0.0), lambda t, a, b: t.remainder(a, b)),
    Edge("-a % inf", remainder, (-5.0, inf), inf, (1.0, 1.0), lambda t, a, b: t.remainder(a, b)),
    Edge("inf % b", remainder, (inf, 1.0), nan, (1.0, nan), lambda t, a, b: t.remainder(a, b)),
    Edge("a // 0", lambda a: floor_divide(a, 0.0), (1.0,), inf, (0.0,), None),
    Edge("0 // 0", lambda a: floor_divide(a, 0.0), (0.0,), nan, (0.0,), None),
    Edge("1 // 0.1", lambda a: floor_divide(a, 0.1), (1.0,), 9.0, (0.0,),
         lambda t, a: t.div(a, 0.1, rounding_mode="floor")),
    Edge("floor below 0", floor, (-0.5,), -1.0, (0.0,), lambda t, x: t.floor(x)),
    Edge("floor at -0", lambda x: divide(1.0, floor(x)), (-0.0,), -inf, (0.0,), None),
    Edge("ceil below 0", lambda x: divide(1.0, ceil(x)), (-0.5,), -inf, (0.0,), None),
    Edge("floor of infinity", floor, (inf,), inf, (0.0,), lambda t, x: t.floor(x)),
    Edge("ceil of nan", ceil, (nan,), nan, (0.0,), lambda t, x: t.ceil(x)),
    Edge("floor of large", floor, (1e300,), 1e300, (0.0,), lambda t, x: t.floor(x)),

    Edge("0 ** 0", power, (0.0, 0.0), 1.0, (0.0, 0.0), lambda t, a, b: t.pow(a, b)),
    Edge("x ** 0.0 at 0", lambda x: x ** 0.0, (0.0,), 1.0, (0.0,), lambda t, x: t.pow(x, 0.0)),
    Edge("0 ** x at 0", lambda x: power(0.0, x), (0.0,), 1.0, (0.0,), lambda t, x: t.pow(0.0, x)),
    Edge("0 ** 2", power, (0.0, 2.0), 0.0, (0.0, 0.0), lambda t, a, b: t.pow(a, b)),
    Edge("0 ** 0.5", power, (0.0, 0.5), 0.0, (inf, 0.0), lambda t, a, b: t.pow(a, b)),
    Edge("0 ** -1", power, (0.0, -1.0), inf, (-inf, -inf), lambda t, a, b: t.pow(a, b)),
    Edge("(-2) ** 3", power, (-2.0, 3.0), -8.0, (12.0, nan), lambda t, a, b: t.pow(a, b)),
    Edge("(-2) ** 0.5", power, (-2.0, 0.5), nan, (nan, nan), lambda t, a, b: t.pow(a, b)),
    Edge("1 / 0", divide, (1.0, 0.0), inf, (inf, -inf), lambda t, a, b: t.div(a, b)),
    Edge("0 / 0", divide, (0.0, 0.0), nan, (inf, nan), lambda t, a, b: t.div(a, b)),

    Edge("maximum of a tie", maximum, (1.0, 1.0), 1.0, (0.5, 0.5), lambda t, a, b: t.maximum(a, b)),
    Edge("minimum of a tie", minimum, (1.0, 1.0), 1.0, (0.5, 0.5), lambda t, a, b: t.minimum(a, b)),
    Edge("maximum, two of three", maximum, (2.0, 1.0, 2.0), 2.0, (0.5, 0.0, 0.5),
         lambda t, *xs: t.stack(xs).amax(0)),
    Edge("maximum with nan", maximum, (nan, 1.0), nan, (1.0, 1.0), lambda t, a, b: t.maximum(a, b)),
    Edge("maximum, nan second", maximum, (1.0, nan), nan, (1.0, 1.0),
         lambda t, a, b: t.maximum(a, b)),
    Edge("clip at its end", lambda x: clip(x, 0.0, 1.0), (1.0,), 1.0, (1.0,),
         lambda t, x: t.clip(x, 0.0, 1.0)),
    Edge("clip of nan", lambda x: clip(x, 0.0, 1.0), (nan,), nan, (0.0,),
         lambda t, x: t.clip(x, 0.0, 1.0)),
    Edge("clip with the ends exchanged", clip, (1.5, 2.0, 1.0), 1.0, (0.0, 0.0, 1.0),
         lambda t, x, low, high: t.clip(x, low, high)),
    Edge("the same, below both", clip, (0.5, 2.0, 1.0), 1.0, (0.0, 0.0, 1.0),
         lambda t, x, low, high: t.clip(x, low, high)),

    Edge("x + 0 at -0", lambda x: divide(1.0, x + 0.0), (-0.0,), inf, (-inf,),
         lambda t, x: 1 / (x + 0.0)),
    Edge("0 + x at -0", lambda x: divide(1.0, 0 + x), (-0.0,), inf, (-inf,),
         lambda t, x: 1 / (0 + x)),
    Edge("x - 0 at -0", lambda x: divide(1.0, x - 0.0), (-0.0,), -inf, (-inf,),
         lambda t, x: 1 / (x - 0.0)),
    Edge("x - -0 at -0", lambda x: divide(1.0, x - -0.0), (-0.0,), inf, (-inf,),
         lambda t, x: 1 / (x - -0.0)),
    Edge("x * 1 at -0", lambda x: divide(1.0, x * 1), (-0.0,), -inf, (-inf,),
         lambda t, x: 1 / (x * 1)),
    Edge("x * 0 below 0", lambda x: divide(1.0, x * 0), (-2.0,), -inf, (nan,),
         lambda t, x: 1 / (x * 0)),
    Edge("-(-x) at -0", lambda x: divide(1.0, negate(negate(x))), (-0.0,), -inf, (-inf,),
         lambda t, x: 1 / t.neg(t.neg(x))),
    Edge("sum of -0", lambda x: divide(1.0, sum([x])), (-0.0,), inf, (-inf,),
         lambda t, x: 1 / sum([x])),
    Edge("sum of -0 three times", lambda x: divide(1.0, sum([x, x, x])), (-0.0,), inf, (-inf,),
         lambda t, x: 1 / sum([x, x, x])),
    Edge("total of -0", lambda x: divide(1.0, total([x])), (-0.0,), -inf, (-inf,), None),
    Edge("total of -0 three times", lambda x: divide(1.0, total(x, x, x)),
         (-0.0,), -inf, (-inf,), None),
    Edge("-0 three times", lambda x: divide(1.0, x + x + x), (-0.0,), -inf, (-inf,),
         lambda t, x: 1 / (x + x + x)),
    Edge("-0 and 0 are two numbers", lambda x: divide(1.0, x * 0.0) + divide(1.0, x * -0.0),
         (1.0,), nan, (nan,), lambda t, x: 1 / (x * 0.0) + 1 / (x * -0.0)),
    Edge("0 times inf in a sum", lambda w, x, y: w * x + y, (0.0, inf, 1.0), nan, (inf, 0.0, 1.0),
         lambda t, w, x, y: w * x + y),
    Edge("0 times inf in a sum of two", lambda w, x, y: w * x + w * y, (0.0, inf, 1.0), nan,
         (inf, 0.0, 0.0), lambda t, w, x, y: w * x + w * y),
    Edge("root of -inf", lambda x: power(x, 0.5), (-inf,), inf, (0.0,), None),
    Edge("root of -0", lambda x: power(x, 0.5), (-0.0,), 0.0, (inf,), None),
    Edge("of the root of -0", lambda x: divide(1.0, power(x, 0.5)), (-0.0,), inf, (-inf,), None),
    Edge("elu at -0", lambda x: divide(1.0, elu(x)), (-0.0,), -inf, (-inf,), None),
    Edge("arcsin near 1", arcsin, (1.0 - 2.0**-53,), math.asin(1.0 - 2.0**-53), (2.0**26,), None),
    Edge("arccos near -1", arccos, (2.0**-53 - 1.0,), math.acos(2.0**-53 - 1.0),
         (-(2.0**26),), None),

    Edge("logsumexp of large", logsumexp, (1000.0, 1000.0), 1000.0 + math.log(2.0), (0.5, 0.5),
         None),
    Edge("logsumexp of -inf", logsumexp, (-inf, -inf), -inf, (0.0, 0.0), None),
    Edge("logsumexp of inf", logsumexp, (inf, 0.0), inf, (nan, 0.0),
         lambda t, *xs: t.logsumexp(t.stack(xs), 0)),
    Edge("logsumexp of nan", logsumexp, (nan, 0.0), nan, (nan, nan),
         lambda t, *xs: t.logsumexp(t.stack(xs), 0)),
    Edge("logsumexp of inf alone", lambda x: logsumexp([x]), (inf,), inf, (1.0,), None),
    Edge("logsumexp of -inf alone", lambda x: logsumexp([x]), (-inf,), -inf, (1.0,), None),
    Edge("logsumexp of nan alone", lambda x: logsumexp([x]), (nan,), nan, (1.0,), None),
    Edge("log softmax, -inf", log_softmax, (-inf, 0.0), -inf, (1.0, -1.0),
         lambda t, *xs: t.log_softmax(t.stack(xs), 0)[0]),
    Edge("softmax, inf", lambda x, y: exp(log_softmax(x, y)), (inf, 0.0), nan, (nan, nan),
         lambda t, *xs: t.softmax(t.stack(xs), 0)[0]),

    Edge("sigmoid far right", sigmoid, (40.0,), 1.0, (math.exp(-40.0),), None),
    Edge("sigmoid far left", sigmoid, (-800.0,), 0.0, (0.0,), lambda t, x: t.sigmoid(x)),
    Edge("tanh far right", tanh, (20.0,), 1.0, (4.0 * math.exp(-40.0),), None),
    Edge("softplus past 20", softplus, (20.5,), 20.5 + math.log1p(math.exp(-20.5)),
         (1.0 / (1.0 + math.exp(-20.5)),), None),
    Edge("softplus far left", softplus, (-40.0,), math.exp(-40.0), (math.exp(-40.0),),
         lambda t, x: t.nn.functional.softplus(x)),

    Edge("where, other branch infinite", lambda x: where(x > 0, log(x), 0.0), (0.0,), 0.0, (nan,),
         lambda t, x: t.where(x > 0, t.log(x), 0.0)),
    Edge("where, twice", lambda x: where(x > 0, log(where(x > 0, x, 1.0)), 0.0),
         (0.0,), 0.0, (0.0,),
         lambda t, x: t.where(x > 0, t.log(t.where(x > 0, x, 1.0)), 0.0)),
]
# fmt: on

each_edge = pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.case)


def near(numbers: Any) -> Any:
    """The same but for rounding; a NaN is the same as a NaN, and 1e-17 is not 0."""
    return pytest.approx(numbers, rel=1e-14, abs=0.0, nan_ok=True)


@each_edge
def test_value_and_derivatives(edge):
    leaves = [Value(x) for x in edge.at]
    output = edge.f(*leaves)
    output.backward()
    assert output.data == near(edge.value)
    assert tuple(leaf.grad for leaf in leaves) == near(edge.slopes)


@each_edge
def test_gradient_that_can_be_differentiated(edge):
    leaves = [Value(x) for x in edge.at]
    slopes = gradient(edge.f(*leaves), leaves, create_graph=True)
    assert tuple(slope.data for slope in slopes) == near(edge.slopes)


@each_edge
def test_value_on_floats_and_on_arrays(edge):
    assert edge.f(*edge.at) == near(edge.value)
    with np.errstate(all="ignore"):  # which some cases have NumPy's own operators do
        assert edge.f(*[np.array([x, x]) for x in edge.at]).tolist() == near([edge.value] * 2)


@pytest.mark.parametrize("edge", [e for e in EDGES if e.torch], ids=lambda edge: edge.case)
def test_pytorch_says_the_same(edge):
    torch = pytest.importorskip("torch")
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in edge.at]
    output = edge.torch(torch, *leaves)
    output.backward()
    assert output.item() == near(edge.value)
    assert tuple(leaf.grad.item() for leaf in leaves) == near(edge.slopes)


def test_constant_exponent_takes_no_logarithm_of_the_base():
    assert (Value(-3.0) ** 2).partials == (-6.0, None)
    assert (0.0 ** Value(2.0)).partials == (None, 0.0)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4])
def test_derivatives_of_a_power_at_zero_end_in_zeros(exponent):
    x = Value(0.0)
    y, found = x**exponent, []
    for _ in range(6):
        found.append(y.data)
        y = gradient(y, x, create_graph=True)
    assert found == [math.factorial(exponent) if k == exponent else 0.0 for k in range(6)]


def test_sums_run_from_left_to_right_without_compensation():
    expected = 0.0
    for _ in range(10):
        expected += 0.1
    assert expected != 1.0 == math.fsum([0.1] * 10)
    tenths = [Value(0.1) for _ in range(10)]
    found = [sum(tenths), total(tenths), dot(tenths, [1.0] * 10), total([0.1] * 10)]
    assert [float(x) for x in found] == [expected] * 4


def test_index_that_picks_nothing_is_an_error():
    for index in (-1, 2, 0.5, nan):
        with pytest.raises(IndexError, match=r"pick\(\) index .* is not one of 0 to 1"):
            pick([Value(1.0), Value(2.0)], index)


@pytest.mark.parametrize("x", [-30.0, -1.0, -1e-300, 0.0, 0.5, 3.0, 6.0, inf], ids=str)
def test_error_function_and_its_complement_sum_to_one(x):
    value = Value(x)
    whole = erf(value) + erfc(value)
    assert whole.data == pytest.approx(1.0, rel=1e-15)
    assert gradient(whole, value).data == 0.0
    assert erf(-value).data == -erf(value).data


@pytest.mark.parametrize(
    ("f", "x", "second"),
    [
        (log2, 1e-100, -1e200 / math.log(2.0)),
        (exp2, -1.0, 0.5 * math.log(2.0) ** 2),
        (cbrt, -1.0, 2.0 / 9.0),
        (arcsinh, 1e150, -1e-300),
        (arccosh, 1e150, -1e-300),
        (lambda x: hypot(x, 1e200), 0.0, 1e-200),
        (lambda x: arctan2(x, 1e100), 1e100, -5e-201),
        (lambda x: remainder(x * x, 3.0), 2.0, 2.0),
        (erf, 40.0, 0.0),
    ],
)  # fmt: skip
def test_second_derivatives_do_not_overflow_on_their_way(f, x, second):
    leaf = Value(x)
    first = gradient(f(leaf), leaf, create_graph=True)
    assert gradient(first, leaf).data == near(second)
