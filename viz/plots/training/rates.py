"""What a learning-rate range test has found."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from nn.training.rate_range import RateCurve
from viz.plots.drawable import drawable
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend

WINDOW = 0.1  # of all steps, over which the moving median is taken


def learning_rate_curve(
    curve: RateCurve, *, ax: Axes | None = None, theme: Theme | None = None
) -> Figure:
    """The loss by the learning rate of the step on it: a dot for each batch, and a moving median.

    A good rate is where the line falls, well to the left of the ring, where it is lowest.

    Parameters:
        curve: what `nn.learning_rate_range` gave.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        TypeError: it is no RateCurve.
        ValueError: no loss is finite.

    >>> from nn import RateCurve
    >>> curve = RateCurve(np.array([0.01, 0.1, 1.0]), np.array([2.0, 1.0, 4.0]))
    >>> learning_rate_curve(curve).axes[0].get_legend().get_texts()[-1].get_text()
    'lowest at 0.1'
    """
    if not isinstance(curve, RateCurve):
        raise TypeError(f"learning_rate_range() gives the curve to draw, not {curve!r:.60}")
    finite = drawable(curve.losses)
    if not finite.any():
        raise ValueError("no loss of the curve is finite: begin with a lower rate, lowest=")
    rates, losses = curve.rates[finite], curve.losses[finite]
    line = _moving(losses)
    lowest = int(line.argmin())
    place = canvas(ax, theme, (5.2, 3.6))
    (axes,), palette = place.panels, place.palette
    axes.plot(rates, losses, ".", color=palette.tint(palette.colors[0], 0.5), label="of a batch")
    axes.plot(rates, line, color=palette.colors[0], linewidth=2.0, label="moving median")
    axes.plot(
        *(rates[lowest], line[lowest], "o"),
        color=palette.ink,
        markersize=10,
        markerfacecolor="none",
        markeredgewidth=1.5,
        label=f"lowest at {rates[lowest]:.2g}",
    )
    room = 0.25 * (line.max() - line.min()) or 0.5
    axes.set(xscale="log", xlabel="learning rate", ylabel="loss")
    axes.set_ylim(line.min() - room, line.max() + room)  # not to where one batch shot
    legend(axes, palette, above=place.own)
    calm(axes, palette, grid="y")
    return place.figure


def _moving(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of the losses around each, shape (n,), which one bad batch does not move."""
    reach = round(WINDOW * len(losses) / 2)
    around = [losses[max(i - reach, 0) : i + reach + 1] for i in range(len(losses))]
    return np.array([np.median(each) for each in around])
