"""The arguments of a compiled function: brought into order, checked, and named."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from autograd.structure import flatten
from autograd.value import Value

Function = Callable[..., Any]

_ndarray = np.ndarray  # found more quickly under this name

# What a function is called with, and the keywords under which the last of it is given.
Given = Sequence[Any]
Keywords = tuple[str, ...]


def in_order(
    function: Function, arguments: Given, named: Mapping[str, Any]
) -> tuple[list[Any], Keywords]:
    """The arguments in the function's own order, and the keywords that have to stay."""
    bound = inspect.signature(function, follow_wrapped=False).bind(*arguments, **named)
    return [*bound.args, *bound.kwargs.values()], tuple(bound.kwargs)


def positional(function: Function, keywords: Sequence[str]) -> Function:
    """The function with its last arguments, which it takes by name, in their order."""
    if not keywords:
        return function

    def called(*arguments: Any) -> Any:
        first, last = arguments[: -len(keywords)], arguments[-len(keywords) :]
        return function(*first, **dict(zip(keywords, last, strict=True)))

    return called


def names_of(function: Function, count: int, keywords: Sequence[str] = ()) -> list[str]:
    """A name for each argument, all different: the function's own as far as it has some."""
    try:
        parameters = list(inspect.signature(function, follow_wrapped=False).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    own = [p.name for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD]
    rest = next((p.name for p in parameters if p.kind == p.VAR_POSITIONAL), "argument")
    names = own[: count - len(keywords)]
    taken, number = {*own, *keywords}, len(names) if rest == "argument" else 0
    while len(names) < count - len(keywords):
        if (name := f"{rest}{number}") not in taken:
            names.append(name)
        number += 1
    return [*names, *keywords]


def has_values(arguments: Sequence[Any]) -> bool:
    """Whether there are Values among the arguments."""
    return any(
        isinstance(leaf, Value)
        for x in arguments
        if isinstance(x, Value | list | tuple) or (isinstance(x, np.ndarray) and x.dtype == object)
        for leaf in flatten(x)
    )


def plain(given: Given) -> bool:
    """Whether all are single things, and none a batch."""
    for x in given:  # not all(), which is slower, and that counts for plain numbers
        if type(x) is float:
            continue
        if x.ndim if type(x) is np.ndarray else isinstance(x, list | tuple) or np.ndim(x):
            return False
    return True


def as_numbers(function: Function, given: Given, keywords: Keywords) -> Sequence[float]:
    """Plain arguments as floats.

    Raises:
        TypeError: one is no real number.
    """
    for x in given:  # not all(), which is slower, and that counts for plain numbers
        if type(x) is not float:
            names = names_of(function, len(given), keywords)
            return [_number(name, x) for name, x in zip(names, given, strict=True)]
    return given


def as_arrays(
    function: Function, given: Given, keywords: Keywords, values: bool = False
) -> tuple[list[Any], tuple[Any, ...], int]:
    """Arguments as arrays of real numbers with the batch as their first axis.

    Parameters:
        values: whether there may be Values among the numbers.

    Returns:
        The arrays, for each its shape for one example and whether it holds whole numbers, and
        the size of the batch.

    Raises:
        TypeError: one is no such array.
        ValueError: they are not of one size.
    """
    arrays, shapes, batch = [], [], -1
    for i, x in enumerate(given):
        if type(x) is not np.ndarray or not x.shape or (kind := _WHOLE.get(x.dtype.char)) is None:
            x = _array(function, given, keywords, i, values)
            kind = x.dtype.kind in "iub"
        shape = x.shape
        size = shape[0]
        if size != batch and batch >= 0:
            names = names_of(function, len(given), keywords)
            raise ValueError(
                f"{names[i]} has {size} examples and {names[0]} has {batch}: "
                "all arguments need as many"
            )
        batch = size
        arrays.append(x)
        shapes.append((shape[1:], kind))
    return arrays, tuple(shapes), 1 if batch < 0 else batch


def recognized(given: Given, keywords: Keywords) -> tuple[tuple[Any, ...] | None, list[Any]]:
    """What arrays have in common with all others of which `as_arrays` thinks the same.

    Returns:
        That, and the arrays in columns; None for it if they are no plain arrays.
    """
    key: tuple[Any, ...] = (keywords,)
    columns = []
    for x in given:
        if type(x) is not _ndarray or not (shape := x.shape):
            return None, []
        key += (shape, x.dtype)
        axes = len(shape)
        columns.append(x.T if axes == 2 else x[None] if axes == 1 else in_columns(x))
    return key, columns


# Whether arrays of these types hold whole numbers; others are looked at more closely.
_WHOLE = {"d": False, "f": False} | dict.fromkeys("?bBhHiIlLqQ", True)


def as_points(given: Given) -> list[Any]:
    """Arguments of one example as batches of one."""
    return [(x if isinstance(x, np.ma.MaskedArray) else np.asarray(x))[np.newaxis] for x in given]


def in_columns(array: Any) -> Any:
    """Shape (batch, ...) as (numbers of an example, batch), without a copy if possible."""
    if array.ndim == 1:
        return array[np.newaxis]
    return array.T if array.ndim == 2 else array.reshape(len(array), math.prod(array.shape[1:])).T


def _number(name: str, x: Any) -> float:
    if isinstance(x, np.ndarray) and x.ndim == 0:
        x = x[()]
    if not isinstance(x, Real | np.bool_):
        raise TypeError(f"{name} must be a real number, not {type(x).__name__}: {x!r:.60}")
    return float(x)


def _array(function: Function, given: Given, keywords: Keywords, i: int, values: bool) -> Any:
    x, name = given[i], names_of(function, len(given), keywords)[i]
    if values and has_values([x]):
        return np.asarray(x, dtype=object)
    if isinstance(x, type):
        raise TypeError(
            f"{name} is the class {x.__name__}, and no array: for a method of a class, write "
            "@compiled above @classmethod"
        )
    if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
        raise TypeError(f"{name} is a masked array: leave out what is masked, or fill it")
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise ValueError(
            f"the examples of {name} have different shapes, where one array was expected: {error}"
        ) from None
    if array.dtype.kind not in "fiub":
        held = "text" if array.dtype.kind in "US" else str(array.dtype)
        raise TypeError(f"{name} must be an array of real numbers, not of {held}")
    if array.ndim == 0:
        raise TypeError(
            f"{name} must be an array whose first axis is the batch, not the single number "
            f"{array}: give each example its own, or set it in the function"
        )
    if array.dtype.itemsize > 8:  # an extended precision, which no program computes in
        array = array.astype(np.float64)
    return array
