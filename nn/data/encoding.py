"""Classes as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.arrays import refuse_masked
from nn.data.checks import array_of
from nn.settings.counts import from_one
from nn.settings.habits import with_habits


@with_habits({"num_classes": "classes", "depth": "classes"})
def one_hot(y: Any, classes: int | None = None) -> NDArray[np.float64]:
    """A row for each example: 1 in the column of its class, 0 in the others.

    Parameters:
        y: the classes, shape (n,), whole numbers from 0 on.
        classes: how many classes there are; without it, up to the largest in y.

    Returns:
        Shape (n, classes), float64: what a cross-entropy takes as probabilities.

    Raises:
        ValueError: something in y is not one of the classes; the message says which.

    >>> one_hot([0, 2, 1]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    y = class_indices("one_hot()", y)
    largest = from_one("classes", y.max() + 1 if classes is None else classes) - 1
    check_below(largest + 1, "one_hot()", y)
    hot = np.zeros((len(y), largest + 1))
    hot[np.arange(len(y)), y] = 1.0
    return hot


def class_indices(what: str, y: Any) -> NDArray[np.int64]:
    """Classes as whole numbers from 0 on, shape (n,).

    Raises:
        ValueError: they are something else; the message says in which row.
    """
    refuse_masked("y", y)
    array = array_of(y)
    if array.ndim != 1 or not len(array):
        raise ValueError(
            f"{what} takes a class for each example, shape (n,), not the shape {array.shape}"
        )
    if array.dtype.kind not in "biuf":
        (first, *_) = array.tolist()
        raise ValueError(
            f"{what} takes classes that are whole numbers from 0 on, not {first!r:.80}: "
            "names, y = np.unique(y, return_inverse=True) numbers them"
        )
    # Beyond 2**53 not all of them are float64, and int64 ends soon.
    whole = (array >= 0) & (array < 2**53) & (array == np.floor(array))
    for row in np.flatnonzero(~whole)[:1]:
        raise ValueError(
            f"{what} got the class {array[row]} in row {row}: a class is a whole number from 0 on"
        )
    return array.astype(np.int64, copy=False)


def check_below(classes: int, what: str, y: NDArray[np.int64]) -> None:
    """Raise ValueError for the first class that is none of so many."""
    for row in np.flatnonzero(y >= classes)[:1]:
        raise ValueError(
            f"{what} got the class {y[row]} in row {row}: with classes={classes}, "
            f"a class is a whole number from 0 to {classes - 1}"
        )
