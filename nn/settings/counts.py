"""Counts: how many of something, from one on."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_whole(number: Any) -> bool:
    """Whether it is a whole number, Python's or NumPy's; a truth value is none."""
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def from_one(name: str, count: Any) -> int:
    """The count as an int; NumPy's whole numbers are counts too.

    Raises:
        ValueError: it is no whole number from 1 on.

    >>> from_one("epochs", np.int64(3))
    3
    """
    if not is_whole(count) or count < 1:
        raise ValueError(f"{name} must be a whole number from 1 on, not {count!r}")
    return int(count)
