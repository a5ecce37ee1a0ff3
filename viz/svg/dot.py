"""Boxes and edges -> DOT, the language of Graphviz, and what is done to the SVG afterwards.

Node names are synthetic and labels escaped, so no text of the graph's owner reaches Graphviz as
anything but text. The same graph gives the same DOT, in every process.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

import graphviz  # type: ignore[import-untyped]

from viz.graphs.picture import Box, Edge, Kind, Line, Picture, titled
from viz.svg import style
from viz.svg.columns import Wiring, caption, place
from viz.svg.dressing import Dress
from viz.svg.labels import LONGEST, escape, number

Direction = Literal["LR", "TB", "RL", "BT"]
Coloring = Literal["kind", "gradient"]


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
    look = style.DOWNWARDS if picture.downwards else {"rankdir": direction}
    dot = graphviz.Digraph(
        graph_attr=style.GRAPH | look | wiring.spacing | caption(picture.caption),
        node_attr=style.NODE,
        edge_attr=style.EDGE,
    )
    _write_nodes(dot, picture, _largest_gradient(picture) if color_by == "gradient" else None)
    place(dot, picture)
    dresses = {f"n{i}": _box_dress(box) for i, box in enumerate(picture.boxes)}
    edges = ((target, edge) for target, box in enumerate(picture.boxes) for edge in box.edges)
    for i, (target, edge) in enumerate(edges):
        source = picture.boxes[edge.source]
        look = _edge_look(edge, source, partials) | wiring.look(edge, target)
        dot.edge(f"n{edge.source}", f"n{target}", id=f"e{i}", **look)
        dresses[f"e{i}"] = Dress(edge.hover, ("edge", *sorted(edge.marks)))
    return Written(dot.source, dresses)


def _box_dress(box: Box) -> Dress:
    roles = tuple(line.role for line in _lines(box))
    hover = box.hover or "\n".join(line.text for line in _lines(box))
    return Dress(hover, ("node", box.kind, *sorted(box.marks)), roles)


class Written(NamedTuple):
    """DOT source, and by the id of an element what it is to be given in the SVG."""

    source: str
    dresses: dict[str, Dress]


def _check(argument: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"{argument}={given!r}: it is one of {', '.join(map(repr, known))}")


def _write_nodes(dot: graphviz.Digraph, picture: Picture, largest: float | None) -> None:
    groups = []
    for index, title in enumerate(picture.groups):
        look = style.OPENED | {"label": graphviz.nohtml(escape(title))}
        groups.append(graphviz.Digraph(name=f"cluster{index}", graph_attr=look))
    for index, box in enumerate(picture.boxes):
        lines = [line.text for line in _lines(box)]
        longest = max(box.room, min(max(map(len, lines)), LONGEST))
        look = style.KINDS[box.kind] | style.margin(box.kind, longest) | _fill(box, largest)
        target = dot if box.group is None else groups[box.group]
        label = graphviz.nohtml(_joined(lines, box.kind))
        target.node(f"n{index}", label=label, id=f"n{index}", **look)
    for group in groups:
        dot.subgraph(group)


def _joined(lines: list[str], kind: Kind) -> str:
    """The lines as a label, those of a program flush left."""
    if kind == "statement":
        return "".join(escape(line).replace(" ", "\N{NO-BREAK SPACE}") + r"\l" for line in lines)
    return r"\n".join(map(escape, lines))


def _lines(box: Box) -> list[Line]:
    title = titled(box.label, box.symbol)
    lines = [Line("name", title)] if title else []
    if box.data is not None and box.kind == "constant":
        lines.append(Line("data", number(box.data)))
    elif box.data is not None:
        lines += [
            Line("data", f"data {number(box.data)}"),
            Line("grad", f"grad {number(box.grad)}"),
        ]
    return lines + box.lines


def _fill(box: Box, largest: float | None) -> style.Attributes:
    if largest is None or box.kind in ("constant", "layer", "omission"):
        return {}
    if box.grad is None:
        return style.NO_GRADIENT
    return {"fillcolor": style.gradient_color(box.grad, largest)}


def _largest_gradient(picture: Picture) -> float:
    grads = (abs(box.grad) for box in picture.boxes if box.grad is not None)
    return max((grad for grad in grads if math.isfinite(grad)), default=0.0)


def _edge_look(edge: Edge, source: Box, partials: bool) -> style.Attributes:
    look = dict(style.EDGES[edge.role])
    if source.kind == "omission":
        look["style"] = "dashed"
    if edge.count > 1 and "folded" not in edge.marks:
        look["label"] = f"\N{MULTIPLICATION SIGN}{edge.count:,}"
    if edge.position is not None:
        look["headlabel"] = str(edge.position)
    if partials and edge.partial is not None:
        look["label"] = f"∂ {number(edge.partial)}"
    return look
