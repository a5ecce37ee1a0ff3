"""The classes of nn that a file may name, and how many numbers a module of each has.

A module of a new class is one more line here, and one more optimizer, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from autograd.operations import TABLE
from autograd.value import Value
from nn.dropout import Dropout
from nn.exchange.description import Known, checked_entry
from nn.functional import log_softmax, softmax
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Layer, Neuron
from nn.normalization import LayerNorm, RMSNorm
from nn.optimizers import SGD, AdaGrad, Adam, AdamW, RMSProp
from nn.optimizers.clipping import clip_by_norm, clip_by_value
from nn.optimizers.schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    LinearDecay,
    StepDecay,
    WarmUp,
)
from nn.sequential import Sequential
from nn.transformer.attention import MultiHeadAttention
from nn.transformer.block import FeedForward, TransformerBlock
from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
from nn.transformer.gpt import GPT
from nn.transformer.projection import Projection

FUNCTIONS: Known = {
    **TABLE,
    **{f"Value.{name}": getattr(Value, name) for name in TABLE},
    "log_softmax": log_softmax,
    "softmax": softmax,
}

# A container has none besides those of its parts.
_NUMBERS: dict[type[Module], Callable[..., int]] = {
    Neuron: lambda nin, **_: nin + 1,
    Layer: lambda nin, nout, **_: nout * (nin + 1),
    MLP: lambda nin, nouts, **_: sum(b * (a + 1) for a, b in pairwise([nin, *nouts])),
    Sequential: lambda **_: 0,
    Dropout: lambda **_: 0,
    Projection: lambda nin, nout: nout * nin,
    Embedding: lambda symbols, width: symbols * width,
    LearnedPositions: lambda context, width: context * width,
    SinusoidalPositions: lambda width: 0,
    LayerNorm: lambda width, affine, **_: 2 * width if affine else 0,
    RMSNorm: lambda width, affine, **_: width if affine else 0,
    MultiHeadAttention: lambda width, **_: 4 * width**2,
    FeedForward: lambda width, hidden: 2 * width * hidden,
    TransformerBlock: lambda width, **_: 12 * width**2,
    GPT: lambda symbols, context, width, heads, layers: (
        (2 * _count(symbols) + context + layers * 12 * width) * width
    ),
}

MODULES: Known = {**{kind.__name__: kind for kind in _NUMBERS}, **FUNCTIONS}

# With what they may be given.
OPTIMIZERS: Known = {
    kind.__name__: kind
    for kind in (
        *(SGD, AdaGrad, Adam, AdamW, RMSProp),
        *(CosineDecay, ExponentialDecay, InverseTimeDecay, LinearDecay, StepDecay, WarmUp),
        *(clip_by_norm, clip_by_value),
    )
}


def numbers_of(description: Any) -> int:
    """How many numbers a model of a description has, found out before memory is taken for them.

    Raises:
        ValueError, TypeError: the description is none of a model, or has sizes below 0.

    >>> from nn.exchange.description import described
    >>> numbers_of(described(MLP(2, [16, 1]), MODULES))
    65
    """
    if not isinstance(description, list):
        raise TypeError(f"a model is described by a list, not by {description!r:.60}")
    count = 0
    for entry in description:
        kind, arguments = checked_entry(entry, MODULES)
        _check_sizes(list(arguments.values()))
        count += _NUMBERS[kind](**arguments)  # type: ignore[index]
    return count


def _check_sizes(arguments: Sequence[Any]) -> None:
    for argument in arguments:
        if isinstance(argument, int) and argument < 0:
            raise ValueError(f"a size is not below 0, and {argument} is")
        if isinstance(argument, list):
            _check_sizes(argument)


def _count(symbols: int | str) -> int:
    """Of a model's symbols, given as their number or as the characters of its vocabulary."""
    return len(set(symbols)) if isinstance(symbols, str) else symbols
