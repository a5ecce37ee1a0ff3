"""Many small pictures side by side in one Axes, each with a line above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from viz.colors import Palette
from viz.plots.figure import WIDEST
from viz.plots.looks import bare
from viz.plots.text import plain

COLUMNS = 8
ROOM = 15  # characters above a picture
GAP, ABOVE = 0.16, 0.3  # between the pictures, and for the line above, of a picture's width


def captions_of(names: Sequence[Any] | None, count: int, what: str) -> list[str]:
    """The names of so many pictures, short enough; none if none are given.

    Raises:
        ValueError: there are more or fewer names.

    >>> captions_of([3, 8], 2, "images"), captions_of(None, 2, "images")
    (['3', '8'], [])
    """
    found = [plain(name, ROOM) for name in (names if names is not None else ())]
    if len(found) not in (0, count):
        raise ValueError(f"{len(found)} names for {count} {what}: give one for each")
    return found


def columns_for(count: int, most: int) -> int:
    """How many pictures to set in a row, so that the last row lacks few.

    >>> [columns_for(count, 8) for count in (3, 8, 11, 16, 30)]
    [3, 8, 6, 8, 6]
    """
    if count <= most:
        return max(count, 1)
    return min(range(most, most // 2, -1), key=lambda columns: -count % columns)


def size_of(count: int, shape: tuple[int, int], columns: int, inch: float) -> tuple[float, float]:
    """Width and height in inches of a figure of so many pictures, each so many inches wide."""
    height, width = shape
    rows = math.ceil(count / columns)
    return min(columns * inch * (1 + GAP), WIDEST), rows * inch * (height / width + ABOVE + GAP)


def mosaic(
    axes: Axes,
    pictures: NDArray[Any],
    captions: Sequence[str],
    columns: int,
    palette: Palette,
    colors: Colormap,
    scale: Normalize,
) -> None:
    """Draw the pictures, shape (n, height, width), row by row from the top."""
    height = pictures.shape[1] / pictures.shape[2]  # where the width is 1
    bare(axes, palette)
    edge: dict[str, Any] = {"edgecolor": palette.frame, "linewidth": 0.7}
    for i, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(i, columns)
        left, top = column * (1 + GAP), -row * (height + ABOVE + GAP)
        ends = (left, left + 1, top - height, top)
        axes.imshow(
            np.ma.masked_invalid(picture),
            extent=ends,
            cmap=colors,
            norm=scale,
            origin="upper",
            interpolation="nearest",
        )
        axes.add_patch(Rectangle((left, top - height), 1, height, fill=False, **edge))
        axes.text(
            *(left + 0.5, top + 0.06, caption),
            ha="center",
            va="bottom",
            color=palette.ink,
            fontsize=9,
        )
    rows = math.ceil(len(pictures) / columns)
    used = min(columns, len(pictures))
    axes.set(
        xlim=(-0.02, used * (1 + GAP) - GAP + 0.02),
        ylim=(-rows * (height + ABOVE + GAP) + ABOVE + GAP - 0.02, ABOVE),
        aspect="equal",
    )
