"""What the plots have in common: where they are drawn, their quiet frame, and text as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure, SubFigure
from matplotlib.legend import Legend

from viz.colors import NEGATIVE, NOT_FINITE, PALETTES, POSITIVE, Palette

Theme = Literal["light", "dark"]
Place = Axes | Sequence[Axes] | None

LONGEST = 40  # characters of a name, of which there may be many beside each other
DENSITY = 15  # characters of a legend to an inch
HANDLE = 8  # characters that a line, and the room around, take as much room as
WIDEST = 9.0  # inches, as wide as a notebook

_LINE_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


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
        own: whether the figure is the plot's own, and not a person's.
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
    given = [ax] if isinstance(ax, Axes) else [*getattr(ax, "flat", ax if _is_row(ax) else [None])]
    if not all(isinstance(axes, Axes) for axes in given):
        raise TypeError(f"ax is an Axes of matplotlib, or a list of them, not {ax!r:.60}")
    if len(given) != panels:
        raise ValueError(
            f"this plot has {panels} panels, and ax has {len(given)}: give one for each"
        )
    figure = given[0].figure
    dark = _is_dark(figure)
    return Canvas(
        _whole(figure), given, PALETTES[theme or ("dark" if dark else "light")], own=False
    )


def _is_row(ax: Any) -> bool:
    return isinstance(ax, list | tuple)


def _whole(figure: Any) -> Figure:
    """The figure that others are parts of."""
    while isinstance(figure, SubFigure):
        figure = figure.figure
    whole: Figure = figure
    return whole


def _is_dark(figure: Figure | SubFigure) -> bool:
    color = figure.get_facecolor()
    opacity = to_rgba(color)[3]
    return opacity > 0.5 and _luminance(color) < 0.2


def calm(axes: Axes, palette: Palette, grid: Literal["x", "y", "both"] | None = None) -> None:
    """Take the frame back behind what is drawn."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color(palette.frame)
    axes.tick_params(which="both", colors=palette.quiet, labelsize=9)
    axes.title.set(color=palette.ink, fontsize=12)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(palette.quiet)
        axis.get_offset_text().set_color(palette.quiet)
    if grid is not None:
        axes.set_axisbelow(True)
        axes.grid(axis=grid, color=palette.grid, linewidth=0.8)


def bare(axes: Axes, palette: Palette) -> None:
    """Take away frame and ticks, of a plot whose places mean nothing."""
    calm(axes, palette)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def legend(axes: Axes, palette: Palette, above: bool = False, **settings: Any) -> Legend:
    """Name what is drawn: above the plot, or in it, over a veil of the background."""
    settings = {"framealpha": 0.75, "fontsize": 9, **settings}
    if above:
        lengths = [len(label) + HANDLE for label in axes.get_legend_handles_labels()[1]]
        room = round(DENSITY * _whole(axes.figure).get_figwidth())
        columns = len(lengths) if sum(lengths) <= room else max(room // max(lengths), 1)
        settings |= {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns}
        settings |= {"borderaxespad": 0.2, "columnspacing": 1.4, "framealpha": 0.0}
    return axes.legend(
        labelcolor=palette.ink, facecolor=palette.background, edgecolor="none", **settings
    )


def diverging(palette: Palette) -> Colormap:
    """From the least negative to the most positive number, the background at zero."""
    stops = [palette.negative, NEGATIVE, palette.background, POSITIVE, palette.positive]
    colors = LinearSegmentedColormap.from_list("signs", stops)
    return colors.with_extremes(bad=NOT_FINITE)


def shares(palette: Palette) -> Colormap:
    """From 0, the background, to 1."""
    return LinearSegmentedColormap.from_list("shares", [palette.background, palette.colors[0]])


def over(color: Any, palette: Palette) -> str:
    """The colour, ink or background, in which text on a colour is read best."""
    below = _luminance(color)

    def contrast(text: str) -> float:
        dark, light = sorted((below, _luminance(text)))
        return (light + 0.05) / (dark + 0.05)

    return max(palette.ink, palette.background, key=contrast)


def _luminance(color: Any) -> float:
    """How light a colour is to the eye, from 0 to 1 (WCAG 2.2, without the bend of sRGB)."""
    red, green, blue, _ = (channel**2.2 for channel in to_rgba(color))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def plain(text: Any) -> str:
    """A person's text as it is, on one line, cut after 40 characters.

    In matplotlib's, two dollar signs would begin a formula.

    >>> plain("price in $"), plain("two\\nlines")
    ('price in \\\\$', 'two lines')
    """
    text = str(text)
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub(" ", shown))
    return shown.replace("$", r"\$")
