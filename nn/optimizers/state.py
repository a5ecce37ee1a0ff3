"""What an optimizer remembers, told from its settings: to be saved, and to go on from.

Settings are the arguments of its `__init__`, which it keeps as attributes of the same names; what
it remembers are its other attributes that are numbers or arrays.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nn.optimizers.optimizer import Optimizer


def of(optimizer: Optimizer) -> dict[str, Any]:
    """Copies of the numbers and arrays among its attributes that are no settings."""
    settings = _settings(type(optimizer))
    return {
        name: content.copy() if isinstance(content, np.ndarray) else content
        for name, content in vars(optimizer).items()
        if name not in settings and _is_numeric(content)
    }


def checked(optimizer: Optimizer, given: Mapping[str, Any]) -> dict[str, Any]:
    """A state of the kind that the optimizer has, as its attributes would be.

    Raises:
        TypeError, ValueError: a name is missing or unknown, or a shape or kind differs.
    """
    kind = type(optimizer).__name__
    if not isinstance(given, Mapping):
        raise TypeError(f"{kind} takes a state that state_dict() gave, not {given!r:.80}")
    own = of(optimizer)
    if missing := [name for name in own if name not in given]:
        raise ValueError(f"the state has nothing for {', '.join(missing)}, which {kind} remembers")
    if unknown := [str(name) for name in given if name not in own]:
        raise ValueError(f"{kind} remembers no {', '.join(unknown)}: is it another's state?")
    state = {name: _like(own[name], given[name], f"{kind}'s {name}") for name in own}
    if state["steps"] < 0:
        raise ValueError(f"{kind}'s steps are counted from 0 on, not {state['steps']}")
    return state


def changed_settings(optimizer: Optimizer) -> dict[str, Any]:
    """Its settings that are not as they would be if nothing was said, by name."""
    return {
        name: vars(optimizer)[name]
        for name, argument in inspect.signature(type(optimizer).__init__).parameters.items()
        if name in vars(optimizer) and not _same(vars(optimizer)[name], argument.default)
    }


def _same(setting: Any, default: Any) -> bool:
    return setting is default or (type(setting) is type(default) and bool(setting == default))


def _settings(kind: type) -> set[str]:
    """The arguments of its `__init__`, and of those that it extends."""
    makers = [vars(cls)["__init__"] for cls in kind.__mro__[:-1] if "__init__" in vars(cls)]
    names = {name for maker in makers for name in inspect.signature(maker).parameters}
    return names | {"_learning_rate"}  # behind the property


def _is_numeric(content: Any) -> bool:
    if isinstance(content, np.ndarray):
        return content.dtype.kind in "fiub"
    return isinstance(content, int | float | np.number)


def _like(own: Any, given: Any, name: str) -> Any:
    """What was given, as a number or an array as the own is."""
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} is made of numbers, not {given!r:.80}")
    if array.shape != np.shape(own):
        raise ValueError(f"{name} has the shape {np.shape(own)}, the state's is {array.shape}")
    dtype = np.asarray(own).dtype
    if dtype.kind in "iu" and not (np.isfinite(array) & (array == np.floor(array))).all():
        raise ValueError(f"{name} must be whole, not {given!r:.80}")
    cast = array.astype(dtype)
    return cast if isinstance(own, np.ndarray) else cast.item()
