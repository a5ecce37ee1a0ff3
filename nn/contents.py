"""What modules hold: the parameters and modules in attributes, lists and dicts, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograd.structure import flatten
from autograd.value import Value
from autograd.watching import Watched
from nn.parameter import Parameter


class Path(str):
    """A label that a module gave, and may change: the way to the parameter, "layers.0.bias"."""

    __slots__ = ()

    def __deepcopy__(self, memo: Any) -> Path:
        return self


class Whole(Watched):
    """What has its parts in attributes: a module."""


HOLDERS = (Parameter, Whole, list, tuple, Mapping, np.ndarray)
_NO_WHOLES = {Parameter, Value, float, int, bool, str, type(None), Path}


def _children(structure: Any) -> Iterator[tuple[Any, Any]]:
    """What a module, list or dict holds, and under which name."""
    if isinstance(structure, Whole):
        structure = vars(structure)
    if isinstance(structure, Mapping):
        return iter(structure.items())
    held = isinstance(structure, list | tuple)
    held = held or (isinstance(structure, np.ndarray) and structure.dtype == object)
    return enumerate(structure) if held else iter(())


def paths_of(structure: Any, plain: dict[Value, str] | None = None) -> dict[Parameter, str]:
    """The parameters in a module, list or dict, each with the first path that leads to it.

    Parameters:
        plain: where to put plain Values that are leaves, with their paths.
    """
    paths: dict[Parameter, str] = {}
    _find(structure, "", paths, plain if plain is not None else {}, set())
    return paths


def _find(
    structure: Any,
    prefix: str,
    paths: dict[Parameter, str],
    plain: dict[Value, str],
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
                plain.setdefault(child, f"{prefix}{name}")
        elif isinstance(child, HOLDERS):
            _find(child, f"{prefix}{name}.", paths, plain, seen)


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


def parts_of(structure: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The modules and parameters directly below, through lists and dicts."""
    for name, child in _children(structure):
        if isinstance(child, Whole | Parameter):
            yield f"{prefix}{name}", child
        elif isinstance(child, HOLDERS):
            yield from parts_of(child, f"{prefix}{name}.")
