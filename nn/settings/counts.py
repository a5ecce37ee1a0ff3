"""Counts: how many of something, from one on."""

from __future__ import annotations

from typing import Any

import numpy as np


def from_one(name: str, count: Any) -> int:
    """The count as an int; NumPy's whole numbers are counts too.

    Raises:
        ValueError: it is no whole number from 1 on.

    >>> from_one("epochs", np.int64(3))
    3
    """
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise ValueError(f"{name} must be a whole number from 1 on, not {count!r}")
    return int(count)
