"""What people give as numbers, as arrays that are known to hold finite numbers and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.structure import flatten
from autograd.value import Value

Array = NDArray[Any]


def numbers(name: str, data: Any, copy: bool = True) -> Array:
    """The data as an array of finite numbers: float64, or integers if they are.

    Parameters:
        data: an array, (nested) lists, or whatever NumPy takes for an array, such as a data frame.
        copy: whether float64 numbers are copied too; integers never are.

    Raises:
        TypeError: some of it is masked.
        ValueError: it is empty, ragged, not numbers, or has a NaN or an infinity somewhere.
    """
    refuse_masked(name, data)
    try:
        array = np.asarray(data)
        if array.dtype == object:  # such as Values
            if any(isinstance(x, str) for x in array.flat):  # NumPy would read "1.5" as a number.
                raise TypeError
            array = array.astype(np.float64)
        elif array.dtype.kind not in "iu":
            array = array.astype(np.float64, casting="same_kind", copy=copy)
    except (TypeError, ValueError):
        raise _not_numbers(name, data) from None
    if array.ndim == 0:
        raise ValueError(f"{name} must be a list of examples, not {shown(data)}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: there is nothing to learn from")
    check_all(name, array, np.isfinite(array), "all numbers must be finite")
    return array


def refuse_masked(name: str, data: Any) -> None:
    """Raise a TypeError if some of it is masked: most functions would read what is below."""
    if _is_masked(data):
        raise TypeError(f"{name} is a masked array: leave out what is masked, or fill it")


def _is_masked(data: Any) -> bool:
    """Whether a number is masked, also one in a list, where NumPy would not look."""
    if isinstance(data, list | tuple):
        return any(map(_is_masked, data))
    return isinstance(data, np.ma.MaskedArray) and bool(np.ma.is_masked(data))


def _not_numbers(name: str, data: Any) -> ValueError:
    rows = data if isinstance(data, list | tuple) else []
    lengths = [
        len(row) if isinstance(row, Sequence | np.ndarray) and not isinstance(row, str) else 1
        for row in rows
    ]
    for i, length in enumerate(lengths):
        if length != lengths[0]:
            return ValueError(
                f"{name}[{i}] has {length} numbers and {name}[0] has {lengths[0]}: "
                "all examples must be equally long"
            )
    leaves = flatten(data if isinstance(data, list | tuple) else np.asarray(data, dtype=object))
    strange = next((x for x in leaves if not isinstance(x, Value | Real | np.bool_)), data)
    way_out = ""
    if isinstance(strange, str):
        strange = str(strange)  # not NumPy's, whose repr has its type in it
        if name.endswith("y"):
            way_out = (
                ". Number the classes from 0: "
                f"classes, {name.split()[-1]} = np.unique(labels, return_inverse=True)"
            )
    return ValueError(f"{name} must hold numbers and nothing else, not {shown(strange)}{way_out}")


def shown(data: Any) -> str:
    """How data look in a message: the beginning of their repr, on one line."""
    return " ".join(f"{data!r:.80}".split())


def check_all(name: str, array: Array, right: Array, rule: str) -> None:
    """Raise for the first number that is not right."""
    for place in np.argwhere(~right)[:1].tolist():
        row, *columns = place
        where = f"row {row}" + "".join(f", column {column}" for column in columns)
        raise ValueError(f"{name} has {array[tuple(place)]} in {where}: {rule}")


def real_numbers(name: str, data: Any) -> NDArray[np.float64]:
    """An array of real numbers in float64; NaN and infinities may be among them.

    Raises:
        TypeError: it holds something else, or some of it is masked.
    """
    refuse_masked(name, data)
    array = np.asarray(data)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} is an array of real numbers, not of {array.dtype}")
    return array.astype(np.float64)
