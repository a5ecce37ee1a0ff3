"""Random draws as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.structure import apply
from viz.plots.course.sampling import Array
from viz.plots.drawable import check_drawable


def numbers_of(samples: Any) -> Array:
    """Numbers or Values as an array of their shape.

    Raises:
        TypeError, ValueError: they are no numbers, or not finite, or there are none.
    """
    try:
        numbers = np.array(apply(float, list(samples)), dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"samples are numbers or Values, not {samples!r:.60}") from None
    if not numbers.size:
        raise ValueError("samples must be finite numbers, at least one")
    check_drawable("samples", numbers)
    return numbers
