"""Boxes and edges -> DOT, the language of Graphviz, and what is done to the SVG afterwards.

Node names are synthetic and labels escaped, so no text of the graph's owner reaches Graphviz as
anything but text. The same graph gives the same DOT, in every process.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

import graphviz  # type: ignore[import-untyped]

from viz.graphs.picture import Box, Edge, Line, Picture
from viz.svg import style
from viz.svg.columns import Wiring, caption, stand
from viz.svg.digits import digits
from viz.svg.dressing import Dress
from viz.svg.labels import escape, number
from viz.svg.lines import box_hover, edge_hover, lines, summary
from viz.svg.measures import box_size, text_width

Direction = Literal["LR", "TB", "RL", "BT"]
Coloring = Literal["kind", "gradient"]

# Inches around the text of a box; an ellipse needs more.
_MARGIN, _ELLIPSE = (0.18, 0.08), 1.25
# Of so many boxes, and of ranks that edges pass, the places are improved no longer than it takes to
# be good; of the most, curves around all boxes would take longer than anyone waits.
_EFFORTS: list[tuple[int, style.Attributes]] = [
    (8000, {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.05", "splines": "line"}),
    (500, {"nslimit": "0.3", "nslimit1": "0.3", "mclimit": "0.3"}),
    (300, {"nslimit": "1"}),
]
_ARROW = 0.4  # inches beside a local derivative, for the line and its head


class Written(NamedTuple):
    """DOT source, by the id of an element what it is given in the SVG, and the SVG's title."""

    source: str
    dresses: dict[str, Dress]
    title: str = ""


def write(
    picture: Picture,
    *,
    direction: Direction = "LR",
    color_by: Coloring = "kind",
    partials: bool = False,
) -> Written:
    """DOT source for a picture; `partials` puts the local derivatives on the edges.

    Box number i has the id `n{i}`, and all edges, in order of the boxes they lead to, `e{j}`.

    >>> from autograd import Value
    >>> from viz.graphs.picture import compose
    >>> written = write(compose([Value(2.0, label="x")]))
    >>> print(written.source.splitlines()[-2].split(" color=")[0].strip())
    n0 [label="x\\ndata 2\\ngrad —"
    """
    _check("direction", direction, get_args(Direction))
    _check("color_by", color_by, get_args(Coloring))
    wiring = Wiring(picture, direction)
    room = _room_for(picture, partials, direction) | wiring.spacing | caption(picture.caption)
    size = len(picture.boxes) + _passed(picture)
    effort = next((effort for many, effort in _EFFORTS if size > many), {})
    downwards = style.DOWNWARDS if picture.downwards else {}
    dot = graphviz.Digraph(
        graph_attr=style.GRAPH | {"rankdir": direction} | room | effort | downwards,
        node_attr=style.NODE,
        edge_attr=style.EDGE,
    )
    dresses: dict[str, Dress] = {}
    _write_nodes(dot, picture, color_by, dresses)
    stand(dot, picture, dresses)
    _write_edges(dot, picture, wiring, partials, dresses)
    if not picture.columns:
        _write_order(dot, picture)
    return Written(dot.source, dresses, summary(picture.boxes))


def _passed(picture: Picture) -> int:
    """How many ranks all edges pass on their way, for each of which Graphviz adds a box of its own.

    >>> from autograd import Value
    >>> from viz.graphs.picture import compose
    >>> x = Value(2.0)
    >>> _passed(compose([x, y := x.exp(), z := y.exp(), z + x]))
    2
    """
    edges = [
        (edge.source, target) for target, box in enumerate(picture.boxes) for edge in box.edges
    ]
    ranks = [0] * len(picture.boxes)
    for source, target in edges:
        ranks[target] = max(ranks[target], ranks[source] + 1)
    first: dict[int, int] = {}  # of the users of a leaf, which stands just before it
    for source, target in edges:
        first[source] = min(ranks[target], first.get(source, ranks[target]))
    leaves = {source: rank - 1 for source, rank in first.items() if not picture.boxes[source].edges}
    return sum(max(0, ranks[to] - leaves.get(by, ranks[by]) - 1) for by, to in edges)


def _room_for(picture: Picture, partials: bool, direction: Direction) -> style.Attributes:
    """The distance of the ranks, which local derivatives want to stand in between."""
    if direction in ("TB", "BT"):
        return {}
    edges = (edge for box in picture.boxes for edge in box.edges)
    texts = [line.text for edge in edges for line in _edge_texts(edge, partials)]
    width = max((text_width(text, float(style.EDGE["fontsize"])) for text in texts), default=0.0)
    return {"ranksep": f"{max(float(style.GRAPH['ranksep']), width / 72 + _ARROW):.2f}"}


