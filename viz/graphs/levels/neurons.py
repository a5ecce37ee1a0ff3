"""Neurons side by side: columns of boxes, with a weight on each edge between them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeGuard

from autograd import Value
from viz.graphs.levels.beside import side_by_side
from viz.graphs.levels.units import Unit, shared_path
from viz.graphs.marking.marks import not_finite
from viz.graphs.picture import LEAVES, Box, Column, Composer, Edge, Line, Picture
from viz.graphs.selection import counted_uses
from viz.svg.texts.labels import cut, number

SHOWN_BIASES = 2


def compose_neurons(
    values: Sequence[Value],
    found: Sequence[Unit],
    roots: Iterable[Value] = (),
) -> Picture:
    """One box for each neuron and each node that belongs to none; weights are edges.

    Parameters:
        values: nodes in topological order.
        found: the neurons among them.
        roots: nodes that were asked for, and have a box also if they are weights.

    >>> from viz.graphs.levels.units import units
    >>> w, x, v, y = (Value(i, label=name) for i, name in enumerate("wxvy"))
    >>> products = [w * x, v * y]
    >>> values = [w, x, products[0], v, y, products[1], products[0] + products[1]]
    >>> picture = compose_neurons(values, units(values))
    >>> [(box.kind, [edge.weight for edge in box.edges]) for box in picture.boxes]
    [('input', []), ('input', []), ('neuron', [0.0, 2.0])]
    """
    roots = [*roots]
    composer = Composer(max_nodes=math.inf)
    whose = {unit.output: unit for unit in found}
    hidden = _hidden(values, found, roots)
    for value in values:
        if unit := whose.get(value):
            _add(composer, unit)
        elif not isinstance(value, Value):
            composer.add_vector(value)
        elif value not in hidden:
            composer.add(value, value.grad if value.has_grad else None)
    composer.picture.roots = roots
    composer.picture.nodes = [value for value in values if isinstance(value, Value)]
    _arrange(composer, found)
    return composer.picture


def _hidden(values: Sequence[Value], found: Sequence[Unit], roots: Iterable[Value]) -> set[Value]:
    """What is not drawn by itself: a neuron's inside, and what is nothing but weight or bias."""
    uses = counted_uses(values, roots)
    as_weight = Counter(x for unit in found for x in (*unit.factors, *unit.biases))
    inside = {node for unit in found for node in unit.nodes}
    return inside | {x for x, count in as_weight.items() if count >= uses[x]}


def _add(composer: Composer, unit: Unit) -> None:
    sources = [composer.numbers.get(x) for x in unit.inputs]
    omission = composer.place(Box("omission", "…")) if None in sources else None
    box = _box(unit)
    number = composer.numbers[unit.output] = composer.place(box)
    for source, weight in zip(sources, unit.factors, strict=True):
        if source is None:
            assert omission is not None
            composer.join(omission, number)
        else:
            box.edges.append(_edge(source, weight))


def _box(unit: Unit) -> Box:
    output = unit.output
    done = " ".join(function.symbol for function in reversed(unit.functions)) or "linear"
    return Box(
        "neuron",
        "" if "." in unit.name else str(output.label),
        done,
        output.data,
        output.grad if output.has_grad else None,
        value=output,
        lines=_bias_lines(unit.biases),
        hover=_hover(unit, done),
        inside=[x for x in unit.nodes if x.operands and x is not output] + unit.biases,
    )


def _bias_lines(biases: Sequence[Value]) -> list[Line]:
    shown = biases if len(biases) <= SHOWN_BIASES else biases[: SHOWN_BIASES - 1]
    lines = [Line("note", f"{_short(bias, 'bias')} {number(bias.data)}") for bias in shown]
    if more := len(biases) - len(shown):
        rest = sum(bias.data for bias in biases[len(shown) :])
        lines.append(Line("note", f"{more} more {number(rest)}"))
    return lines


def _short(value: Value, otherwise: str) -> str:
    """The last part of its path; a label of a person's own as it is."""
    label = str(value.label)
    *_, before, last = ("", "", *label.split("."))
    return f"{before}.{last}" if before and last.isdigit() else last or otherwise


def _hover(unit: Unit, done: str) -> str:
    output = unit.output
    grad = repr(output.grad) if output.has_grad else "not computed"
    lines = [cut(f"{unit.name}: {done}"), f"data {output.data!r}", f"grad {grad}"]
    if unit.sum is not output:
        lines.insert(1, f"weighted sum {unit.sum.data!r}")
    return "\n".join(lines + [told(bias, "bias") for bias in unit.biases])


def told(value: Value, otherwise: str) -> str:
    """A parameter with its number and its gradient, in full."""
    grad = f", grad {value.grad!r}" if value.has_grad else ""
    return f"{cut(str(value.label)) or otherwise} {value.data!r}{grad}"


def _edge(source: int, weight: Value) -> Edge:
    marks = not_finite([weight.data])
    hover = told(weight, "weight")
    return Edge(source, weight=weight.data, factors=(weight,), hover=hover, marks=marks)


def _arrange(composer: Composer, found: Sequence[Unit]) -> None:
    """Columns: the neurons that look at the same, and the leaves that they look at."""
    numbers, placed = composer.numbers, set[int]()
    for layers in _of_same_parameters(side_by_side(found)):
        seen: list[list[int]] = []
        for layer in layers:
            looked_at = dict.fromkeys(numbers.get(x) for x in layer[0].inputs)
            seen.append([i for i in looked_at if _is_leaf(i, composer) and i not in placed])
            placed.update(seen[-1])
        neurons = [[numbers[unit.output] for unit in layer] for layer in layers]
        placed.update(*neurons)
        composer.picture.columns += [*_stacked(seen, ""), *_stacked(neurons, _title(layers[0]))]


def _is_leaf(place: int | None, composer: Composer) -> TypeGuard[int]:
    return place is not None and composer.picture.boxes[place].kind in LEAVES


def _stacked(parts: Sequence[list[int]], title: str) -> list[Column]:
    """A column of all parts, each below the one before."""
    filled = [part for part in parts if part]
    return [Column(part, "" if i else title, below=i > 0) for i, part in enumerate(filled)]


def _of_same_parameters(layers: Sequence[list[Unit]]) -> list[list[list[Unit]]]:
    """The same neurons at several examples, which stand below each other."""
    found: dict[tuple[Value, ...], list[list[Unit]]] = {}
    for layer in layers:
        parameters = tuple(x for unit in layer for x in (*unit.factors, *unit.biases))
        found.setdefault(parameters, []).append(layer)
    return list(found.values())


def _title(layer: Sequence[Unit]) -> str:
    """The layer's name as in a drawing of layers; else the path of its parameters."""
    scopes = {unit.output.scope for unit in layer}
    return (scopes.pop() if len(scopes) == 1 else "") or shared_path([x.name for x in layer])
