"""A line, or curve, through points: what a model of one number has learned."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.plots.drawable import check_drawable, drawable
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.predicted.asked import Model, function_of
from viz.plots.settings import names_of
from viz.plots.text import plain

POINTS = 200


def regression_line(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    residuals: bool = False,
    inputs: tuple[str] = ("x0",),
    name: str = "y",
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """The examples as points, X (n,) or (n, 1) and y (n,), and what the model gives between them.

    Parameters:
        model: a Module of one input and one output, or a function that maps inputs (m, 1) to
            predictions (m,) or (m, 1).
        residuals: whether to draw how far each example is off.
        inputs: the name of the input.
        name: of what is predicted.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: the shapes do not fit, or a number is not finite.

    >>> figure = regression_line(lambda X: 2 * X, [1.0, 3.0], [2.5, 5.5], residuals=True)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['examples', 'off by 0.5 in the mean', 'model']
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    xs = X[:, 0] if X.ndim == 2 and X.shape[1] == 1 else X
    if xs.ndim != 1 or y.shape != xs.shape or not len(y):
        raise ValueError(f"X is (n,) or (n, 1) and y is (n,), but {X.shape} and {y.shape} came")
    check_drawable("X and y", [xs, y])
    (across,) = names_of("inputs", inputs, 1)
    room = 0.05 * np.ptp(xs) or 0.5
    between = np.linspace(xs.min() - room, xs.max() + room, POINTS)
    line, at_examples = _outputs(model, between), _outputs(model, xs)
    place = canvas(ax, theme, (5.2, 3.8))
    (axes,), palette = place.panels, place.palette
    dots: dict[str, Any] = {"color": palette.colors[0], "edgecolors": palette.background}
    axes.scatter(xs, y, s=30, linewidths=0.6, label="examples", zorder=3, **dots)
    if residuals:
        off = _off(np.abs(y - at_examples))
        axes.vlines(
            xs, y, at_examples, color=palette.quiet, linestyle=":", linewidth=1.2, label=off
        )
    axes.plot(between, line, color=palette.colors[1], linewidth=2.0, label="model")
    axes.set(xlabel=across, ylabel=plain(name))
    legend(axes, palette, above=place.own)
    calm(axes, palette, grid="both")
    return place.figure


def _off(distances: NDArray[np.float64]) -> str:
    """The mean distance, of the examples for which the model gave a finite number."""
    finite = distances[np.isfinite(distances)]
    if not len(finite):
        return "off by no finite number"
    of = "" if len(finite) == len(distances) else f", of {len(finite)} of {len(distances)}"
    return f"off by {finite.mean():.4g} in the mean{of}"


def _outputs(model: Any, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the model gives for each input, shape (n,)."""
    column = inputs[:, None]
    given = np.asarray(function_of(model)(column))
    outputs = given[:, 0] if given.ndim == 2 and given.shape[1] == 1 else given
    if outputs.shape != inputs.shape:
        raise ValueError(
            f"the model gave the shape {given.shape} for {len(inputs)} inputs of one number: "
            f"({len(inputs)},) predictions are expected"
        )
    if outputs.dtype.kind not in "iuf":
        raise ValueError(f"the model gave no numbers but {outputs.dtype} for its inputs")
    return np.where(drawable(outputs), outputs, np.nan)