def _check(argument: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"{argument}={given!r}: it is one of {', '.join(map(repr, known))}")


def _write_nodes(
    dot: graphviz.Digraph, picture: Picture, color_by: Coloring, dresses: dict[str, Dress]
) -> None:
    groups = []
    for index, title in enumerate(picture.groups):
        look = style.OPENED | {"label": graphviz.nohtml(escape(title))}
        groups.append(graphviz.Digraph(name=f"cluster{index}", graph_attr=look))
    largest = _largest(box.grad for box in picture.boxes)
    for i, (box, precision) in enumerate(zip(picture.boxes, digits(picture), strict=True)):
        marks = set(box.marks)
        if color_by == "gradient" and box.kind in ("input", "parameter", "operation", "neuron"):
            marks |= {"tinted", style.gradient_mark(box.grad, largest)}
        look = style.node_look(box.kind, marks)
        written = lines(box, precision)
        target = dot if box.group is None else groups[box.group]
        label = graphviz.nohtml(_label(box, written))
        target.node(f"n{i}", label=label, id=f"n{i}", **look, **_size(box, written))
        classes = ("node", box.kind, *sorted(marks))
        roles = tuple(line.role for line in written)
        dresses[f"n{i}"] = Dress(box_hover(box), classes, roles, "rounded" in look["style"])
    for group in groups:
        dot.subgraph(group)


def _label(box: Box, written: list[Line]) -> str:
    texts = [escape(line.text) for line in written]
    if box.kind == "statement":  # flush left, as lines of a program are
        return "".join(text + r"\l" for text in texts)
    return r"\n".join(texts)


def _size(box: Box, written: list[Line]) -> style.Attributes:
    if box.kind == "statement":  # all browsers show this font as wide as Graphviz takes it for
        return {}
    width, height = (length / 72 for length in box_size([x.text for x in written], box.room))
    if style.KINDS[box.kind].get("shape") == "ellipse":
        width, height = width * _ELLIPSE, height * _ELLIPSE
    else:
        width, height = width + _MARGIN[0], height + _MARGIN[1]
    return {"width": f"{width:.3g}", "height": f"{height:.3g}"}


def _largest(numbers: Iterator[float | None]) -> float:
    sizes = (abs(x) for x in numbers if x is not None and math.isfinite(x))
    return max(sizes, default=0.0)


def _write_edges(
    dot: graphviz.Digraph,
    picture: Picture,
    wiring: Wiring,
    partials: bool,
    dresses: dict[str, Dress],
) -> None:
    edges = [(target, edge) for target, box in enumerate(picture.boxes) for edge in box.edges]
    for i, (target, edge) in enumerate(edges):
        marks = set(edge.marks)
        if picture.boxes[edge.source].kind == "omission":
            marks.add("omitted")
        if edge.weight is not None:
            marks |= wiring.marks(edge.weight)
        texts = _edge_texts(edge, partials)
        labels = {"headlabel" if x.role == "position" else "xlabel": x.text for x in texts}
        ends = f"n{edge.source}", f"n{target}"
        look = style.edge_look(marks) | wiring.look(edge, target)
        dot.edge(*ends, id=f"e{i}", **labels, **look)
        hover = edge_hover(picture, edge, picture.boxes[target])
        roles = tuple(line.role for line in texts)
        dresses[f"e{i}"] = Dress(hover, ("edge", *sorted(marks)), roles)


def _edge_texts(edge: Edge, partials: bool) -> list[Line]:
    """No `label`: room for one would change the layout."""
    texts = []
    if partials and edge.partial is not None:
        texts.append(Line("partial", f"∂ {number(edge.partial)}"))
    elif edge.count > 1 and "folded" not in edge.marks:
        texts.append(Line("count", f"\N{MULTIPLICATION SIGN}{edge.count:,}"))
    if edge.position is not None:
        texts.append(Line("position", str(edge.position)))
    return texts


def _write_order(dot: graphviz.Digraph, picture: Picture) -> None:
    """Leaves that only one operation uses, as its weights, stand in the order of its operands."""
    users: dict[int, set[int]] = defaultdict(set)
    for target, box in enumerate(picture.boxes):
        for edge in box.edges:
            users[edge.source].add(target)
    for target, box in enumerate(picture.boxes):
        sources = dict.fromkeys(edge.source for edge in box.edges)
        own = [i for i in sources if users[i] == {target} and not picture.boxes[i].edges]
        own = [i for i in own if picture.boxes[i].group is None]
        if len(own) > 1:
            with dot.subgraph(graph_attr={"rank": "same"}) as rank:
                for one, other in itertools.pairwise(own):
                    rank.edge(f"n{one}", f"n{other}", style="invis")
