"""Predicted numbers beside what they should have been."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import ArrayLike

from viz.plots.drawable import check_drawable
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.text import plain


def predictions(
    y: ArrayLike,
    predicted: ArrayLike,
    name: str = "",
    *,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """Each example as a point: what it is, shape (n,), and what was predicted, shape (n,).

    On the line are those that were predicted exactly.

    Parameters:
        name: of what is predicted.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: they are not as many finite numbers.

    >>> predictions([1.0, 2.0], [1.5, 2.0], "price").axes[0].get_xlabel()
    'price'
    """
    y, predicted = np.asarray(y, dtype=float), np.asarray(predicted, dtype=float)
    if y.ndim != 1 or y.shape != predicted.shape or not len(y):
        raise ValueError(
            f"y and what was predicted are (n,), but {y.shape} and {predicted.shape} came"
        )
    check_drawable("y and what was predicted", [y, predicted])
    place = canvas(ax, theme, (4.8, 4.4))
    (axes,), palette = place.panels, place.palette
    ends = [min(y.min(), predicted.min()), max(y.max(), predicted.max())]
    axes.plot(ends, ends, color=palette.quiet, linewidth=1.0, linestyle="--", label="exact")
    axes.scatter(
        *(y, predicted),
        s=24,
        color=palette.colors[0],
        alpha=0.7,
        edgecolors=palette.background,
        linewidths=0.5,
    )
    axes.set(xlabel=plain(name) or "actual", ylabel="predicted")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=5))
        axis.set_major_formatter(numbers := ScalarFormatter(useOffset=False))
        numbers.set_powerlimits((-4, 9))
    legend(axes, palette, above=place.own)
    calm(axes, palette)
    return place.figure
