"""How neurons are kept in columns, and how the weights between them look: size and sign."""

from __future__ import annotations

import math
from itertools import pairwise
from textwrap import wrap

import graphviz  # type: ignore[import-untyped]

from viz.graphs.picture import LEAVES, Edge, Picture
from viz.svg.dressing import Dress
from viz.svg.style import LINE, Attributes, weight_marks
from viz.svg.texts.labels import escape

TITLE: Attributes = {
    "shape": "plaintext",
    "style": "",
    "fontcolor": LINE,
    "height": "0.2",
    "margin": "0",
}
STRAIGHT: Attributes = {"splines": "line", "ranksep": "0.3", "nodesep": "0.12"}

_PORTS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}

LEGEND = "lines are weights: orange above 0, blue and dashed below, broader if larger"

_CAPTION = 100  # characters of a line
_MANY = 100  # edges between two columns, which are drawn thinner then


def stand(dot: graphviz.Digraph, picture: Picture, dresses: dict[str, Dress]) -> None:
    """Have the boxes of each column stand side by side, in their order, below its title."""
    last = ""
    packed = any(box.kind == "neuron" for box in picture.boxes)
    for i, column in enumerate(picture.columns):
        names = [f"n{box}" for box in column.boxes]
        if column.title:
            names.insert(0, f"c{i}")
            dot.node(f"c{i}", graphviz.nohtml(escape(column.title)), id=f"c{i}", **TITLE)
            dresses[f"c{i}"] = Dress(column.title, ("node", "omission"), ("note",))
        # Operations go where their operands are, even if that is apart from each other.
        leaves = all(picture.boxes[box].kind in LEAVES for box in column.boxes)
        close = "100" if packed or leaves else "1"
        with dot.subgraph() as same:
            same.attr(rank="same")
            same.node(names[0])
            for one, other in pairwise([last, *names] if column.below else names):
                same.edge(one, other, style="invis", weight=close)
        last = names[-1]


class Wiring:
    """The look of edges among neurons; of a picture without neurons it is that of all edges.

    >>> from viz.graphs.picture import Box, Column
    >>> boxes = [Box("input"), Box("neuron", edges=[Edge(0, weight=-0.5)])]
    >>> wiring = Wiring(Picture(boxes, columns=[Column([1])]), "LR")
    >>> wiring.look(boxes[1].edges[0], 1)["arrowhead"], sorted(wiring.marks(-0.5))
    ('none', ['negative', 'weight5'])
    """

    def __init__(self, picture: Picture, direction: str) -> None:
        kinds = [(picture.boxes[e.source].kind, b.kind) for b in picture.boxes for e in b.edges]
        among = sum("neuron" in pair for pair in kinds)
        # A single neuron among other operations leaves these their curves around each other.
        self.straight = 0 < len(kinds) <= 2 * among
        self.picture = picture
        self.middles = {column.boxes[len(column.boxes) // 2] for column in picture.columns}
        # A neuron stands beside the middle of its parameters.
        titled = [column.boxes for column in picture.columns if column.title]
        self.titled = {boxes[len(boxes) // 2] for boxes in titled}
        self.ports = _PORTS[direction]
        weights = [abs(e.weight) for b in picture.boxes for e in b.edges if e.weight is not None]
        self.largest = max(filter(math.isfinite, weights), default=0.0)
        tallest = max((len(column.boxes) for column in picture.columns), default=1)
        # The steeper the lines between two columns, the more room they need to be told apart.
        self.gap = str(2 + math.ceil(tallest / 4))
        widest = max((len(b.edges) for b in picture.boxes if b.kind == "neuron"), default=1)
        self.dense = widest * tallest > _MANY

    @property
    def spacing(self) -> Attributes:
        """What it asks of the whole drawing."""
        return STRAIGHT if self.straight else {}

    @property
    def legend(self) -> str:
        """What the looks of weights mean, where there are some."""
        return LEGEND if self.straight and self.largest else ""

    def look(self, edge: Edge, target: int) -> Attributes:
        """The attributes of one edge to the box with a number."""
        if not self.straight:
            only = len(self.picture.boxes[target].edges) == 1 and self.picture.columns
            return {"weight": "50"} if only or edge.source in self.titled else {}
        look = dict(zip(("tailport", "headport"), self.ports, strict=True))
        if self.picture.boxes[target].kind == "neuron":
            # Edges pull boxes towards each other: if all did, they would tear columns apart.
            middle = {edge.source, target} <= self.middles
            look |= {"arrowhead": "none", "minlen": self.gap, "weight": str(int(middle))}
        elif self.picture.boxes[edge.source].kind == "neuron":
            look["minlen"] = "2"  # so that other operands stand after the column
        return look

    def marks(self, weight: float) -> set[str]:
        """The marks of an edge with this weight, which are thinner where there are many."""
        halved = weight / 2 or weight  # of the smallest number there is no half
        return weight_marks(halved if self.dense else weight, self.largest)


def caption(*texts: str) -> Attributes:
    """Text below the drawing, in lines that are no longer than most drawings are wide."""
    wrapped = [line for text in texts for line in wrap(text, _CAPTION, max_lines=6)]
    if not wrapped:
        return {}
    lines = "".join(escape(line) + r"\l" for line in wrapped)
    # Browsers show it narrower than in this size, and Graphviz takes it for less than it is.
    room = {"fontsize": "12.5"}
    return {"label": graphviz.nohtml(lines), "labelloc": "b", "labeljust": "l"} | room
