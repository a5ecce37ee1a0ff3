"""Boxes and edges -> DOT, the language of Graphviz.

Node names are synthetic and labels escaped, so no text of the graph's owner reaches Graphviz as
anything but text. The same graph gives the same DOT, in every process.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import graphviz  # type: ignore[import-untyped]

from viz import style
from viz.labels import LONGEST, escape, number
from viz.picture import Box, Edge, Picture, titled

Direction = Literal["LR", "TB", "RL", "BT"]
Coloring = Literal["kind", "gradient"]


def write(
    picture: Picture,
    *,
    direction: Direction = "LR",
    color_by: Coloring = "kind",
    partials: bool = False,
) -> str:
    """DOT source for a picture; `partials` puts the local derivatives on the edges.

    >>> from autograd import Value
    >>> from viz.picture import compose
    >>> source = write(compose([Value(2.0, label="x")]))
    >>> print(source.splitlines()[-2].split(" color=")[0].strip())
    n0 [label="x\\ndata 2\\ngrad —"
    """
    _check("direction", direction, get_args(Direction))
    _check("color_by", color_by, get_args(Coloring))
    dot = graphviz.Digraph(
        graph_attr=style.GRAPH | {"rankdir": direction}, node_attr=style.NODE, edge_attr=style.EDGE
    )
    _write_nodes(dot, picture, _largest_gradient(picture) if color_by == "gradient" else None)
    for target, box in enumerate(picture.boxes):
        for edge in box.edges:
            source = picture.boxes[edge.source]
            dot.edge(f"n{edge.source}", f"n{target}", **_edge_look(edge, source, partials))
    text: str = dot.source
    return text


def _check(argument: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"{argument}={given!r}: it is one of {', '.join(map(repr, known))}")


def _write_nodes(dot: graphviz.Digraph, picture: Picture, largest: float | None) -> None:
    groups = []
    for index, title in enumerate(picture.groups):
        look = style.OPENED | {"label": graphviz.nohtml(escape(title))}
        groups.append(graphviz.Digraph(name=f"cluster{index}", graph_attr=look))
    for index, box in enumerate(picture.boxes):
        lines = _lines(box)
        longest = min(max(map(len, lines)), LONGEST)
        look = style.KINDS[box.kind] | style.margin(box.kind, longest) | _fill(box, largest)
        target = dot if box.group is None else groups[box.group]
        label = graphviz.nohtml(r"\n".join(map(escape, lines)))
        target.node(f"n{index}", label=label, **look)
    for group in groups:
        dot.subgraph(group)


def _lines(box: Box) -> list[str]:
    title = titled(box.label, box.symbol)
    lines = [title] if title else []
    if box.kind == "constant":
        lines.append(number(box.data))
    elif box.kind == "scope":
        lines += [_counted(kind, count) for kind, count in box.members.items()]
    elif box.kind != "omission":
        lines += [f"data {number(box.data)}", f"grad {number(box.grad)}"]
    return lines


def _counted(kind: str, count: int) -> str:
    return f"{count:,} {kind}{'' if count == 1 else 's'}"


def _fill(box: Box, largest: float | None) -> style.Attributes:
    if largest is None or box.kind in ("constant", "scope", "omission"):
        return {}
    if box.grad is None:
        return style.NO_GRADIENT
    return {"fillcolor": style.gradient_color(box.grad, largest)}


def _largest_gradient(picture: Picture) -> float:
    grads = (abs(box.grad) for box in picture.boxes if box.grad is not None)
    return max((grad for grad in grads if math.isfinite(grad)), default=0.0)


def _edge_look(edge: Edge, source: Box, partials: bool) -> style.Attributes:
    look = {}
    if source.kind == "omission":
        look["style"] = "dashed"
    if edge.count > 1:
        look["label"] = f"\N{MULTIPLICATION SIGN}{edge.count:,}"
    if edge.position is not None:
        look["headlabel"] = str(edge.position)
    if partials and edge.partial is not None:
        look["label"] = f"∂ {number(edge.partial)}"
    return look
