"""Embedding: symbols, and the places in a sequence where they stand, as vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd.operations import pick
from autograd.value import Value, as_values
from nn.module import Module
from nn.settings.counts import from_one
from nn.settings.seeds import Seed
from nn.transformer.projection import Vector, check_width, rows


class Embedding(Module):
    """For each symbol a vector of its own, which is learned.

    Parameters:
        symbols: how many there are; they are the whole numbers from 0 on.
        width: how many numbers a vector has.
        seed: for the first vectors: a whole number or NumPy's generator.

    Attributes:
        weights: the vectors, shape (symbols, width).

    >>> embedding = Embedding(3, 2)
    >>> embedding.load_state_dict({"weights": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]})
    >>> [x.data for x in embedding(1)]
    [3.0, 4.0]
    """

    def __init__(self, symbols: int, width: int, seed: Seed = None) -> None:
        self.symbols, self.width = from_one("symbols", symbols), from_one("width", width)
        self.weights = rows(self.symbols, self.width, seed)

    def __call__(self, symbol: Value | float) -> list[Value]:
        """The symbol's vector, shape (width,).

        Raises:
            IndexError: there is no such symbol.
        """
        return [pick(column, symbol) for column in zip(*self.weights, strict=True)]

    def __repr__(self) -> str:
        return f"Embedding({self.symbols} -> {self.width})"


class LearnedPositions(Module):
    """For each place in a sequence a vector of its own, learned, that is added to what is there.

    Parameters:
        context: how many places there are.
        width: how many numbers a vector has.
        seed: for the first vectors: a whole number or NumPy's generator.

    Attributes:
        weights: the vectors, shape (context, width).

    >>> positions = LearnedPositions(2, 1)
    >>> positions.load_state_dict({"weights": [[0.5], [0.25]]})
    >>> [[x.data for x in xs] for xs in positions([[1.0], [1.0]])]
    [[1.5], [1.25]]
    """

    def __init__(self, context: int, width: int, seed: Seed = None) -> None:
        self.context, self.width = from_one("context", context), from_one("width", width)
        self.weights = rows(self.context, self.width, seed)

    def __call__(self, vectors: Sequence[Vector]) -> list[list[Value]]:
        """Shape (n, width) to the same, for n up to `context`."""
        if len(vectors) > self.context:
            raise ValueError(f"{self} has {self.context} places, but {len(vectors)} vectors came")
        return [_placed(self, x, self.weights[place]) for place, x in enumerate(vectors)]

    def __repr__(self) -> str:
        return f"LearnedPositions({self.context}, {self.width})"


class SinusoidalPositions(Module):
    """Waves of many lengths, added to the vectors of a sequence, however long.

    At the place p (from 0) the numbers 2i and 2i + 1 of the vector get the sine and the cosine of
    `p / 10000 ** (2i / width)` (Vaswani et al., 2017). There is nothing to learn.

    Parameters:
        width: how many numbers a vector has.

    >>> positions = SinusoidalPositions(2)
    >>> [[round(x.data, 3) for x in xs] for xs in positions([[Value(0.0)] * 2] * 2)]
    [[0.0, 1.0], [0.841, 0.54]]
    """

    def __init__(self, width: int) -> None:
        self.width = from_one("width", width)

    def __call__(self, vectors: Sequence[Vector]) -> list[list[Value]]:
        """Shape (n, width) to the same."""
        return [_placed(self, x, self.at(place)) for place, x in enumerate(vectors)]

    def at(self, place: int) -> list[float]:
        """What is added at a place, shape (width,).

        >>> [round(x, 3) for x in SinusoidalPositions(4).at(1)]
        [0.841, 0.54, 0.01, 1.0]
        """
        angles = [place / 10_000 ** ((i - i % 2) / self.width) for i in range(self.width)]
        return [math.cos(a) if i % 2 else math.sin(a) for i, a in enumerate(angles)]

    def __repr__(self) -> str:
        return f"SinusoidalPositions({self.width})"


def _placed(positions: Module, x: Vector, place: Vector) -> list[Value]:
    check_width(positions, x, len(place))
    return added(as_values(x), place)


def added(x: Vector, y: Vector) -> list[Value]:
    """The sum of two vectors."""
    return [a + b for a, b in zip(x, y, strict=True)]  # type: ignore[misc]
