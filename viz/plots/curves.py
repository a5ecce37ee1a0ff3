"""Plots of training: curves, decision boundaries and a page of misread digits.

Every function gives a matplotlib figure of its own and touches none of matplotlib's global
state, so it works without a screen. Colours come with a second mark (dashes, markers), so that
the plots can be read in greyscale.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

INK = "#1e293b"
QUIET = "#64748b"
COLORS = ("#3b6fb6", "#e07b39", "#3f9c6d", "#b4539d", "#8c6d31", "#4d8fa8", "#c2504f", "#7a6fc0")
TINTS = ("#dbe7f6", "#fae3d3", "#dcf0e4", "#f3deee", "#eee6d4", "#dcebf1", "#f6dcdc", "#e5e2f5")
MARKERS = "os^DvP*X"


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


class Plot(Figure):
    """A figure that shows itself in Jupyter without pyplot."""

    def _repr_png_(self) -> bytes:
        png = BytesIO()
        self.savefig(png, format="png", dpi=110)
        return png.getvalue()


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
        _calm(axes)
        if len(training) or len(validation):
            axes.legend(frameon=False, labelcolor=INK)
    if len(panels) == 2:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    return figure


def decision_boundary(
    predict: Callable[[NDArray[np.float64]], ArrayLike],
    X: ArrayLike,
    y: ArrayLike,
    *,
    resolution: int = 200,
) -> Figure:
    """The classes that a classifier gives to the plane, and the examples X (n, 2), y (n,).

    `predict` maps points (m, 2) to classes (m,) or to scores (m, k), of which the largest wins.
    It is asked for `resolution`² points at once.

    >>> def above_the_diagonal(points):
    ...     return points[:, 1] > points[:, 0]
    >>> figure = decision_boundary(above_the_diagonal, [[0, 1], [1, 0]], [1, 0], resolution=20)
    >>> len(figure.axes)
    1
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1] or not len(X):
        raise ValueError(f"X is (n, 2) and y is (n,), but {X.shape} and {y.shape} came")
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.12 * np.where(high > low, high - low, 1.0)
    across, up = np.linspace(low - margin, high + margin, resolution).T
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = _winners(predict(points), len(points))
    classes = np.unique(np.concatenate([regions, y]))
    figure = Plot(figsize=(5.2, 4.4), layout="constrained")
    axes = figure.subplots()
    _draw_regions(axes, across, up, np.searchsorted(classes, regions), len(classes))
    for index, label in enumerate(classes):
        _draw_examples(axes, X[y == label], index, f"{label:g}")
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    axes.legend(title="class", loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    _calm(axes)
    return figure


def misread_digits(
    images: ArrayLike, truth: ArrayLike, predicted: ArrayLike, limit: int = 25
) -> Figure:
    """A page of the digits that were read wrongly, with what they are and what was read.

    `images` is (n, height, width), or (n, pixels) if they are square.

    >>> figure = misread_digits(np.zeros((3, 8, 8)), [1, 2, 3], [1, 2, 5])
    >>> figure.get_suptitle(), figure.axes[0].get_title()
    ('1 of 3 digits misread', '3 read as 5')
    """
    images, truth, predicted = np.asarray(images), np.asarray(truth), np.asarray(predicted)
    if not len(images) == len(truth) == len(predicted):
        raise ValueError(
            f"{len(images)} images, {len(truth)} true classes and {len(predicted)} predicted "
            "ones: they must be as many"
        )
    wrong = np.flatnonzero(truth != predicted)
    shown = wrong[:limit]
    columns = min(5, max(len(shown), 1))
    rows = max(math.ceil(len(shown) / columns), 1)
    roomy = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    figure = Plot(figsize=(max(1.35 * columns, 3.6), 1.6 * rows + 0.5), layout=roomy)
    more = f", the first {len(shown)} of them" if len(shown) < len(wrong) else ""
    figure.suptitle(f"{len(wrong)} of {len(truth)} digits misread{more}", color=INK, fontsize=12)
    if not len(wrong):
        figure.text(0.5, 0.4, "every digit was read right", color=QUIET, ha="center")
    for place, index in enumerate(shown, 1):
        axes = figure.add_subplot(rows, columns, place)
        axes.imshow(_square(images[index]), cmap="gray_r", interpolation="nearest")
        axes.set_title(f"{truth[index]} read as {predicted[index]}", color=INK, fontsize=9)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color("#cbd5e1")
    return figure


def _row(figure: Figure, count: int) -> list[Axes]:
    return list(figure.subplots(1, count, squeeze=False)[0])


def _curve(axes: Axes, numbers: Sequence[float], label: str, color: str, dashes: str) -> None:
    if len(numbers):
        epochs = range(1, len(numbers) + 1)
        marker = "o" if len(numbers) == 1 else None  # a line through one point is invisible
        axes.plot(epochs, numbers, dashes, label=label, color=color, linewidth=1.8, marker=marker)


def _calm(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color("#cbd5e1")
    axes.tick_params(colors=QUIET, labelsize=9)
    axes.xaxis.label.set_color(QUIET)
    axes.yaxis.label.set_color(QUIET)


def _winners(predicted: ArrayLike, count: int) -> NDArray[Any]:
    classes = np.asarray(predicted)
    if classes.ndim == 2:
        classes = classes.argmax(axis=1) if classes.shape[1] > 1 else classes[:, 0]
    if classes.shape != (count,):
        raise ValueError(
            f"predict() gave the shape {np.shape(predicted)} for {count} points: "
            f"({count},) classes or ({count}, k) scores are expected"
        )
    return classes


def _draw_regions(
    axes: Axes, across: NDArray[Any], up: NDArray[Any], regions: NDArray[Any], count: int
) -> None:
    plane = regions.reshape(len(up), len(across))
    tints = ListedColormap([TINTS[index % len(TINTS)] for index in range(count)])
    axes.pcolormesh(across, up, plane, cmap=tints, vmin=-0.5, vmax=count - 0.5, rasterized=True)
    for index in range(count):
        inside = plane == index
        if inside.any() and not inside.all():
            axes.contour(across, up, inside, levels=[0.5], colors=QUIET, linewidths=0.8)


def _draw_examples(axes: Axes, points: NDArray[Any], index: int, label: str) -> None:
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=34,
        marker=MARKERS[index % len(MARKERS)],
        color=COLORS[index % len(COLORS)],
        edgecolors="white",
        linewidths=0.6,
        label=label,
    )


def _square(image: NDArray[Any]) -> NDArray[Any]:
    side = math.isqrt(image.size)
    return image if image.ndim == 2 else image.reshape(side, side)
