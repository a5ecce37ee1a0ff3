"""What depends on what in the graph of an example: on which inputs, parameters and layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.graph import recorded_order
from autograd.value import Value


class Order(NamedTuple):
    """The order in which layers are computed, which need not be that of their definition.

    Attributes:
        earlier: by a layer those that it computes with, directly or through others.
        bypassed: those around which there is a way from the inputs to the outputs.
    """

    earlier: dict[str, set[str]]
    bypassed: set[str]


def order_of_layers(
    outputs: Sequence[Value], inputs: Iterable[Value], layers: Mapping[Value, str]
) -> Order:
    """The order of the layers that outputs were computed by.

    >>> from nn import MLP
    >>> from nn.training.linting.layers import layers_of
    >>> model, x = MLP(1, [1, 1], seed=0), [Value(1.0)]
    >>> order_of_layers([model(x)], x, layers_of(model)).earlier["layers.1"]
    {'layers.0'}
    """
    names = list(dict.fromkeys(layers.values()))
    bits = {name: 1 << i for i, name in enumerate(names)}  # Sets of layers are whole numbers:
    earlier = dict.fromkeys(names, 0)
    passed: dict[Value, int] = {}  # those that a node was computed by,
    avoided = dict.fromkeys(inputs, -1)  # and those around which there is a way to it.
    for node in recorded_order(*outputs):
        of, ways = 0, 0
        for operand in node.operands:
            of |= passed.get(operand, 0)
            ways |= avoided.get(operand, 0)
        own = {layers[x] for x in node.operands if x in layers}
        for name in own:
            earlier[name] |= of & ~bits[name]
        here = sum(bits[name] for name in own)
        passed[node], avoided[node] = of | here, ways & ~here
    around = 0
    for output in outputs:
        around |= avoided.get(output, 0)

    def named(those: int) -> set[str]:
        return {name for name in names if those & bits[name]}

    return Order({name: named(those) for name, those in earlier.items()}, named(around))


def passed_to(order: Iterable[Value]) -> set[Value]:
    """What a gradient passes to from a node, which it does not from `pick` to its index."""
    return {
        operand
        for node in order
        for operand, partial in zip(node.operands, node.partials, strict=True)
        if partial is not None
    }


def depended_on(order: Sequence[Value], loss: Value) -> set[Value]:
    """What a gradient passes to, for some numbers at least: `step` passes none for any."""
    found = {loss}
    for node in reversed(order):
        if node in found and node.op:
            partials: Any = node.op.partials
            fixed = isinstance(partials, tuple)
            for place, operand in enumerate(node.operands):
                if not (fixed and partials[place] is None):
                    found.add(operand)
    return found
