"""The picture that steps are shown on, laid out once, and what the player changes in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value
from viz.graphs.framing import frame_neurons
from viz.graphs.picture import Box, Picture, compose
from viz.graphs.units import Unit
from viz.player.frames import Step, frame, line_of
from viz.player.naming import spoken
from viz.player.passes import Change, Known
from viz.svg.labels import LONGEST, readable


class Stage:
    """A picture of nodes in their last state, with room for all that will stand in them.

    Parameters:
        names: what the nodes are called, operands before results.
        units: the neurons that they form.
        steps: what happens to them.
    """

    def __init__(
        self, names: Mapping[Value, str], units: Sequence[Unit], steps: Sequence[Step]
    ) -> None:
        self.names, self.units, self.steps = names, units, steps
        self.picture: Picture = frame_neurons(compose(names), units)
        self.boxes: dict[Value, Box] = {}
        self.ids: dict[Value, str] = {}
        for i, box in enumerate(self.picture.boxes):
            if box.value is not None:
                self.boxes[box.value], self.ids[box.value] = box, f"n{i}"
        for node, box in self.boxes.items():
            if node.kind != "constant":
                box.label = box.label or names[node]
        self.beginning = {x: Known(None if x.operands else x.data, None) for x in names}
        self.changing: dict[tuple[Value, str], None] = {}
        for change in (change for step in steps for change in step.changes):
            self._reserve(change)

    def _reserve(self, change: Change) -> None:
        """Room for the number before and after, of which the last one is drawn."""
        node, name, before, after, _ = change
        if (node, name) not in self.changing:
            self.changing[node, name] = None
            self.beginning[node] = self.beginning[node]._replace(**{name: before})
        box = self.boxes[node]
        box.room = max(box.room, *(len(line_of(name, number)) for number in (before, after)))
        if name == "grad":
            box.grad = after

    def data(self, title: str) -> dict[str, Any]:
        """What the player's script shows on the picture, as `viz.player.page` takes it."""
        homes = {node: i for i, unit in enumerate(self.units) for node in unit.nodes}
        begin = [
            [self.ids[node], name, line_of(name, getattr(self.beginning[node], name))]
            for node, name in self.changing
        ]
        edges = self._edges()
        frames = [frame(x, self.ids, edges, homes.get(x.node, -1)) for x in self.steps]
        return {
            "kind": "steps",
            "title": title,
            "nodes": {
                self.ids[node]: self._described(node, homes.get(node, -1)) for node in self.boxes
            },
            "units": [spoken(unit.name) for unit in self.units],
            "begin": begin,
            "frames": frames,
        }

    def _edges(self) -> dict[tuple[Value, int], str]:
        """The elements of the edges, which are numbered through the boxes."""
        places = [(node, i) for node, box in self.boxes.items() for i in range(len(box.edges))]
        return {place: f"e{number}" for number, place in enumerate(places)}

    def _described(self, node: Value, unit: int) -> dict[str, Any]:
        return {
            "name": readable(str(node.label))[:LONGEST] or self.names[node],
            "symbol": self.boxes[node].symbol,
            "kind": node.kind,
            "operands": [self.ids[operand] for operand in node.operands],
            "unit": unit,
        }
