"""Generation: a text that a model goes on with, symbol by symbol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nn.seeds import Seed, generator

if TYPE_CHECKING:
    from nn.gpt import GPT


def generated(
    model: GPT,
    prompt: Sequence[int],
    count: int,
    temperature: float,
    top_k: int | None,
    seed: Seed,
) -> list[int]:
    """What `GPT.generate` gives."""
    random = generator(seed)
    text = list(prompt)
    for _ in range(count):
        text.append(drawn(next_logits(model, text), temperature, top_k, random))
    return text[len(prompt) :]


def next_logits(model: GPT, text: Sequence[int]) -> NDArray[np.float64]:
    """The logits of what comes after a text, shape (symbols,)."""
    seen = text[-model.context :]
    # Filled up to the same length each time, one program does for all: a position does not see
    # what comes after it.
    filled = np.zeros((1, model.context), dtype=np.int64)
    filled[0, : len(seen)] = seen
    logits: NDArray[np.float64] = model.logits(filled)[0, len(seen) - 1]
    return logits


def drawn(
    logits: NDArray[np.float64], temperature: float, top_k: int | None, random: Generator
) -> int:
    """A symbol."""
    kept = np.argsort(-logits, kind="stable")[:top_k]
    scores = (logits[kept] - logits[kept[0]]) / temperature
    shares = np.exp(scores)
    place = np.searchsorted(np.cumsum(shares), random.random() * shares.sum(), side="right")
    return int(kept[min(place, len(kept) - 1)])
