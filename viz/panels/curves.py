"""Curves by epoch: losses, accuracies, the sizes of weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from viz.colors import COLORS
from viz.panels.axes import Scale, around, label, labels, room_for
from viz.panels.legends import Legend, width_of
from viz.panels.writing import Panel, element, short, words
from viz.svg.panel_theme import BORDER, GROUND, LINE

LEFT, RIGHT, TOP, BOTTOM = 52, 20, 34, 24
MOST = 400  # points of a curve between its ends, more than a panel has room for
_DASHES = ("", "6 4", "2 3", "9 3 2 3")


class Line(NamedTuple):
    """A curve: its name, and its numbers at the epochs."""

    name: str
    epochs: Sequence[int]
    numbers: Sequence[float]


class Curves:
    """Some curves in one frame, drawn as a panel, and where each of their points is.

    Parameters:
        name, title: of the panel.
        first, last: the epochs at its sides.
        share: whether the numbers are shares, from 0 to 1.

    >>> curves = Curves("loss", "Loss", [Line("training", [1, 2], [0.5, 0.25])], 0, 2)
    >>> curves.panel(400, 200, at=2).content.count("<polyline")
    1
    """

    def __init__(
        self,
        name: str,
        title: str,
        lines: Sequence[Line],
        first: int,
        last: int,
        *,
        share: bool = False,
    ) -> None:
        self.name, self.title, self.lines, self.share = name, title, lines, share
        self.first, self.last = first, max(last, first + 1)

    def scales(self, width: int, height: int) -> tuple[Scale, Scale]:
        """Those of the epochs and of the numbers."""
        numbers = [x for line in self.lines for x in line.numbers]
        top = TOP + self._legend(width).height
        up = around(numbers, height - BOTTOM, top, share=self.share)
        left = room_for(labels(up.ticks(4), share=self.share), LEFT)
        return Scale(self.first, self.last, left, width - RIGHT), up

    def _legend(self, width: int) -> Legend:
        names = [line.name for line in self.lines]
        return Legend(names, (20 + width_of(self.title), width - RIGHT), 30.0)

    def panel(self, width: int, height: int, at: int) -> Panel:
        """The panel, with a mark at an epoch."""
        across, up = self.scales(width, height)
        content = [words(self.title, 10, 20, "name", size=13)]
        content += _frame(across, up, width, height, self.share)
        content.append(self._mark(across, up, at))
        content += [_curve(i, line, across, up) for i, line in enumerate(self.lines)]
        content += [_dot(i, line, across, up, at) for i, line in enumerate(self.lines)]
        content += self._legend(width).drawn(_sample)
        return Panel(self.name, self._says(), width, height, "".join(content))

    def _mark(self, across: Scale, up: Scale, at: int) -> str:
        x = short(across(at))
        return element("path", class_="mark border", d=f"M{x} {up.end}V{up.start}", stroke=BORDER)

    def _says(self) -> str:
        last = [f"{line.name} {label(line.numbers[-1])}" for line in self.lines if line.numbers]
        return f"{self.title} by epoch. At the end: {', '.join(last) or 'nothing yet'}"


def points(line: Line, across: Scale, up: Scale) -> list[tuple[float, float]]:
    """The places of a curve's finite numbers; of a long one, the lowest and highest of each part.

    >>> line = Line("x", range(5000), [float(i % 2) for i in range(5000)])
    >>> len(points(line, Scale(0, 5000, 0, 1), Scale(0, 1, 0, 1))) <= MOST + 2
    True
    """
    pairs = [(e, x) for e, x in zip(line.epochs, line.numbers, strict=True) if math.isfinite(x)]
    size = -(-len(pairs) * 2 // MOST)
    if size > 2:
        parts = [pairs[i : i + size] for i in range(0, len(pairs), size)]
        ends = [{min(part, key=_number), max(part, key=_number)} for part in parts]
        between = [pair for both in ends for pair in sorted(both)]
        pairs = [*dict.fromkeys([pairs[0], *between, pairs[-1]])]
    return [(across(epoch), up(number)) for epoch, number in pairs]


def _number(pair: tuple[int, float]) -> float:
    return pair[1]


def _frame(across: Scale, up: Scale, width: int, height: int, share: bool) -> list[str]:
    written: list[str] = []
    ticks = up.ticks(4)
    for tick, text in zip(ticks, labels(ticks, share=share), strict=True):
        y = up(tick)
        rule = f"M{across.start} {short(y)}H{width - RIGHT}"
        written.append(element("path", class_="line", d=rule, stroke=LINE, stroke_width=0.8))
        written.append(words(text, across.start - 6, y + 4, anchor="end"))
    ticks = [tick for tick in across.ticks(6) if tick == int(tick)]
    for tick in ticks:
        anchor = across(tick)
        written.append(words(label(tick), anchor, height - 7, anchor="middle"))
    return written


def _look(index: int) -> dict[str, object]:
    dashes = _DASHES[index % len(_DASHES)]
    look: dict[str, object] = {"stroke": COLORS[index % len(COLORS)], "fill": "none"}
    return look | {"stroke_width": 2} | ({"stroke_dasharray": dashes} if dashes else {})


def _curve(index: int, line: Line, across: Scale, up: Scale) -> str:
    path = " ".join(f"{short(x)},{short(y)}" for x, y in points(line, across, up))
    return element("polyline", class_="curve", points=path, stroke_linejoin="round", **_look(index))


def _dot(index: int, line: Line, across: Scale, up: Scale, at: int) -> str:
    number = dict(zip(line.epochs, line.numbers, strict=True)).get(at)
    if number is None or not math.isfinite(number):
        return ""
    x, y = short(across(at)), short(up(number))
    color = COLORS[index % len(COLORS)]
    return element(
        "ellipse", class_="dot rim", cx=x, cy=y, rx=4.5, ry=4.5, fill=color, stroke=GROUND
    )


def _sample(index: int, x: float, y: float) -> str:
    return element("path", class_="sample", d=f"M{short(x)} {short(y)}h24", **_look(index))
