"""The transformer with us: `nn.GPT`, one scalar at a time."""

from __future__ import annotations

from collections.abc import Callable

import nn
from autograd import Value, total
from benchmarks.sequences import HEADS, LAYERS, SYMBOLS, WIDTH, Numbers


def transformer(numbers: Numbers, layers: int = LAYERS) -> nn.GPT:
    """A model with these numbers, the matrices in its own order."""
    context = len(numbers["positions"])
    model = nn.GPT(SYMBOLS, context, WIDTH, HEADS, layers)
    model.load_state_dict(dict(zip(model.state_dict(), numbers.values(), strict=True)))
    return model


def example_loss(model: nn.GPT) -> Callable[..., Value]:
    """The cross-entropy of one sequence, averaged over the positions."""

    def loss(x: list[Value], y: list[Value]) -> Value:
        logits = model(x)
        return total([nn.cross_entropy(z, t) for z, t in zip(logits, y, strict=True)]) / len(logits)

    return loss
