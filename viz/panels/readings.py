"""How the outputs of a model are read as regions of the plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viz.panels.regions import UNKNOWN, Regions

if TYPE_CHECKING:
    from nn.training.tasks import Task

Array = NDArray[Any]
Reading = Callable[[Array], Regions]  # of outputs (side², ) or (side², k)


def reading(task: Task, y: Array, outputs: Array) -> Reading | None:
    """How to read outputs like these; None if they are neither one number nor one for each class.

    Parameters:
        y: the targets.
        outputs: some of the model's, shape (n,) or (n, k).
    """
    count = 1 if outputs.ndim == 1 else outputs.shape[-1]
    if outputs.ndim > 2:
        return None
    if count == 1:
        if task.decisions:
            return partial(above, 0.5 if task.for_logits else 0.0)
        return partial(between, float(np.min(y)), float(np.max(y)))
    decided = task.decisions(outputs, np.zeros(outputs.shape)) if task.decisions else None
    if decided and len(decided.predicted) != len(outputs):
        return None  # Each output decides for itself.
    if decided or are_classes(y, count):
        return partial(largest, bool(task.for_logits))
    return None


def are_classes(y: Array, count: int) -> bool:
    """Whether targets are whole numbers from 0 to count - 1."""
    return y.ndim == 1 and bool(((y >= 0) & (y < count) & (y == np.floor(y))).all())


def largest(probabilities: bool, outputs: Array) -> Regions:
    """The class of the largest output: how much likelier it is than the second, over both.

    >>> regions = largest(True, np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0], [0.5, 0.5]]))
    >>> regions.classes.tolist(), regions.sureness.tolist()
    ([[0, 0], [1, 0]], [[0.5, 0.0], [1.0, 0.0]])
    """
    second, first = np.partition(outputs, -2, axis=-1)[:, -2:].T
    with np.errstate(all="ignore"):
        if probabilities:
            sureness = (first - second) / (first + second)
        else:
            sureness = np.tanh((first - second) / 2.0)
    return _regions(outputs.argmax(axis=-1), sureness, np.isnan(outputs).any(axis=-1))


def above(threshold: float, outputs: Array) -> Regions:
    """The class 1 above the threshold, 0 for a score and 0.5 for a probability, 0 below it.

    >>> above(0.5, np.array([0.0, 0.5, 0.75, 1.0])).sureness.tolist()
    [[1.0, 0.0], [0.5, 1.0]]
    """
    scores = outputs.reshape(len(outputs))
    with np.errstate(all="ignore"):
        distance = np.abs(scores - threshold)
        sureness = 2.0 * distance if threshold else np.tanh(distance / 2.0)
    return _regions(scores > threshold, sureness, np.isnan(scores))


def between(low: float, high: float, outputs: Array) -> Regions:
    """Numbers: 0 stands for the lower half of the range, 1 for the upper, the middle is unsure.

    >>> between(0.0, 4.0, np.array([0.0, 1.0, 2.0, 9.0])).sureness.tolist()
    [[1.0, 0.5], [0.0, 1.0]]
    """
    numbers = outputs.reshape(len(outputs))
    with np.errstate(all="ignore"):
        side = 2.0 * (numbers - low) / ((high - low) or 1.0) - 1.0
    return _regions(side > 0.0, np.abs(side), np.isnan(numbers))


def _regions(classes: Array, sureness: Array, unknown: Array) -> Regions:
    side = int(len(classes) ** 0.5)
    classes = np.where(unknown, UNKNOWN, classes).astype(np.int8)
    sureness = np.nan_to_num(np.clip(sureness, 0.0, 1.0), nan=1.0).astype(np.float32)
    return Regions(classes.reshape(side, side), sureness.reshape(side, side))
