"""What a film and a live picture are given to draw: examples, and the names of their classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def checked_examples(X: Any, y: Any) -> tuple[Array, Array] | None:
    """Examples to draw, as arrays of finite numbers; None if there are none.

    Raises:
        ValueError, TypeError: they are no examples, or there is not a target for each.

    >>> checked_examples([[1.0, 2.0]], [0])
    (array([[1., 2.]]), array([0.]))
    """
    if X is None and y is None:
        return None
    if X is None or y is None:
        raise TypeError("give the examples to draw as X and y, or neither, for the training's")
    X, y = _numbers("X", X), _numbers("y", y)
    if not len(X) or len(X) != len(y):
        raise ValueError(
            f"X {X.shape} and y {y.shape}: give a target for each example, and at least one example"
        )
    return X, y


def _numbers(name: str, data: Any) -> Array:
    try:
        array = np.asarray(data, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} is an array of numbers, as fit() takes it, not {data!r:.80}"
        ) from None
    if array.ndim == 0:
        raise ValueError(f"{name} is a list, with an entry for each example, not {data!r:.80}")
    if (wrong := np.argwhere(~np.isfinite(array))).size:
        place = wrong[0].tolist()
        raise ValueError(
            f"{name} has {array[tuple(place)]} at {place}: leave out examples that are not finite"
        )
    return array


def checked_classes(names: Any) -> list[str]:
    """The names of classes, as texts.

    Raises:
        TypeError: they are no list.
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"classes are a list of names, as ['no', 'yes'], not {names!r:.80}")
    return [str(name) for name in names]
