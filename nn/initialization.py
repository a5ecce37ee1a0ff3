"""First weights: random, and of a size that keeps signals from growing or fading with depth."""

from __future__ import annotations

import math
import random

from numpy.random import Generator

from nn.seeds import Seed, generator


def source(seed: Seed) -> Generator | None:
    """What a whole network draws its first weights from: the seed's generator, None for None."""
    return None if seed is None else generator(seed)


def weights(count: int, seed: Seed) -> list[float]:
    """The weights of a neuron with `count` inputs, drawn evenly from -b to b.

    Without a seed they come from Python's global `random`, so that a program written for
    micrograd, which calls `random.seed`, gets the same numbers. Up to 16 inputs b is 1, as there.
    Beyond, it is `sqrt(6 / count)`, which keeps signals at their size through layers of relu
    (He et al., 2015); with 1 they would grow.

    >>> [round(w, 2) for w in weights(3, seed=0)]
    [0.27, -0.46, -0.92]
    """
    bound = 1.0 if count <= 16 else math.sqrt(6.0 / count)
    if seed is None:
        return [random.uniform(-bound, bound) for _ in range(count)]
    drawn: list[float] = generator(seed).uniform(-bound, bound, count).tolist()
    return drawn
