"""Inputs that a model picks by, such as the symbols of a text, looked at before training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.graph import topological_order
from autograd.operations import pick
from autograd.structure import flatten
from autograd.value import Value
from nn.arrays import check_all


def check_indices(name: str, data: NDArray[Any], inputs: Any, result: Value) -> None:
    """Raise for an example that has no index where the first one has.

    Parameters:
        name: what the data is called.
        data: all examples.
        inputs: the first example's Values, from which the result was computed.

    Raises:
        ValueError: it is not one of the choices, as the message says with its row and column.
    """
    places = {value: place for place, value in enumerate(flatten(inputs))}
    choices = np.full(len(places), np.inf)
    for node in topological_order(result):
        if node.op is pick and (place := places.get(node.operands[-1])) is not None:
            choices[place] = min(choices[place], len(node.operands) - 1)
    if not np.isfinite(choices).any():
        return
    limits = np.broadcast_to(choices.reshape(data.shape[1:]), data.shape)
    right = np.isinf(limits) | ((data >= 0) & (data < limits) & (data == np.floor(data)))
    for place in np.argwhere(~right)[:1].tolist():
        last = int(limits[tuple(place)]) - 1
        rule = f"the model picks by it, so it is a whole number from 0 to {last}"
        check_all(name, data, right, rule)
