"""The shapes of what a model takes and gives for one example, known before it is called.

An axis is a whole number or, where it may have any length, a name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from nn.mlp import MLP
from nn.neuron import Layer
from nn.sequential import Sequential

Shape = tuple[int | str, ...]


def _numbers(count: int) -> Shape:
    """A list; of one, our modules give just the number."""
    return () if count == 1 else (count,)


_TAKEN: dict[type, Callable[[Any], Shape | None]] = {
    Layer: lambda layer: (layer.nin,),
    MLP: lambda mlp: (mlp.nin,),
    Sequential: lambda whole: next(filter(None, map(taken_by, whole.parts)), None),
}

_GIVEN: dict[type, Callable[[Any, Shape], Shape]] = {
    Layer: lambda layer, taken: _numbers(layer.nout),
    MLP: lambda mlp, taken: _numbers(mlp.layers[-1].nout),
    Sequential: lambda whole, taken: reduce(lambda x, part: given_by(part, x), whole.parts, taken),
}


def taken_by(part: Any) -> Shape | None:
    """The shape of an example; None if the part takes any.

    >>> taken_by(MLP(2, [16, 1]))
    (2,)
    """
    return _TAKEN.get(type(part), lambda part: None)(part)


def given_by(part: Any, taken: Shape) -> Shape:
    """The shape of the output for an example of some shape.

    >>> given_by(MLP(2, [16, 1]), (2,))
    ()
    """
    return _GIVEN[type(part)](part, taken) if type(part) in _GIVEN else taken


def shapes_of(model: Any) -> tuple[Shape, Shape]:
    """The shapes of an example and of the output for it.

    >>> shapes_of(MLP(2, [16, 3]))
    ((2,), (3,))
    """
    taken = taken_by(model) or ("numbers",)
    return taken, given_by(model, taken)
