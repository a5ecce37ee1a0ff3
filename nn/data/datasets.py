"""What is learned from: examples and their classes. Scanned digits come with scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples, and the class of each.

    Attributes:
        name: what it is called.
        X: the examples, shape (n, d), float64.
        y: their classes, shape (n,), whole numbers from 0 to `classes - 1`.
        classes: how many classes there are.

    Raises:
        ValueError: X and y are not of the same length.

    >>> Dataset("flips", np.array([[0.0], [1.0]]), np.array([1, 0]), classes=2)
    <flips: 2 examples of 1 numbers, 2 classes>
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[np.int64]
    classes: int

    def __post_init__(self) -> None:
        if np.ndim(self.X) < 1 or np.ndim(self.y) < 1 or len(self.X) != len(self.y):
            raise ValueError(
                f"a Dataset has a class in y for each example in X: X has the shape "
                f"{np.shape(self.X)}, and y {np.shape(self.y)}"
            )

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
