"""Generation: a text that a model goes on with, symbol by symbol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nn.mode import Modes
from nn.probability.draws import categorical
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator
from nn.transformer.symbols import check_sequence

if TYPE_CHECKING:
    from nn.transformer.gpt import GPT


def generated(
    model: GPT,
    prompt: Sequence[int],
    count: int,
    temperature: float,
    top_k: int | None,
    seed: Seed,
) -> list[int]:
    """The symbols that `GPT.generate` draws."""
    check_sequence(prompt, model.embedding.symbols)
    count, random, text = from_one("count", count), generator(seed), list(prompt)
    with Modes(training=False):
        for _ in range(count):
            text.append(categorical(next_logits(model, text), random, temperature, top_k))
    return text[-count:]


def next_logits(model: GPT, text: Sequence[int]) -> NDArray[np.float64]:
    """The logits of what comes after a text, shape (symbols,)."""
    seen = text[-model.context :]
    # Filled up to the same length each time, so that one program does for all: a position does
    # not see what comes after it.
    filled = np.zeros((1, model.context), dtype=np.int64)
    filled[0, : len(seen)] = seen
    logits: NDArray[np.float64] = model.logits(filled)[0, len(seen) - 1]
    return logits
