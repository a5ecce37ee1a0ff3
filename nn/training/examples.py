"""Examples as training needs them: arrays that are known to fit the model and its loss.

All that can be wrong with data is found here, before a parameter has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.structure import apply, flatten
from autograd.value import Value
from nn import losses
from nn.functional import accuracy
from nn.outputs import check_logits

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

    Raises:
        ValueError: it is empty, ragged, not numbers, or has a NaN or an infinity somewhere.
    """
    if np.ma.is_masked(data):
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
        raise ValueError(f"{name} must be a list of examples, not {data!r:.80}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: there is nothing to learn from")
    _all(name, array, np.isfinite(array), "all numbers must be finite")
    return array


def _not_numbers(name: str, data: Any) -> ValueError:
    rows = data if isinstance(data, list | tuple) else []
    lengths = [len(row) if isinstance(row, Sequence | np.ndarray) else 1 for row in rows]
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
        way_out = ": number the classes from 0" if name.endswith("y") else ""
    shown = " ".join(f"{strange!r:.80}".split())
    return ValueError(f"{name} must hold numbers and nothing else, not {shown}{way_out}")


def _all(name: str, array: Array, right: Array, rule: str) -> None:
    """Raise for the first number that is not right."""
    for place in np.argwhere(~right)[:1].tolist():
        row, *columns = place
        where = f"row {row}" + "".join(f", column {column}" for column in columns)
        raise ValueError(f"{name} has {array[tuple(place)]} in {where}: {rule}")


def checked(model: Callable[[Any], Any], loss: Any, X: Any, y: Any, prefix: str = "") -> Examples:
    """The data as arrays that fit each other, the model and the loss, tried on the first example.

    Parameters:
        prefix: what to say before "X" and "y" in messages.
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
            check_logits(output, loss.__name__)
        one = loss(output, example(y[0]))
    except Exception as error:
        error.add_note(f"(while trying the model and its loss on the first example, {prefix}X[0])")
        raise
    if not isinstance(one, Value):
        raise TypeError(f"the loss of an example must be a Value, not {one!r:.80}")
    return Examples(X, y)


def _shape(output: Any) -> tuple[int, ...]:
    try:
        return np.shape(apply(float, output))
    except TypeError:
        raise TypeError(
            f"a model must give a Value or a list of Values, not {output!r:.80}"
        ) from None


# --------------------------------------------------------- what the losses want of targets


class Task(NamedTuple):
    """What there is to know about a loss, besides its formula.

    Attributes:
        targets: checks the targets, given their name and the shape of an output.
        accuracy: the share of right outputs, given all of them and the targets; None if a
            prediction is not right or wrong, but more or less so.
        logits: whether it takes the softmax or sigmoid of the outputs, so that a model must not.
        for_logits: of a loss on probabilities the name of the same on logits; "" of any other.
    """

    targets: Callable[[str, Array, tuple[int, ...]], Array]
    accuracy: Callable[[Array, Array], float] | None
    logits: bool = False
    for_logits: str = ""


_REGRESSION = "for targets that are numbers, say loss=mse"


def _classes(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    """Class indices, shape (n,), or a probability for each class, shape (n, classes)."""
    if len(shape) != 1:
        raise ValueError(
            "a cross-entropy of classes wants a list of outputs, one for each class, and the "
            f"model's has the shape {shape}. With one output, a binary cross-entropy or hinge is "
            f"right; {_REGRESSION}"
        )
    (count,) = shape
    if y.ndim == 1:
        rule = (
            f"the model has {count} outputs, so a class is a whole number from 0 to {count - 1}; "
            f"{_REGRESSION}"
        )
        _all(name, y, (y >= 0) & (y < count) & (y == np.floor(y)), rule)
        return y.astype(np.int64)
    if y.shape[1:] != shape:
        raise ValueError(
            f"{name} has the shape {y.shape}: a cross-entropy wants a class for each example, "
            f"shape ({len(y)},), or a probability for each class, shape ({len(y)}, {count}); "
            f"{_REGRESSION}"
        )
    rule = "the probabilities of the classes are from 0 to 1, and sum to 1"
    _all(name, y, (y >= 0) & (y <= 1), rule)
    sums = y.sum(axis=1)
    _all(f"a sum over the classes of {name}", sums, np.isclose(sums, 1.0, atol=1e-6), rule)
    return y


def _signs(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    _all(name, y, np.abs(y) == 1, losses.SIGNS)
    return y


def _probabilities(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    _all(name, y, (y >= 0) & (y <= 1), losses.BINARY)
    return y


def _anything(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    return y


def _largest(outputs: Array, y: Array) -> float:
    return accuracy(outputs, y if y.ndim == 1 else y.argmax(axis=1))


def _above(boundary: float, halfway: float) -> Callable[[Array, Array], float]:
    """An output above the boundary stands for a target above halfway."""
    return lambda outputs, y: accuracy((outputs - boundary).ravel(), (y - halfway).ravel())


_TASKS = {
    losses.cross_entropy: Task(_classes, _largest, logits=True),
    losses.categorical_cross_entropy: Task(_classes, _largest, for_logits="cross_entropy"),
    losses.hinge: Task(_signs, _above(0.0, 0.0)),
    losses.binary_cross_entropy: Task(
        _probabilities, _above(0.5, 0.5), for_logits="binary_cross_entropy_with_logits"
    ),
    losses.binary_cross_entropy_with_logits: Task(_probabilities, _above(0.0, 0.5), logits=True),
}


def task(loss: Any) -> Task:
    """What is known about a loss; of one that is not nn's, nothing."""
    known = [entry for function, entry in _TASKS.items() if function is loss]
    return known[0] if known else Task(_anything, None)
