"""Images side by side, such as the digits that a network is to read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from nn.settings.counts import from_one
from viz.colors import Palette
from viz.plots.drawable import within
from viz.plots.figure import Theme, canvas
from viz.plots.mosaic import COLUMNS, captions_of, columns_for, mosaic, size_of


def images(
    images: ArrayLike,
    names: Sequence[Any] = (),
    *,
    limit: int = 40,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """Images in shades of ink: none is the least number or 0, full the greatest or 0.

    Parameters:
        images: of shape (n, height, width), or (n, pixels) if they are square; NaN stands out.
        names: what stands above each, such as the digits that they are; by default nothing.
        limit: how many to show at most, the first ones.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: the images are no squares of numbers, or there is not a name for each.

    >>> from nn import digits
    >>> data = digits()
    >>> figure = images(data.X[:16], data.y[:16])
    >>> len(figure.axes[0].images), figure.axes[0].texts[3].get_text()
    (16, '3')
    """
    found, limit = as_images(images), from_one("limit", limit)
    captions = captions_of(names, len(found), "images") or [""] * len(found)
    shown = found[:limit]
    columns = columns_for(len(shown), COLUMNS)
    width, height = size_of(len(shown), shown.shape[1:], columns, 0.95)
    place = canvas(ax, theme, (max(width, 2.0), max(height, 1.2)))
    (axes,) = place.panels
    draw_images(axes, shown, found, captions[:limit], columns, place.palette)
    if len(shown) < len(found):
        axes.set_title(f"{len(shown)} of {len(found)} images")
    return place.figure


def draw_images(
    axes: Axes,
    shown: NDArray[Any],
    all_images: NDArray[Any],
    captions: Sequence[str],
    columns: int,
    palette: Palette,
) -> None:
    """Draw some of the images, in the shades of all of them."""
    inked = LinearSegmentedColormap.from_list("ink", [palette.background, palette.ink])
    paper = inked.with_extremes(bad=palette.not_finite)
    finite = all_images[~np.isnan(all_images)]
    low, high = finite.min(initial=0.0), finite.max(initial=0.0)
    scale = Normalize(low, high if high > low else low + 1.0)
    mosaic(axes, shown, captions, columns, palette, paper, scale)


def as_images(given: ArrayLike) -> NDArray[Any]:
    """Images of shape (n, height, width)."""
    images = np.asarray(given)
    if images.ndim == 2 and images.shape[1] == (side := math.isqrt(images.shape[1])) ** 2:
        images = images.reshape(-1, side, side)
    if images.ndim != 3 or 0 in images.shape[1:]:
        raise ValueError(
            "images are of shape (n, height, width), or (n, pixels) if they are square, not "
            f"{np.shape(given)}"
        )
    if images.dtype.kind not in "biuf":
        raise ValueError(f"images must be numbers, not of type {images.dtype}")
    return within(images.astype(np.float64))
