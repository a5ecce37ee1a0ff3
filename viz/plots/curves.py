"""Learning curves: loss and accuracy by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from viz.plots.figure import COLORS, INK, Plot, calm


class History(Protocol):
    """One number an epoch; the last two are empty if nothing was held out."""

    @property
    def loss(self) -> Sequence[float]: ...
    @property
    def accuracy(self) -> Sequence[float]: ...
    @property
    def validation_loss(self) -> Sequence[float]: ...
    @property
    def validation_accuracy(self) -> Sequence[float]: ...


def training_curves(history: History) -> Figure:
    """Loss and accuracy (0 to 1) by epoch: training solid, validation dashed.

    >>> from types import SimpleNamespace
    >>> history = SimpleNamespace(loss=[2.3, 0.9, 0.4], accuracy=[0.2, 0.7, 0.9])
    >>> history.validation_loss = history.validation_accuracy = []
    >>> [axes.get_title() for axes in training_curves(history).axes]
    ['Loss', 'Accuracy']
    """
    panels = [("Loss", history.loss, history.validation_loss)]
    if len(history.accuracy) or len(history.validation_accuracy):
        panels.append(("Accuracy", history.accuracy, history.validation_accuracy))
    figure = Plot(figsize=(4.6 * len(panels), 3.4), layout="constrained")
    for axes, (title, training, validation) in zip(_row(figure, len(panels)), panels, strict=True):
        _curve(axes, training, "training", COLORS[0], "-")
        _curve(axes, validation, "validation", COLORS[1], "--")
        axes.set_title(title, color=INK, fontsize=12)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.set_xlim(0.5, max(len(training), len(validation), 1) + 0.5)
        axes.grid(axis="y", color="#e2e8f0", linewidth=0.8)
        calm(axes)
        if len(training) or len(validation):
            axes.legend(frameon=False, labelcolor=INK)
    if len(panels) == 2:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    return figure


def _row(figure: Figure, count: int) -> list[Axes]:
    return list(figure.subplots(1, count, squeeze=False)[0])


def _curve(axes: Axes, numbers: Sequence[float], label: str, color: str, dashes: str) -> None:
    if len(numbers):
        epochs = range(1, len(numbers) + 1)
        marker = "o" if len(numbers) == 1 else None  # a line through one point is invisible
        axes.plot(epochs, numbers, dashes, label=label, color=color, linewidth=1.8, marker=marker)
