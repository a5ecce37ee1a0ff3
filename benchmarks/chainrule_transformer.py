"""The transformer with us: `nn.GPT`, one scalar at a time."""

from __future__ import annotations

import nn
from benchmarks.sequences import HEADS, LAYERS, SYMBOLS, WIDTH, Numbers


def transformer(numbers: Numbers, layers: int = LAYERS) -> nn.GPT:
    """A model with these numbers, the matrices in its own order."""
    context = len(numbers["positions"])
    model = nn.GPT(SYMBOLS, context, WIDTH, HEADS, layers)
    model.load_state_dict(dict(zip(model.state_dict(), numbers.values(), strict=True)))
    return model
