"""The picture that steps are shown on, laid out once, and what the player changes in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value
from viz.graphs.levels.units import Unit
from viz.graphs.marking.marks import mark_roots
from viz.graphs.marking.stale import mark_stale
from viz.graphs.picture import Box, Picture
from viz.player.walk.frames import Step, frame
from viz.player.walk.naming import spoken
from viz.player.walk.passes import Change, Known
from viz.svg.texts.labels import LONGEST, data_line, grad_line, readable
from viz.svg.texts.lines import STALE


class Stage:
    """A picture of nodes in their last state, with room for all that will stand in them.

    Parameters:
        picture: of the nodes, one box for each; it is completed.
        names: what the nodes are called, operands before results.
        digits: how many digits their numbers have.
        units: the neurons that they form.
        steps: what happens to them.

    Attributes:
        beginning: what is known before the first step.
    """

    def __init__(
        self,
        picture: Picture,
        names: Mapping[Value, str],
        digits: Mapping[Value, int],
        units: Sequence[Unit],
        steps: Sequence[Step],
    ) -> None:
        self.picture, self.names, self.digits = picture, names, digits
        self.units, self.steps = units, steps
        self.boxes: dict[Value, Box] = {}
        self.ids: dict[Value, str] = {}
        for i, box in enumerate(picture.boxes):
            if box.value is not None:
                self.boxes[box.value], self.ids[box.value] = box, f"n{i}"
        self._labels = {node: readable(str(node.label))[:LONGEST] for node in self.boxes}
        self.beginning = {x: Known(None if x.operands else x.data, None) for x in names}
        self._changing: dict[tuple[Value, str], None] = {}
        self._complete([change for step in steps for change in step.changes])

    def _complete(self, changes: Sequence[Change]) -> None:
        """The last numbers, all marks, names, and room for every number on the way."""
        for node, name, before, after, _ in changes:
            if (node, name) not in self._changing:
                self._changing[node, name] = None
                self.beginning[node] = self.beginning[node]._replace(**{name: before})
            if name == "grad":
                self.boxes[node].grad = after
        mark_roots(self.picture, [*self.names][-1:])
        mark_stale(self.picture)
        for node, name, before, after, _ in changes:
            box = self.boxes[node]
            widths = (len(self.line(node, name, number)) for number in (before, after))
            box.room = max(box.room, *widths)
        for node, box in self.boxes.items():
            if node.kind != "constant":
                box.label = box.label or self.names[node]

    def line(self, node: Value, name: str, number: float | None) -> str:
        """The line of a box that tells its data or its grad; None is one that is not known."""
        if number is None:
            return "data ?" if name == "data" else grad_line(None)
        known = data_line(number, self.digits[node]) if name == "data" else grad_line(number)
        return f"{known} {STALE}" if name in self.boxes[node].stale else known

    def data(self, title: str) -> dict[str, Any]:
        """What the player's script shows on the picture, as `viz.player.pages.page` takes it."""
        homes = {node: i for i, unit in enumerate(self.units) for node in unit.nodes}
        begin = [
            [self.ids[node], name, self.line(node, name, getattr(self.beginning[node], name))]
            for node, name in self._changing
        ]
        edges = self._edges()
        return {
            "kind": "steps",
            "title": title,
            "nodes": {self.ids[node]: self._described(node) for node in self.boxes},
            "units": [spoken(unit.name) for unit in self.units],
            "begin": begin,
            "frames": [
                frame(step, self.ids, edges, self.line, homes.get(step.node, -1))
                for step in self.steps
            ],
        }

    def _edges(self) -> dict[tuple[Value, int], str]:
        """The elements of the edges, which are numbered through the boxes."""
        places = [(node, i) for node, box in self.boxes.items() for i in range(len(box.edges))]
        return {place: f"e{number}" for number, place in enumerate(places)}

    def _described(self, node: Value) -> dict[str, Any]:
        return {
            "name": self._labels[node] or self.names[node],
            "symbol": self.boxes[node].symbol,
            "operands": [self.ids[operand] for operand in node.operands],
        }
