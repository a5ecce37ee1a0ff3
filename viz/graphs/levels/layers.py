"""Layers: a box for each scope, with its shape and the norms of its parameters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograd import Value
from viz.graphs.compiled.theta import read_at_once
from viz.graphs.levels.chains import chains
from viz.graphs.levels.naming import Naming
from viz.graphs.levels.units import Unit, shared_path
from viz.graphs.picture import Box, Line, Picture, compose, counted
from viz.graphs.selection import operands
from viz.svg.texts.labels import cut

MOST_ADDED = 4  # additions in a row, of which each has a box


def compose_layers(
    values: Sequence[Value],
    found: Sequence[Unit],
    layer_of: Naming,
    roots: Iterable[Value] = (),
) -> Picture:
    """One box for each layer, and one for each node that belongs to none.

    Parameters:
        values: nodes in topological order.
        found: the neurons among them.
        layer_of: the name of the layer that a scope belongs to; "" for none.
        roots: nodes that were asked for, and so are no steps of a longer sum.

    >>> from autograd import scope
    >>> from viz.graphs.levels.units import units
    >>> x = Value(2.0)
    >>> with scope("layer0"):
    ...     y = x.exp()
    >>> [box.label for box in compose_layers([x, y], units([x, y]), lambda scope: scope).boxes]
    ['', 'layer0']
    """
    roots = [*roots]
    homes = _homes(values, found, layer_of)
    boxes = {name: Box("layer", name) for name in dict.fromkeys(homes.values())}
    for name in {*read_at_once(values).values()} & boxes.keys():
        boxes[name].marks.add("theta")  # whose leaves are used elsewhere
    drawn_as = chains([x for x in values if x not in homes], MOST_ADDED, roots)
    drawn_as |= {value: boxes[name] for value, name in homes.items()}
    picture = compose(values, homes=drawn_as, max_nodes=math.inf)
    picture.roots = roots
    for name, layer in _layers(values, found, homes).items():
        _describe(boxes[name], layer)
    return picture


def _homes(values: Sequence[Value], found: Sequence[Unit], layer_of: Naming) -> dict[Value, str]:
    """The layer of each node that has one.

    Parameters and constants without a scope belong to the only layer that uses them, if any; but
    the numbers that neurons look at are no part of them.
    """
    inputs = {x for unit in found for x in unit.inputs}
    named = {scope: layer_of(scope) for scope in {x.scope for x in values if isinstance(x, Value)}}
    homes = {x: named[x.scope] for x in values if isinstance(x, Value) and named[x.scope]}
    if named.get("") is not None:
        homes |= _side_by_side([unit for unit in found if unit.output not in homes], homes)
    kinds = {x: getattr(x, "kind", None) for x in values}
    loose = {
        x
        for x, kind in kinds.items()
        if x not in homes and (kind == "parameter" or (kind == "constant" and x not in inputs))
    }
    users: dict[Value, set[str]] = {}
    for value in values:
        for operand in loose.intersection(operands(value)):
            users.setdefault(operand, set()).add(homes.get(value, ""))
    homes |= {x: name for x, names in users.items() if len(names) == 1 and (name := min(names))}
    return read_at_once(values) | homes


def _side_by_side(found: Sequence[Unit], taken: dict[Value, str]) -> dict[Value, str]:
    """Neurons that nobody gave a scope, but several of which look at the same inputs."""
    columns: dict[tuple[Value, ...], list[Unit]] = {}
    for unit in found:
        columns.setdefault(tuple(unit.inputs), []).append(unit)
    homes: dict[Value, str] = {}
    names: Counter[str] = Counter()
    for column in columns.values():
        if len(column) > 1:
            name = shared_path([unit.name for unit in column]) or "layer"
            names[name] += 1
            times = f" ({names[name]})" if names[name] > 1 else ""
            homes |= {node: name + times for unit in column for node in unit.nodes}
    return {node: name for node, name in homes.items() if node not in taken}


@dataclass(slots=True)
class _Layer:
    """What there is in a layer, and what comes in and goes out."""

    nodes: list[Value] = field(default_factory=list)
    neurons: list[Unit] = field(default_factory=list)
    functions: dict[str, None] = field(default_factory=dict)
    parameters: dict[Value, None] = field(default_factory=dict)
    inputs: set[Value] = field(default_factory=set)
    outputs: set[Value] = field(default_factory=set)


def _layers(
    values: Sequence[Value], found: Sequence[Unit], homes: dict[Value, str]
) -> dict[str, _Layer]:
    layers = {name: _Layer() for name in dict.fromkeys(homes.values())}
    used: set[Value] = set()
    parameters = {x for x in values if getattr(x, "kind", None) == "parameter"}
    for value in values:
        home = homes.get(value)
        if home:
            layers[home].nodes.append(value)
        if home and value in parameters:
            layers[home].parameters[value] = None
        used.update(operands(value))
        for operand in dict.fromkeys(operands(value)):
            source = homes.get(operand)
            if home and operand in parameters:
                layers[home].parameters[operand] = None
            elif source != home:
                if source:
                    layers[source].outputs.add(operand)
                if home:
                    layers[home].inputs.add(operand)
    for value, home in homes.items():
        if value not in used:
            layers[home].outputs.add(value)
    for unit in found:
        if home := homes.get(unit.output):
            layers[home].functions.update(dict.fromkeys(f.symbol for f in unit.functions))
            if homes.get(unit.sum) == home:
                layers[home].neurons.append(unit)
    return layers


def _describe(box: Box, layer: _Layer) -> None:
    if any(x.kind == "operation" for x in layer.nodes):
        box.lines.append(Line("note", _shape(layer)))
    if not layer.parameters:
        box.lines += [Line("note", counted(kind, n)) for kind, n in box.members.items()]
        return
    box.lines.append(Line("note", counted("parameter", len(layer.parameters))))
    box.inside = [*layer.parameters]
    numbers = [x.data for x in layer.parameters]
    grads = [x.grad for x in layer.parameters if x.has_grad]
    size, slope = _norm(numbers), _norm(grads) if grads else None
    box.data, box.grad = size, slope
    members = ", ".join(counted(kind, n) for kind, n in box.members.items())
    box.hover = (
        f"{cut(box.label)}: {members}\n"
        f"Euclidean norm of the {counted('parameter', len(numbers))}: {size!r}\n"
        f"Euclidean norm of their gradients: {'none computed' if slope is None else repr(slope)}"
    )


def _norm(numbers: Sequence[float]) -> float:
    """The Euclidean norm; of NaN and infinity it is NaN, not infinity as `math.hypot` has it."""
    return math.nan if any(map(math.isnan, numbers)) else math.hypot(*numbers)


def _shape(layer: _Layer) -> str:
    """What comes in and goes out, and what neurons do to their sums."""
    distinct = {tuple(unit.factors) for unit in layer.neurons}
    done = ", " + " and ".join(layer.functions) if layer.functions else ""
    sizes = {len(weights) for weights in distinct}
    inside = {node for unit in layer.neurons for node in unit.nodes}
    if len(sizes) != 1 or not all(x in inside or x.kind != "operation" for x in layer.nodes):
        return f"{len(layer.inputs) or ''} -> {len(layer.outputs)}{done}".strip()
    times = len(layer.neurons) // len(distinct)
    again = f", {times:,} times" if times > 1 else ""
    return f"{sizes.pop()} -> {len(distinct)}{done}{again}"
