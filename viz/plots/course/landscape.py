"""A function of two numbers as a landscape: lines of equal height, and its gradient."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from viz.colors import Palette, marker
from viz.plots.course.ground import Ground, draw_ground, draw_path, ground_of, points
from viz.plots.course.sampling import Array, Interval, Surface, slope, surface
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.text import plain

ARROWS = 9  # across, and up
LONGEST = 0.16  # arrow, as a share of the width


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
            stand all over. The longest is the steepest.
        path: points that were walked through, shape (n, 2).
        resolution: points across, and points up, at which the height is computed, from 2 on.
        inputs: the names of the two numbers.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        TypeError: `f` gives no Value, or a number is none.
        ValueError: the shape of an argument does not fit.

    >>> figure = hill(lambda x, y: x**2 + 3 * y**2, gradient_at=(1.0, 1.0))
    >>> figure.axes[0].get_legend().get_texts()[0].get_text()
    'gradient (2, 6) at (1, 1)'
    """
    ground = ground_of(between)
    starts, walked = points("gradient_at", gradient_at), points("path", path)
    if resolution < 2:
        raise ValueError(f"resolution={resolution}: there are 2 points across, or more")
    xs, ys = np.linspace(*ground.x, resolution), np.linspace(*ground.y, resolution)
    heights = surface(f, xs, ys)
    place = canvas(ax, theme, (5.6, 4.6))
    (axes,), palette = place.panels, place.palette
    draw_ground(axes, ground, xs, ys, heights, palette)
    if len(walked):
        draw_path(axes, walked, 3, palette, "path")
    _draw_gradient(axes, f, ground, starts, not len(walked), palette)
    axes.set(xlabel=plain(inputs[0]), ylabel=plain(inputs[1]))
    calm(axes, palette)
    if len(starts) or len(walked):
        legend(axes, palette, above=place.own)
    return place.figure


def _draw_gradient(
    axes: Axes, f: Surface, ground: Ground, starts: Array, everywhere: bool, palette: Palette
) -> None:
    """Arrows at the points; without any, all over, shorter."""
    given = len(starts) > 0
    if not given and not everywhere:
        return
    places = starts if given else _grid(ground)
    slopes = np.array([slope(f, place) for place in places])
    heights = np.array([surface(f, x, y)[0, 0] for x, y in places[:, :, None]])
    finite = np.isfinite(slopes).all(axis=1) & np.isfinite(heights)
    lengths = np.hypot(*slopes.T)
    steepest = lengths[finite].max(initial=0.0)
    if steepest == 0.0:
        steepest = 1.0
    share = LONGEST if given else 0.75 / ARROWS
    arrows = slopes / steepest * share * ground.size.max()
    arrows[finite] *= _lengthened(lengths[finite] / steepest)[:, None]
    for i in np.flatnonzero(finite).tolist():
        color = palette.colors[1] if given else palette.quiet
        head = {"arrowstyle": "-|>", "color": color, "linewidth": 2.0 if given else 0.9}
        head |= {"mutation_scale": 14 if given else 7, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", places[i] + arrows[i], places[i], arrowprops=head)
        if given:
            (x, y), (dx, dy) = places[i], slopes[i]
            label = f"gradient ({dx:.4g}, {dy:.4g}) at ({x:.4g}, {y:.4g})"
            axes.plot(x, y, marker(i), color=color, markersize=7, label=label)


def _lengthened(lengths: Array) -> Array:
    """Factors that let short arrows be seen beside the longest, of length 1."""
    with np.errstate(divide="ignore"):
        return np.where(lengths > 0, np.minimum(lengths**-0.5, 1e6), 1.0)


def _grid(ground: Ground) -> Array:
    shares = (np.arange(ARROWS) + 0.5) / ARROWS
    across, up = np.meshgrid(shares, shares)
    corner = np.array([ground.x[0], ground.y[0]])
    return corner + np.stack([across.ravel(), up.ravel()], axis=1) * ground.size
