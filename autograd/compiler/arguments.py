"""The arguments of a compiled function: brought into order, checked, and named."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from autograd.structure import flatten
from autograd.value import Value

Function = Callable[..., Any]


class Call(NamedTuple):
    """What a function is called with: arguments, the last of them under these keywords."""

    arguments: Sequence[Any]
    keywords: tuple[str, ...] = ()


def in_order(function: Function, arguments: Sequence[Any], named: Mapping[str, Any]) -> Call:
    """The arguments in the function's own order; keywords stay where it asks for them."""
    bound = inspect.signature(function).bind(*arguments, **named)
    return Call([*bound.args, *bound.kwargs.values()], tuple(bound.kwargs))


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
        parameters = list(inspect.signature(function).parameters.values())
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


def plain(arguments: Sequence[Any]) -> bool:
    """Whether all are single things, and none a batch."""
    return all(type(x) is float or np.ndim(x) == 0 for x in arguments)


def as_numbers(function: Function, call: Call) -> list[float]:
    """Plain arguments as floats.

    Raises:
        TypeError: one is no real number.
    """
    return [
        x if type(x) is float else _number(x, function, call, i)
        for i, x in enumerate(call.arguments)
    ]


def as_arrays(function: Function, call: Call, values: bool = False) -> tuple[list[Any], int]:
    """Arguments as arrays of real numbers with the batch as their first axis, and its size.

    Parameters:
        values: whether there may be Values among the numbers.

    Raises:
        TypeError: one is no such array.
        ValueError: they are not of one size.
    """
    arrays = [
        x
        if type(x) is np.ndarray and x.dtype.char == "d" and x.ndim
        else np.asarray(x, dtype=object)
        if values and has_values([x])
        else _array(x, function, call, i)
        for i, x in enumerate(call.arguments)
    ]
    batch = len(arrays[0]) if arrays else 1
    for i, array in enumerate(arrays):
        if len(array) != batch:
            raise ValueError(
                f"{_name(function, call, i)} has {len(array)} examples and "
                f"{_name(function, call, 0)} has {batch}: all arguments need as many"
            )
    return arrays, batch


def in_columns(array: Any) -> Any:
    """Shape (batch, ...) as (numbers of an example, batch), without a copy if possible."""
    if array.ndim == 1:
        return array[np.newaxis]
    return array.T if array.ndim == 2 else array.reshape(len(array), math.prod(array.shape[1:])).T


def _name(function: Function, call: Call, i: int) -> str:
    return names_of(function, len(call.arguments), call.keywords)[i]


def _number(x: Any, function: Function, call: Call, i: int) -> float:
    if isinstance(x, np.ndarray) and x.ndim == 0:
        x = x[()]
    if not isinstance(x, Real | np.bool_):
        name = _name(function, call, i)
        raise TypeError(f"{name} must be a real number, not {type(x).__name__}: {x!r:.60}")
    return float(x)


def _array(argument: Any, function: Function, call: Call, i: int) -> Any:
    array = argument if isinstance(argument, np.ndarray) else np.asarray(argument)
    if array.dtype.kind not in "fiub":
        name = _name(function, call, i)
        raise TypeError(f"{name} must be an array of real numbers, not of {array.dtype}")
    if array.ndim == 0:
        raise TypeError(
            f"{_name(function, call, i)} must be an array whose first axis is the batch, not the "
            f"single number {array}: give each example its own, or set it in the function"
        )
    if array.dtype.itemsize > 8:  # an extended precision, which no program computes in
        array = array.astype(np.float64)
    return array
