"""Exponentials and logarithms in operators of ONNX, with all digits near 0 and up to infinity."""

from __future__ import annotations

import math

from nn.exchange.onnx_graph import Graph

_LARGE = 1e150  # From here on, x**2 overflows.


def expm1(graph: Graph, x: str) -> str:
    """By `tanh(x / 2) (exp(x) + 1)` near 0, where `exp(x) - 1` has lost its digits."""
    grown = graph.node("Exp", x)
    near = graph.node("Tanh", graph.node("Mul", x, 0.5))
    near = graph.node("Mul", near, graph.node("Add", grown, 1.0))
    return _near_zero(graph, x, near, graph.node("Sub", grown, 1.0))


def log1p(graph: Graph, x: str) -> str:
    """By `log(u) x / (u - 1)` near 0, where `u = 1 + x` is rounded (Hewlett-Packard, 1982)."""
    u = graph.node("Add", x, 1.0)
    far = graph.node("Log", u)
    ratio = graph.node("Div", x, graph.node("Sub", u, 1.0))
    near = graph.node("Where", graph.node("Equal", u, 1.0), x, graph.node("Mul", far, ratio))
    return _near_zero(graph, x, near, far)


def _near_zero(graph: Graph, x: str, near: str, far: str) -> str:
    return graph.node("Where", graph.node("Less", graph.node("Abs", x), 1.0), near, far)


def sigmoid(graph: Graph, x: str) -> str:
    """Not the operator of this name, which runtimes cut off at 0."""
    grown = graph.node("Exp", graph.node("Neg", x))
    return graph.node("Reciprocal", graph.node("Add", grown, 1.0))


def softplus(graph: Graph, x: str) -> str:
    """Not the operator of this name, which overflows."""
    rest = graph.node("Exp", graph.node("Neg", graph.node("Abs", x)))
    return graph.node("Add", graph.node("Relu", x), log1p(graph, rest))


def silu(graph: Graph, x: str) -> str:
    return graph.node("Mul", x, sigmoid(graph, x))


def elu(graph: Graph, x: str) -> str:
    return graph.node("Where", graph.node("Greater", x, 0.0), x, expm1(graph, x))


def _half_of_exp(graph: Graph, x: str) -> str:
    """`exp(x) / 2`, also where `exp(x)` overflows."""
    root = graph.node("Exp", graph.node("Mul", x, 0.5))
    return graph.node("Mul", graph.node("Mul", root, 0.5), root)


def cosh(graph: Graph, x: str) -> str:
    size = graph.node("Abs", x)
    rest = graph.node("Mul", graph.node("Exp", graph.node("Neg", size)), 0.5)
    return graph.node("Add", _half_of_exp(graph, size), rest)


def sinh(graph: Graph, x: str) -> str:
    """By `e = expm1(|x|)` as `(e + e / (e + 1)) / 2`, until `exp(-|x|)` is too small to matter."""
    size = graph.node("Abs", x)
    e = expm1(graph, size)
    near = graph.node("Add", e, graph.node("Div", e, graph.node("Add", e, 1.0)))
    near = graph.node("Mul", near, 0.5)
    small = graph.node("Less", size, 40.0)
    return _odd(graph, x, graph.node("Where", small, near, _half_of_exp(graph, size)))


def _odd(graph: Graph, x: str, of_size: str) -> str:
    """A function with `f(-x) = -f(x)`, of which `f(|x|)` is known."""
    return graph.node("Mul", graph.node("Sign", x), of_size)


def sech_squared(graph: Graph, x: str) -> str:
    sech = graph.node("Reciprocal", cosh(graph, x))
    return graph.node("Mul", sech, sech)


def arcsinh(graph: Graph, x: str) -> str:
    """By `log1p(a + a**2 / (1 + sqrt(1 + a**2)))` of `a = |x|`."""
    size = graph.node("Abs", x)
    a = graph.node("Min", size, _LARGE)
    squared = graph.node("Mul", a, a)
    root = graph.node("Sqrt", graph.node("Add", squared, 1.0))
    more = graph.node("Div", squared, graph.node("Add", root, 1.0))
    return _odd(graph, x, _or_large(graph, size, log1p(graph, graph.node("Add", a, more))))


def arccosh(graph: Graph, x: str) -> str:
    """By `log1p(t + sqrt(t) sqrt(x + 1))` with `t = x - 1`."""
    below, above = graph.node("Sub", x, 1.0), graph.node("Add", x, 1.0)
    root = graph.node("Mul", graph.node("Sqrt", below), graph.node("Sqrt", above))
    return _or_large(graph, x, log1p(graph, graph.node("Add", below, root)))


def _or_large(graph: Graph, x: str, otherwise: str) -> str:
    """`log(2 x)` for large numbers."""
    large = graph.node("Add", graph.node("Log", x), math.log(2.0))
    return graph.node("Where", graph.node("Less", x, _LARGE), otherwise, large)


def arctanh(graph: Graph, x: str) -> str:
    """By `log1p(2 a / (1 - a)) / 2` of `a = |x|`."""
    size = graph.node("Abs", x)
    odds = graph.node("Div", size, graph.node("Sub", 1.0, size))
    grown = log1p(graph, graph.node("Mul", odds, 2.0))
    return _odd(graph, x, graph.node("Mul", grown, 0.5))
