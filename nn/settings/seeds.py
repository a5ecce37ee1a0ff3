"""Seeds: what is given to everything random, to have the same again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from nn.settings.counts import is_whole

Seed = int | Generator | None


def generator(seed: Seed) -> Generator:
    """The generator that a seed stands for.

    Parameters:
        seed: a whole number from 0 on, which gives the same each time; a generator of NumPy's,
            which goes on from where it is; None, which gives something else each time.

    Raises:
        TypeError, ValueError: it is none of these.

    >>> generator(0).integers(100, size=3).tolist()
    [85, 63, 51]
    """
    if seed is None or isinstance(seed, Generator):
        return np.random.default_rng(seed)
    if not is_whole(seed):
        raise TypeError(_message(seed))
    if seed < 0:
        raise ValueError(_message(seed))
    return np.random.default_rng(int(seed))


def _message(seed: Any) -> str:
    return (
        "a seed is a whole number from 0 on, a generator such as np.random.default_rng(0), "
        f"or None, not {seed!r:.80}"
    )
