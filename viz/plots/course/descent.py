"""The paths of optimizers, side by side over one landscape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograd.context import recording
from autograd.value import Value
from nn.optimizers import Optimizer
from nn.parameters.parameter import Parameter
from nn.settings.counts import from_one
from viz.plots.course.ground import Ground, draw_ground, draw_path, ground_of
from viz.plots.course.sampling import Array, Interval, Surface, surface
from viz.plots.drawable import drawable
from viz.plots.figure import Theme, canvas
from viz.plots.looks import ROW, calm, legend, width_for
from viz.plots.settings import from_two, names_of
from viz.plots.text import named

Maker = Callable[[list[Value]], Optimizer]


class Walk(NamedTuple):
    """The points that an optimizer passed through, shape (n, 2), and the heights at them, (n,)."""

    points: Array
    heights: Array


def optimizer_paths(
    f: Surface,
    start: Sequence[float],
    optimizers: Mapping[str, Maker],
    *,
    steps: int = 50,
    between: Interval | tuple[Interval, Interval] | None = None,
    resolution: int = 100,
    inputs: tuple[str, str] = ("x", "y"),
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """Where optimizers get from one point, downhill; the legend says how low.

    Each begins at the ring and ends at a star, with Parameters of its own.

    Parameters:
        f: a function of two Values, which gives a Value.
        start: where all begin, two numbers.
        optimizers: by name, functions that make an optimizer for two parameters: its class, or
            `functools.partial(SGD, learning_rate=0.1)`.
        steps: how many each takes, from 1 on; fewer where it leaves the finite numbers.
        between: the least and the greatest of both, or of each; by default all that the paths
            pass through, but not those that run off.
        resolution, inputs, ax, theme: as of `hill`.

    Raises:
        TypeError, ValueError: an argument is something else, or there are no optimizers.

    >>> from functools import partial
    >>> from nn import SGD
    >>> def bowl(x, y):
    ...     return x**2 + 3 * y**2
    >>> figure = optimizer_paths(bowl, (2, 1), {"SGD": partial(SGD, learning_rate=0.1)}, steps=3)
    >>> figure.axes[0].get_legend().get_texts()[0].get_text()
    'SGD: 1.061 after 3 steps'
    """
    if not isinstance(optimizers, Mapping) or not optimizers:
        raise TypeError(
            'optimizers is a dict with at least one, such as {"Adam": Adam}, '
            f"not {optimizers!r:.60}"
        )
    steps, resolution = from_one("steps", steps), from_two("resolution", resolution)
    across, up = names_of("inputs", inputs, 2)
    if np.shape(start) != (2,) or not drawable(begin := np.array(start, dtype=float)).all():
        raise ValueError(f"start is two finite numbers, not {start!r:.60}")
    walks = {name: _walk(f, begin, name, make, steps) for name, make in optimizers.items()}
    ground = ground_of(between) if between is not None else _around([*walks.values()])
    xs, ys = np.linspace(*ground.x, resolution), np.linspace(*ground.y, resolution)
    heights = surface(f, xs, ys)
    labels = [
        f"{named(name)}: {walk.heights[-1]:.4g} after {_steps(walk)}"
        for name, walk in walks.items()
    ]
    place = canvas(ax, theme, (width_for(labels, 5.6), 4.4 + ROW * len(labels)))
    (axes,), palette = place.panels, place.palette
    draw_ground(axes, ground, xs, ys, heights, palette)
    for i, (label, walk) in enumerate(zip(labels, walks.values(), strict=True)):
        draw_path(axes, walk.points, i + 1, palette, label)
    axes.set(xlabel=across, ylabel=up)
    legend(axes, palette, above=place.own)
    calm(axes, palette)
    return place.figure


@recording()
def _walk(f: Surface, start: Array, name: str, make: Any, steps: int) -> Walk:
    parameters: list[Value] = [Parameter(x) for x in start.tolist()]
    optimizer = make(parameters) if callable(make) else None
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizers[{name!r:.40}] makes an optimizer of parameters, such as Adam or "
            f"partial(SGD, learning_rate=0.1), and is {make!r:.60}"
        )
    passed, heights = [start], [_height(f, parameters)]
    for _ in range(steps):
        optimizer.zero_grad()
        heights[-1].backward()
        optimizer.step()
        now = np.array([parameter.data for parameter in parameters])
        if not drawable(now).all():
            break
        passed.append(now)
        heights.append(_height(f, parameters))
    return Walk(np.array(passed), np.array([height.data for height in heights]))


def _steps(walk: Walk) -> str:
    count = len(walk.points) - 1
    return f"{count} step{'s' * (count != 1)}"


def _height(f: Surface, parameters: list[Value]) -> Value:
    height = f(*parameters)
    if not isinstance(height, Value):
        raise TypeError(f"the function gives a Value for two Values, not {height!r:.60}")
    return height


def _around(walks: Sequence[Walk]) -> Ground:
    """A part of the plane with all walks that did not end higher than they began, and room."""
    good = [walk for walk in walks if walk.heights[-1] <= walk.heights[0]]
    kept = np.concatenate([walk.points for walk in good or walks])
    low, high = kept.min(axis=0), kept.max(axis=0)
    widest = max((high - low).max(), 1e-9)
    room = 0.15 * widest + np.maximum(0.5 * widest - (high - low), 0.0) / 2
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    return Ground((left, right), (bottom, top))
