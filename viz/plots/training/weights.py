"""The weights of a layer's neurons as images: what each of them looks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from nn.arrays import numbers
from nn.module import Module
from nn.neuron import Layer
from nn.settings.counts import from_one, is_whole
from nn.transformer.projection import Projection
from viz.plots.drawable import within
from viz.plots.figure import Theme, canvas
from viz.plots.looks import diverging
from viz.plots.mosaic import COLUMNS, captions_of, columns_for, mosaic, size_of


def weight_images(
    weights: Module | ArrayLike,
    shape: tuple[int, int] | None = None,
    *,
    names: Sequence[str] = (),
    limit: int = 64,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """Each neuron's weights as an image of the inputs, orange above 0, blue below, on one scale.

    Parameters:
        weights: a model, of which the first layer is drawn; a layer; or a matrix of shape
            (neurons, inputs).
        shape: height and width of an image; by default square.
        names: of the neurons; by default their numbers.
        limit: how many to show at most, the first ones.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: the inputs do not make such an image, or there is not a name for each neuron.
        TypeError: the model has no layer.

    >>> from nn import MLP
    >>> figure = weight_images(MLP(64, [16, 10], seed=0))
    >>> len(figure.axes[0].images)
    16
    """
    matrix = np.where(np.isinf(given := _matrix(weights)), np.nan, within(given))
    height, width = _shape(matrix.shape[1], shape)
    limit = from_one("limit", limit)
    captions = captions_of(names, len(matrix), "neurons") or [*map(str, range(len(matrix)))]
    shown = matrix[:limit].reshape(-1, height, width)
    columns = columns_for(len(shown), COLUMNS)
    across, up = size_of(len(shown), (height, width), columns, 0.95)
    place = canvas(ax, theme, (max(across + 0.7, 3.0), max(up + 0.3, 1.8)))
    (axes,), palette = place.panels, place.palette
    finite = np.abs(matrix[np.isfinite(matrix)])
    largest = float(finite.max(initial=0.0)) or 1.0
    colors, scale = diverging(palette), Normalize(-largest, largest)
    mosaic(axes, shown, captions[:limit], columns, palette, colors, scale)
    if len(shown) < len(matrix):
        axes.set_title(f"{len(shown)} of {len(matrix)} neurons")
    bar = axes.inset_axes((1.02, 0.0, 0.03, 1.0))
    axes.figure.colorbar(ScalarMappable(scale, colors), cax=bar)
    bar.tick_params(colors=palette.quiet, labelsize=8)
    bar.spines[:].set_color(palette.frame)
    return place.figure


def _matrix(given: Any) -> NDArray[np.float64]:
    """The weights, shape (neurons, inputs)."""
    if isinstance(given, Module):
        for module in given.modules():
            if isinstance(module, Layer):
                return module.weights
            if isinstance(module, Projection):
                return numbers("weights", module.weights)
        raise TypeError(
            f"{given!r:.60} has no Layer: give the matrix of the weights, shape (neurons, inputs)"
        )
    matrix = np.asarray(given)
    if matrix.ndim != 2 or 0 in matrix.shape or matrix.dtype.kind not in "biuf":
        raise ValueError(
            "weights are a model, or a matrix of numbers of shape (neurons, inputs), not "
            f"{given!r:.60}"
        )
    return matrix.astype(np.float64)


def _is_count(number: Any) -> bool:
    return is_whole(number) and number > 0


def _shape(inputs: int, shape: Any) -> tuple[int, int]:
    side = math.isqrt(inputs)
    if shape is not None and not (np.shape(shape) == (2,) and all(map(_is_count, shape))):
        raise ValueError(f"shape is (height, width), whole numbers from 1 on, not {shape!r:.60}")
    height, width = (side, side) if shape is None else shape
    if height * width != inputs:
        raise ValueError(
            f"{inputs} inputs are no image of {height} x {width}: say "
            f"shape=(height, width), such as (1, {inputs})"
        )
    return int(height), int(width)
