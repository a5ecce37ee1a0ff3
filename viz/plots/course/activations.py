"""Activation functions with their derivatives, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograd.value import Value
from nn.activation import Activation, chosen, shown
from viz.colors import Palette
from viz.plots.course.sampling import Interval, Sampled, interval, sampled, with_gaps
from viz.plots.figure import Place, Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.text import plain

POINTS = 241
CUSTOMARY = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid", "step")


def activation_functions(
    functions: Activation | Sequence[Activation] = CUSTOMARY,
    between: Interval = (-4.0, 4.0),
    *,
    ax: Place = None,
    theme: Theme | None = None,
) -> Figure:
    """Each function in a panel, solid, and its derivative, dashed.

    Parameters:
        functions: names of operations, or functions of a Value; one or several.
        between: the least and the greatest input.
        ax: an Axes for each function; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError, TypeError: there is no such operation, or there are more or fewer Axes.

    >>> figure = activation_functions(["relu", "tanh"])
    >>> [axes.get_title() for axes in figure.axes]
    ['relu', 'tanh']
    """
    if isinstance(functions, str) or callable(functions):
        functions = [functions]
    found = [chosen(function) for function in functions]
    if not found:
        raise ValueError('there are no functions to draw: give some, such as ["relu", "tanh"]')
    between = interval("between", between)
    curves = [_sampled(function, between) for _, function in found]
    across = 2 if len(found) in (2, 4) else 3
    place = canvas(ax, theme, (3.0, 2.4), len(found), across)
    for axes, (kept, _), pair in zip(place.panels, found, curves, strict=True):
        _draw(axes, pair, place.palette)
        axes.set(title=plain(shown(kept)), xlim=between)
        calm(axes, place.palette, grid="both")
        axes.title.set_fontsize(11)
    legend(place.panels[0], place.palette, fontsize=8)
    return place.figure


def _sampled(function: Callable[[Value], Any], between: Interval) -> tuple[Sampled, Sampled]:
    return sampled(function, between, POINTS), sampled(function, between, POINTS, order=1)


def _draw(axes: Axes, curves: tuple[Sampled, Sampled], palette: Palette) -> None:
    styles = (("value", "-", 2.0), ("derivative", "--", 1.6))
    heights = [with_gaps(curve) for curve in curves]
    heights[1][~np.isfinite(curves[0].ys)] = np.nan
    for i, (label, dashes, width) in enumerate(styles):
        color = palette.colors[i]
        axes.plot(curves[i].xs, heights[i], dashes, label=label, color=color, linewidth=width)
    # What is drawn together is compared, so that one scale serves nearly all of them.
    drawn = np.concatenate([curve[np.isfinite(curve)] for curve in heights])
    low, high = (drawn.min(), drawn.max()) if len(drawn) else (0.0, 1.0)
    axes.set_ylim(min(low, -1.0) - 0.2, max(high, 1.0) + 0.2)
