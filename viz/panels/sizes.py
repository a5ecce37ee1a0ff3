"""The sizes of a model's parts, for networks that are too large to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 8  # parts that can be told apart


class Sizes:
    """The parameters in parts, by their names, and the root mean square of each part's numbers.

    Parameters:
        parameters: with names such as "layers.0.neurons.1.bias" for labels.

    >>> from autograd import Value
    >>> names = ["layers.0", "layers.0", "layers.1"]
    >>> sizes = Sizes([Value(0.0, label=name) for name in names])
    >>> sizes.names, sizes.of(np.array([3.0, 4.0, -5.0])).round(2).tolist()
    (['layers.0', 'layers.1'], [3.54, 5.0])
    """

    def __init__(self, parameters: Sequence[Any]) -> None:
        ways = [str(parameter.label).split(".") for parameter in parameters]
        prefixes = [".".join(way[: _depth(ways)]) or "parameters" for way in ways]
        self.names = list(dict.fromkeys(prefixes))
        numbers = {name: i for i, name in enumerate(self.names)}
        self._parts = np.array([numbers[prefix] for prefix in prefixes])
        self._counts = np.bincount(self._parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sizes) or self.names != other.names:
            return False
        return np.array_equal(self._parts, other._parts)

    __hash__ = None  # type: ignore[assignment]

    def of(self, numbers: NDArray[Any]) -> NDArray[np.float64]:
        """The size of each part, of the parameters' numbers."""
        sums = np.bincount(self._parts, weights=numbers * numbers)
        sizes: NDArray[np.float64] = np.sqrt(sums / self._counts)
        return sizes


def _depth(ways: Sequence[Sequence[str]]) -> int:
    """How much of the names tells the most parts apart, of which there are not too many."""
    counts = [len({tuple(way[:depth]) for way in ways}) for depth in range(5)]
    few = [count for count in counts if count <= MOST]
    return counts.index(max(few))
