"""Where texts on edges stand: beside their edge, and where nothing else is written.

Graphviz makes room for such texts by laying the graph out differently, so it is told of them only
for formats that it draws alone; in the SVG they are placed here, after the layout. A local
derivative or a count stands on the line, which makes way for it; the number of an operand beside
the head.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from viz.svg.texts.measures import text_width

_SVG = "{http://www.w3.org/2000/svg}"
SIZE = 9.0
_HALO = 2.5  # half of the stroke around a text, in the paper's colour: it wipes out what it covers
_CELL = 48.0
_BOX, _TEXT, _LINE = 10.0, 20.0, 1.0  # how bad it is to cover one
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# How much each of four control points counts at five places of a cubic Bézier curve.
_BEZIER = [
    ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    for t in (step / 5 for step in range(1, 6))
]
Point = tuple[float, float]


class Rectangle(NamedTuple):
    """Left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: list[Point]) -> Rectangle:
        """The smallest that holds all points."""
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), min(ys), max(xs), max(ys))

    @classmethod
    def of_text(cls, text: str, center: Point) -> Rectangle:
        """What a short text covers whose middle is there."""
        width = text_width(text, SIZE)
        x, y = center
        return cls(x - width / 2, y - SIZE / 2, x + width / 2, y + SIZE / 2)

    def wider(self, by: float) -> Rectangle:
        """So much farther to the left and to the right."""
        return Rectangle(self.left - by, self.top, self.right + by, self.bottom)

    def overlaps(self, other: Rectangle) -> bool:
        """Whether they share more than a border."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class _Taken:
    """What is drawn already, in cells, so that a look at one place is quick."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[tuple[Rectangle, float]]] = defaultdict(list)

    def add(self, rectangle: Rectangle, weight: float) -> None:
        for cell in _cells(rectangle):
            self.cells[cell].append((rectangle, weight))

    def cost(self, rectangle: Rectangle) -> float:
        found = {item for cell in _cells(rectangle) for item in self.cells.get(cell, ())}
        return sum(weight for other, weight in found if rectangle.overlaps(other))


def _cells(rectangle: Rectangle) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (math.floor(x / _CELL) for x in rectangle)
    return ((i, j) for i in range(left, right + 1) for j in range(top, bottom + 1))


def place(root: Element) -> None:
    """Move the texts of edges, whose classes are "partial", "count" and "position"."""
    edges = [g for g in root.iter(f"{_SVG}g") if "edge" in g.get("class", "").split()]
    if not any(edge.find(f"{_SVG}text") is not None for edge in edges):
        return
    texts = {text.get("class") for edge in edges for text in edge.findall(f"{_SVG}text")}
    # Long edges are long to look at, and numbers of operands stand at their ends.
    lines = [_line(edge, whole=texts != {"position"}) for edge in edges]
    taken = _Taken()
    for group in root.iter(f"{_SVG}g"):
        if "node" in group.get("class", "").split():
            taken.add(_outline(group).wider(_HALO), _BOX)
    for head in (head for edge in edges for head in edge.findall(f"{_SVG}polygon")):
        taken.add(Rectangle.around(_points(head.get("points", ""))), _BOX)
    for line in lines:
        for (x, y), (u, v) in pairwise(line):
            taken.add(Rectangle(min(x, u), min(y, v), max(x, u), max(y, v)), _LINE)
    for role in _PLACES:
        for edge, line in zip(edges, lines, strict=True):
            for text in edge.findall(f"{_SVG}text"):
                if text.get("class") == role and line:
                    width = text_width(text.text or "", SIZE)
                    _place_one(text, _PLACES[role](line, width), taken)


def _place_one(text: Element, centers: list[Point], taken: _Taken) -> None:
    cheapest = math.inf
    for place in centers:
        covered = Rectangle.of_text(text.text or "", place)
        cost = taken.cost(covered)
        if cost < cheapest:
            cheapest, center, rectangle = cost, place, covered
        if not cost:
            break
    taken.add(rectangle, _TEXT)
    text.set("x", f"{center[0]:.1f}")
    text.set("y", f"{center[1] + SIZE / 3:.1f}")  # the line that letters stand on


def _along(line: list[Point], width: float) -> list[Point]:
    """Places on the line, the best first: its middle, then nearer its ends, then beside it."""
    steps = len(line) - 1
    on = [line[round(steps * share)] for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
    return on + [(x + side * width / 2, y) for x, y in on[:3] for side in (-1, 1)]


def _beside_head(line: list[Point], width: float) -> list[Point]:
    """Places on both sides of the line's end, near the arrow; such a text is narrow."""
    (x, y), (u, v) = line[-1], line[-3] if len(line) > 2 else line[0]
    length = math.hypot(x - u, y - v) or 1.0
    along, across = ((u - x) / length, (v - y) / length), ((y - v) / length, (u - x) / length)
    return [
        (x + back * along[0] + side * across[0], y + back * along[1] + side * across[1])
        for back in (3.0, 8.0, 13.0)
        for side in (-6.5, 6.5, -8.5, 8.5)
    ]


# The numbers of operands come first, because they have the least choice.
_PLACES = {"position": _beside_head, "partial": _along, "count": _along}


def _outline(group: Element) -> Rectangle:
    """The rectangle around a box."""
    points = []
    for shape in group:
        if shape.tag == f"{_SVG}ellipse":
            cx, cy, rx, ry = (float(shape.get(name, "0")) for name in ("cx", "cy", "rx", "ry"))
            points += [(cx - rx, cy - ry), (cx + rx, cy + ry)]
        elif shape.tag in (f"{_SVG}polygon", f"{_SVG}path"):
            points += _points(shape.get("points", "") + shape.get("d", ""))
    return Rectangle.around(points or [(0.0, 0.0)])


def _points(numbers: str) -> list[Point]:
    found = [float(number) for number in _NUMBER.findall(numbers)]
    return list(zip(found[::2], found[1::2], strict=True))


def _line(edge: Element, whole: bool) -> list[Point]:
    """Points along an edge, or along the last of its curves: five for each."""
    path = edge.find(f"{_SVG}path")
    controls = _points(path.get("d", "")) if path is not None else []
    first = 0 if whole else max(0, len(controls) - 4)
    line = controls[first : first + 1]
    for i in range(first, len(controls) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = controls[i : i + 4]
        line += [
            (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)
            for a, b, c, d in _BEZIER
        ]
    return line
