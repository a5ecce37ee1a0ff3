"""Decision boundaries: which class a classifier takes each point of the plane for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.colors import Palette, marker
from viz.plots.drawable import check_drawable
from viz.plots.figure import Canvas, Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.predicted.asked import Model, function_of
from viz.plots.predicted.classes import Reading, labels_of, read
from viz.plots.settings import from_two, names_of
from viz.plots.text import named
from viz.svg.mixing import channels

FAINT, FULL = 0.06, 0.42  # how deep the colour of a class is where it is least sure, and most
NAMED = 16  # classes of which there is room for the names
BREADTH = 0.08  # inches, of a character of a name


class Plane(NamedTuple):
    """Points on a grid, across and up, and what was predicted for each of them.

    Attributes:
        classes: all there are, among the predictions or the examples, shape (k,).
    """

    across: NDArray[np.float64]
    up: NDArray[np.float64]
    reading: Reading
    classes: NDArray[Any]

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top."""
        return self.across[0], self.across[-1], self.up[0], self.up[-1]


def decision_boundary(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    *,
    threshold: float | None = None,
    resolution: int = 200,
    inputs: tuple[str, str] = ("x0", "x1"),  # as in drawings
    classes: Sequence[str] = (),
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """The classes that a classifier gives to the plane, and the examples X (n, 2), y (n,).

    Of scores and probabilities the colour is the deeper, the surer the class; the line is where two
    classes are equally sure, which of one score is the threshold.

    Parameters:
        model: a Module of two inputs; or a function that maps points (m, 2) to what a model gives
            for each, such as `lambda points: predict(model, scaler.transform(points))`. It is asked
            for `resolution`² of them at once, for one of these:
            classes (m,), whole numbers such as those of y;
            scores (m, k), the largest of which is the class, from 0 to k - 1;
            one score (m,) or (m, 1), above the threshold for the larger of y's two classes.
        threshold: by default 0, which is right for logits and for a hinge; for probabilities
            say 0.5.
        resolution: points across, and points up, from 2 on.
        inputs: the names of the two inputs.
        classes: the names of the classes 0, 1 and so on; without them their numbers are shown.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

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
    check_drawable("X", X)
    resolution, (across, up) = from_two("resolution", resolution), names_of("inputs", inputs, 2)
    y = y.astype(int) if y.dtype == bool else y
    plane = _plane(function_of(model), X, y, threshold, resolution)
    names = [_name(label, classes) for label in plane.classes[:NAMED]]
    beside = max(0.0, max(map(len, names)) - 8) * BREADTH
    place = canvas(ax, theme, (5.2 + beside, 4.4))
    (axes,), palette = place.panels, place.palette
    _draw_regions(axes, plane, palette)
    _draw_lines(axes, plane, palette)
    _draw_examples(place, X, y, plane.classes, names)
    axes.set(xlabel=across, ylabel=up)
    calm(axes, palette)
    return place.figure


def _plane(
    function: Callable[[NDArray[np.float64]], ArrayLike],
    X: NDArray[Any],
    y: NDArray[Any],
    threshold: float | None,
    resolution: int,
) -> Plane:
    labels = labels_of(y)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.12 * np.where(high > low, high - low, 1.0)
    across, up = np.linspace(low - margin, high + margin, resolution).T
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    reading = read(function(points), len(points), labels, threshold)
    return Plane(across, up, reading, np.unique(np.concatenate([reading.predicted, labels])))


def _draw_regions(axes: Axes, plane: Plane, palette: Palette) -> None:
    """Each point in the colour of its class, the deeper the surer."""
    predicted, _, shares = plane.reading
    sure = np.full(len(predicted), 0.5)
    if count := shares.shape[1]:  # from 0, where all are as likely, to 1
        sure = (count * shares.max(axis=1) - 1.0) / (count - 1.0)
    depth = FAINT + (FULL - FAINT) * sure[:, None]
    colors = np.array([channels(palette.color(i)) for i in range(len(plane.classes))])
    own = colors[np.searchsorted(plane.classes, predicted)]
    mixed = own * depth + np.array(channels(palette.background)) * (1.0 - depth)
    picture = mixed.round().astype(np.uint8).reshape(len(plane.up), len(plane.across), 3)
    smooth = "bilinear" if count else "nearest"
    left, right, bottom, top = plane.ends
    half = (right - left) / len(plane.across) / 2, (top - bottom) / len(plane.up) / 2
    ends = (left - half[0], right + half[0], bottom - half[1], top + half[1])
    axes.imshow(picture, extent=ends, origin="lower", aspect="auto", interpolation=smooth)
    axes.set(xlim=plane.ends[:2], ylim=plane.ends[2:])


def _draw_lines(axes: Axes, plane: Plane, palette: Palette) -> None:
    predicted, among, shares = plane.reading
    for label in np.unique(predicted):
        if (predicted == label).all():
            return
        if shares.shape[1]:
            own = shares[:, among == label][:, 0]
            height, level = own - shares[:, among != label].max(axis=1), 0.0
        else:
            height, level = (predicted == label).astype(float), 0.5
        if shares.shape[1] == 2 and label == among[0]:
            continue  # The line is that of the other class.
        grid = height.reshape(len(plane.up), len(plane.across))
        axes.contour(
            *(plane.across, plane.up, grid), levels=[level], colors=palette.quiet, linewidths=1.0
        )


def _draw_examples(
    place: Canvas, X: NDArray[Any], y: NDArray[Any], labels: NDArray[Any], names: Sequence[str]
) -> None:
    (axes,), palette = place.panels, place.palette
    drawn = [
        axes.scatter(
            X[y == label, 0],
            X[y == label, 1],
            s=30,
            marker=marker(i),
            color=palette.color(i),
            edgecolors=palette.background,
            linewidths=0.7,
        )
        for i, label in enumerate(labels)
    ][:NAMED]
    outside = {"loc": "upper left", "bbox_to_anchor": (1, 1), "framealpha": 0.0}
    where = outside if place.own else {"loc": "best"}
    more = len(labels) - len(drawn)
    title = "class" if not more else f"class\n(and {more} more)"
    box = legend(axes, palette, handles=drawn, labels=names, title=title, **where)
    box.get_title().set_color(palette.quiet)


def _name(label: Any, names: Sequence[str]) -> str:
    return named(names[int(label)]) if 0 <= label < len(names) else f"{label:g}"
