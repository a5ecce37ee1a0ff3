"""Examples as training needs them: arrays that are known to fit the model and its loss.

All that can be wrong with data is found here, before a parameter has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.structure import apply
from autograd.value import Value
from nn.arrays import numbers
from nn.losses.outputs import check_logits
from nn.training.indices import check_indices
from nn.training.tasks import name_of, task

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


def paired(X: Any, y: Any, prefix: str = "") -> Examples:
    """The data as arrays of as many examples as targets.

    Parameters:
        prefix: what to say before "X" and "y" in messages.
    """
    X, y = numbers(f"{prefix}X", X), numbers(f"{prefix}y", y)
    if len(X) != len(y):
        raise ValueError(
            f"{prefix}X has {len(X)} examples and {prefix}y has {len(y)} targets: "
            "give a target for each example"
        )
    return Examples(X, y)


def checked(
    model: Callable[[Any], Any], loss: Any, X: Any, y: Any, prefix: str = ""
) -> tuple[Examples, Value]:
    """The data as arrays that fit each other, the model and the loss, tried on the first example.

    Parameters:
        prefix: what to say before "X" and "y" in messages.

    Returns:
        The data, and the loss of the first example.
    """
    data = paired(X, y, prefix)
    known = task(loss)
    try:
        inputs = example(data.X[0])
        output = model(inputs)
        y = known.targets(f"{prefix}y", data.y, _shape(output))
        if known.logits:
            check_logits(output, name_of(loss))
        one = loss(output, example(y[0]))
    except Exception as error:
        error.add_note(f"(while trying the model and its loss on the first example, {prefix}X[0])")
        note_of_one(f"{prefix}X", data.X, error)
        raise
    if not isinstance(one, Value):
        raise TypeError(f"the loss of an example must be a Value, not {one!r:.80}")
    check_indices(f"{prefix}X", data.X, inputs, one)
    return Examples(data.X, y), one


def note_of_one(name: str, X: Array, error: Exception) -> None:
    """Note of an error that the examples were numbers, as they are if one came for many."""
    if X.ndim == 1:
        error.add_note(
            f"({name} has the shape {X.shape}: {len(X)} examples of one number each. For one "
            f"example of {len(X)} numbers give [{name.split()[-1]}])"
        )


def _shape(output: Any) -> tuple[int, ...]:
    try:
        return np.shape(apply(float, output))
    except TypeError:
        raise TypeError(
            f"a model must give a Value or a list of Values, not {output!r:.80}"
        ) from None
