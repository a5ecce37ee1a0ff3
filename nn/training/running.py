"""A model and its loss on many examples at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import Backend, Compiled, compiled
from autograd.structure import apply, flatten
from autograd.value import Value
from nn.arrays import numbers
from nn.mode import Modes
from nn.training.examples import Examples, note_of_one
from nn.training.habits import check_model

Model = Callable[[Any], Any]
Loss = Callable[[Any, Any], Value]
Penalty = Callable[[Any], Value]


def predict(model: Model, X: Any, *, backend: Backend = "numpy") -> NDArray[np.float64]:
    """The model's output for every example: shape (n,), or (n, k) if it gives a list of k.

    It is used, and not trained: nothing is dropped out (see `Module.eval`).

    Parameters:
        X: the examples, one to each index of the first axis; of one example x, [x].
        backend: as in `fit`.

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP
    >>> predict(MLP(2, [3]), [[0.0, 1.0], [2.0, 3.0]]).shape
    (2, 3)
    """
    check_model(model)
    examples = numbers("X", X)
    with Modes(training=False):
        try:
            outputs: NDArray[np.float64] = compiled(model, backend=backend)(examples)
        except Exception as error:
            note_of_one("X", examples, error)
            raise
    return outputs


class Running:
    """A model and its loss, as functions of examples.

    Parameters:
        penalty: a function of the model, whose value is added to the loss that is stepped down.
    """

    def __init__(
        self, model: Model, loss: Loss, backend: Backend, penalty: Penalty | None = None
    ) -> None:
        self._shape: tuple[int, ...] = ()  # of an output, known when there has been one

        def loss_of_example(x: Any, y: Any) -> Value:
            return loss(model(x), y)

        def penalized_loss_of_example(x: Any, y: Any) -> Value:
            # It is the same for all examples of a batch, and compiled so that it is computed once.
            return loss(model(x), y) + penalty(model)  # type: ignore[misc]

        def loss_and_outputs_of_example(x: Any, y: Any) -> list[Any]:
            output = model(x)
            self._shape = np.shape(apply(lambda _: 0.0, output))
            return [loss(output, y), *flatten(output)]

        self.loss = loss
        self._losses = compiled(
            penalized_loss_of_example if penalty else loss_of_example, backend=backend
        )
        self._both = compiled(loss_and_outputs_of_example, backend=backend)
        self._penalty: Compiled | None = None
        if penalty:
            self._penalty = compiled(lambda: penalty(model), backend=backend)

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, and the penalty, for `backward()`."""
        return self._losses.mean(batch.X, batch.y)

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        both = self._both(data.X, data.y)
        return float(np.mean(both[:, 0])), both[:, 1:].reshape(len(data), *self._shape)

    def penalty(self) -> float | None:
        """What the penalty is at present; None if there is none."""
        return None if self._penalty is None else float(self._penalty())

    def check(self) -> None:
        """Raise if the model or the loss came to compute something else in the meantime."""
        for function in (self._losses, self._both, self._penalty):
            if function is not None:
                function.check()
