"""The operations of one operand in operators of ONNX, of those that runtimes have in float64."""

from __future__ import annotations

import math
from collections.abc import Callable

from nn.exchange import onnx_exponentials, onnx_series
from nn.exchange.onnx_graph import Graph


def _one(op: str) -> Callable[[Graph, str], str]:
    return lambda graph, x: graph.node(op, x)


def _step(graph: Graph, x: str) -> str:
    return graph.node("Cast", graph.node("Greater", x, 0.0), to=11)  # float64


def _cbrt(graph: Graph, x: str) -> str:
    root = graph.node("Pow", graph.node("Abs", x), 1.0 / 3.0)
    return graph.node("Mul", graph.node("Sign", x), root)


ACTIVATIONS: dict[str, Callable[[Graph, str], str]] = {
    "absolute": _one("Abs"),
    "arccos": onnx_series.arccos,
    "arccosh": onnx_exponentials.arccosh,
    "arcsin": onnx_series.arcsin,
    "arcsinh": onnx_exponentials.arcsinh,
    "arctan": onnx_series.arctan,
    "arctanh": onnx_exponentials.arctanh,
    "cbrt": _cbrt,
    "ceil": _one("Ceil"),
    "cos": _one("Cos"),
    "cosh": onnx_exponentials.cosh,
    "elu": onnx_exponentials.elu,
    "erf": onnx_series.erf,
    "erfc": onnx_series.erfc,
    "exp": _one("Exp"),
    "exp2": lambda graph, x: graph.node("Pow", 2.0, x),
    "expm1": onnx_exponentials.expm1,
    "floor": _one("Floor"),
    "gelu": onnx_series.gelu,
    "leaky_relu": lambda graph, x: graph.node(
        "Where", graph.node("Greater", x, 0.0), x, graph.node("Mul", x, 0.01)
    ),
    "log": _one("Log"),
    "log10": lambda graph, x: graph.node("Mul", graph.node("Log", x), 1.0 / math.log(10.0)),
    "log1p": onnx_exponentials.log1p,
    "log_softmax": lambda graph, x: graph.node("LogSoftmax", x, axis=-1),
    "log2": lambda graph, x: graph.node("Mul", graph.node("Log", x), 1.0 / math.log(2.0)),
    "negate": _one("Neg"),
    "relu": _one("Relu"),
    "sech_squared": onnx_exponentials.sech_squared,
    "sigmoid": onnx_exponentials.sigmoid,
    "sign": _one("Sign"),
    "silu": onnx_exponentials.silu,
    "sin": _one("Sin"),
    "sinh": onnx_exponentials.sinh,
    "softmax": lambda graph, x: graph.node("Softmax", x, axis=-1),
    "softplus": onnx_exponentials.softplus,
    "sqrt": _one("Sqrt"),
    "step": _step,
    "tan": lambda graph, x: graph.node("Div", graph.node("Sin", x), graph.node("Cos", x)),
    "tanh": _one("Tanh"),
}
