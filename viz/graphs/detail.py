"""How closely a graph is looked at: from layers over neurons to values and the products inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal, NamedTuple, get_args

from autograd import Value
from viz.graphs.folding import fold
from viz.graphs.framing import frame_neurons
from viz.graphs.layers import chosen_naming, compose_layers, depth_naming
from viz.graphs.neurons import compose_neurons
from viz.graphs.picture import Picture, compose
from viz.graphs.selection import EDGES_PER_NODE, MAX_NODES, TooManyNodesError, refuse, select
from viz.graphs.theta import read_at_once
from viz.graphs.units import Unit, units

Level = Literal["layers", "neurons", "values", "products"]
Detail = Level | int | Callable[[str], bool] | None

INF = float("inf")
LOOKED_AT = 100_000  # nodes: what is found out about them then takes about a second
FOLDABLE = {"neurons": 1_000, "layers": 20_000}  # boxes, which may have many edges, or few


class Size(NamedTuple):
    """How many boxes and edges there are, or may be, and how many boxes in a row."""

    boxes: int
    edges: int
    length: int


# What can be read at a notebook's width, tried out: so many boxes stand on some two screens, a
# dozen in a row are as wide as one, and edges between columns may cross where others may not.
READABLE = {"values": Size(40, 80, 16), "neurons": Size(100, 700, 12), "layers": Size(60, 200, 16)}

# Of boxes that are alike so many are drawn; of more than that only the first few.
MOST_NEURONS, FEW_NEURONS = 16, 6
MOST_LAYERS, FEW_LAYERS = 6, 2


def picture_of(
    roots: Sequence[Value], detail: Detail, depth: int | None, max_nodes: float = MAX_NODES
) -> Picture:
    """The graph of some roots, at a level of detail; with None the finest that can be read.

    Raises:
        ValueError, TypeError: there is no such detail.
        TooManyNodesError: at this detail it is too large.

    >>> x = Value(2.0, label="x")
    >>> [box.label for box in picture_of([x * x], "values", None).boxes]
    ['x', '']
    """
    check(detail)
    if depth is not None and depth < 0:
        raise ValueError(f"depth={depth}: it is a number of edges, 0 or more")
    level = {0: "values", 1: "layers"}.get(detail, detail) if type(detail) is int else detail
    if level is None:
        values = select(roots, depth=depth, max_nodes=max(max_nodes, LOOKED_AT))
        picture = _finest(values, max_nodes)
        if depth is not None and any(box.kind == "omission" for box in picture.boxes):
            end = f"the end of a larger graph, {depth} edge{'s' * (depth != 1)} deep"
            picture.caption = "; ".join(filter(None, (end, picture.caption)))
    else:
        large = max_nodes if level in ("values", "products") else INF
        picture = _at(level, select(roots, depth=depth, max_nodes=large), max_nodes)
    return replace(picture, roots=list(roots))


def check(detail: Any) -> None:
    """Raise unless there is such a detail."""
    names = get_args(Level)
    known = f"it is one of {', '.join(map(repr, names))}, a depth of scopes, or a function of one"
    if detail is None or callable(detail) or (isinstance(detail, str) and detail in names):
        return
    if isinstance(detail, str) or (type(detail) is int and detail < 0):
        raise ValueError(f"detail={detail!r:.80}: {known}")
    if type(detail) is not int:
        raise TypeError(f"detail={detail!r:.80}: {known}")


def _at(level: Any, values: Sequence[Value], max_nodes: float) -> Picture:
    """The picture at a level that was asked for."""
    found = units(values)
    if level in ("values", "products"):
        picture = compose(values, opened=level == "products", max_nodes=max_nodes)
        return frame_neurons(picture, found)
    picture = _neurons(values, found) if level == "neurons" else _layers(values, found, level)
    return _limited(picture, max_nodes)


def _neurons(values: Sequence[Value], found: Sequence[Unit], max_nodes: float = INF) -> Picture:
    return fold(compose_neurons(values, found, max_nodes), MOST_NEURONS, FEW_NEURONS)


def _layers(
    values: Sequence[Value], found: Sequence[Unit], level: Any, max_nodes: float = INF
) -> Picture:
    if callable(level):
        naming = chosen_naming(level)
    else:
        naming = depth_naming(1 if level == "layers" else level)
    return fold(compose_layers(values, found, naming, max_nodes), MOST_LAYERS, FEW_LAYERS)


def _limited(picture: Picture, max_nodes: float) -> Picture:
    boxes, edges, _ = size(picture)
    if boxes > max_nodes:
        refuse(max_nodes, "boxes")
    if edges > EDGES_PER_NODE * max_nodes:
        refuse(EDGES_PER_NODE * max_nodes, "edges")
    return picture


def _finest(values: Sequence[Value], max_nodes: float) -> Picture:
    """The finest picture that can be read; if none can, the finest that may be drawn."""
    if len(values) <= READABLE["values"].boxes:
        picture = _at("values", values, max_nodes)
        if _fits(picture, "values"):
            return picture
    found = units(values)
    with suppress(TooManyNodesError):
        if len(found) > FOLDABLE["neurons"] or read_at_once(values):
            refuse(FOLDABLE["neurons"])
        picture = _neurons(values, found, FOLDABLE["neurons"])
        if _fits(picture, "neurons"):
            return _said("neurons" if found else "folds", picture, len(values), max_nodes)
    with suppress(TooManyNodesError):
        picture = _layers(values, found, "layers", FOLDABLE["layers"])
        if _fits(picture, "layers") or len(values) > max_nodes >= len(picture.boxes):
            return _said("layers", picture, len(values), max_nodes)
    return _limited(_at("values", values, max_nodes), max_nodes)


def _said(level: str, picture: Picture, nodes: int, max_nodes: float) -> Picture:
    limit = f", max_nodes={nodes}" if nodes > max_nodes else ""
    caption = f"{level} of {nodes:,} nodes; detail='values'{limit} draws them all"
    return replace(picture, caption=caption)


def size(picture: Picture) -> Size:
    """How large a picture is."""
    lengths: list[int] = []
    for box in picture.boxes:
        before = [lengths[edge.source] for edge in box.edges if edge.source < len(lengths)]
        lengths.append(1 + max(before, default=0))
    edges = sum(len(box.edges) for box in picture.boxes)
    return Size(len(picture.boxes), edges, max(lengths, default=0))


def _fits(picture: Picture, level: str) -> bool:
    return all(x <= most for x, most in zip(size(picture), READABLE[level], strict=True))
