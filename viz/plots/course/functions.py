"""A function of one number, with tangents and its derivative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from autograd.transforms import derivative as derivative_of
from nn.activation import name_of
from viz.colors import Palette, marker
from viz.plots.course.sampling import Curve, Interval, interval, sampled, seen, with_gaps
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend, named_in, stroke
from viz.plots.settings import names_of
from viz.plots.text import named

POINTS = 401


def function_plot(
    f: Curve,
    between: Interval = (-4.0, 4.0),
    *,
    tangent_at: float | Sequence[float] = (),
    derivative: bool = False,
    name: str = "",
    inputs: tuple[str] = ("x",),
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """A function of one number; all its derivatives are the engine's.

    Where it is not finite or jumps there is a gap. What shoots up at a pole is cut off. In Axes
    that hold curves already it is drawn in another colour and stroke.

    Parameters:
        f: a function of a Value, such as `autograd.tanh` or `lambda x: x**3 - x`.
        between: the least and the greatest x.
        tangent_at: a number, or several, where to draw a tangent; its slope stands beside it.
        derivative: whether to draw the derivative too, dashed.
        name: of the function; by default "f", or its own if it has one.
        inputs: the name of the number.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        TypeError: `f` does not give Values, or a number or a name is none.
        ValueError: the interval or a place of a tangent is not finite, or there are more names.

    >>> figure = function_plot(lambda x: x**2, tangent_at=1.5)
    >>> [line.get_label() for line in figure.axes[0].lines if line.get_label()[0] != "_"]
    ['f', 'slope 3 at 1.5']
    """
    between = interval("between", between)
    places, (across,) = _places(tangent_at), names_of("inputs", inputs, 1)
    curve = sampled(f, between, POINTS)
    derived = sampled(f, between, POINTS, order=1) if derivative else None
    place = canvas(ax, theme, (5.6, 3.8))
    (axes,), palette = place.panels, place.palette
    name = named(name or _own_name(f))
    drawn = len(named_in(axes))  # before
    colors = _free_colors(axes, palette)
    shown, widths = [], [between]
    if axes.has_data():
        shown, widths = [axes.get_ylim()], [axes.get_xlim(), between]
    axes.plot(
        *(curve.xs, with_gaps(curve)),
        color=colors[0],
        linestyle=stroke(drawn),
        linewidth=2.0,
        label=name,
    )
    shown.append(_roomy(seen(curve)))
    if derived:
        derived = derived._replace(ys=np.where(np.isfinite(curve.ys), derived.ys, np.nan))
        style: dict[str, Any] = {"linestyle": "--", "linewidth": 1.6, "label": f"{name}'"}
        axes.plot(derived.xs, with_gaps(derived), color=colors[1], **style)
        shown.append(_roomy(seen(derived)))
    axes.set(xlim=_from_to(widths), ylim=_from_to(shown))
    for i, x in enumerate(places):
        _draw_tangent(axes, f, x, colors[(i + 2) % len(colors)], marker(i), between)
    axes.set_xlabel(across)
    calm(axes, palette, grid="both")
    if derived or places or drawn or name != "f":
        legend(axes, palette, above=place.own)
    return place.figure


def _places(given: Any) -> list[float]:
    try:
        places = [*map(float, given)] if np.ndim(given) else [float(given)]
    except (TypeError, ValueError):
        raise TypeError(f"tangent_at is a number, or a list of them, not {given!r:.60}") from None
    if not np.isfinite(places).all():
        raise ValueError(f"tangent_at must be finite, not {given!r:.60}")
    return places


def _own_name(f: Any) -> str:
    name = name_of(f)
    return "f" if name == "<lambda>" else name


def _from_to(intervals: Sequence[Interval]) -> Interval:
    """All of them."""
    lows, highs = zip(*intervals, strict=True)
    return min(lows), max(highs)


def _roomy(seen: Interval) -> Interval:
    """With room around."""
    low, high = seen
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _free_colors(axes: Axes, palette: Palette) -> list[str]:
    """Those that no line has, the others behind them."""
    taken = [to_hex(line.get_color()) for line in axes.lines]
    return sorted(palette.colors, key=taken.count)


def _draw_tangent(axes: Axes, f: Curve, x: float, color: str, sign: str, between: Interval) -> None:
    height, slope = derivative_of(f, x, 0), derivative_of(f, x)
    if not (np.isfinite(height) and np.isfinite(slope)):
        raise ValueError(f"there is no tangent at {x:g}: the height is {height}, the slope {slope}")
    beside = 1e-3 * (between[1] - between[0])
    if all(abs(slope) < 1e-9 * abs(derivative_of(f, x + step)) for step in (-beside, beside)):
        slope = 0.0  # but for rounding
    axes.axline((x, height), slope=slope, color=color, linewidth=1.4, linestyle="-.")
    axes.plot(
        *([x], [height], f"-.{sign}"),
        color=color,
        markersize=7,
        label=f"slope {slope:.6g} at {x:.6g}",
    )
