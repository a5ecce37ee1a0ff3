"""Numbers that can be drawn: finite, and not so large that the width of a plot is infinite."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST = 1e300


def drawable(numbers: ArrayLike) -> NDArray[np.bool_]:
    """Which of them can be drawn.

    >>> drawable([1.0, -1e305, np.inf]).tolist()
    [True, False, False]
    """
    return np.abs(numbers) <= LARGEST


def check_drawable(name: str, numbers: ArrayLike) -> None:
    """Raise a ValueError if one of them cannot be drawn."""
    if not drawable(numbers).all():
        raise ValueError(f"{name} must be finite numbers, and none beyond {LARGEST:g}")


def within(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same, those that are too large at the end of what can be drawn; NaN stays."""
    return np.clip(numbers, -LARGEST, LARGEST)
