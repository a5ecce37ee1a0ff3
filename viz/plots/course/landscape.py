"""A function of two numbers as a landscape: lines of equal height, and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike, NDArray

from viz.colors import MARKERS, Palette, marker
from viz.plots.course.ground import Ground, draw_ground, draw_path, ground_of, points
from viz.plots.course.sampling import Array, Interval, Surface, slope, surface
from viz.plots.figure import Theme, canvas
from viz.plots.looks import ROW, calm, legend
from viz.plots.settings import from_two, names_of

NAMED = len(MARKERS)  # gradients, as many as can be told apart
ARROWS = 9  # across, and up
LONGEST = 0.16  # arrow, as a share of what the ground extends to


def hill(
    f: Surface,
    between: Interval | tuple[Interval, Interval] = (-2.0, 2.0),
    *,
    gradient_at: ArrayLike = (),
    path: ArrayLike = (),
    resolution: int = 100,
    inputs: tuple[str, str] = ("x", "y"),
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """Lines of equal height, the bluer the lower, and arrows along the gradient, uphill.

    Parameters:
        f: a function of two Values, which gives a Value.
        between: the least and the greatest of both, or of each.
        gradient_at: points (x, y) to begin an arrow at, shape (2,) or (n, 2); by default arrows
            stand all over, each with its middle where the gradient is taken. The longest is the
            steepest, and the legend says the first eight of those that were asked for.
        path: points that were walked through, shape (n, 2).
        resolution: points across, and points up, at which the height is computed, from 2 on.
        inputs: the names of the two numbers.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        TypeError: `f` gives no Value, or a number is none.
        ValueError: the shape of an argument does not fit, or there is no gradient at a point.

    >>> figure = hill(lambda x, y: x**2 + 3 * y**2, gradient_at=(1.0, 1.0))
    >>> figure.axes[0].get_legend().get_texts()[0].get_text()
    'gradient (2, 6) at (1, 1)'
    """
    ground = ground_of(between)
    starts, walked = points("gradient_at", gradient_at), points("path", path)
    resolution, (across, up) = from_two("resolution", resolution), names_of("inputs", inputs, 2)
    arrows = _gradients(f, ground, starts) if len(starts) or not len(walked) else []
    xs, ys = np.linspace(*ground.x, resolution), np.linspace(*ground.y, resolution)
    heights = surface(f, xs, ys)
    place = canvas(ax, theme, (5.6, 4.6 + ROW * min(len(starts), NAMED + 1)))
    (axes,), palette = place.panels, place.palette
    draw_ground(axes, ground, xs, ys, heights, palette)
    if len(walked):
        draw_path(axes, walked, 3, palette, "path")
    _draw_arrows(axes, arrows, len(starts) > 0, palette)
    axes.set(xlabel=across, ylabel=up)
    calm(axes, palette)
    if len(starts) or len(walked):
        legend(axes, palette, above=place.own)
    return place.figure


class Arrow(NamedTuple):
    """A gradient, and from where to where it is drawn, all of shape (2,)."""

    slope: Array
    tail: Array
    tip: Array


def _gradients(f: Surface, ground: Ground, starts: Array) -> list[Arrow]:
    """Arrows that begin at the points; without any, shorter ones all over, that stay within."""
    given = len(starts) > 0
    places = starts if given else _grid(ground)
    slopes = np.array([slope(f, place) for place in places])
    heights = np.array([surface(f, x, y)[0, 0] for x, y in places[:, :, None]])
    finite = np.isfinite(slopes).all(axis=1) & np.isfinite(heights)
    if given:
        _check_starts(ground, starts, slopes, heights, finite)
    places, slopes = places[finite], slopes[finite]
    sizes = np.abs(slopes).max(initial=0.0) or 1.0
    lengths = np.hypot(*(slopes / sizes).T)
    ways = slopes / sizes / ground.extent
    ways /= np.maximum(np.hypot(*ways.T), 1e-300)[:, None]
    shares = (LONGEST if given else 0.75 / ARROWS) * np.sqrt(lengths / lengths.max(initial=1e-300))
    arrows = ways * shares[:, None] * ground.extent
    tails = places - (0.0 if given else 0.5) * arrows
    return [*map(Arrow, slopes, tails, tails + arrows)]


def _check_starts(
    ground: Ground, starts: Array, slopes: Array, heights: Array, finite: NDArray[np.bool_]
) -> None:
    low, high = np.transpose(ground)
    for i, (x, y) in enumerate(starts.tolist()):
        if (starts[i] < low).any() or (starts[i] > high).any():
            raise ValueError(
                f"gradient_at has ({x:g}, {y:g}), where nothing is drawn: the ground is between "
                f"{ground.x} and {ground.y}. Say between= to draw another"
            )
        if not finite[i]:
            raise ValueError(
                f"there is no gradient at ({x:g}, {y:g}): the height is {heights[i]}, the slopes "
                f"are {slopes[i].tolist()}"
            )


def _draw_arrows(axes: Axes, arrows: Sequence[Arrow], given: bool, palette: Palette) -> None:
    color = palette.colors[1] if given else palette.quiet
    head: dict[str, Any] = {"arrowstyle": "-|>", "color": color, "linewidth": 2.0 if given else 0.9}
    head |= {"mutation_scale": 14 if given else 7, "shrinkA": 0, "shrinkB": 0}
    for i, (gradient, tail, tip) in enumerate(arrows):
        # No annotation, which is not drawn at all if its tip is not quite within the frame.
        axes.add_patch(FancyArrowPatch(tuple(tail), tuple(tip), clip_on=False, **head))
        if given:
            (x, y), (dx, dy) = tail, gradient
            label = f"gradient ({dx:.4g}, {dy:.4g}) at ({x:.4g}, {y:.4g})"
            if i >= NAMED:
                label = f"and {len(arrows) - NAMED} more" if i == NAMED else "_"
            axes.plot(x, y, marker(i), color=color, markersize=7, label=label)


def _grid(ground: Ground) -> Array:
    shares = (np.arange(ARROWS) + 0.5) / ARROWS
    across, up = np.meshgrid(shares, shares)
    corner = np.array([ground.x[0], ground.y[0]])
    return corner + np.stack([across.ravel(), up.ravel()], axis=1) * ground.size
