"""Confusion matrices: what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.plots.classes import MOST
from viz.plots.figure import COLORS, INK, Plot, calm, plain

NUMBERED = 20  # classes of which there is room for the numbers
_BLUES = LinearSegmentedColormap.from_list("shares", ["white", COLORS[0]])


def confusion(matrix: ArrayLike, names: Sequence[str] | None = None) -> Figure:
    """A confusion matrix, shape (classes, classes), each row coloured by its shares.

    Parameters:
        matrix: entry j, k counts the examples of class j that were taken for class k.
        names: of the classes; by default their numbers.

    Raises:
        ValueError: it is no square matrix of counts, or there is not a name for each class.

    >>> figure = confusion([[5, 1], [0, 6]], names=["cat", "dog"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['5', '1', '0', '6']
    """
    counts = _counts(matrix)
    shown = [str(i) for i in range(len(counts))] if names is None else [*map(str, names)]
    if len(shown) != len(counts):
        raise ValueError(f"{len(shown)} names for {len(counts)} classes: give one for each")
    size = min(2.6 + 0.42 * len(counts), 9.0)
    figure = Plot(figsize=(size + 0.8, size), layout="constrained")
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap=_BLUES, vmin=0.0, vmax=1.0)
    ticks = range(len(counts))
    labels = [plain(name) for name in shown]
    steep = max(map(len, shown)) > 3
    axes.set_xticks(ticks, labels, rotation=45 if steep else 0, ha="right" if steep else "center")
    axes.set_yticks(ticks, labels)
    axes.set(xlabel="predicted", ylabel="actual")
    if len(counts) <= NUMBERED:
        for (row, column), count in np.ndenumerate(counts):
            color = "white" if shares[row, column] > 0.6 else INK
            axes.text(column, row, f"{count:,}", ha="center", va="center", color=color, fontsize=9)
    calm(axes)
    return figure


def _counts(matrix: ArrayLike) -> NDArray[Any]:
    counts = np.asarray(matrix)
    square = counts.ndim == 2 and counts.shape[0] == counts.shape[1] > 0
    if not square or counts.dtype.kind not in "iu" or counts.min() < 0:
        raise ValueError(
            "a confusion matrix has whole numbers from 0 on, shape (classes, classes), and this is "
            f"of shape {counts.shape} and type {counts.dtype}"
        )
    if len(counts) > MOST:
        raise ValueError(f"{len(counts)} classes are too many to be drawn (at most {MOST})")
    return counts
