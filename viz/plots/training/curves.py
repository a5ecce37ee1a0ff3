"""Learning curves: what was measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from nn.training.history import History
from viz.colors import Palette
from viz.plots.drawable import LARGEST, drawable
from viz.plots.figure import Place, Theme, canvas
from viz.plots.looks import calm, legend

LONG = 10_000  # epochs, whose numbers are so long that there is room for a few only


class Measure(NamedTuple):
    """A panel: what was measured on the training and on the validation examples, by epoch."""

    title: str
    training: Sequence[float]
    validation: Sequence[float] = ()


def training_curves(
    history: History, *, log: bool = False, ax: Place = None, theme: Theme | None = None
) -> Figure:
    """Loss by epoch, training solid and validation dashed, and what else was measured.

    A panel each has the loss, with a ring around the best epoch; the accuracy (0 to 1) if there is
    one; the penalty if there is one; and the learning rate if it changes. What is not finite is a
    gap with a cross above it.

    Parameters:
        history: what `fit` gave.
        log: whether loss and learning rate have logarithmic axes, where what is not above 0 is
            left out.
        ax: an Axes for each panel, or one for the loss alone; None for a new figure.
        theme: "light" or "dark".

    Raises:
        TypeError: it is no History.
        ValueError: there are more or fewer Axes than panels.

    >>> from nn import History
    >>> history = History(loss=[2.3, 0.9, 0.4], accuracy=[0.2, 0.7, 0.9])
    >>> [axes.get_title() for axes in training_curves(history).axes]
    ['Loss', 'Accuracy']
    """
    if not isinstance(history, History):
        raise TypeError(
            f"training_curves() draws the History that fit() gave, not {history!r:.80}: for "
            "numbers of your own say History(loss=[...])"
        )
    measures = _measures(history)
    if isinstance(ax, Axes):
        measures = measures[:1]
    across = 2 if len(measures) == 4 else 3
    place = canvas(ax, theme, (4.5, 3.3), len(measures), across)
    for axes, measure in zip(place.panels, measures, strict=True):
        least = 0.0 if log and _has_logarithms(measure) else -np.inf
        _draw(axes, measure, least, place.palette)
        if measure.title == "Loss":
            _mark_best(axes, history, least, place.palette)
        if least == 0.0:
            axes.set_yscale("log", nonpositive="mask")
        if axes.get_legend_handles_labels()[0]:
            legend(axes, place.palette)
    return place.figure


def _measures(history: History) -> list[Measure]:
    measures = [Measure("Loss", history.loss, history.validation_loss)]
    if history.accuracy or history.validation_accuracy:
        measures.append(Measure("Accuracy", history.accuracy, history.validation_accuracy))
    if history.penalty:
        measures.append(Measure("Penalty", history.penalty))
    if len(set(history.learning_rate)) > 1:
        measures.append(Measure("Learning rate", history.learning_rate))
    return measures


def _has_logarithms(measure: Measure) -> bool:
    numbers = np.array([*measure.training, *measure.validation])
    is_scale = measure.title in ("Loss", "Learning rate")
    return is_scale and bool(np.any(np.isfinite(numbers) & (numbers > 0)))


def _draw(axes: Axes, measure: Measure, least: float, palette: Palette) -> None:
    """The curves of a panel, as far as they are above the least."""
    split = measure.title in ("Loss", "Accuracy")
    blue, orange = palette.colors[:2]
    _curve(axes, measure.training, least, "training" if split else "", blue, "-")
    _curve(axes, measure.validation, least, "validation", orange, "--")
    axes.set(title=measure.title, xlabel="epoch")
    last = max(len(measure.training), len(measure.validation), 1)
    ticks = 10 if last < LONG else 4
    axes.xaxis.set_major_locator(MaxNLocator(ticks, integer=True, min_n_ticks=1))
    axes.set_xlim(0.5, last + 0.5)
    if measure.title == "Accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    calm(axes, palette, grid="y")


def _curve(
    axes: Axes, numbers: Sequence[float], least: float, label: str, color: str, dashes: str
) -> None:
    if not len(numbers):
        return
    epochs, heights = np.arange(1, len(numbers) + 1), np.array(numbers, dtype=float)
    finite = drawable(heights)
    drawn = finite & (heights > least)
    shown = np.where(drawn, heights, np.nan)
    alone = _alone(drawn)  # A line through one point is invisible.
    axes.plot(epochs, shown, dashes, label=label or None, color=color, linewidth=1.8)
    if alone.any():
        axes.plot(epochs[alone], heights[alone], "o", color=color, markersize=5)
    if not finite.all():
        axes.plot(
            *(epochs[~finite], np.full(int((~finite).sum()), 0.97), "x"),
            transform=axes.get_xaxis_transform(),
            color=color,
            label=f"beyond {LARGEST:g}" if np.isfinite(heights).all() else "not finite",
        )


def _alone(drawn: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the points that are drawn have no neighbour that is drawn."""
    around = np.concatenate([[False], drawn, [False]])
    alone: NDArray[np.bool_] = drawn & ~around[:-2] & ~around[2:]
    return alone


def _mark_best(axes: Axes, history: History, least: float, palette: Palette) -> None:
    if len(history) < 2:
        return
    height = (history.validation_loss or history.loss)[history.best - 1]
    if not drawable(height) or height <= least:
        return
    ring: dict[str, Any] = {"markersize": 10, "markerfacecolor": "none", "markeredgewidth": 1.5}
    label = f"best: epoch {history.best}"
    axes.plot(history.best, height, "o", color=palette.ink, label=label, **ring)
