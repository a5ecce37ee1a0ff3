"""What there is to know about a loss besides its formula: its targets, and which outputs are right.

A row for each loss of nn's; of any other nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import losses
from nn.arrays import check_all

Array = NDArray[Any]
Classes = NDArray[np.intp]


class Decisions(NamedTuple):
    """Outputs and targets as classes, counted from 0; an output with a NaN stands for -1.

    Attributes:
        predicted, right: shape (n,), or (n * k,) if an output decides k times.
        classes: how many there are.
    """

    predicted: Classes
    right: Classes
    classes: int

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return float(np.mean(self.predicted == self.right))


class Task(NamedTuple):
    """What a loss is for.

    Attributes:
        targets: checks the targets, given their name and the shape of an output.
        decisions: the classes of all outputs and all targets; None if a prediction is not right
            or wrong, but more or less so.
        logits: whether it takes the softmax or sigmoid of the outputs, so that a model must not.
        for_logits: of a loss on probabilities the name of the same on logits; "" of any other.
    """

    targets: Callable[[str, Array, tuple[int, ...]], Array]
    decisions: Callable[[Array, Array], Decisions] | None
    logits: bool = False
    for_logits: str = ""


def task(loss: Any) -> Task:
    """What is known about a loss, or about one with some arguments set by `functools.partial`.

    >>> task(partial(losses.categorical_cross_entropy)).for_logits
    'cross_entropy'
    """
    function = _itself(loss)
    known = [entry for each, entry in _TASKS.items() if each is function]
    return known[0] if known else Task(_anything, None)


def name_of(loss: Any) -> str:
    """What a loss is called in messages."""
    return getattr(_itself(loss), "__name__", type(loss).__name__)


def _itself(loss: Any) -> Any:
    while isinstance(loss, partial):
        loss = loss.func
    return loss


# ------------------------------------------------------------------------------- targets


_REGRESSION = "for targets that are numbers, say loss=mse"


def _classes(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    """Class indices, shape (n,), or a probability for each class, shape (n, classes).

    Of outputs with several positions, a class or probabilities for each position.
    """
    if len(shape) not in (1, 2):
        raise ValueError(
            "a cross-entropy of classes wants a list of outputs, one for each class, and the "
            f"model's has the shape {shape}. With one output, a binary cross-entropy or hinge is "
            f"right; {_REGRESSION}"
        )
    count = shape[-1]
    if y.shape[1:] == shape[:-1]:
        rule = (
            f"the model has {count} outputs, so a class is a whole number from 0 to {count - 1}; "
            f"{_REGRESSION}"
        )
        check_all(name, y, (y >= 0) & (y < count) & (y == np.floor(y)), rule)
        return y.astype(np.int64)
    if y.shape[1:] != shape:
        raise ValueError(_other_shape(name, y, shape))
    return _distributions(name, y, shape)


def _distributions(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    """A probability for each class, in the shape of the outputs."""
    if y.shape[1:] != shape:
        raise ValueError(
            f"{name} has the shape {y.shape}: a divergence wants a probability for each class, "
            f"shape {(len(y), *shape)}; of class indices one_hot gives them"
        )
    check_all(name, y, (y >= 0) & (y <= 1), losses.DISTRIBUTION)
    sums = y.sum(axis=-1)
    right = np.isclose(sums, 1.0, rtol=0.0, atol=1e-6)
    check_all(f"a sum over the classes of {name}", sums, right, losses.DISTRIBUTION)
    return y


def _other_shape(name: str, y: Array, shape: tuple[int, ...]) -> str:
    each = " at each position" if len(shape) == 2 else ""
    way_out = _REGRESSION
    if y.ndim == 2 and y.shape[1] == 1:
        way_out = f"of a column of classes give {name.split()[-1]}[:, 0], as an array; {way_out}"
    return (
        f"{name} has the shape {y.shape}: a cross-entropy wants a class for each example{each}, "
        f"shape {(len(y), *shape[:-1])}, or a probability for each class, "
        f"shape {(len(y), *shape)}; {way_out}"
    )


def _signs(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    check_all(name, y, np.abs(y) == 1, losses.SIGNS)
    return y


def _probabilities(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    check_all(name, y, (y >= 0) & (y <= 1), losses.BINARY)
    return y


def _anything(name: str, y: Array, shape: tuple[int, ...]) -> Array:
    return y


# ----------------------------------------------------------------------------- decisions


def _largest(outputs: Array, y: Array) -> Decisions:
    """The class of the largest output."""
    predicted = outputs.argmax(axis=-1)
    if np.isnan(outputs.min()):
        predicted[np.isnan(outputs).any(axis=-1)] = -1
    right = y if y.ndim < outputs.ndim else y.argmax(axis=-1)
    return Decisions(predicted.ravel(), right.astype(np.intp).ravel(), outputs.shape[-1])


def _above(boundary: float, halfway: float) -> Callable[[Array, Array], Decisions]:
    """Of an output the class 1 if it is above the boundary, of a target if it is above halfway."""

    def decisions(outputs: Array, y: Array) -> Decisions:
        predicted = (outputs > boundary).astype(np.intp)
        predicted[np.isnan(outputs)] = -1
        return Decisions(predicted.ravel(), (y > halfway).astype(np.intp).ravel(), 2)

    return decisions


_TASKS = {
    losses.cross_entropy: Task(_classes, _largest, logits=True),
    losses.categorical_cross_entropy: Task(_classes, _largest, for_logits="cross_entropy"),
    losses.kl_divergence: Task(_distributions, _largest, for_logits="cross_entropy"),
    losses.hinge: Task(_signs, _above(0.0, 0.0)),
    losses.binary_cross_entropy: Task(
        _probabilities, _above(0.5, 0.5), for_logits="binary_cross_entropy_with_logits"
    ),
    losses.binary_cross_entropy_with_logits: Task(_probabilities, _above(0.0, 0.5), logits=True),
}
