"""Decision boundaries: which class a classifier takes each point of the plane for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.plots.classes import classes_of, labels_of
from viz.plots.figure import COLORS, MARKERS, QUIET, TINTS, Plot, calm, plain


def decision_boundary(
    predict: Callable[[NDArray[np.float64]], ArrayLike],
    X: ArrayLike,
    y: ArrayLike,
    *,
    threshold: float | None = None,
    resolution: int = 200,
    inputs: tuple[str, str] = ("x0", "x1"),  # as in drawings
    classes: Sequence[str] = (),
) -> Figure:
    """The classes that a classifier gives to the plane, and the examples X (n, 2), y (n,).

    Parameters:
        predict: maps points (m, 2) to one of these, and is asked for `resolution`² of them at once:
            classes (m,), whole numbers such as those of y;
            scores (m, k), the largest of which is the class, from 0 to k - 1;
            one score (m,) or (m, 1), above the threshold for the larger of y's two classes.
        threshold: by default 0, which is right for logits and for a hinge; for probabilities
            say 0.5.
        inputs: the names of the two inputs.
        classes: the names of the classes 0, 1 and so on; without them their numbers are shown.

    Raises:
        ValueError: the shapes do not fit, or there is more than one way to read the predictions,
            or none.

    >>> def above_the_diagonal(points):
    ...     return points[:, 1] - points[:, 0]
    >>> figure = decision_boundary(above_the_diagonal, [[0, 1], [1, 0]], [1, -1], resolution=20)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['-1', '1']
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1] or not len(X):
        raise ValueError(f"X is (n, 2) and y is (n,), but {X.shape} and {y.shape} came")
    y = y.astype(int) if y.dtype == bool else y
    labels = labels_of(y)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.12 * np.where(high > low, high - low, 1.0)
    across, up = np.linspace(low - margin, high + margin, resolution).T
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = classes_of(predict(points), len(points), labels, threshold)
    figure = _drawn(across, up, regions, X, y, classes)
    figure.axes[0].set(xlabel=plain(inputs[0]), ylabel=plain(inputs[1]))
    return figure


def _drawn(
    across: NDArray[Any],
    up: NDArray[Any],
    regions: NDArray[Any],
    X: NDArray[Any],
    y: NDArray[Any],
    names: Sequence[str],
) -> Figure:
    classes = np.unique(np.concatenate([regions, y]))
    figure = Plot(figsize=(5.2, 4.4), layout="constrained")
    axes = figure.subplots()
    _draw_regions(axes, across, up, np.searchsorted(classes, regions), len(classes))
    drawn = [_draw_examples(axes, X[y == label], i) for i, label in enumerate(classes)]
    legend = axes.legend(
        drawn,
        [str(i) for i in range(len(drawn))],
        title="class",
        loc="upper left",
        bbox_to_anchor=(1, 1),
        frameon=False,
    )
    # Named afterwards, since matplotlib leaves out what has a name that begins with "_".
    for text, label in zip(legend.get_texts(), classes, strict=True):
        text.set_text(_name(label, names))
    calm(axes)
    return figure


def _name(label: Any, names: Sequence[str]) -> str:
    return plain(names[int(label)]) if 0 <= label < len(names) else f"{label:g}"


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


def _draw_examples(axes: Axes, points: NDArray[Any], index: int) -> PathCollection:
    return axes.scatter(
        points[:, 0],
        points[:, 1],
        s=34,
        marker=MARKERS[index % len(MARKERS)],
        color=COLORS[index % len(COLORS)],
        edgecolors="white",
        linewidths=0.6,
    )
