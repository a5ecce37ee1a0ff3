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

from viz.graphs.marking.marks import gradient_of
from viz.graphs.picture import Box, Edge, Line, Picture
from viz.svg import style
from viz.svg.columns import Wiring, caption, stand
from viz.svg.dressing import Dress
from viz.svg.effort import effort
from viz.svg.texts.digits import digits
from viz.svg.texts.labels import escape, number
from viz.svg.texts.lines import box_hover, edge_hover, lines, summary
from viz.svg.texts.measures import box_size, text_width

Direction = Literal["LR", "TB", "RL", "BT"]
Coloring = Literal["kind", "gradient"]

# Inches around the text of a box; an ellipse needs more.
_MARGIN, _ELLIPSE = (0.18, 0.08), 1.25
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
    look = (
        style.GRAPH
        | {"rankdir": direction}
        | _room_for(picture, partials, direction)
        | wiring.spacing
        | caption(picture.caption, wiring.legend)
        | effort(picture)
        | (style.DOWNWARDS if picture.downwards else {})
    )
    dot = graphviz.Digraph(graph_attr=look, node_attr=style.NODE, edge_attr=style.EDGE)
    dresses: dict[str, Dress] = {}
    _write_nodes(dot, picture, color_by, dresses)
    stand(dot, picture, dresses)
    _write_edges(dot, picture, wiring, partials, dresses)
    if not picture.columns:
        _write_order(dot, picture)
    return Written(dot.source, dresses, summary(picture.boxes))


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
    largest = _largest(gradient_of(box) for box in picture.boxes)
    for i, (box, precision) in enumerate(zip(picture.boxes, digits(picture), strict=True)):
        marks = set(box.marks)
        if color_by == "gradient" and box.kind in ("input", "parameter", "operation", "neuron"):
            marks |= {"tinted", style.gradient_mark(gradient_of(box), largest)}
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
        texts.append(Line("position", _ordinal(edge.position)))
    return texts


def _ordinal(place: int) -> str:
    """The place of an operand, which is not to be taken for a number that is computed with.

    >>> [_ordinal(place) for place in (1, 2, 3, 4)]
    ['1st', '2nd', '3rd', '4th']
    """
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place, 'th') }"


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
