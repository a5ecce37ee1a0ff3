"""The ground that a walk is over: a part of the plane, with lines of equal height and shades."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from viz.colors import Palette, marker
from viz.plots.course.sampling import Array, Interval, interval
from viz.plots.drawable import drawable

LEVELS = 12  # lines of equal height, about


class Ground(NamedTuple):
    """A part of the plane: from where to where."""

    x: Interval
    y: Interval

    @property
    def size(self) -> Array:
        """Width and height."""
        return np.array([self.x[1] - self.x[0], self.y[1] - self.y[0]])

    @property
    def to_scale(self) -> bool:
        """Whether both directions have one scale, on which a gradient stands upright on lines."""
        width, height = self.size
        return bool(0.4 < height / width < 2.5)

    @property
    def extent(self) -> Array:
        """What looks equally long across and up, the most of it that there is room for."""
        return np.full(2, self.size.min()) if self.to_scale else self.size


def ground_of(between: Any) -> Ground:
    """The plane between the ends: those of both directions, or of each."""
    if np.shape(between) == (2, 2):
        return Ground(interval("between[0]", between[0]), interval("between[1]", between[1]))
    both = interval("between", between)
    return Ground(both, both)


def points(name: str, given: ArrayLike) -> Array:
    """Points of the plane, shape (n, 2); one alone may come as (2,).

    Raises:
        ValueError: they are no finite numbers of that shape.
    """
    found = np.asarray(given, dtype=float)
    found = found.reshape(-1, 2) if found.shape in ((0,), (2,)) else found
    if found.ndim != 2 or found.shape[1] != 2 or not drawable(found).all():
        raise ValueError(f"{name} is finite points of shape (n, 2), not {np.shape(given)}")
    return found


def draw_ground(
    axes: Axes, ground: Ground, xs: Array, ys: Array, heights: Array, palette: Palette
) -> None:
    """Shades and lines of equal height; heights of shape (len(ys), len(xs))."""
    axes.set(xlim=ground.x, ylim=ground.y)
    if ground.to_scale:
        axes.set_aspect("equal")
    levels = _levels(heights)
    if len(levels) < 2:
        return
    far, near = palette.tint(palette.colors[0], 0.04), palette.tint(palette.colors[0], 0.5)
    shades = LinearSegmentedColormap.from_list("heights", [near, far], N=len(levels) - 1)
    banded = np.clip(heights, levels[0], levels[-1])
    axes.contourf(xs, ys, banded, levels=levels, colors=shades(range(len(levels) - 1)))
    lines = axes.contour(xs, ys, heights, levels=levels[1:-1], colors=palette.quiet, linewidths=0.7)
    named = levels[1:-1:2]
    # Not inline: the lines stay whole where a label is removed.
    labels = axes.clabel(lines, named, inline=False, fmt="%.3g", fontsize=8, colors=palette.ink)
    for label in labels:
        place = (np.array(label.get_position()) - [ground.x[0], ground.y[0]]) / ground.size
        if place.min() < 0.05 or place.max() > 0.95:
            label.remove()  # It would stand out of the frame.
        shade = shades(int(np.abs(levels - float(label.get_text())).argmin()))  # above the line
        label.set_path_effects([withStroke(linewidth=4, foreground=shade)])  # read over any line


def _levels(heights: Array) -> Array:
    """The least height, those of the lines and the greatest.

    The lines are at round numbers, or, of a landscape with high walls, evenly spaced by ratios.
    """
    finite = heights[np.isfinite(heights)]
    if not len(finite) or finite.min() == finite.max():
        return np.zeros(0)
    low, middle, high = np.quantile(finite, [0.0, 0.5, 1.0]).tolist()
    if high - low > 8.0 * (middle - low) > 0.0:
        least = max((middle - low) / 100.0, (high - low) / 1e6)
        return np.append(low, low + np.geomspace(least, high - low, LEVELS + 1))
    round_numbers = MaxNLocator(LEVELS * 3 // 2, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    edge = 0.01 * (high - low)  # A line closer to a top than that would be a dot.
    within = round_numbers[(round_numbers > low + edge) & (round_numbers < high - edge)]
    if 2 * len(within) < LEVELS:  # The differences are too small beside the heights.
        within = np.linspace(low, high, LEVELS + 2)[1:-1]
    return np.unique([low, *within, high])  # what rounds to one number is one line


def draw_path(axes: Axes, walked: Array, i: int, palette: Palette, label: str) -> None:
    """A way through the plane, shape (n, 2): a ring where it begins, a star where it ends."""
    color, dashes = palette.color(i), ("-", "--", "-.", ":")[i % 4]
    each = max(len(walked) // 12, 1)
    axes.plot(
        *walked.T,
        dashes,
        color=color,
        linewidth=1.8,
        marker=marker(i),
        markersize=5,
        markevery=each,
        markeredgecolor=palette.background,
        label=label,
    )
    axes.plot(*walked[0], "o", color=palette.ink, markersize=9, markerfacecolor="none")
    axes.plot(*walked[-1], "*", color=color, markersize=13, markeredgecolor=palette.ink)
