"""Nested lists: the shapes in which functions take and give their scalars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

_NESTED = (list, tuple, np.ndarray)


def flatten(structure: Any) -> list[Any]:
    """The scalars of a nested list, tuple or array, in order.

    >>> flatten([1.0, [2.0, (3.0,)]])
    [1.0, 2.0, 3.0]
    """
    if isinstance(structure, np.ndarray):
        return list(structure.flat)
    if isinstance(structure, list | tuple):
        if not any(issubclass(kind, _NESTED) for kind in set(map(type, structure))):
            return list(structure)  # quickly past many scalars
        return [leaf for part in structure for leaf in flatten(part)]
    return [structure]


def rebuild(structure: Any, leaves: Iterable[Any]) -> Any:
    """A nested list of the same shape, holding other scalars.

    >>> rebuild([1.0, [2.0, (3.0,)]], "abc")
    ['a', ['b', ['c']]]
    """
    return _rebuild(structure, iter(leaves))


def _rebuild(structure: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(structure, list | tuple) or (
        isinstance(structure, np.ndarray) and structure.ndim
    ):
        return [_rebuild(part, leaves) for part in structure]
    return next(leaves)


def apply(function: Callable[[Any], Any], structure: Any) -> Any:
    """The nested list with `function` applied to every scalar."""
    return rebuild(structure, map(function, flatten(structure)))


def arguments(inputs: Sequence[Any], leaves: Iterable[Any]) -> list[Any]:
    """What a function is called with: the inputs with other scalars, arrays as arrays.

    >>> arguments([1.0, np.array([2.0, 3.0])], "abc")
    ['a', array(['b', 'c'], dtype=object)]
    """
    return [
        np.array(new, dtype=object).reshape(old.shape)
        if isinstance(old, np.ndarray) and old.ndim
        else new
        for old, new in zip(inputs, rebuild(inputs, leaves), strict=True)
    ]
