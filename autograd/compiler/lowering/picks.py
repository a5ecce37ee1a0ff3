"""For each example one of several numbers, named by an index."""

from __future__ import annotations

import numpy as np

from autograd.compiler import instructions
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.shapes import Places
from autograd.compiler.statements import Locate, Pick, Unpick
from autograd.compiler.views import BATCH, Buffer, View, whole


def forward(builder: Builder, node: instructions.Pick) -> None:
    source, places = _source(builder, node)
    located = whole(Buffer(f"{node.name}_chosen", len(node.out), BATCH, integer=True, shared=True))
    indices = builder.read(node.indices, node.name)
    step = int(places[0, 1] - places[0, 0]) if node.choices > 1 else 1
    builder.do(Locate(located, indices, tuple(places[:, 0].tolist()), step, source.buffer))
    first, count = _extent(places)
    choices = View(source.buffer, first, (count, source.shape[1]), (1, 0), source.name)
    builder.do(Pick(builder.home(node.out, node.name), choices, located))
    builder.located[id(node)] = located


def backward(builder: Builder, gradients: Gradients, node: instructions.Pick) -> None:
    if not gradients.needed(node.operands):
        return
    storage, gradient = node.operands.storage, gradients.of(node.out)
    source, places = _source(builder, node)
    unique, (first, count) = np.unique(places), _extent(places)
    lies_there = source.buffer is builder.numbers[storage]
    if lies_there:
        gradients.fill(storage, unique.tolist())
        target = View(builder.gradients[storage], first, (count, source.shape[1]), (1, 0), "picked")
    else:
        target = builder.temporary((count, source.shape[1]), "picked")
        builder.copied(0.0, target)
    builder.do(Unpick(target, gradient, builder.located[id(node)], len(unique) == places.size))
    if not lies_there:
        gradients.deposit(node.operands, source, target)


def _extent(places: Places) -> tuple[int, int]:
    """The first of some rows, and how many there are from there to the last."""
    first = int(places.min())
    return first, int(places.max()) + 1 - first


def _source(builder: Builder, node: instructions.Pick) -> tuple[View, Places]:
    """What is picked from, and the places in it, shape (picks, choices), in even steps.

    What has a single column has no gaps: the gradient is then counted for all rows at once.
    """
    places = np.reshape(node.operands.table, (len(node.out), node.choices))
    steps, source = np.diff(places, axis=1), whole(builder.numbers[node.operands.storage])
    gaps = np.ptp(places) + 1 > len(np.unique(places)) and source.shape[1] == 1
    if (steps == steps[:1, :1]).all() and not gaps:
        return source, places
    gathered = builder.gathered(node.operands.storage, places.ravel(), f"{node.name}_choices")
    return whole(gathered.buffer), np.arange(places.size).reshape(places.shape)
