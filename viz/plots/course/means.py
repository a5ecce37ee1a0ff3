"""Random draws: how their means settle, by the law of large numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from viz.plots.course.draws import numbers_of
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend, named_in, stroke
from viz.plots.text import named, plain


def running_means(
    samples: Any,
    expected: float | None = None,
    *,
    deviation: float | None = None,
    times: float = 1.0,
    name: str = "",
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """The mean of the first n samples, for each n: the law of large numbers.

    In Axes that hold curves already it is drawn in another colour and stroke, under its name.

    Parameters:
        samples: numbers or Values, shape (n,), or several series of them, shape (series, n).
        expected: the mean of the distribution.
        deviation: its standard deviation, from 0 on: around the mean, or around that of all
            samples, a band is shaded of `deviation / sqrt(n)` to each side.
        times: how many of these, above 0: within 1 are about two of three means, within 2 about
            nineteen of twenty.
        name: of what is drawn.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises, as `distribution`.

    >>> figure = running_means([1.0, 3.0, 5.0], expected=3.0)
    >>> figure.axes[0].lines[0].get_ydata().tolist()
    [1.0, 2.0, 3.0]
    """
    series = np.atleast_2d(numbers_of(samples))
    if series.ndim != 2:
        raise ValueError(f"samples are of shape (n,) or (series, n), not {series.shape}")
    if deviation is not None and not 0.0 <= deviation < np.inf:
        raise ValueError(f"deviation is a finite number from 0 on, not {deviation!r:.60}")
    if not 0.0 < times < np.inf:
        raise ValueError(f"times is a finite number above 0, not {times!r:.60}")
    place = canvas(ax, theme, (5.6, 3.6))
    (axes,), palette = place.panels, place.palette
    counts = np.arange(1, series.shape[1] + 1)
    alpha = 1.0 if len(series) == 1 else 0.7
    drawn = len(named_in(axes))  # before
    style: dict[str, Any] = {"color": palette.color(drawn), "linestyle": stroke(drawn)}
    for i, means in enumerate(np.cumsum(series, axis=1) / counts):
        label = (named(name) if drawn and name else "mean of the first n") if i == 0 else None
        axes.plot(counts, means, linewidth=1.4, alpha=alpha, label=label, **style)
    middle = float(series.mean()) if expected is None else float(expected)
    if deviation is not None:
        spread = times * deviation / np.sqrt(counts)
        factor = "" if times == 1.0 else f"{times:g} · "
        shade = palette.tint(palette.colors[1], 0.3)
        band: dict[str, Any] = {"color": shade, "linewidth": 0, "label": f"{factor}deviation / √n"}
        axes.fill_between(counts, middle - spread, middle + spread, zorder=0.5, **band)
    if expected is not None:
        style = {"color": palette.colors[1], "linestyle": "--", "linewidth": 1.6}
        axes.axhline(middle, label=f"expected {middle:.6g}", **style)
    if len(counts) > 50:
        axes.set_xscale("log")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    most = max(len(counts), 2, *([axes.get_xlim()[1]] if drawn else []))
    axes.set(xlabel="n", xlim=(1, most))
    if not drawn:
        axes.set_ylabel(plain(name))
    legend(axes, palette, above=place.own)
    calm(axes, palette, grid="y")
    return place.figure
