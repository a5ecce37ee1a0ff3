"""What a model is made of, as data from which the same can be made again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from nn.exchange.description import Description, UnnamedError, described
from nn.exchange.known import MODULES, numbers_of
from nn.exchange.tensors import parameters
from nn.module import Module

CHANGED = "parts that are not those it was made with"


def architecture(model: Module) -> Description:
    """The description of a model of nn's own.

    Raises:
        UnnamedError: there is something of a person's own in it, or its parameters are not those
            that a model of this description has.

    >>> from nn import MLP
    >>> architecture(MLP(2, [3, 1], activation="tanh"))
    [{'class': 'MLP', 'arguments': {'nin': 2, 'nouts': [3, 1], 'activation': 'tanh'}}]
    """
    description = described(model, MODULES)
    if numbers_of(description) != len(model.parameters()):
        raise UnnamedError(CHANGED)
    return description


def appearance(model: Module) -> str:
    """A sum of all that there is to see of a model besides its numbers.

    Of two models with one description it differs if one of them was changed after it was made.

    Raises:
        UnnamedError: there is a function of a person's own in it.

    >>> from nn import MLP, Layer
    >>> model = MLP(2, [3, 1])
    >>> model.layers[0] = Layer(2, 3, activation="tanh")
    >>> appearance(model) == appearance(MLP(2, [3, 1]))
    False
    """
    modules = dict(model.named_modules())
    seen: list[Any] = [
        [(path, type(module).__name__, _is_ours(module)) for path, module in modules.items()],
        described(list(filter(_is_ours, modules.values())), MODULES),
        [repr(vars(module).get("activate")) for module in modules.values()],
        [(name, np.shape(group)) for name, group in parameters(model).items()],
        len(model.parameters()),  # fewer, if some are shared
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _is_ours(module: Module) -> bool:
    kind = type(module)
    return MODULES.get(kind.__name__) is kind
