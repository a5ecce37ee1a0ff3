"""The shapes of what a model takes and gives for one example, known before it is called.

An axis is a whole number or, where it may have any length, a name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from nn.mlp import MLP
from nn.neuron import Layer, Neuron
from nn.normalization import LayerNorm, RMSNorm
from nn.sequential import Sequential
from nn.transformer.attention import MultiHeadAttention
from nn.transformer.block import FeedForward, TransformerBlock
from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
from nn.transformer.gpt import GPT
from nn.transformer.projection import Projection

Shape = tuple[int | str, ...]


def _numbers(count: int) -> Shape:
    """A list; of one, our modules give just the number."""
    return () if count == 1 else (count,)


def _vector(part: Any) -> Shape:
    return (part.width,)


def _sequence(part: Any) -> Shape:
    return ("positions", part.width)


_TAKEN: dict[type, Callable[[Any], Shape | None]] = {
    Neuron: lambda neuron: (neuron.nin,),
    Layer: lambda layer: (layer.nin,),
    MLP: lambda mlp: (mlp.nin,),
    Sequential: lambda whole: next((x for x in map(taken_by, whole.parts) if x is not None), None),
    Projection: lambda projection: (projection.nin,),
    Embedding: lambda embedding: (),
    LearnedPositions: _sequence,
    SinusoidalPositions: _sequence,
    LayerNorm: _vector,
    RMSNorm: _vector,
    MultiHeadAttention: _sequence,
    FeedForward: _vector,
    TransformerBlock: _sequence,
    GPT: lambda gpt: ("positions",),
}

_GIVEN: dict[type, Callable[[Any, Shape], Shape]] = {
    Neuron: lambda neuron, taken: (),
    Layer: lambda layer, taken: _numbers(len(layer.neurons)),
    MLP: lambda mlp, taken: given_by(mlp.layers[-1], taken),
    Sequential: lambda whole, taken: reduce(lambda x, part: given_by(part, x), whole.parts, taken),
    Projection: lambda projection, taken: (projection.nout,),
    Embedding: lambda embedding, taken: (embedding.width,),
    MultiHeadAttention: lambda part, taken: ("positions", *given_by(part.out, (part.width,))),
    FeedForward: lambda mlp, taken: given_by(mlp.narrow, taken),
    GPT: lambda gpt, taken: ("positions", *given_by(gpt.unembedding, (gpt.width,))),
}


def taken_by(part: Any) -> Shape | None:
    """The shape of an example; None if the part takes any.

    >>> taken_by(MLP(2, [16, 1]))
    (2,)
    """
    return _TAKEN.get(type(part), lambda part: None)(part)


def given_by(part: Any, taken: Shape) -> Shape:
    """The shape of the output for an example of some shape.

    >>> given_by(MLP(2, [16, 1]), (2,))
    ()
    """
    return _GIVEN[type(part)](part, taken) if type(part) in _GIVEN else taken


def shapes_of(model: Any) -> tuple[Shape, Shape]:
    """The shapes of an example and of the output for it.

    >>> shapes_of(MLP(2, [16, 3]))
    ((2,), (3,))
    """
    taken = taken_by(model)
    taken = ("numbers",) if taken is None else taken
    return taken, given_by(model, taken)
