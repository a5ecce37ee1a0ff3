"""How the outputs of a model are read as regions of the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viz.panels.regions import UNKNOWN, Regions

if TYPE_CHECKING:
    from nn.training.tasks import Task

Array = NDArray[Any]

ODDS = 10.0  # the logarithm of the odds that is the largest margin


@dataclass(frozen=True)
class Scores:
    """Of scores the largest is the class, of one score the sign; the margin is between two.

    Between points it is the logarithms of the odds that change evenly, and not probabilities.

    Parameters:
        probabilities: whether they are probabilities, and not logits.

    >>> regions = Scores(False)(np.array([[5.0, 0.0], [1.0, 1.0], [0.0, 50.0], [0.0, 0.0]]))
    >>> regions.classes.tolist(), regions.margins.tolist()
    ([[0, 0], [1, 0]], [[0.5, 0.0], [1.0, 0.0]])
    >>> Scores(True)(np.array([0.25, 0.5, 0.75, 1.0])).classes.tolist()
    [[0, 0], [1, 1]]
    """

    probabilities: bool

    def __call__(self, outputs: Array) -> Regions:
        """The regions, of outputs of shape (side², ) or (side², k)."""
        scores = outputs.reshape(len(outputs), -1)
        if scores.shape[1] == 1:
            other = 1.0 - scores if self.probabilities else np.zeros_like(scores)
            scores = np.concatenate([other, scores], axis=1)
        second, first = np.partition(scores, -2, axis=1)[:, -2:].T
        with np.errstate(all="ignore"):
            odds = np.log(first / second) if self.probabilities else first - second
        unknown = np.isnan(scores.min(axis=1))
        return _regions(scores.argmax(axis=1), odds / ODDS, unknown)

    def sureness(self, margin: float) -> float:
        """How much likelier the class is than the second, over both: from 0 to 1."""
        return math.tanh(margin * ODDS / 2.0)

    def margin(self, sureness: float) -> float:
        """That of a sureness.

        >>> round(Scores(True).sureness(Scores(True).margin(0.75)), 6)
        0.75
        """
        return 2.0 * math.atanh(sureness) / ODDS


@dataclass(frozen=True)
class Numbers:
    """Of numbers the upper half of a range is 1, the lower 0; the margin is from the middle.

    >>> Numbers(0.0, 4.0)(np.array([0.0, 1.0, 2.0, 9.0])).margins.tolist()
    [[1.0, 0.5], [0.0, 1.0]]
    """

    low: float
    high: float

    def __call__(self, outputs: Array) -> Regions:
        """The regions, of outputs of shape (side², ) or (side², 1)."""
        numbers = outputs.reshape(len(outputs))
        with np.errstate(all="ignore"):
            side = 2.0 * (numbers - self.low) / ((self.high - self.low) or 1.0) - 1.0
        return _regions(side > 0.0, np.abs(side), np.isnan(numbers))

    def sureness(self, margin: float) -> float:
        """The margin itself."""
        return margin

    def margin(self, sureness: float) -> float:
        """The sureness itself."""
        return sureness


Reading = Scores | Numbers


def reading(task: Task, y: Array, outputs: Array) -> Reading | None:
    """How to read outputs like these; None if they are neither one number nor one for each class.

    Parameters:
        y: the targets.
        outputs: some of the model's, shape (n,) or (n, k).
    """
    if outputs.ndim > 2:
        return None
    if outputs.ndim == 1 or outputs.shape[1] == 1:
        if task.decisions:
            return Scores(bool(task.for_logits))
        return Numbers(float(np.min(y)), float(np.max(y)))
    decided = task.decisions(outputs, np.zeros(outputs.shape)) if task.decisions else None
    if decided and len(decided.predicted) != len(outputs):
        return None  # Each output decides for itself.
    if decided or are_classes(y, outputs.shape[1]):
        return Scores(bool(task.for_logits))
    return None


def are_classes(y: Array, count: int) -> bool:
    """Whether targets are whole numbers from 0 to count - 1.

    >>> are_classes(np.array([0.0, 2.0]), 3), are_classes(np.array([0.0, 2.0]), 2)
    (True, False)
    """
    return y.ndim == 1 and bool(((y >= 0) & (y < count) & (y == np.floor(y))).all())


def _regions(classes: Array, margins: Array, unknown: Array) -> Regions:
    side = int(len(classes) ** 0.5)
    classes = np.where(unknown, UNKNOWN, classes).astype(np.int8)
    margins = np.nan_to_num(np.clip(margins, 0.0, 1.0), nan=1.0).astype(np.float32)
    return Regions(classes.reshape(side, side), margins.reshape(side, side))
