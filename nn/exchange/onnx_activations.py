"""The operations of one operand in operators of ONNX, of those that runtimes have in float64."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.exchange.onnx_graph import Graph


def _one(op: str) -> Callable[[Graph, str], str]:
    return lambda graph, x: graph.node(op, x)


def _step(graph: Graph, x: str) -> str:
    return graph.node("Cast", graph.node("Greater", x, 0.0), to=11)  # float64


def _cosh(graph: Graph, x: str) -> str:
    size = graph.node("Exp", graph.node("Abs", x))
    return graph.node("Mul", graph.node("Add", size, graph.node("Reciprocal", size)), 0.5)


def _sinh(graph: Graph, x: str) -> str:
    up, down = graph.node("Exp", x), graph.node("Exp", graph.node("Neg", x))
    return graph.node("Mul", graph.node("Sub", up, down), 0.5)


def _sech_squared(graph: Graph, x: str) -> str:
    sech = graph.node("Reciprocal", _cosh(graph, x))
    return graph.node("Mul", sech, sech)


# erfc(x) = (2 h x / pi) exp(-x**2) sum_n exp(-t_n**2) / (t_n**2 + x**2) + 2 / (1 + exp(2 pi x / h))
# with t_n = (n - 1/2) h (Matta & Reichel, 1971): for h = 1/2 to the last digit of 1.
_H = 0.5
_T_SQUARED = ((np.arange(1, 15) - 0.5) * _H) ** 2


def _erfc(graph: Graph, x: str) -> str:
    x = graph.node("Max", graph.node("Min", x, 27.0), -27.0)  # It is 0 and 2 beyond.
    squared = graph.node("Mul", x, x)
    column = graph.node("Unsqueeze", squared, np.array([-1], np.int64))
    shares = graph.node("Reciprocal", graph.node("Add", column, _T_SQUARED))
    summed = graph.node("MatMul", shares, np.exp(-_T_SQUARED)[:, np.newaxis])
    summed = graph.node("Squeeze", summed, np.array([-1], np.int64))
    bell = graph.node("Mul", graph.node("Exp", graph.node("Neg", squared)), 2.0 * _H / math.pi)
    first = graph.node("Mul", graph.node("Mul", bell, x), summed)
    grown = graph.node("Exp", graph.node("Mul", x, 2.0 * math.pi / _H))
    return graph.node("Add", first, graph.node("Div", 2.0, graph.node("Add", grown, 1.0)))


def _gelu(graph: Graph, x: str) -> str:
    share = _erfc(graph, graph.node("Mul", x, -math.sqrt(0.5)))
    return graph.node("Mul", graph.node("Mul", x, 0.5), share)


# Where |y| <= tan(pi / 16), ten terms of the series give all digits.
_HALVINGS = 2
_SERIES = [(-1.0) ** n / (2 * n + 1) for n in range(14)]


def _arctan(graph: Graph, x: str) -> str:
    """By `arctan(x) = 2 arctan(x / (1 + sqrt(1 + x**2)))`, until the series is short."""
    y = graph.node("Max", graph.node("Min", x, 1e150), -1e150)  # whose square is finite
    for _ in range(_HALVINGS + 1):
        root = graph.node("Sqrt", graph.node("Add", graph.node("Mul", y, y), 1.0))
        y = graph.node("Div", y, graph.node("Add", root, 1.0))
    squared = graph.node("Mul", y, y)
    summed = graph.node("Mul", squared, _SERIES[-1])
    for term in _SERIES[-2:0:-1]:
        summed = graph.node("Mul", graph.node("Add", summed, term), squared)
    summed = graph.node("Mul", graph.node("Add", summed, 1.0), y)
    return graph.node("Mul", summed, 2.0 ** (_HALVINGS + 1))


def _arcsin(graph: Graph, x: str) -> str:
    """The arc tangent of `x / sqrt(1 - x**2)`."""
    rest = graph.node("Mul", graph.node("Sub", 1.0, x), graph.node("Add", x, 1.0))
    return _arctan(graph, graph.node("Div", x, graph.node("Sqrt", rest)))


def _arccos(graph: Graph, x: str) -> str:
    return graph.node("Sub", math.pi / 2.0, _arcsin(graph, x))


def _arcsinh(graph: Graph, x: str) -> str:
    size = graph.node("Abs", x)
    root = graph.node("Sqrt", graph.node("Add", graph.node("Mul", x, x), 1.0))
    logarithm = graph.node("Log", graph.node("Add", size, root))
    return graph.node("Mul", graph.node("Sign", x), logarithm)


def _arccosh(graph: Graph, x: str) -> str:
    below, above = graph.node("Sub", x, 1.0), graph.node("Add", x, 1.0)
    root = graph.node("Mul", graph.node("Sqrt", below), graph.node("Sqrt", above))
    return graph.node("Log", graph.node("Add", x, root))


def _arctanh(graph: Graph, x: str) -> str:
    odds = graph.node("Div", graph.node("Add", x, 1.0), graph.node("Sub", 1.0, x))
    return graph.node("Mul", graph.node("Log", odds), 0.5)


def _cbrt(graph: Graph, x: str) -> str:
    root = graph.node("Pow", graph.node("Abs", x), 1.0 / 3.0)
    return graph.node("Mul", graph.node("Sign", x), root)


ACTIVATIONS: dict[str, Callable[[Graph, str], str]] = {
    "absolute": _one("Abs"),
    "arccos": _arccos,
    "arccosh": _arccosh,
    "arcsin": _arcsin,
    "arcsinh": _arcsinh,
    "arctan": _arctan,
    "arctanh": _arctanh,
    "cbrt": _cbrt,
    "ceil": _one("Ceil"),
    "cos": _one("Cos"),
    "cosh": _cosh,
    "elu": _one("Elu"),
    "erf": lambda graph, x: graph.node("Sub", 1.0, _erfc(graph, x)),
    "erfc": _erfc,
    "exp": _one("Exp"),
    "exp2": lambda graph, x: graph.node("Pow", 2.0, x),
    "expm1": lambda graph, x: graph.node("Sub", graph.node("Exp", x), 1.0),
    "floor": _one("Floor"),
    "gelu": _gelu,
    "leaky_relu": lambda graph, x: graph.node(
        "Where", graph.node("Greater", x, 0.0), x, graph.node("Mul", x, 0.01)
    ),
    "log": _one("Log"),
    "log10": lambda graph, x: graph.node("Mul", graph.node("Log", x), 1.0 / math.log(10.0)),
    "log1p": lambda graph, x: graph.node("Log", graph.node("Add", x, 1.0)),
    "log_softmax": lambda graph, x: graph.node("LogSoftmax", x, axis=-1),
    "log2": lambda graph, x: graph.node("Mul", graph.node("Log", x), 1.0 / math.log(2.0)),
    "negate": _one("Neg"),
    "relu": _one("Relu"),
    "sech_squared": _sech_squared,
    "sigmoid": _one("Sigmoid"),
    "sign": _one("Sign"),
    "silu": lambda graph, x: graph.node("Mul", x, graph.node("Sigmoid", x)),
    "sin": _one("Sin"),
    "sinh": _sinh,
    "softmax": lambda graph, x: graph.node("Softmax", x, axis=-1),
    "softplus": _one("Softplus"),
    "sqrt": _one("Sqrt"),
    "step": _step,
    "tan": lambda graph, x: graph.node("Div", graph.node("Sin", x), graph.node("Cos", x)),
    "tanh": _one("Tanh"),
}
