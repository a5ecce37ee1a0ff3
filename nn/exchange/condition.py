"""What a model keeps besides its numbers: whether it trains, and what it draws from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from nn.generators import Held, generators
from nn.module import Module

_SOURCES = {
    kind.__name__: kind
    for kind in (
        np.random.MT19937,
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.Philox,
        np.random.SFC64,
    )
}


def condition(model: Module) -> dict[str, Any]:
    """Whether it trains, the modules within for which that differs, and its generators' states.

    >>> from nn import MLP
    >>> condition(MLP(2, [1]).eval())
    {'training': False, 'others': {}, 'generators': []}
    """
    named = model.named_modules()
    names: dict[int, list[str]] = {}  # A generator may be shared.
    drawn_from = {name: held.generator for name, held in generators(model).items()}
    for name, generator in drawn_from.items():
        names.setdefault(id(generator), []).append(name)
    states = {id(g): _plain(g.bit_generator.state) for g in drawn_from.values()}
    return {
        "training": model.training,
        "others": {path: m.training for path, m in named if m.training is not model.training},
        "generators": [{"names": names[key], "state": states[key]} for key in names],
    }


class Condition:
    """What a file has of it, found to be of a model.

    Raises:
        ValueError, TypeError, KeyError: they are not.
    """

    def __init__(self, model: Module, given: Any) -> None:
        self._modules = dict(model.named_modules())
        match given:
            case {"training": bool(training), "others": dict(others), "generators": list(sources)}:
                pass
            case _:
                raise ValueError(
                    f"it says of the modules what nn.save does not write: {given!r:.60}"
                )
        self._training = dict.fromkeys(self._modules, training)
        for path, differs in others.items():
            if path not in self._modules or not isinstance(differs, bool):
                raise ValueError(f"there is no module {path!r:.60} that trains or not")
            self._training[path] = differs
        own = self._own = generators(model)
        self._generators = {
            name: generator for source in sources for name, generator in _restored(source, own)
        }
        if missing := own.keys() - self._generators.keys():
            raise ValueError(f"it has no state of the generator {min(missing)!r:.60}")

    def apply(self) -> None:
        """Change the model."""
        for path, training in self._training.items():
            if self._modules[path].training is not training:
                self._modules[path].training = training
        for name, generator in self._generators.items():
            self._own[name].replace(generator)


def _restored(source: Any, own: dict[str, Held]) -> list[tuple[str, Generator]]:
    """A generator in a saved state, under each of the names that it has in the model."""
    match source:
        case {"names": list(names), "state": {"bit_generator": str(kind)}} if kind in _SOURCES:
            generator = Generator(_SOURCES[kind](0))
            generator.bit_generator.state = source["state"]
            if unknown := [name for name in names if name not in own]:
                raise ValueError(f"the model has no generator {unknown[0]!r:.60}")
            if fixed := [name for name in names if not own[name].replaceable_by(generator)]:
                raise ValueError(f"{fixed[0]!r:.60} is in a tuple, and of another kind than {kind}")
            return [(name, generator) for name in names]
    raise ValueError(f"this is no state of a generator: {source!r:.60}")


def _plain(state: Any) -> Any:
    """NumPy's numbers and arrays as JSON has them."""
    if isinstance(state, dict):
        return {name: _plain(part) for name, part in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state
