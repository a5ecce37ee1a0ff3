"""Shapes: in which one rows can be read where they lie, without copying them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


def strides(table: Places) -> tuple[int, ...] | None:
    """The steps along each axis, 0 for axes of length 1; None if they are not the same all over.

    >>> strides(np.array([[4, 5, 6], [14, 15, 16]]))
    (10, 1)
    >>> strides(np.array([0, 1, 3])) is None
    True
    """
    if table.size == 1:
        return (0,) * table.ndim
    corner = (0,) * table.ndim
    steps = []
    even = np.asarray(table[corner])
    for axis, length in enumerate(table.shape):
        neighbour = (*corner[:axis], 1, *corner[axis + 1 :])
        step = int(table[neighbour] - table[corner]) if length > 1 else 0
        steps.append(step)
        even = even[..., None] + step * np.arange(length)
    return tuple(steps) if (even == table).all() else None


def common_shape(lists: Sequence[Places]) -> tuple[int, ...] | None:
    """A shape in which each of the lists, all of one length, has strides; None if there is none.

    >>> common_shape([np.array([0, 1, 2, 10, 11, 12]), np.array([5, 5, 5, 6, 6, 6])])
    (2, 3)
    """
    if len(lists[0]) == 1:
        return (1,)
    table = np.stack(lists)
    shape: list[int] = []
    while (length := table.shape[1]) > 1:
        steps = np.diff(table, axis=1)
        changes = (steps != steps[:, :1]).any(axis=0)
        run = int(changes.argmax()) + 1 if changes.any() else length
        if length % run:
            return None
        inner = table.reshape(len(table), length // run, run)
        if (np.diff(inner, axis=2) != steps[:, :1, None]).any():
            return None
        shape.insert(0, run)
        table = inner[:, :, 0]
    return tuple(shape) or (1,)
