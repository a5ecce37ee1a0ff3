"""The layers of a model: which parameters are of which, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.value import Value
from nn.module import Module
from nn.neuron import Neuron

THE_MODEL = "the model"


def layers_of(owner: Module | None) -> dict[Value, str]:
    """The layer of each parameter, in the order of definition: the module that it is in.

    That of a neuron is the module that the neuron is in. A model that is no module has none.

    >>> from nn import MLP
    >>> sorted(set(layers_of(MLP(2, [3, 1])).values()))
    ['layers.0', 'layers.1']
    """
    if owner is None:
        return {}
    modules = dict(owner.named_modules())
    return {parameter: _layer(name, modules) for name, parameter in owner.named_parameters()}


def kinds_of_layers(owner: Module | None) -> dict[str, type[Module]]:
    """The class of each layer, by its name."""
    if owner is None:
        return {}
    return {path or THE_MODEL: type(module) for path, module in owner.named_modules()}


def _layer(name: str, modules: dict[str, Module]) -> str:
    path = _around(name, modules)
    if path and isinstance(modules[path], Neuron):
        path = _around(path, modules)
    return path or THE_MODEL


def _around(path: str, modules: dict[str, Module]) -> str:
    """The path to the innermost module around; empty for the outermost."""
    while path:
        path = path.rpartition(".")[0]
        if path in modules:
            break
    return path


def counted_by_layer(parameters: Iterable[Value], layers: dict[Value, str]) -> dict[str, int]:
    """How many of them each layer has."""
    counts = dict.fromkeys(layers.values(), 0)
    for parameter in parameters:
        layer = layers.get(parameter, THE_MODEL)
        counts[layer] = counts.get(layer, 0) + 1
    return counts
