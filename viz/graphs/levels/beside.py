"""Neurons at the detail of values: the parameters of each stand beside it, in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd import Value
from viz.graphs.levels.units import Unit
from viz.graphs.picture import Box, Column, Picture
from viz.svg.texts.lines import box_hover


def stand_beside(picture: Picture, found: Sequence[Unit]) -> Picture:
    """The same picture, with the neurons in columns whose parameters have a path in common.

    That is written over them, and they are called by the rest of their paths.

    >>> from autograd.graph import topological_order
    >>> from nn import MLP
    >>> from viz.graphs.picture import compose
    >>> from viz.graphs.levels.units import units
    >>> values = topological_order(MLP(1, [1], seed=0)([Value(2.0, label="x")]))
    >>> picture = stand_beside(compose(values), units(values))
    >>> [(c.title, [picture.boxes[i].label for i in c.boxes]) for c in picture.columns[:2]]
    [('', ['x']), ('layers.0.neurons.0', ['weights.0', 'bias'])]
    """
    numbers = {box.value: i for i, box in enumerate(picture.boxes) if box.value is not None}
    placed: set[int] = set()
    for layer in side_by_side(found):
        named = [unit for unit in layer if len(_own(unit)) > 1]
        inputs = [numbers[x] for x in layer[0].inputs if x in numbers and not x.operands]
        if not named:
            continue
        first = len(picture.columns) - _follows(picture, [numbers.get(x) for x in layer[0].inputs])
        _stack(picture, first, [i for i in dict.fromkeys(inputs) if i not in placed], "", placed)
        for unit in named:
            own = [numbers[x] for x in _own(unit) if x in numbers]
            own = [i for i in own if i not in placed]
            # What other examples use too may stand apart from a title.
            title = unit.name if set(_own(unit)) <= set(unit.nodes) else ""
            _stack(picture, first, own, title, placed)
            for i in own if title else ():
                _shorten(picture.boxes[i], title)
        for across in ([unit.sum for unit in layer], [unit.output for unit in layer]):
            here = [numbers[x] for x in across if x in numbers]
            _stack(picture, len(picture.columns), [i for i in here if i not in placed], "", placed)
    return picture


def _follows(picture: Picture, inputs: Sequence[int | None]) -> bool:
    """Whether the last column is what the next neurons look at: they go on below it."""
    return bool(picture.columns) and set(picture.columns[-1].boxes) <= set(inputs)


def side_by_side(found: Sequence[Unit]) -> list[list[Unit]]:
    """The neurons that look at the same, in the order of their names."""
    layers: dict[tuple[Value, ...], list[Unit]] = {}
    for unit in found:
        layers.setdefault(tuple(unit.inputs), []).append(unit)
    return [sorted(layer, key=lambda unit: _numbers_in(unit.name)) for layer in layers.values()]


def _numbers_in(name: str) -> list[int]:
    """By which names are sorted as people do: neuron 2 before neuron 10."""
    return [int(digits) for digits in re.findall(r"[0-9]+", name)]


def _own(unit: Unit) -> list[Value]:
    """Its parameters, in order, if it is named by them; other examples may use them too."""
    parameters = (*unit.factors, *unit.biases)
    return [x for x in parameters if str(x.label).startswith(f"{unit.name}.")]


def _stack(picture: Picture, first: int, boxes: list[int], title: str, placed: set[int]) -> None:
    """One more column, below those from the first one on."""
    if boxes:
        picture.columns.append(Column(boxes, title, below=len(picture.columns) > first))
        placed.update(boxes)


def _shorten(box: Box, path: str) -> None:
    box.hover = box_hover(box)
    box.label = box.label.removeprefix(f"{path}.")
