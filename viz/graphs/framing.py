"""Frames around the nodes of each neuron, so that its parameters stand beside it."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value
from viz.graphs.picture import Box, Picture
from viz.graphs.units import Unit


def frame_neurons(picture: Picture, found: Sequence[Unit]) -> Picture:
    """A frame for each neuron whose parameters have a path in common, which is its title.

    The parameters are called by the rest of their paths then. A neuron with an opened node, which
    has a frame already, takes that over.

    >>> from nn import MLP
    >>> from viz.graphs.picture import compose
    >>> from autograd.graph import topological_order
    >>> from viz.graphs.units import units
    >>> values = topological_order(MLP(1, [1], seed=0)([Value(2.0)]))
    >>> picture = frame_neurons(compose(values), units(values))
    >>> picture.groups, sorted(box.label for box in picture.boxes if box.group is not None)
    (['layers.0.neurons.0'], ['', 'bias', 'weights.0'])
    """
    boxes = {box.value: box for box in picture.boxes if box.value is not None}
    for unit in found:
        own = [boxes[node] for node in unit.nodes if node in boxes]
        if len([box for box in own if _is_named_by(box.value, unit)]) > 1:
            _frame(picture, own, unit)
    return picture


def _is_named_by(value: Value | None, unit: Unit) -> bool:
    return value is not None and str(value.label).startswith(f"{unit.name}.")


def _frame(picture: Picture, own: Sequence[Box], unit: Unit) -> None:
    opened = [box.group for box in own if box.group is not None]
    group = opened[0] if opened else len(picture.groups)
    if opened:
        picture.groups[group] = unit.name
    else:
        picture.groups.append(unit.name)
    for box in own:
        box.group = group
        box.label = box.label.removeprefix(f"{unit.name}.")
