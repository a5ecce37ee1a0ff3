"""First weights: random, and of a size that keeps signals from growing or fading with depth.

An initialization is a function of the number of inputs, the number of outputs and NumPy's
generator, giving a matrix with a row for each output; the table names those that are here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from nn.matrices import checked
from nn.seeds import Seed, generator

Function = Callable[[int, int, Generator], ArrayLike]
# By name, as a function, or the weights themselves; None for micrograd's.
Initialization = str | Function | ArrayLike | None


def uniform(bound: float = 1.0) -> Function:
    """Drawn evenly from -bound to bound; the variance is `bound**2 / 3`."""
    return lambda nin, nout, generator: generator.uniform(-bound, bound, (nout, nin))


def normal(deviation: float = 1.0) -> Function:
    """Drawn from the normal distribution around 0 with a standard deviation.

    >>> from nn import Layer
    >>> layer = Layer(100, 100, initialization=normal(0.02), seed=0)
    >>> f"{layer.weights.std():.2f}"
    '0.02'
    """
    return lambda nin, nout, generator: generator.normal(0.0, deviation, (nout, nin))


def zeros(nin: int, nout: int, generator: Generator) -> NDArray[np.float64]:
    """All zero: for a last layer that is to begin with nothing; hidden neurons stay alike."""
    return np.zeros((nout, nin))


def glorot(nin: int, nout: int, generator: Generator) -> ArrayLike:
    """Drawn evenly, with the variance `2 / (nin + nout)`, for tanh (Glorot & Bengio, 2010)."""
    return uniform(math.sqrt(6.0 / (nin + nout)))(nin, nout, generator)


def glorot_normal(nin: int, nout: int, generator: Generator) -> ArrayLike:
    """Normal, with the variance `2 / (nin + nout)`, for tanh (Glorot & Bengio, 2010)."""
    return normal(math.sqrt(2.0 / (nin + nout)))(nin, nout, generator)


def he(nin: int, nout: int, generator: Generator) -> ArrayLike:
    """Drawn evenly, with the variance `2 / nin`, for relu (He et al., 2015)."""
    return uniform(math.sqrt(6.0 / nin))(nin, nout, generator)


def he_normal(nin: int, nout: int, generator: Generator) -> ArrayLike:
    """Normal, with the variance `2 / nin`, for relu (He et al., 2015)."""
    return normal(math.sqrt(2.0 / nin))(nin, nout, generator)


BY_NAME: dict[str, Function] = {
    "uniform": uniform(),
    "normal": normal(),
    "zeros": zeros,
    "glorot": glorot,
    "glorot_normal": glorot_normal,
    "he": he,
    "he_normal": he_normal,
}


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


def matrix(initialization: Initialization, nin: int, nout: int, seed: Seed) -> list[list[float]]:
    """The weights of `nout` neurons with `nin` inputs, a row for each.

    Raises:
        ValueError, TypeError: there is no initialization of that name, or what a function gave
            are no finite numbers of shape (nout, nin).

    >>> matrix(lambda nin, nout, generator: np.eye(nout, nin), 2, 2, seed=0)
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if initialization is None:
        random_numbers = source(seed)
        return [weights(nin, random_numbers) for _ in range(nout)]
    given: Any = _function(initialization) if isinstance(initialization, str) else initialization
    if callable(given):
        drawn_from = generator(seed)
        try:
            given = given(nin, nout, drawn_from)
        except Exception as error:
            error.add_note(
                f"(in the initialization, called on nin={nin}, nout={nout} and a generator)"
            )
            raise
    if nout == 1 and isinstance(given, list | tuple | np.ndarray) and len(given) == nin:
        given = given if isinstance(given[0], list | tuple | np.ndarray) else [given]
    numbers: list[list[float]] = checked("first weights", given, (nout, nin)).tolist()
    return numbers


def _function(name: str) -> Function:
    if name in BY_NAME:
        return BY_NAME[name]
    elsewhere = name.replace("xavier", "glorot").replace("kaiming", "he").removesuffix("_")
    here = elsewhere.removesuffix("_uniform")
    hint = f": it is called {here!r} here" if here in BY_NAME else ""
    raise ValueError(
        f"there is no initialization {name!r:.80}{hint}: give one of {', '.join(BY_NAME)}, or a "
        "function (nin, nout, generator) that gives the weights, shape (nout, nin)"
    )
