"""Examples as training needs them: arrays that are known to fit the model and its loss.

All that can be wrong with data is found here, before a parameter has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.structure import apply, flatten
from autograd.value import Value
from nn.outputs import check_logits
from nn.training.tasks import check_all, name_of, task

Array = NDArray[Any]


@dataclass(slots=True)
class Examples:
    """Inputs X and targets y; the first axis of both is the examples."""

    X: Array
    y: Array

    def __len__(self) -> int:
        return len(self.X)

    def take(self, which: NDArray[np.intp]) -> Examples:
        """The examples with these indices."""
        # Not X[which], which takes several times as long for the few rows of a batch.
        return Examples(self.X.take(which, axis=0), self.y.take(which, axis=0))


def numbers(name: str, data: Any) -> Array:
    """The data as an array of finite numbers: float64, or integers if they are.

    Parameters:
        data: an array, (nested) lists, or whatever NumPy takes for an array, such as a data frame.

    Raises:
        TypeError: some of it is masked.
        ValueError: it is empty, ragged, not numbers, or has a NaN or an infinity somewhere.
    """
    if _is_masked(data):
        raise TypeError(f"{name} is a masked array: leave out what is masked, or fill it")
    try:
        array = np.asarray(data)
        if array.dtype == object:  # such as Values
            array = array.astype(np.float64)
        elif array.dtype.kind not in "iu":
            array = array.astype(np.float64, casting="same_kind")
    except (TypeError, ValueError):
        raise _not_numbers(name, data) from None
    if array.ndim == 0:
        raise ValueError(f"{name} must be a list of examples, not {_shown(data)}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: there is nothing to learn from")
    check_all(name, array, np.isfinite(array), "all numbers must be finite")
    return array


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
    return ValueError(f"{name} must hold numbers and nothing else, not {_shown(strange)}{way_out}")


def _shown(data: Any) -> str:
    return " ".join(f"{data!r:.80}".split())


def checked(
    model: Callable[[Any], Any], loss: Any, X: Any, y: Any, prefix: str = ""
) -> tuple[Examples, Value]:
    """The data as arrays that fit each other, the model and the loss, tried on the first example.

    Parameters:
        prefix: what to say before "X" and "y" in messages.

    Returns:
        The data, and the loss of the first example.
    """
    X, y = numbers(f"{prefix}X", X), numbers(f"{prefix}y", y)
    if len(X) != len(y):
        raise ValueError(
            f"{prefix}X has {len(X)} examples and {prefix}y has {len(y)} targets: "
            "give a target for each example"
        )
    known = task(loss)
    try:
        output = model(example(X[0]))
        y = known.targets(f"{prefix}y", y, _shape(output))
        if known.logits:
            check_logits(output, name_of(loss))
        one = loss(output, example(y[0]))
    except Exception as error:
        error.add_note(f"(while trying the model and its loss on the first example, {prefix}X[0])")
        raise
    if not isinstance(one, Value):
        raise TypeError(f"the loss of an example must be a Value, not {one!r:.80}")
    return Examples(X, y), one


def _shape(output: Any) -> tuple[int, ...]:
    try:
        return np.shape(apply(float, output))
    except TypeError:
        raise TypeError(
            f"a model must give a Value or a list of Values, not {output!r:.80}"
        ) from None
