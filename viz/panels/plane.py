"""The plane of two inputs: what a model makes of each place, and the examples on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viz.colors import COLORS
from viz.panels.axes import Scale, label_width, labels, room_for, widened
from viz.panels.legends import Legend, width_of
from viz.panels.markers import mark
from viz.panels.readings import Reading, reading
from viz.panels.regions import Points, Regions, areas, outline
from viz.panels.writing import Panel, element, short, words
from viz.svg.mixing import mixed
from viz.svg.panel_theme import BORDER, GROUND, LINE
from viz.svg.texts.labels import number

if TYPE_CHECKING:
    from nn.training.tasks import Task

Array = NDArray[Any]

SIDE = 28  # points of the grid along each axis
MOST = 250  # examples that are drawn
CLASSES = 8  # as many as there are colours and markers
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 34, 30
_TITLE = "Plane of the inputs"
_LEVELS = (0.0, 0.5, 0.9)  # of sureness; what is surer is painted over what is less so
_SHADES = 7  # of examples with a number


class Plane:
    """The examples X (n, 2), y of a training, and the grid around them that a model is asked for.

    Parameters:
        read: how the model's outputs are read.
        kinds: of each example its class, from 0 on, or the shade of its number.
        names: of the classes; empty if the targets are numbers.

    Attributes:
        low, high: the corners of what is shown.
        points: those of the grid, shape (SIDE², 2), row by row from the top.
    """

    def __init__(self, X: Array, y: Array, read: Reading, kinds: Array, names: Sequence[str]):
        self.read, self.names = read, list(names)
        self.kinds, self.ends = kinds, (float(np.min(y)), float(np.max(y)))
        ends = zip(X.min(axis=0).tolist(), X.max(axis=0).tolist(), strict=True)
        self.low, self.high = np.array([widened(*both, 0.12, 0.12) for both in ends]).T
        # Halves, because the difference of floats may be infinite where they are not.
        across, up = 2.0 * np.linspace(self.low / 2.0, self.high / 2.0, SIDE).T
        self.points = np.stack(np.meshgrid(across, up[::-1]), axis=-1).reshape(-1, 2)
        # In a random order, because examples often come class by class, or by turns.
        chosen = np.random.default_rng(0).permutation(len(X))[:MOST]
        self.X, self.kinds = X[chosen], kinds[chosen]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plane):
            return False
        same = (self.read, self.names, self.ends) == (other.read, other.names, other.ends)
        arrays = ("points", "X", "kinds")
        return same and all(np.array_equal(getattr(self, x), getattr(other, x)) for x in arrays)

    __hash__ = None  # type: ignore[assignment]

    def scales(self, width: int, height: int) -> tuple[Scale, Scale]:
        """Those of the two inputs."""
        top = TOP + self._legend(width).height
        up = Scale(self.low[1], self.high[1], height - BOTTOM, top)
        left = room_for(labels(up.ticks(5)), LEFT)
        return Scale(self.low[0], self.high[0], left, width - RIGHT), up

    def panel(self, width: int, height: int, regions: Regions) -> Panel:
        """The panel, with what a model makes of the plane."""
        across, up = self.scales(width, height)
        content = [words(_TITLE, 10, 20, "name", size=13)]
        content.append(self._painted(regions, across, up))
        content += _sides(across, up, height)
        content += [self._examples(kind, across, up) for kind in np.unique(self.kinds).tolist()]
        content += self._legend(width).drawn(self._sample)
        return Panel("plane", self._says(regions), width, height, "".join(content))

    def color(self, kind: int) -> str:
        """That of a class, or of a shade between the lowest number and the highest."""
        if self.names:
            return COLORS[kind % len(COLORS)]
        share = 2.0 * kind / (_SHADES - 1) - 1.0
        return mixed("#e9e4dd", COLORS[0] if share < 0 else COLORS[1], abs(share))

    def _says(self, regions: Regions) -> str:
        shown = f"{len(self.X)} examples in the plane of the inputs"
        if not self.names:
            return shown
        shares = (f"{self.names[i]} {np.mean(regions.classes == i):.0%}" for i in regions.present())
        return f"{shown}; of the plane the model takes for {', '.join(shares)}"

    def _painted(self, regions: Regions, across: Scale, up: Scale) -> str:
        kinds = regions.present()
        written = [self._area(kind, regions.heights(kind), across, up) for kind in kinds]
        if self.names:
            written += [_outline(regions.heights(kind), across, up) for kind in kinds[1:]]
        return element("g", *written, class_="regions")

    def _area(self, kind: int, heights: Array, across: Scale, up: Scale) -> str:
        """The region of a class, the deeper the surer."""
        written = []
        for level in _LEVELS:
            polygons = areas(heights, self.read.margin(level))
            path = "".join(f"{_path(polygon, across, up)}z" for polygon in polygons)
            written.append(element("path", d=path) if path else "")
        return element("g", *written, fill=COLORS[kind % len(COLORS)], fill_opacity=0.13)

    def _examples(self, kind: int, across: Scale, up: Scale) -> str:
        places = self.X[self.kinds == kind].tolist()
        path = "".join(mark(self._kind(kind), across(x), up(y)) for x, y in places)
        look = {"fill": self.color(kind), "stroke": GROUND, "stroke_width": 0.7}
        return element("path", class_="examples rim", d=path, **look)

    def _legend(self, width: int) -> Legend:
        """Of the classes with their markers, or of the numbers at the ends."""
        low, high = labels(self.ends)
        names = self.names or [f"target {low}", high]
        return Legend(names, (20 + width_of(_TITLE), width - RIGHT), 12.0)

    def _kind(self, kind: int) -> int:
        """The marker of a class; numbers have one and the same."""
        return kind if self.names else 0

    def _sample(self, index: int, x: float, y: float) -> str:
        kind = index if self.names else index * (_SHADES - 1)
        return element(
            "path", class_="sample", d=mark(self._kind(kind), x + 4, y), fill=self.color(kind)
        )


def plane(
    X: Array, y: Array, task: Task, outputs: Array, names: Sequence[str] = ()
) -> Plane | None:
    """The plane of a training; None if the outputs are not read as classes or numbers.

    Parameters:
        X, y: examples, inputs of shape (n, 2) and targets.
        task: what is known of the loss.
        outputs: the model's of some examples, shape (n,) or (n, k).
        names: of the classes; by default their numbers.
    """
    read = reading(task, y, outputs)
    if read is None:
        return None
    count = 2 if outputs.ndim == 1 or outputs.shape[-1] == 1 else outputs.shape[-1]
    if count > CLASSES:
        return None
    one = outputs.ndim == 1 or outputs.shape[-1] == 1
    if one and not task.decisions:
        return Plane(X, y, read, _shades(y.reshape(len(y))), ())
    kinds = y.astype(int)
    if task.decisions:
        kinds = task.decisions(np.zeros((len(y), *outputs.shape[1:])), y).right
    return Plane(X, y, read, kinds, _names(names, y, kinds, count))


def _names(given: Sequence[str], y: Array, kinds: Array, count: int) -> list[str]:
    """The names of the classes: as given, or the number that stands for each among the targets."""
    names = []
    for kind in range(count):
        found = np.unique(y[kinds == kind]) if y.ndim == 1 else np.array([])
        names.append(number(float(found[0])) if len(found) == 1 else str(kind))
    return [str(given[i]) if i < len(given) else name for i, name in enumerate(names)]


def _shades(y: Array) -> Array:
    low, high = float(y.min()), float(y.max())
    return np.round((y - low) / ((high - low) or 1.0) * (_SHADES - 1)).astype(int)


def _path(points: Points, across: Scale, up: Scale) -> str:
    """A polygon of the grid as part of a path."""
    width, height = across.end - across.start, up.start - up.end
    places = [
        f"{short(across.start + x * width / (SIDE - 1))} {short(up.end + y * height / (SIDE - 1))}"
        for x, y in points
    ]
    return "M" + "L".join(places)


def _outline(heights: Array, across: Scale, up: Scale) -> str:
    path = "".join(_path(piece, across, up) for piece in outline(heights))
    look = {"fill": "none", "stroke": BORDER, "stroke_width": 1.3}
    return element("path", class_="border", d=path, **look)


def _sides(across: Scale, up: Scale, height: int) -> list[str]:
    """Numbers at the sides, the names of the inputs at their ends, and the frame."""
    below = [words("x0", across.end, height - 10, anchor="end")]
    beside = [words("x1", across.start - 6, up.end + 8, anchor="end")]
    ticks, free = across.ticks(5), 0.0
    for tick, text in zip(ticks, labels(ticks), strict=True):
        half = label_width(text) / 2.0
        if across(tick) - half > free and across(tick) + half < across.end - 18:
            below.append(words(text, across(tick), height - 10, anchor="middle"))
            free = across(tick) + half + 4.0
    ticks = up.ticks(5)
    for tick, text in zip(ticks, labels(ticks), strict=True):
        if up(tick) > up.end + 20:
            beside.append(words(text, across.start - 6, up(tick) + 4, anchor="end"))
    frame = f"M{across.start} {up.end}H{across.end}V{up.start}H{across.start}z"
    return [*below, *beside, element("path", class_="line", d=frame, fill="none", stroke=LINE)]
