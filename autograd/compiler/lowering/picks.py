"""For each example one of several numbers, named by an index."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograd.compiler import instructions
from autograd.compiler.instructions import Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.shapes import Places
from autograd.compiler.statements import BATCH, Buffer, Count, Locate, Pick, Unpick, View, whole


def forward(builder: Builder, node: instructions.Pick) -> None:
    source, places = _source(builder, node)
    located = whole(Buffer(f"{node.name}_chosen", len(node.out), BATCH, integer=True, shared=True))
    indices = builder.read(node.indices, node.name)
    step = int(places[0, 1] - places[0, 0]) if node.choices > 1 else 1
    builder.do(Locate(located, indices, tuple(places[:, 0].tolist()), step, source.buffer))
    builder.do(Pick(builder.home(node.out, node.name), source, located))
    builder.located[id(node)] = located


def backward(builder: Builder, gradients: Gradients, node: instructions.Pick) -> None:
    if not gradients.needed(node.operands):
        return
    gradient, located = gradients.of(node.out), builder.located[id(node)]
    source, places = _source(builder, node)
    unique = np.unique(places)
    once = len(unique) == places.size
    lies_there = source.buffer is builder.numbers[node.operands.storage]
    if source.buffer.columns == BATCH and lies_there:
        gradients.fill(node.operands.storage, unique.tolist())
        target = whole(builder.gradients[node.operands.storage])
        builder.do(Unpick(target, gradient, located, once))
    elif source.buffer.columns == BATCH:
        chosen = builder.temporary((places.size, BATCH))
        builder.copied(0.0, chosen)
        builder.do(Unpick(chosen, gradient, located, once))
        gradients.deposit(node.operands, source, chosen)
    else:
        _count(builder, gradients, node, source, unique, gradient)


def _count(
    builder: Builder,
    gradients: Gradients,
    node: instructions.Pick,
    source: View,
    unique: Places,
    gradient: View,
) -> None:
    """The gradient of numbers that all examples pick from: summed over those that chose each."""
    first, size = int(unique[0]), int(unique[-1] + 1 - unique[0])
    counted = builder.temporary((size, 1), "counted")
    builder.do(Count(counted, gradient, builder.located[id(node)], first))
    storage = node.operands.storage
    if source.buffer is not builder.numbers[storage]:
        gradients.deposit(node.operands, source, counted)
        return
    view = builder.lying(storage, unique)
    if view:
        part = replace(view, buffer=counted.buffer, start=0, name="counted")
        gradients.deposit(Rows(storage, unique.tolist()), view, part)
    else:
        chosen = builder.taken(counted, (unique - first).tolist(), "scratch")
        gradients.scatter(storage, unique, chosen)


def _source(builder: Builder, node: instructions.Pick) -> tuple[View, Places]:
    """What is picked from, and the places in it, shape (picks, choices), in even steps."""
    places = np.reshape(node.operands.places, (len(node.out), node.choices))
    steps = np.diff(places, axis=1)
    if node.choices == 1 or (steps == steps[0, 0]).all():
        return whole(builder.numbers[node.operands.storage]), places
    gathered = builder.table(node.operands, places.ravel(), f"{node.name}_choices", full=True)
    return whole(gathered.buffer), np.arange(places.size).reshape(places.shape)
