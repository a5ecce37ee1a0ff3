"""What a model is made of, as data from which the same can be made again."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.structure import flatten
from nn.exchange.description import Description, UnnamedError, described, made
from nn.exchange.known import FUNCTIONS, MODULES
from nn.exchange.tensors import parameters
from nn.module import Module


def architecture(model: Module) -> Description:
    """The description of a model of nn's own.

    Raises:
        UnnamedError: there is something of a person's own in it, or it was changed since it was
            made, so that it cannot be made again from its arguments.

    >>> from nn import MLP
    >>> architecture(MLP(2, [3, 1], activation="tanh"))
    [{'class': 'MLP', 'arguments': {'nin': 2, 'nouts': [3, 1], 'activation': 'tanh'}}]
    """
    description = described(model, MODULES)
    if _seen(model) != _seen(made(description, MODULES)):
        raise UnnamedError("parts that are no longer those it was made with")
    return description


def _seen(model: Module) -> list[Any]:
    """All that there is to see of a model besides its numbers."""
    modules = dict(model.named_modules())
    kinds = {f"{type(m).__module__}.{type(m).__qualname__}": type(m) for m in modules.values()}
    groups = parameters(model)
    places = {parameter: i for i, parameter in enumerate(model.parameters())}
    return [
        [(path, type(module)) for path, module in modules.items()],
        described([*modules.values()], {**kinds, **FUNCTIONS}),
        [repr(vars(module).get("activate")) for module in modules.values()],
        [(name, np.shape(group)) for name, group in groups.items()],
        [[places[p] for p in flatten(group)] for group in groups.values()],  # what is shared
    ]
