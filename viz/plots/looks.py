"""What plots look like: a quiet frame, a legend, and colours for numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.transforms import ScaledTranslation, Transform
from numpy.typing import ArrayLike

from viz.colors import Palette
from viz.plots.text import HELD

DENSITY = 13  # characters of a legend to an inch
HANDLE = 6  # characters that take as much room as the line before a name
MARGIN = 0.7  # inches, beside the axes
ROW = 0.22  # inches, that a line of a legend is high
# Of one curve after the other; dashes are those of a derivative, dash-dots those of a tangent.
STROKES = ("-", ":", (0, (7, 2, 2, 2)), (0, (9, 3)))
FACTOR = 0.18  # inches, that a factor of the ticks is high


def calm(axes: Axes, palette: Palette, grid: Literal["x", "y", "both"] | None = None) -> None:
    """Take the frame back behind what is drawn."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color(palette.frame)
    axes.tick_params(which="both", colors=palette.quiet, labelsize=9)
    axes.title.set(color=palette.ink, fontsize=12)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(palette.quiet)
        axis.get_offset_text().set_color(palette.quiet)
    axes.grid(visible=False)
    if grid is not None:
        axes.set_axisbelow(True)
        axes.grid(axis=grid, color=palette.grid, linewidth=0.8)


def bare(axes: Axes, palette: Palette) -> None:
    """Take away frame and ticks, of a plot whose places mean nothing."""
    calm(axes, palette)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def named_in(axes: Axes) -> list[str]:
    """The names of what was drawn there, as a legend would have them."""
    return axes.get_legend_handles_labels()[1]


def stroke(i: int) -> Any:
    """Matplotlib's line style of the i-th curve; after the fourth they begin anew."""
    return STROKES[i % len(STROKES)]


def width_for(names: Iterable[str], least: float) -> float:
    """The width in inches of a figure in which the longest name fits into a legend above."""
    longest = max(map(len, names), default=0)
    return max(least, (longest + HANDLE) / DENSITY + MARGIN)


def legend(axes: Axes, palette: Palette, above: bool = False, **settings: Any) -> Legend:
    """Name what is drawn: above the plot, or in it, over a veil of the background."""
    settings = {"framealpha": 0.75, "fontsize": 9, **settings}
    if above:
        lengths = [len(label) + HANDLE for label in named_in(axes)]
        room = round(DENSITY * (whole(axes.figure).get_figwidth() - MARGIN))
        columns = len(lengths) if sum(lengths) <= room else max(room // max(lengths), 1)
        settings |= {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns}
        settings |= {"borderaxespad": 0.2, "columnspacing": 1.4, "framealpha": 0.0}
        settings["bbox_transform"] = _above(axes)
    box = axes.legend(
        labelcolor=palette.ink, facecolor=palette.background, edgecolor="none", **settings
    )
    for text in box.get_texts():
        text.set_text(text.get_text().removeprefix(HELD))
    return box


def _above(axes: Axes) -> Transform:
    """The axes, and as much higher as the factor takes that may stand above the ticks, as 1e7."""
    axes.yaxis.get_majorticklabels()  # so that the factor is known
    inches = FACTOR if axes.yaxis.get_major_formatter().get_offset() else 0.0
    return axes.transAxes + ScaledTranslation(0.0, inches, whole(axes.figure).dpi_scale_trans)


def whole(figure: Any) -> Figure:
    """The figure that others are parts of."""
    while isinstance(figure, SubFigure):
        figure = figure.figure
    found: Figure = figure
    return found


def diverging(palette: Palette) -> Colormap:
    """From the least negative to the most positive number, the background at zero."""
    colors = LinearSegmentedColormap.from_list("signs", palette.signs)
    return colors.with_extremes(bad=palette.not_finite)


def shares(palette: Palette) -> Colormap:
    """From 0, the background, to 1."""
    return LinearSegmentedColormap.from_list("shares", [palette.background, palette.colors[0]])


def show_shares(axes: Axes, matrix: ArrayLike, colors: Colormap) -> AxesImage:
    """A matrix of shares as squares, the first row on top."""
    return axes.imshow(
        matrix, cmap=colors, vmin=0.0, vmax=1.0, origin="upper", interpolation="nearest"
    )


def over(color: Any, palette: Palette) -> str:
    """The colour, ink or background, in which text on a colour is read best."""
    below = luminance(color)

    def contrast(text: str) -> float:
        dark, light = sorted((below, luminance(text)))
        return (light + 0.05) / (dark + 0.05)

    return max(palette.ink, palette.background, key=contrast)


def luminance(color: Any) -> float:
    """How light a colour is to the eye, from 0 to 1 (WCAG 2.2, without the bend of sRGB)."""
    red, green, blue, _ = (channel**2.2 for channel in to_rgba(color))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
