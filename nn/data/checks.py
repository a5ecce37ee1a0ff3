"""What the functions of this folder ask of their arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.arrays import numbers
from nn.settings.counts import is_whole


def array_of(data: Any) -> NDArray[Any]:
    """The data as NumPy's array; where rows are not equally long, one of objects, shape (n,).

    So who checks shape and dtype next refuses it in words of its own.
    """
    try:
        return np.asarray(data)
    except ValueError:
        return np.fromiter(data, dtype=object)


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


def matrix(name: str, X: Any) -> NDArray[np.float64]:
    """The data as float64 numbers of shape (n, d), all of them finite; not copied if they are.

    Raises:
        TypeError, ValueError: they are something else; the message says in which row and column.
    """
    array = numbers(name, X, copy=False)
    if array.ndim != 2:
        raise ValueError(
            f"{name} must be a matrix, shape (n, d), a row for each example, not of the shape "
            f"{array.shape}: one column is {name}.reshape(-1, 1), one example {name}.reshape(1, -1)"
        )
    return array.astype(np.float64, copy=False)
