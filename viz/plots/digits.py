"""A page of the digits that were misread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike, NDArray

from viz.plots.figure import INK, QUIET, Plot


def misread_digits(
    images: ArrayLike, truth: ArrayLike, predicted: ArrayLike, limit: int = 25
) -> Figure:
    """A page of the digits that were read wrongly, with what they are and what was read.

    `images` is (n, height, width), or (n, pixels) if they are square.

    >>> figure = misread_digits(np.zeros((3, 8, 8)), [1, 2, 3], [1, 2, 5])
    >>> figure.get_suptitle(), figure.axes[0].get_title()
    ('1 of 3 digits misread', '3 read as 5')
    """
    images, truth, predicted = np.asarray(images), np.asarray(truth), np.asarray(predicted)
    if not len(images) == len(truth) == len(predicted):
        raise ValueError(
            f"{len(images)} images, {len(truth)} true classes and {len(predicted)} predicted "
            "ones: they must be as many"
        )
    wrong = np.flatnonzero(truth != predicted)
    shown = wrong[:limit]
    columns = min(5, max(len(shown), 1))
    rows = max(math.ceil(len(shown) / columns), 1)
    roomy = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    figure = Plot(figsize=(max(1.35 * columns, 3.6), 1.6 * rows + 0.5), layout=roomy)
    more = f", the first {len(shown)} of them" if len(shown) < len(wrong) else ""
    figure.suptitle(f"{len(wrong)} of {len(truth)} digits misread{more}", color=INK, fontsize=12)
    if not len(wrong):
        figure.text(0.5, 0.4, "every digit was read right", color=QUIET, ha="center")
    for place, index in enumerate(shown, 1):
        axes = figure.add_subplot(rows, columns, place)
        axes.imshow(_square(images[index]), cmap="gray_r", interpolation="nearest")
        axes.set_title(f"{truth[index]} read as {predicted[index]}", color=INK, fontsize=9)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color("#cbd5e1")
    return figure


def _square(image: NDArray[Any]) -> NDArray[Any]:
    side = math.isqrt(image.size)
    return image if image.ndim == 2 else image.reshape(side, side)
