"""The error function and the angles of circles in operators of ONNX, summed from series."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nn.exchange.onnx_graph import Graph


def _odd_series(graph: Graph, x: str, terms: Sequence[float]) -> str:
    """`terms[0] x + terms[1] x**3 + terms[2] x**5 + ...`"""
    squared = graph.node("Mul", x, x)
    summed = graph.node("Mul", squared, terms[-1])
    for term in terms[-2:0:-1]:
        summed = graph.node("Mul", graph.node("Add", summed, term), squared)
    return graph.node("Mul", graph.node("Add", summed, terms[0]), x)


# erfc(x) = (2 h x / pi) exp(-x**2) sum_n exp(-t_n**2) / (t_n**2 + x**2) + 2 / (1 + exp(2 pi x / h))
# with t_n = (n - 1/2) h, the last part only up to x = pi / h (Matta & Reichel, 1971). For h = 1/2
# it is exact to the last digit of 1, and to nearly all digits of what is small.
_H = 0.5
_T_SQUARED = ((np.arange(1, 15) - 0.5) * _H) ** 2


def erfc(graph: Graph, x: str) -> str:
    x = graph.node("Max", graph.node("Min", x, 28.0), -28.0)  # It is 0 and 2 beyond.
    squared = graph.node("Mul", x, x)
    column = graph.node("Unsqueeze", squared, np.array([-1], np.int64))
    shares = graph.node("Reciprocal", graph.node("Add", column, _T_SQUARED))
    summed = graph.node("MatMul", shares, np.exp(-_T_SQUARED)[:, np.newaxis])
    summed = graph.node("Squeeze", summed, np.array([-1], np.int64))
    bell = graph.node("Mul", graph.node("Exp", graph.node("Neg", squared)), 2.0 * _H / math.pi)
    first = graph.node("Mul", graph.node("Mul", bell, x), summed)
    grown = graph.node("Exp", graph.node("Mul", x, 2.0 * math.pi / _H))
    rest = graph.node("Div", 2.0, graph.node("Add", grown, 1.0))
    beyond = graph.node("Greater", x, math.pi / _H)
    return graph.node("Where", beyond, first, graph.node("Add", first, rest))


# Where |x| <= 1/2, so many terms of the series give all digits.
_ERF = [2.0 / math.sqrt(math.pi) * (-1.0) ** n / math.factorial(n) / (2 * n + 1) for n in range(13)]


def erf(graph: Graph, x: str) -> str:
    near = graph.node("Less", graph.node("Abs", x), 0.5)
    far = graph.node("Sub", 1.0, erfc(graph, x))
    return graph.node("Where", near, _odd_series(graph, x, _ERF), far)


def gelu(graph: Graph, x: str) -> str:
    share = erfc(graph, graph.node("Mul", x, -math.sqrt(0.5)))
    return graph.node("Mul", graph.node("Mul", x, 0.5), share)


# Where |y| <= tan(pi / 16), ten terms of the series give all digits.
_HALVINGS = 2
_ARCTAN = [(-1.0) ** n / (2 * n + 1) for n in range(14)]


def arctan(graph: Graph, x: str) -> str:
    """By `arctan(x) = 2 arctan(x / (1 + sqrt(1 + x**2)))`, until the series is short."""
    y = graph.node("Max", graph.node("Min", x, 1e150), -1e150)  # whose square is finite
    for _ in range(_HALVINGS + 1):
        root = graph.node("Sqrt", graph.node("Add", graph.node("Mul", y, y), 1.0))
        y = graph.node("Div", y, graph.node("Add", root, 1.0))
    return graph.node("Mul", _odd_series(graph, y, _ARCTAN), 2.0 ** (_HALVINGS + 1))


def arcsin(graph: Graph, x: str) -> str:
    """The arc tangent of `x / sqrt(1 - x**2)`."""
    rest = graph.node("Mul", graph.node("Sub", 1.0, x), graph.node("Add", x, 1.0))
    return arctan(graph, graph.node("Div", x, graph.node("Sqrt", rest)))


def arccos(graph: Graph, x: str) -> str:
    """Twice the arc tangent of `sqrt((1 - x) / (1 + x))`."""
    ratio = graph.node("Div", graph.node("Sub", 1.0, x), graph.node("Add", x, 1.0))
    return graph.node("Mul", arctan(graph, graph.node("Sqrt", ratio)), 2.0)
