"""A model and its loss on many examples at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import Backend, compiled
from autograd.structure import apply, flatten
from autograd.value import Value
from nn.training.examples import Examples, numbers

Model = Callable[[Any], Any]
Loss = Callable[[Any, Any], Value]


def predict(model: Model, X: Any, *, backend: Backend = "numpy") -> NDArray[np.float64]:
    """The model's output for every example: shape (n,), or (n, k) if it gives a list of k.

    Parameters:
        backend: as in `fit`.

    >>> from nn import MLP
    >>> predict(MLP(2, [3]), [[0.0, 1.0], [2.0, 3.0]]).shape
    (2, 3)
    """
    outputs: NDArray[np.float64] = compiled(model, backend=backend)(numbers("X", X))
    return outputs


class Running:
    """A model and its loss, as functions of examples."""

    def __init__(self, model: Model, loss: Loss, backend: Backend) -> None:
        self._shape: tuple[int, ...] = ()  # of an output, known when there has been one

        def loss_of_example(x: Any, y: Any) -> Value:
            return loss(model(x), y)

        def loss_and_outputs_of_example(x: Any, y: Any) -> list[Any]:
            output = model(x)
            self._shape = np.shape(apply(lambda _: 0.0, output))
            return [loss(output, y), *flatten(output)]

        self.loss = loss
        self._losses = compiled(loss_of_example, backend=backend)
        self._both = compiled(loss_and_outputs_of_example, backend=backend)

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, for `backward()`."""
        return self._losses.mean(batch.X, batch.y)

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        both = self._both(data.X, data.y)
        return float(np.mean(both[:, 0])), both[:, 1:].reshape(len(data), *self._shape)

    def check(self) -> None:
        """Raise if the model or the loss came to compute something else in the meantime."""
        self._losses.check()
        self._both.check()
