"""From here to ONNX: a model as a file that runtimes on other machines and languages run."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.dropout import Dropout
from nn.exchange import files
from nn.exchange.conversion import converter, function_name, matrices
from nn.exchange.onnx_activations import ACTIVATIONS
from nn.exchange.onnx_graph import Graph, valid
from nn.exchange.onnx_sequences import SEQUENCES
from nn.exchange.shapes import shapes_of
from nn.exchange.trial import tried, unlike
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Layer, Neuron
from nn.sequential import Sequential


def to_onnx(model: Module, path: str | os.PathLike[str]) -> None:
    """Write a model as an ONNX file (opset 18, IR version 9), in float64.

    It has one input, "x" of shape (batch, nin), and one output, "output", of the shape that
    `predict` gives: (batch, nout), and (batch,) for one output. It computes what the model does
    after `eval()`: dropout is left out. What is no symbol of an `Embedding` or `GPT`, and has no
    place among `LearnedPositions`, becomes NaN. The file is written whole or not at all; an older
    one is replaced.

    Parameters:
        model: of nn's own classes, with activations of autograd's table.

    Raises:
        ConversionError: there is something else in it, or it cannot be called; the message says it.
        OSError: the file cannot be written; the old one is still there.
        ModuleNotFoundError: onnx is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP
    >>> with TemporaryDirectory() as folder:
    ...     to_onnx(MLP(2, [16, 1]), f"{folder}/moons.onnx")
    ...     os.listdir(folder)
    ['moons.onnx']
    """
    graph = Graph()
    result = _Converting(graph).part(model, "x")
    taken, given = shapes_of(model)
    if given == ():
        result = graph.node("Squeeze", result, np.array([-1], np.int64))
    tried(model, "to_onnx")
    content = graph.serialized({"x": ["batch", *taken]}, result, ["batch", *given])
    if not valid(content):
        raise unlike(model, "to_onnx")
    files.write(path, content)


class _Converting:
    """The conversion of a model, part by part."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def part(self, part: Any, x: str) -> str:
        """The name of what a module or a function gives for what is called `x`."""
        if isinstance(part, Module):
            return converter(part, _CONVERTERS, "to_onnx")(self, part, x)
        return self.function(part, x)

    def row(self, parts: Sequence[Any], x: str) -> str:
        """What some parts give, one after the other."""
        for part in parts:
            x = self.part(part, x)
        return x

    def function(self, function: Any, x: str) -> str:
        """What an operation gives for each number."""
        return ACTIVATIONS[function_name(function, ACTIVATIONS, "to_onnx")](self.graph, x)


def _layer(converting: _Converting, layer: Layer | Neuron, x: str) -> str:
    weights, biases, bent_by = matrices(layer)
    summed = converting.graph.node("Gemm", x, weights, biases, transB=1)
    return summed if bent_by == "linear" else converting.function(bent_by, summed)


_CONVERTERS: dict[type, Callable[[_Converting, Any, str], str]] = {
    Neuron: _layer,
    Layer: _layer,
    MLP: lambda converting, mlp, x: converting.row(mlp.layers, x),
    Sequential: lambda converting, whole, x: converting.row(whole.parts, x),
    Dropout: lambda converting, dropout, x: x,
    **SEQUENCES,
}
