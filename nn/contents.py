"""What modules hold: the parameters and modules in attributes, lists and dicts, by name."""

from __future__ import annotations

from collections import UserList, deque
from collections.abc import Iterable, Iterator, Mapping, Set, ValuesView
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from autograd.structure import flatten
from autograd.value import Value
from autograd.watching import Watched
from nn.parameters.parameter import Parameter
from nn.settings.attributes import refuse_slots

Held = TypeVar("Held")


class Path(str):
    """A label that a module gave, and may change: the way to the parameter, "layers.0.bias"."""

    __slots__ = ()

    def __deepcopy__(self, memo: Any) -> Path:
        return self


class Whole(Watched):
    """What has its parts in attributes: a module."""

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        refuse_slots(cls, "trained or saved")


HOLDERS = (Parameter, Whole, list, tuple, Mapping, np.ndarray)
_NO_WHOLES = {Parameter, Value, float, int, bool, str, type(None), Path}
# What has no order, or none that a name could tell.
_NOT_LOOKED_INTO = (deque, UserList, Set, ValuesView)
_FIRST = 64  # of what is in these: enough to see of which kind they are


def _children(structure: Any) -> Iterator[tuple[Any, Any]]:
    """What a module, list or dict holds, and under which name."""
    if isinstance(structure, Whole):
        structure = vars(structure)
    if isinstance(structure, Mapping):
        return iter(structure.items())
    held = isinstance(structure, list | tuple)
    held = held or (isinstance(structure, np.ndarray) and structure.dtype == object)
    return enumerate(structure) if held else iter(())


def paths_of(structure: Any, passed: dict[Value, str] | None = None) -> dict[Parameter, str]:
    """The parameters in a module, list or dict, each with the first path that leads to it.

    Parameters:
        passed: where to put, with their paths, what is passed by: plain Values that are leaves,
            and parameters in deques and sets alone.
    """
    paths: dict[Parameter, str] = {}
    passed = {} if passed is None else passed
    _find(structure, "", paths, passed, set())
    for found in passed.keys() & paths.keys():
        del passed[found]
    return paths


def _find(
    structure: Any,
    prefix: str,
    paths: dict[Parameter, str],
    passed: dict[Value, str],
    seen: set[int],
) -> None:
    if id(structure) in seen:  # Modules may be shared, and refer to each other.
        return
    seen.add(id(structure))
    for name, child in _children(structure):
        if isinstance(child, Parameter):
            paths.setdefault(child, f"{prefix}{name}")
        elif type(child) is Value:
            if child.kind == "input":
                passed.setdefault(child, f"{prefix}{name}")
        elif isinstance(child, HOLDERS):
            _find(child, f"{prefix}{name}.", paths, passed, seen)
        elif type(child) not in _NO_WHOLES and isinstance(child, _NOT_LOOKED_INTO):
            unseen = paths_of(list(islice(child, _FIRST)))
            passed.update(dict.fromkeys(unseen, f"{prefix}{name}"))


def collect(structure: Any, path: str, found: list[tuple[str, Any]], seen: set[int]) -> None:
    """Add the modules in a module, list or dict to those found, that itself first."""
    if id(structure) in seen:
        return
    seen.add(id(structure))
    if isinstance(structure, Whole):
        found.append((path, structure))
        children: Any = vars(structure).items()
    elif isinstance(structure, list):
        if _NO_WHOLES.issuperset(map(type, structure)):
            return  # quickly past many parameters
        children = enumerate(structure)
    else:
        children = _children(structure)
    for name, child in children:
        if type(child) not in _NO_WHOLES and isinstance(child, HOLDERS):
            collect(child, f"{path}.{name}" if path else f"{name}", found, seen)


def grouped(structure: Any, prefix: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """As `_find`, but a list of nothing but parameters is left whole."""
    for name, child in _children(structure):
        if isinstance(child, np.ndarray) and child.dtype != object:
            continue  # numbers
        leaves = flatten(child)
        if all(isinstance(leaf, Parameter) for leaf in leaves) and _even(child):
            if not seen.issuperset(map(id, leaves)):  # What is shared has its first name.
                seen.update(map(id, leaves))
                yield f"{prefix}{name}", child
        elif isinstance(child, HOLDERS) and id(child) not in seen:
            seen.add(id(child))
            yield from grouped(child, f"{prefix}{name}.", seen)


def _even(structure: Any) -> bool:
    """Whether nested lists have the shape of an array."""
    try:
        np.shape(structure)
    except ValueError:
        return False
    return True


def distinct(named: Iterable[tuple[str, Held]]) -> dict[str, Held]:
    """What has names by name.

    Raises:
        ValueError: two things have one name, as those of the keys 0 and "0" have.
    """
    found: dict[str, Held] = {}
    for name, thing in named:
        if found.setdefault(name, thing) is not thing:
            raise ValueError(
                f"{name!r:.80} is the name of {found[name]!r:.60} and of {thing!r:.60}, one of "
                "which would be lost: the keys of dicts, and the ways through them, must differ as "
                "text, and 1 and '1' do not, nor do 'a.b' and 'b' in 'a'"
            )
    return found


def parts_of(structure: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The modules and parameters directly below, through lists and dicts."""
    for name, child in _children(structure):
        if isinstance(child, Whole | Parameter):
            yield f"{prefix}{name}", child
        elif isinstance(child, HOLDERS):
            yield from parts_of(child, f"{prefix}{name}.")
