"""A model and its loss on many examples: one after the other, or compiled for all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import compiled
from autograd.context import no_grad
from autograd.operations import total
from autograd.structure import apply
from autograd.value import Value
from nn.training.examples import Examples, numbers

Model = Callable[[Any], Any]
Loss = Callable[[Any, Any], Value]
Backend = Literal["numpy", "eager"]


def predict(model: Model, X: Any, *, backend: Backend = "numpy") -> NDArray[np.float64]:
    """The model's output for every example: shape (n,), or (n, k) if it gives a list of k.

    Parameters:
        backend: as in `fit`.

    >>> from nn import MLP
    >>> predict(MLP(2, [3]), [[0.0, 1.0], [2.0, 3.0]]).shape
    (2, 3)
    """
    runner = RUNNERS[checked_backend(backend)]
    return runner.predict(model, numbers("X", X))


def checked_backend(backend: Any) -> Backend:
    """The backend, if there is such a one."""
    if backend not in [*RUNNERS]:
        known = " or ".join(repr(name) for name in RUNNERS)
        raise ValueError(f"backend must be {known}, not {backend!r:.80}")
    known_backend: Backend = backend
    return known_backend


class Eager:
    """A model and its loss, run on one example after the other."""

    def __init__(self, model: Model, loss: Loss) -> None:
        self.model, self.loss = model, loss

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, for `backward()`."""
        pairs = zip(batch.X.tolist(), batch.y.tolist(), strict=True)
        mean: Value = total([self.loss(self.model(x), y) for x, y in pairs]) * (1.0 / len(batch))
        return mean

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        with no_grad():
            outputs = [self.model(x) for x in data.X.tolist()]
            losses = [
                float(self.loss(*pair)) for pair in zip(outputs, data.y.tolist(), strict=True)
            ]
        return float(np.mean(losses)), np.array(apply(float, outputs))

    @staticmethod
    def predict(model: Model, X: NDArray[Any]) -> NDArray[np.float64]:
        """The output for every example, without a loss."""
        with no_grad():
            return np.array([apply(float, model(x)) for x in X.tolist()])


class Batched:
    """The same, compiled: all examples of a batch at once."""

    def __init__(self, model: Model, loss: Loss) -> None:
        self.loss = loss
        self._loss = compiled(lambda x, y: loss(model(x), y))
        self._outputs = compiled(model)

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, for `backward()`."""
        return self._loss.mean(batch.X, batch.y)

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        return float(np.mean(self._loss(data.X, data.y))), self._outputs(data.X)

    @staticmethod
    def predict(model: Model, X: NDArray[Any]) -> NDArray[np.float64]:
        """The output for every example, without a loss."""
        outputs: NDArray[np.float64] = compiled(model)(X)
        return outputs


RUNNERS: dict[Backend, type[Eager | Batched]] = {"numpy": Batched, "eager": Eager}
