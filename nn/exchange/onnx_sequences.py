"""The parts of a transformer in operators of ONNX, for arrays (batch, positions, width)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.operations import relu
from autograd.structure import apply
from nn.exchange.conversion import converter
from nn.exchange.onnx_graph import Graph
from nn.normalization import LayerNorm, RMSNorm
from nn.transformer.attention import MultiHeadAttention
from nn.transformer.block import FeedForward, TransformerBlock
from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
from nn.transformer.gpt import GPT
from nn.transformer.projection import Projection

_DOUBLE, _INT64 = 11, 7  # of onnx.TensorProto


def _whole(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int64)


def _array(parameters: Any) -> Any:
    return np.array(apply(float, parameters))


def _projection(graph: Graph, projection: Projection, x: str) -> str:
    return graph.node("MatMul", x, _array(projection.weights).T)


def _rows(graph: Graph, weights: Any, places: str) -> str:
    """Rows of a matrix, of which one more is NaN, for what has no place in it.

    For ONNX has no errors of its own, and runtimes count negative places from the end.
    """
    table = _array(weights)
    return graph.node("Gather", np.vstack([table, np.full_like(table[:1], math.nan)]), places)


def _embedding(graph: Graph, embedding: Embedding, symbols: str) -> str:
    count = float(embedding.symbols)
    whole = graph.node("Equal", symbols, graph.node("Floor", symbols))
    above, below = graph.node("GreaterOrEqual", symbols, 0.0), graph.node("Less", symbols, count)
    known = graph.node("And", whole, graph.node("And", above, below))
    place = graph.node("Cast", graph.node("Where", known, symbols, count), to=_INT64)
    return _rows(graph, embedding.weights, place)


def _count(graph: Graph, x: str) -> str:
    """How many positions there are, shape (1,)."""
    return graph.node("Shape", x, start=-2, end=-1)


def _places(graph: Graph, x: str) -> str:
    """The positions, counted from 0."""
    count = graph.node("Squeeze", _count(graph, x), _whole(0))
    return graph.node("Range", np.array(0), count, np.array(1))


def _learned_positions(graph: Graph, positions: LearnedPositions, x: str) -> str:
    places = graph.node("Min", _places(graph, x), np.array(positions.context))
    return graph.node("Add", x, _rows(graph, positions.weights, places))


def _sinusoidal_positions(graph: Graph, positions: SinusoidalPositions, x: str) -> str:
    i = np.arange(positions.width)
    lengths = 10_000.0 ** ((i - i % 2) / positions.width)
    places = graph.node("Cast", _places(graph, x), to=_DOUBLE)
    angles = graph.node("Div", graph.node("Unsqueeze", places, _whole(-1)), lengths)
    waves = graph.node("Where", i % 2 == 1, graph.node("Cos", angles), graph.node("Sin", angles))
    return graph.node("Add", x, waves)


def _mean(graph: Graph, x: str) -> str:
    return graph.node("ReduceMean", x, _whole(-1), keepdims=1)


def _of_size_one(graph: Graph, x: str, epsilon: float) -> str:
    # Not by the operators of these names, whose epsilon is of single precision.
    square = _mean(graph, graph.node("Mul", x, x))
    return graph.node("Div", x, graph.node("Sqrt", graph.node("Add", square, epsilon)))


def _layer_norm(graph: Graph, norm: LayerNorm, x: str) -> str:
    normal = _of_size_one(graph, graph.node("Sub", x, _mean(graph, x)), norm.epsilon)
    if not norm.affine:
        return normal
    return graph.node("Add", graph.node("Mul", normal, _array(norm.gains)), _array(norm.biases))


def _rms_norm(graph: Graph, norm: RMSNorm, x: str) -> str:
    normal = _of_size_one(graph, x, norm.epsilon)
    return graph.node("Mul", normal, _array(norm.gains)) if norm.affine else normal


def _attention(converting: Any, attention: MultiHeadAttention, x: str) -> str:
    graph: Graph = converting.graph
    size = attention.width // attention.heads

    def of_heads(projection: Projection, order: list[int], scale: float = 1.0) -> str:
        converter(projection, {Projection: _projection}, "to_onnx")  # and nothing else
        vectors = graph.node("MatMul", x, scale * _array(projection.weights).T)
        split = graph.node("Reshape", vectors, _whole(0, 0, attention.heads, size))
        return graph.node("Transpose", split, perm=order)

    # Scaled here, because runtimes melt a scaled product into one whose scale is of float32.
    queries = of_heads(attention.query, [0, 2, 1, 3], size**-0.5)
    keys = of_heads(attention.key, [0, 2, 3, 1])  # already turned
    values = of_heads(attention.value, [0, 2, 1, 3])
    scores = graph.node("MatMul", queries, keys)
    if attention.causal:
        places = _places(graph, x)
        row, column = (graph.node("Unsqueeze", places, _whole(axis)) for axis in (0, 1))
        hidden = graph.node("Greater", row, column)
        scores = graph.node("Where", hidden, -math.inf, scores)
    found = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), values)
    beside = graph.node("Transpose", found, perm=[0, 2, 1, 3])
    whole = graph.node("Reshape", beside, _whole(0, 0, attention.width))
    return converting.part(attention.out, whole)  # type: ignore[no-any-return]


def _feed_forward(converting: Any, mlp: FeedForward, x: str) -> str:
    return converting.row([mlp.widen, relu, mlp.narrow], x)  # type: ignore[no-any-return]


def _block(converting: Any, block: TransformerBlock, x: str) -> str:
    for part in (block.attention, block.mlp):
        x = converting.graph.node("Add", x, converting.row([block.norm, part], x))
    return x


def _gpt(converting: Any, gpt: GPT, symbols: str) -> str:
    parts = [gpt.embedding, gpt.positions, *gpt.blocks, gpt.unembedding]
    return converting.row(parts, symbols)  # type: ignore[no-any-return]


def _of_graph(convert: Callable[[Graph, Any, str], str]) -> Callable[[Any, Any, str], str]:
    return lambda converting, module, x: convert(converting.graph, module, x)


SEQUENCES: dict[type, Callable[[Any, Any, str], str]] = {
    Projection: _of_graph(_projection),
    Embedding: _of_graph(_embedding),
    LearnedPositions: _of_graph(_learned_positions),
    SinusoidalPositions: _of_graph(_sinusoidal_positions),
    LayerNorm: _of_graph(_layer_norm),
    RMSNorm: _of_graph(_rms_norm),
    MultiHeadAttention: _attention,
    FeedForward: _feed_forward,
    TransformerBlock: _block,
    GPT: _gpt,
}
