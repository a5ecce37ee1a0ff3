"""First weights: random, and of a size that keeps signals from growing or fading with depth."""

from __future__ import annotations

import math
import random
from random import Random
from types import ModuleType

Source = Random | ModuleType
Seed = int | Source | None


def generator(seed: Seed) -> Source:
    """A generator of its own for a number, Python's global one for None, or the one given."""
    if seed is None:
        return random
    return Random(seed) if isinstance(seed, int) else seed


def weights(count: int, source: Source) -> list[float]:
    """The weights of a neuron with `count` inputs, drawn evenly from -b to b.

    Up to 16 inputs b is 1, as in micrograd, so that the same seed gives the same network. Beyond,
    it is `sqrt(6 / count)`, which keeps signals at their size through layers of relu (He et al.,
    2015); with 1 they would grow.

    >>> [round(w, 2) for w in weights(3, Random(0))]
    [0.69, 0.52, -0.16]
    """
    bound = 1.0 if count <= 16 else math.sqrt(6.0 / count)
    return [source.uniform(-bound, bound) for _ in range(count)]
