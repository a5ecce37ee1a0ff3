"""Where a plot is drawn: in a figure of its own, or in the Axes that a person gave."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure, SubFigure

from viz.colors import PALETTES, Palette
from viz.plots.looks import luminance, whole

Theme = Literal["light", "dark"]
Place = Axes | Sequence[Axes] | None

WIDEST = 9.0  # inches, as wide as a notebook


class Plot(Figure):
    """A figure that shows itself in Jupyter without pyplot."""

    def _repr_png_(self) -> bytes:
        png = BytesIO()
        self.savefig(png, format="png", dpi=100)
        return png.getvalue()


class Canvas(NamedTuple):
    """Where a plot is drawn.

    Attributes:
        panels: as many Axes as were asked for.
        own: whether the figure was made here, for this plot or another, and not by a person. Its
            layout makes room for what stands beside the axes.
    """

    figure: Figure
    panels: list[Axes]
    palette: Palette
    own: bool


def canvas(
    ax: Place, theme: Theme | None, size: tuple[float, float], panels: int = 1, across: int = 3
) -> Canvas:
    """A figure of the plot's own, or the Axes that a person gave.

    Parameters:
        ax: an Axes, or as many as there are panels; None for a new figure.
        theme: by default light, or what suits the background of the figure that has `ax`.
        size: of a new figure's panel, in inches; narrower where the row would be too wide.
        across: how many panels stand in a row.

    Raises:
        TypeError, ValueError: `ax` or `theme` is something else, or too few or too many.
    """
    if theme is not None and theme not in PALETTES:
        raise ValueError(f'theme is "light" or "dark", not {theme!r:.60}')
    if ax is not None:
        return _given(ax, theme, panels)
    palette = PALETTES[theme or "light"]
    columns = min(panels, across)
    rows = -(-panels // columns)
    figure = Plot(
        figsize=(min(size[0] * columns, WIDEST), size[1] * rows),
        layout="constrained",
        facecolor=palette.background,
    )
    made = [figure.add_subplot(rows, columns, place) for place in range(1, panels + 1)]
    for axes in made:
        axes.set_facecolor("none")
    return Canvas(figure, made, palette, own=True)


def _given(ax: Any, theme: Theme | None, panels: int) -> Canvas:
    given: list[Any] = [*np.ravel(np.array(ax, dtype=object))]
    if not all(isinstance(axes, Axes) for axes in given):
        raise TypeError(f"ax is an Axes of matplotlib, or a list of them, not {ax!r:.60}")
    for axes in given:
        if axes.name != "rectilinear":
            raise TypeError(
                f"ax has Axes of the projection {axes.name!r}: this plot is drawn in those without"
            )
    if len(given) != panels:
        raise ValueError(
            f"this plot has {panels} panels, and ax has {len(given)}: give one for each"
        )
    figure = given[0].figure
    suiting: Theme = "dark" if _is_dark(figure) else "light"
    palette = PALETTES[theme or suiting]
    for axes in given:
        if _is_dark(axes) != (palette is PALETTES["dark"]):
            axes.set_facecolor(palette.background)
    return Canvas(whole(figure), given, palette, own=isinstance(whole(figure), Plot))


def _is_dark(place: Axes | Figure | SubFigure) -> bool:
    """Whether the background is dark: its own, or that of what it is a part of, seen through it."""
    color = place.get_facecolor()
    if to_rgba(color)[3] > 0.5 or isinstance(place, Figure):
        return to_rgba(color)[3] > 0.5 and luminance(color) < 0.2
    return _is_dark(place.figure)
