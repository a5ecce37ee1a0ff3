"""The numbers of a model under the names and in the shapes in which a file has them.

These are those of `state_dict()`, but for modules that PyTorch has too: a `Layer` is stored as
`torch.nn.Linear` has it, as `weight` of shape (out, in) and `bias` of shape (out,), and a `Neuron`
that is in no layer as a layer of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.structure import flatten
from nn.contents import distinct
from nn.module import Module
from nn.neuron import Layer, Neuron
from nn.normalization import LayerNorm, RMSNorm
from nn.parameters.reading import arrays_of
from nn.parameters.vector import ParameterVector
from nn.transformer.embedding import Embedding, LearnedPositions
from nn.transformer.projection import Projection

Array = NDArray[np.float64]

# What PyTorch's modules call the attributes that ours have.
_RENAMED: dict[type[Module], dict[str, str]] = {
    Projection: {"weights": "weight"},
    Embedding: {"weights": "weight"},
    LearnedPositions: {"weights": "weight"},
    LayerNorm: {"gains": "weight", "biases": "bias"},
    RMSNorm: {"gains": "weight"},
}


def parameters(model: Module) -> dict[str, Any]:
    """The parameters by name: each one, or a (nested) list of them in the shape of an array.

    Raises:
        ValueError: two of them, or two modules, have one name.

    >>> from nn import MLP
    >>> {name: np.shape(group) for name, group in parameters(MLP(2, [3])).items()}
    {'layers.0.weight': (3, 2), 'layers.0.bias': (3,)}
    """
    distinct(model.named_modules())
    groups = model._groups()
    found: dict[str, Any] = {}
    whose: dict[str, str] = {}
    rows, names = dict(_rows(model, groups)), dict(_renamed(model))
    for name, group in groups.items():
        if name in rows:
            _claim(rows[name], "the neurons' numbers", whose)
            found.setdefault(rows[name], []).append(group)
        else:
            _claim(names.get(name, name), f"the attribute {name}", whose)
            found[names.get(name, name)] = group
    return found


def _claim(name: str, owner: str, whose: dict[str, str]) -> None:
    """Note whose a name is, if it is nobody else's: the other's numbers would be lost."""
    if whose.setdefault(name, owner) != owner:
        raise ValueError(
            f"{name!r:.80} is in a file, as in PyTorch, the name of {whose[name]}, and of "
            f"{owner}: give the attribute of your own another name"
        )


def _rows(model: Module, groups: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What belongs to neurons, in a layer or alone, and the array of which it is a row."""
    modules = model.named_modules()
    neurons = [(path, module) for path, module in modules if type(module) is Neuron]
    layers = [(path, module) for path, module in modules if type(module) is Layer]
    sides = {"weights": "weight", "bias": "bias"}.items()
    for path, _ in neurons:
        yield from ((_join(path, ours), _join(path, theirs)) for ours, theirs in sides)
    for path, layer in layers:  # whose neurons are its rows, and not layers of one
        for ours, theirs in sides:
            names = [_join(path, f"neurons.{i}.{ours}") for i in range(len(layer.neurons))]
            # Not if some are no parameters, or are shared and have another module's name.
            if len({np.shape(groups[name]) if name in groups else None for name in names}) == 1:
                yield from ((name, _join(path, theirs)) for name in names)


def _renamed(model: Module) -> Iterator[tuple[str, str]]:
    for path, module in model.named_modules():
        for ours, theirs in _RENAMED.get(type(module), {}).items():
            yield _join(path, ours), _join(path, theirs)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def numbers(model: Module) -> dict[str, Array]:
    """Copies of all numbers of a model, by name, as they were at one moment."""
    return arrays_of(parameters(model))


def assign(model: Module, arrays: Mapping[str, Array]) -> None:
    """Give a model other numbers, all at once; names and shapes were found to be right."""
    given: dict[Any, float] = {}
    for name, group in parameters(model).items():
        given.update(zip(flatten(group), arrays[name].ravel().tolist(), strict=True))
    # In the model's order, and not the file's: where parameters lie decides how they are summed.
    if own := model.parameters():
        ParameterVector(own).assign(np.array([given[parameter] for parameter in own]))
