"""How closely a graph is looked at: from layers over neurons to values and the products inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

from autograd import AnomalyError, Value
from autograd.compiler.function import Compiled
from viz.graphs.anomaly import compose_anomaly
from viz.graphs.compiled.theta import read_at_once
from viz.graphs.levels.beside import stand_beside
from viz.graphs.levels.folding import fold
from viz.graphs.levels.layers import compose_layers
from viz.graphs.levels.naming import chosen_naming, depth_naming
from viz.graphs.levels.networks import is_module, outputs_of, without_numbers
from viz.graphs.levels.neurons import compose_neurons
from viz.graphs.levels.readable import READABLE, is_readable, size
from viz.graphs.levels.runs import fold_runs
from viz.graphs.levels.units import Unit, units
from viz.graphs.picture import Picture, compose
from viz.graphs.selection import EDGES_PER_NODE, MAX_NODES, refuse, select

Level = Literal["layers", "neurons", "values", "products"]
Detail = Level | int | Callable[[str], bool] | None

INF = float("inf")
LOOKED_AT = 100_000  # nodes: what is found out about them then takes about a second


COARSE: tuple[Level, ...] = ("neurons", "layers")  # of a network, whose values are none yet

# Of boxes that are alike so many are drawn; of more than that only the first few.
MOST_NEURONS, FEW_NEURONS = 16, 6
MOST_LAYERS, FEW_LAYERS = 4, 2


def pictured(what: Any, detail: Detail, depth: int | None, max_nodes: float) -> Picture:
    """What a person asks to be drawn: the graph of some Values, a module, a program, an anomaly.

    Raises:
        TypeError: it is something else.
        ValueError, TypeError: there is no such detail.
        TooManyNodesError: at this detail it is too large.

    >>> from nn import MLP
    >>> pictured(MLP(2, [3, 1], seed=0), "layers", None, 100).boxes[-1].label
    'layer1'
    """
    check(detail)
    if isinstance(what, AnomalyError):
        return compose_anomaly(what)
    if isinstance(what, Compiled):
        # Here, because it loads the stages of the compiler.
        from viz.graphs.compiled.programs import compose_program

        return compose_program(what)
    if is_module(what):
        outputs = outputs_of(what)
        return without_numbers(picture_of(outputs, detail, depth, max_nodes, COARSE))
    return picture_of(roots_of(what), detail, depth, max_nodes)


def roots_of(what: Any) -> list[Value]:
    """The Values that a person asks to be drawn."""
    roots = list(what) if isinstance(what, Iterable) else [what]
    for value in roots:
        if not isinstance(value, Value):
            raise TypeError(
                "draw() takes a Value or an iterable of Values, a module of nn, a compiled "
                f"function or an AnomalyError, not {type(value).__name__}: {value!r:.60}"
            )
    if not roots:
        raise ValueError("draw() of nothing: it needs at least one Value")
    return roots


def picture_of(
    roots: Sequence[Value],
    detail: Detail,
    depth: int | None,
    max_nodes: float = MAX_NODES,
    levels: Sequence[Level] = ("values", "neurons", "layers"),
) -> Picture:
    """The graph of some roots, at a level of detail; with None the finest that can be read.

    Parameters:
        levels: those that are tried for None.

    >>> x = Value(2.0, label="x")
    >>> [box.label for box in picture_of([x * x], "values", None).boxes]
    ['x', '']
    """
    level = {0: "values", 1: "layers"}.get(detail, detail) if type(detail) is int else detail
    if level is None:
        values = select(roots, depth=depth, max_nodes=max(max_nodes, LOOKED_AT))
        picture = _finest(_Graph(values, roots), max_nodes, levels)
        if depth is not None and any(box.kind == "omission" for box in picture.boxes):
            end = f"the end of a larger graph, {depth} edge{'s' * (depth != 1)} deep"
            picture.caption = "; ".join(filter(None, (end, picture.caption)))
    else:
        large = max_nodes if level in ("values", "products") else INF
        values = select(roots, depth=depth, max_nodes=large)
        picture = _at(level, _Graph(values, roots), max_nodes)
    return replace(picture, roots=list(roots))


@dataclass(frozen=True)
class _Graph:
    """Nodes in topological order, and those of them that were asked for."""

    values: Sequence[Value]
    roots: Sequence[Value]

    @cached_property
    def neurons(self) -> list[Unit]:
        return units(self.values, self.roots)


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


def _at(level: Any, graph: _Graph, max_nodes: float) -> Picture:
    """The picture at a level that was asked for."""
    if level == "products":
        return compose(graph.values, opened=True, max_nodes=max_nodes)
    if level == "values":
        return stand_beside(compose(graph.values, max_nodes=max_nodes), graph.neurons)
    picture = _neurons(graph) if level == "neurons" else _layers(graph, level)
    return _limited(picture, max_nodes)


def _neurons(graph: _Graph) -> Picture:
    picture = compose_neurons(graph.values, graph.neurons, graph.roots)
    return fold(picture, MOST_NEURONS, FEW_NEURONS)


def _layers(graph: _Graph, level: Any) -> Picture:
    if callable(level):
        naming = chosen_naming(level)
    else:
        naming = depth_naming(1 if level == "layers" else level)
    picture = compose_layers(graph.values, graph.neurons, naming, graph.roots)
    return fold(fold_runs(picture, MOST_LAYERS, FEW_LAYERS), MOST_LAYERS, FEW_LAYERS)


def _limited(picture: Picture, max_nodes: float) -> Picture:
    boxes, edges, _ = size(picture)
    if boxes > max_nodes:
        refuse(max_nodes, "boxes")
    if edges > EDGES_PER_NODE * max_nodes:
        refuse(EDGES_PER_NODE * max_nodes, "edges")
    return picture


def _finest(graph: _Graph, max_nodes: float, levels: Sequence[Level]) -> Picture:
    """The finest picture that can be read; if none can, the finest that may be drawn."""
    values = graph.values
    if "values" in levels and len(values) <= READABLE["values"].boxes:
        picture = _at("values", graph, max_nodes)
        if is_readable(picture, "values"):
            return picture
    if not read_at_once(values):
        picture = _neurons(graph)
        if is_readable(picture, "neurons"):
            level = "neurons" if graph.neurons else "folds"
            return _said(level, picture, len(values), max_nodes)
    picture = _layers(graph, "layers")
    if is_readable(picture, "layers") or len(values) > max_nodes >= len(picture.boxes):
        return _said("layers", picture, len(values), max_nodes)
    return _limited(_at("values", graph, max_nodes), max_nodes)


def _said(level: str, picture: Picture, nodes: int, max_nodes: float) -> Picture:
    limit = f", max_nodes={nodes}" if nodes > max_nodes else ""
    caption = f"{nodes:,} nodes drawn as {level}; detail='values'{limit} draws every node"
    return replace(picture, caption=caption)
