"""The picture that steps are shown on, laid out once, and what the player changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from autograd import Value
from viz.graphs.picture import Box, Picture, compose
from viz.graphs.units import Unit
from viz.player.frames import Step, frame, line_of
from viz.player.naming import spoken
from viz.player.passes import Change
from viz.svg.labels import LONGEST, readable


class Stage:
    """A picture of nodes in their last state, with room for all that will stand in them.

    Parameters:
        names: what the nodes are called, operands before results.
        steps: what happens to them.
    """

    def __init__(self, names: Mapping[Value, str], steps: Sequence[Step]) -> None:
        self.names, self.steps = names, steps
        self.picture: Picture = compose(names)
        self.boxes: dict[Value, Box] = {
            box.value: box for box in self.picture.boxes if box.value is not None
        }
        changes = [change for step in steps for change in step.changes]
        self.begin: dict[tuple[Value, str], float | None] = {}
        for change in changes:
            self.begin.setdefault((change.node, change.name), change.before)
        for node, box in self.boxes.items():
            if node.kind != "constant":
                box.label = box.label or names[node]
        self._fill(changes)

    def _fill(self, changes: Iterable[Change]) -> None:
        """The last numbers, and room for the widest that are shown before."""
        for (node, name), known in self.begin.items():
            box = self.boxes[node]
            box.room = max(box.room, len(line_of(name, known)))
        for change in changes:
            box = self.boxes[change.node]
            box.room = max(box.room, len(line_of(change.name, change.after)))
            if change.name == "grad":
                box.grad = change.after

    def data(self, title: str, units: Sequence[Unit]) -> dict[str, Any]:
        """What the player's script shows on the picture, as `viz.player.page` takes it.

        Parameters:
            units: the neurons, by whose numbers nodes and frames say where they belong.
        """
        ids = {
            box.value: f"n{i}" for i, box in enumerate(self.picture.boxes) if box.value is not None
        }
        numbered = count()
        edges = {
            (node, place): f"e{next(numbered)}"
            for node, box in self.boxes.items()
            for place in range(len(box.edges))
        }
        homes = {node: i for i, unit in enumerate(units) for node in unit.nodes}
        return {
            "kind": "steps",
            "title": title,
            "nodes": {
                ids[node]: {
                    "name": readable(box.label)[:LONGEST] or self.names[node],
                    "symbol": box.symbol,
                    "kind": box.kind,
                    "operands": [ids[operand] for operand in node.operands],
                    "unit": homes.get(node, -1),
                }
                for node, box in self.boxes.items()
            },
            "units": [spoken(unit.name) for unit in units],
            "begin": [
                [ids[node], name, line_of(name, known)]
                for (node, name), known in self.begin.items()
            ],
            "frames": [frame(step, ids, edges, homes.get(step.node, -1)) for step in self.steps],
        }
