"""What conversions to other libraries have in common: looking at a model of nn's classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nn.activation import chosen
from nn.exchange.known import FUNCTIONS
from nn.neuron import Layer, Neuron

Entry = TypeVar("Entry")
Array = NDArray[np.float64]


class ConversionError(TypeError):
    """A model has something in it that another library's models cannot have."""


def converter(part: Any, table: Mapping[type, Entry], target: str) -> Entry:
    """The entry of a part's class in the table of converters.

    Raises:
        ConversionError: it has none, as classes of a person's own: these may compute anything.
    """
    if type(part) not in table:
        raise ConversionError(
            f"{target}() does not know {_shown(part)}: it converts modules of nn's own, "
            f"{', '.join(sorted(kind.__name__ for kind in table))}. Make the model of these, or "
            "write this part by hand there, with the numbers that state_dict() gives"
        )
    return table[type(part)]


_NAMES = {id(function): name.removeprefix("Value.") for name, function in FUNCTIONS.items()}


def function_name(function: Any, table: Collection[str], target: str) -> str:
    """Under which name an activation, or another function of numbers, stands in a table.

    Raises:
        ConversionError: it is not in it, as a function of a person's own.
    """
    name = function if isinstance(function, str) else _NAMES.get(id(function), "")
    if name not in table:
        raise ConversionError(
            f"{target}() does not know the function {_shown(function)}: take an operation of "
            "autograd's table that has one operand, such as 'tanh', or leave it out and write it "
            "by hand there"
        )
    return name


def _shown(thing: Any) -> str:
    if isinstance(thing, str):
        return repr(thing)
    return str(getattr(thing, "__name__", None) or getattr(thing, "name", type(thing).__name__))


def matrices(layer: Layer | Neuron) -> tuple[Array, Array, Any]:
    """Of a layer, or of one neuron, the weights, shape (out, in), biases, (out,), and activation.

    Raises:
        ConversionError: its neurons are of different kinds, or not what they say.
    """
    neurons = [layer] if isinstance(layer, Neuron) else layer.neurons
    activations = {neuron.activation for neuron in neurons}
    if any(type(neuron) is not Neuron for neuron in neurons) or len(activations) > 1:
        raise ConversionError(f"{layer} has neurons of different kinds: no matrix stands for them")
    for neuron in neurons:
        if len(neuron.weights) != layer.nin:
            raise ConversionError(
                f"a neuron of {layer} has {len(neuron.weights)} weights for {layer.nin} inputs"
            )
        if repr(chosen(neuron.activation)[1]) != repr(neuron.activate):
            raise ConversionError(
                f"{neuron} has another `activate` than its activation says: set neuron.activation"
            )
    weights = np.array([[w.data for w in neuron.weights] for neuron in neurons])
    return weights, np.array([neuron.bias.data for neuron in neurons]), activations.pop()
