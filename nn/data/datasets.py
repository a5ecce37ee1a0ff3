"""What is learned from: examples and their classes. Scanned digits come with scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.arrays import numbers
from nn.data.checks import matrix
from nn.data.encoding import check_below, class_indices
from nn.settings.counts import is_whole


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples, and the class of each.

    Attributes:
        name: what it is called.
        X: the examples, shape (n, d), float64; lists of numbers become such an array.
        y: their classes, shape (n,), int64, whole numbers from 0 to `classes - 1`; with
            `classes=0` numbers to predict, float64.
        classes: how many classes there are.

    Raises:
        TypeError, ValueError: X or y is something else, or they are not of the same length.

    >>> Dataset("flips", [[0.0], [1.0]], [1, 0], classes=2)
    <flips: 2 examples of 1 numbers, 2 classes>
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[Any]
    classes: int

    def __post_init__(self) -> None:
        X = matrix("X", self.X)
        if not is_whole(self.classes) or self.classes < 0:
            raise ValueError(
                "classes is how many there are, a whole number, or 0 if y holds numbers to "
                f"predict, not {self.classes!r:.80}"
            )
        if self.classes:
            y = class_indices("a Dataset", self.y)
            check_below(self.classes, "a Dataset", y)
        else:
            y = numbers("y", self.y, copy=False).astype(np.float64, copy=False)
        if y.shape != X.shape[:1]:
            raise ValueError(
                f"a Dataset has a class in y for each example in X: X has the shape {X.shape}, "
                f"and y {y.shape}"
            )
        for name, array in (("X", X), ("y", y)):
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        return (
            f"<{self.name}: {len(self):,} examples of {self.X.shape[1]} numbers, "
            f"{self.classes} classes>"
        )


def digits() -> Dataset:
    """1,797 scans of handwritten digits: 8x8 pixels, from 0 (white) to 16 (black).

    The test part of "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak, 1998), which
    scikit-learn brings along, so nothing is downloaded.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the digits come with scikit-learn, which is not installed: "
            "pip install 'chainrule[sklearn]'"
        ) from error
    scans = load_digits()
    return Dataset("digits", scans.data.astype(np.float64), scans.target.astype(np.int64), 10)
