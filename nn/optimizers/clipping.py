"""Clipping: a gradient that is too large is made smaller before the optimizer sees it."""

from __future__ import annotations

import numpy as np

from nn.optimizers.habits import CLIPPING
from nn.parameters.theta import Vector
from nn.settings.configured import Configured
from nn.settings.ranges import above_zero

_PUSH = 1e-6  # As in PyTorch: what is clipped ends this share below the bound, and not above it.


class _Clipping(Configured):
    """The base: also the names that other libraries have for the bound."""

    _here = CLIPPING


class clip_by_norm(_Clipping):
    """A gradient of all parameters at most as long as a bound (Pascanu et al., 2013).

    A longer one keeps its direction. As in PyTorch, an infinite number in it makes a gradient of
    zeros, and NaN in the place of the infinite number; a NaN makes all of it NaN.

    Parameters:
        bound: above 0; for the square root of the sum of squares.

    Called on a gradient, an array of shape (n,), it gives another of the same shape.

    >>> clip_by_norm(1.0)(np.array([3.0, -4.0])).round(5)
    array([ 0.6, -0.8])
    >>> clip_by_norm(10.0)(np.array([3.0, -4.0]))
    array([ 3., -4.])
    >>> from nn import MLP, Adam
    >>> Adam(MLP(2, [1]).parameters(), learning_rate=0.01, clipping=clip_by_norm(1.0))
    Adam(3 parameters, learning_rate=0.01, clipping=clip_by_norm(bound=1.0))
    """

    def __init__(self, bound: float) -> None:
        self.bound = above_zero("the bound of clip_by_norm", bound)

    def __call__(self, gradient: Vector) -> Vector:
        with np.errstate(all="ignore"):
            norm = np.sqrt(gradient.dot(gradient))
            if norm == np.inf and np.isfinite(gradient).all():  # The squares are too large.
                largest = np.abs(gradient).max()
                direction = gradient / largest
                scale = self.bound / np.sqrt(direction.dot(direction))
                shrunk: Vector = direction * scale if scale < largest else gradient
                return shrunk
            clipped: Vector = gradient * np.minimum(self.bound / (norm + _PUSH), 1.0)
            return clipped


class clip_by_value(_Clipping):
    """A gradient of which no number is further from 0 than a bound (Mikolov, 2012).

    Parameters:
        bound: above 0.

    Called on a gradient, an array of shape (n,), it gives another of the same shape; NaN stays.

    >>> clip_by_value(0.5)(np.array([3.0, -4.0, 0.1]))
    array([ 0.5, -0.5,  0.1])
    """

    def __init__(self, bound: float) -> None:
        self.bound = above_zero("the bound of clip_by_value", bound)

    def __call__(self, gradient: Vector) -> Vector:
        return np.clip(gradient, -self.bound, self.bound)
