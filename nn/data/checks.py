"""What the functions of this folder ask of their arguments."""

from __future__ import annotations

from collections.abc import Sized
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_whole(n: Any) -> bool:
    """Whether it is a whole number; a bool is none."""
    return isinstance(n, int | np.integer) and not isinstance(n, bool)


def at_least(least: int, what: str, n: Any) -> None:
    """Raise ValueError if n is not a number of examples that is large enough."""
    if not is_whole(n):
        raise ValueError(f"{what} needs a whole number of examples, not {n!r:.80}")
    if n < least:
        raise ValueError(f"{what} needs {least} examples or more, not {n}")


def check_noise(what: str, noise: Any) -> None:
    """Raise ValueError if the noise is not a number that a deviation can be."""
    if not isinstance(noise, int | float | np.number) or not 0 <= noise < np.inf:
        raise ValueError(f"the noise of {what} is a number from 0 on, not {noise!r:.80}")


def check_stratify(stratify: Any) -> None:
    """Raise TypeError if it is neither True nor False, such as scikit-learn's array of classes."""
    if not isinstance(stratify, bool | np.bool_):
        raise TypeError(
            f"stratify is True or False, not {type(stratify).__name__}: "
            "the classes themselves are in the data"
        )


def matrix(what: str, X: Any) -> NDArray[np.float64]:
    """X as float64 numbers of shape (n, d), all of them finite.

    Raises:
        ValueError: it is something else; the message says in which row and column.
    """
    if np.ma.is_masked(X):
        raise ValueError(f"{what} got a masked array: leave out what is masked, or fill it")
    try:
        given = np.asarray(X)
    except ValueError:  # as of rows that are not equally long
        raise _not_numbers(what, X) from None
    array = _as_floats(what, given, X)
    if array.ndim != 2:
        raise ValueError(
            f"{what} takes a matrix, shape (n, d), a row for each example, not the shape "
            f"{array.shape}: one column is X.reshape(-1, 1), one example is X.reshape(1, -1)"
        )
    for row, column in np.argwhere(~np.isfinite(array))[:1].tolist():
        raise ValueError(
            f"{what} got {array[row, column]} in row {row}, column {column}: "
            "all numbers must be finite"
        )
    return array


def _as_floats(what: str, given: NDArray[Any], X: Any) -> NDArray[np.float64]:
    foreign = given.dtype == object and any(x is None or isinstance(x, str) for x in given.flat)
    if foreign or given.dtype.kind not in "biufO":
        raise _not_numbers(what, X)
    try:
        return given.astype(np.float64)
    except (TypeError, ValueError):
        raise _not_numbers(what, X) from None


def _not_numbers(what: str, X: Any) -> ValueError:
    rows = X if isinstance(X, list | tuple) else []
    lengths = [len(row) if isinstance(row, Sized) else 1 for row in rows]
    for i, length in enumerate(lengths):
        if length != lengths[0]:
            return ValueError(
                f"{what} got {length} numbers in row {i} and {lengths[0]} in row 0: "
                "all rows must be equally long"
            )
    strange = next((x for x in np.asarray(X, dtype=object).flat if not isinstance(x, Real)), X)
    return ValueError(f"{what} takes a matrix of numbers and nothing else, not {strange!r:.80}")
