"""A page of the digits that were misread."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nn.settings.counts import from_one
from viz.plots.figure import Theme, canvas
from viz.plots.looks import bare
from viz.plots.mosaic import columns_for, size_of
from viz.plots.predicted.images import as_images, draw_images
from viz.plots.text import plain

COLUMNS = 5
ROOM = 17  # characters above an image


def misread_digits(
    images: ArrayLike,
    truth: ArrayLike,
    predicted: ArrayLike,
    limit: int = 25,
    *,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """A page of the digits that were read wrongly, with what they are and what was read.

    Parameters:
        images: of shape (n, height, width), or (n, pixels) if they are square; NaN stands out.
        truth, predicted: what they are, and what they were read as, shape (n,).
        limit: how many to show at most.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: there are not as many of each, or the images are no squares of numbers.

    >>> figure = misread_digits(np.zeros((3, 8, 8)), [1, 2, 3], [1, 2, 5])
    >>> figure.axes[0].get_title(), figure.axes[0].texts[0].get_text()
    ('1 of 3 digits misread', '3 read as 5')
    """
    images, truth, predicted = as_images(images), np.asarray(truth), np.asarray(predicted)
    limit = from_one("limit", limit)
    if not truth.shape == predicted.shape == images.shape[:1]:
        raise ValueError(
            f"truth and predicted are (n,), one for each of {len(images)} images, but "
            f"{truth.shape} and {predicted.shape} came"
        )
    wrong = np.flatnonzero(truth != predicted)
    shown = wrong[:limit]
    columns = columns_for(len(shown), COLUMNS)
    width, height = size_of(max(len(shown), 1), images.shape[1:], columns, 1.25)
    place = canvas(ax, theme, (max(width, 3.6), height + 0.4))
    (axes,), palette = place.panels, place.palette
    if len(shown):
        captions = [_caption(truth[i], predicted[i]) for i in shown]
        draw_images(axes, images[shown], images, captions, columns, palette)
    else:
        bare(axes, palette)
        told: dict[str, Any] = {"ha": "center", "va": "center", "transform": axes.transAxes}
        axes.text(0.5, 0.5, "every digit was read right", color=palette.quiet, **told)
    more = f", the first {len(shown)} of them" if len(shown) < len(wrong) else ""
    axes.set_title(f"{len(wrong)} of {len(truth)} digits misread{more}")
    return place.figure


def _caption(truth: Any, predicted: Any) -> str:
    longest = (ROOM - len(" read as ")) // 2
    if len(f"{truth}{predicted}") <= 2 * longest:
        longest = ROOM
    return f"{plain(truth, longest)} read as {plain(predicted, longest)}"
