"""Confusion matrices: what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.colors import Palette
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, over, shares, show_shares
from viz.plots.predicted.classes import MOST
from viz.plots.text import plain

NUMBERED = 20  # classes of which there is room for the numbers
BREADTH = 0.08  # inches, of a character of a name


def confusion(
    matrix: ArrayLike,
    classes: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """A confusion matrix, shape (classes, classes), each row coloured by its shares.

    Parameters:
        matrix: entry j, k counts the examples of class j that were taken for class k, as
            `nn.confusion_matrix` gives it.
        classes: their names; by default their numbers.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: it is no square matrix of counts, or there is not a name for each class.

    >>> figure = confusion([[5, 1], [0, 6]], classes=["cat", "dog"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['5', '1', '0', '6']
    """
    counts = _counts(matrix)
    names = [plain(name) for name in (range(len(counts)) if classes is None else classes)]
    if len(names) != len(counts):
        raise ValueError(f"{len(names)} names for {len(counts)} classes: give one for each")
    longest = max(map(len, names))
    size, beside = 2.6 + 0.42 * len(counts), BREADTH * max(longest - 8, 0)
    place = canvas(ax, theme, (min(size + beside, 9.0) + 0.2, min(size + 0.7 * beside, 9.0)))
    (axes,), palette = place.panels, place.palette
    ticks = range(len(counts))
    steep = longest > 3
    turned: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(ticks, names, **(turned if steep else {}))
    axes.set_yticks(ticks, names)
    axes.set(xlabel="predicted", ylabel="actual")
    _draw(axes, counts, palette)
    calm(axes, palette)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return place.figure


def _draw(axes: Axes, counts: NDArray[Any], palette: Palette) -> None:
    of_actual = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = show_shares(axes, of_actual, shares(palette))
    between = np.arange(len(counts) + 1) - 0.5
    ends = (-0.5, len(counts) - 0.5)
    for lines in (axes.hlines, axes.vlines):
        lines(between, *ends, color=palette.frame, linewidth=0.6)
    if len(counts) > NUMBERED:
        return
    size = min(9.0, 40.0 / len(f"{counts.max():,}"))
    for (row, column), count in np.ndenumerate(counts):
        color = over(image.to_rgba(of_actual[row, column]), palette)
        axes.text(column, row, f"{count:,}", ha="center", va="center", color=color, fontsize=size)


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
