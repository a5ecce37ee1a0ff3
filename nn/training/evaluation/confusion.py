"""Which class is taken for which: the confusion matrix, and precision and recall by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.arrays import refuse_masked

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def confusion_matrix(predicted: Any, actual: Any, classes: int | None = None) -> Counts:
    """How many examples of each class were taken for each, shape (classes, classes).

    The rows are the actual classes, the columns the predicted ones; so it is in scikit-learn.

    Parameters:
        predicted, actual: class indices from 0 on, shape (n,).
        classes: how many there are; by default as many as are seen.

    Raises:
        ValueError: they are not as many of both, or no such indices.

    >>> confusion_matrix([0, 1, 1, 2], [0, 0, 1, 2]).tolist()
    [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    """
    refuse_masked("predicted", predicted)
    refuse_masked("actual", actual)
    given = {"predicted": np.asarray(predicted), "actual": np.asarray(actual)}
    shapes = [array.shape for array in given.values()]
    if shapes[0] != shapes[1] or len(shapes[0]) != 1:
        raise ValueError(
            f"a confusion matrix takes a predicted and an actual class for each example, both of "
            f"shape (n,), not {shapes[0]} and {shapes[1]}"
        )
    highest = max(array.max(initial=-1) for array in given.values())
    count = int(highest) + 1 if classes is None else classes
    for name, array in given.items():
        for i in np.flatnonzero(~((array >= 0) & (array < count) & (array == np.floor(array))))[:1]:
            raise ValueError(
                f"{name} has {array[i]} in row {i}: a class is a whole number from 0 to {count - 1}"
            )
    matrix = np.zeros((count, count), dtype=np.int64)
    np.add.at(matrix, (given["actual"].astype(np.intp), given["predicted"].astype(np.intp)), 1)
    return matrix


@dataclass(frozen=True, eq=False, repr=False)
class Confusion:
    """A confusion matrix, and what is said of classes by it. It prints as a table.

    Attributes:
        matrix: examples by actual class (rows) and predicted class, shape (classes, classes).
        names: of the classes.

    >>> Confusion(np.array([[8, 2], [0, 5]]), ["cat", "dog"])
         precision  recall  examples      cat  dog
    cat     100.0%   80.0%        10        8    2
    dog      71.4%  100.0%         5        0    5
    """

    matrix: Counts
    names: Sequence[str]

    @property
    def accuracy(self) -> float:
        """The share of examples that are classified rightly."""
        return float(np.trace(self.matrix) / self.matrix.sum())

    @property
    def precision(self) -> Shares:
        """Of what was taken for a class, the share that is of it, by class; NaN of nothing."""
        return self._shares(axis=0)

    @property
    def recall(self) -> Shares:
        """Of the examples of a class, the share that was taken for it, by class; NaN of none."""
        return self._shares(axis=1)

    def _shares(self, axis: int) -> Shares:
        whole = self.matrix.sum(axis=axis)
        shares: Shares = np.full(len(whole), np.nan)
        np.divide(np.diag(self.matrix), whole, out=shares, where=whole > 0)
        return shares

    def __repr__(self) -> str:
        counts = self.matrix.sum(axis=1)
        rows = [["", "precision", "recall", "examples", "  ", *self.names]]
        for i, name in enumerate(self.names):
            shares = [
                "-" if np.isnan(x) else f"{x:.1%}" for x in (self.precision[i], self.recall[i])
            ]
            rows.append([name, *shares, f"{counts[i]:,}", "", *map(str, self.matrix[i])])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                f"{x:<{w}}" if i == 0 else f"{x:>{w}}"
                for i, (x, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )
