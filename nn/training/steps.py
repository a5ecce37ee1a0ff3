"""The steps of a training, watched: one that leads to NaN or infinity is taken back."""

from __future__ import annotations

from contextvars import copy_context
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.value import Value
from nn.optimizers import Optimizer
from nn.training.divergence import DivergenceError
from nn.training.history import History
from nn.training.snapshot import Snapshot


class Steps:
    """Takes an optimizer's steps, and the last one back if its parameters have no finite loss.

    Attributes:
        epoch, step: where training is, both counted from 1; the steps are those of the epoch.
        loss: the last finite one; None before the first.

    Parameters:
        for_logits: if the loss is one on probabilities, the name of the same on logits.
    """

    def __init__(self, optimizer: Optimizer, history: History, for_logits: str = "") -> None:
        self.optimizer, self.history, self.for_logits = optimizer, history, for_logits
        self.epoch, self.step = 1, 0
        self.loss: float | None = None
        # Infinities are reported as what they are, and not by NumPy's warnings.
        self._quietly = copy_context()
        self._quietly.run(np.seterr, all="ignore")
        # What the last step can be taken back to, until a finite loss shows that it was right.
        self._before: Snapshot | None = None

    def begin(self, epoch: int) -> None:
        """Begin an epoch."""
        self.epoch, self.step = epoch, 0

    def take(self, loss: Value) -> None:
        """A step down the loss."""
        self.step += 1
        self.check("the loss", loss.data)
        self.optimizer.zero_grad()
        loss.backward()
        self._quietly.run(self._move)

    def _move(self) -> None:
        optimizer, vector = self.optimizer, self.optimizer.vector
        gradient, numbers = vector.grad, vector.data
        # A sum of squares is infinite more often than a number is, and much quicker to compute.
        doubtful = not isfinite(gradient.dot(gradient))
        self._before = Snapshot.of(optimizer, numbers)
        optimizer.step()
        if numbers.base is None:  # a copy, of parameters that do not lie in a row
            numbers = vector.data
        if doubtful or not isfinite(numbers.dot(numbers)):
            self._look_closely()

    def check(self, name: str, loss: float) -> None:
        """Accept a loss of the present parameters if it is finite, and with it the last step.

        Raises:
            DivergenceError: it is not, and the last step was taken back.
        """
        if not isfinite(loss):
            self._take_back()
            raise self._error(name, loss)
        self.loss, self._before = loss, None

    def settle(self) -> None:
        """After an interrupt: take back a step that was not done, or went wrong unseen."""
        before = self._before
        if not before:
            return
        optimizer, numbers = self.optimizer, before.numbers
        after = optimizer.vector.data
        counted = optimizer.steps != before.attributes["steps"]
        moved = not np.array_equal(after, numbers, equal_nan=True)
        if not (counted or moved) or _became_infinite(numbers, after).any():
            self._take_back()
        elif not counted:
            optimizer.steps += 1  # It has moved, and was about to count it.

    def _look_closely(self) -> None:
        """Raise if a parameter, or what the optimizer remembers, is finite no more."""
        assert self._before
        numbers, state = self._before.numbers, self._before.attributes
        after = self.optimizer.vector.data.copy()
        wrong = np.flatnonzero(_became_infinite(numbers, after))
        if len(wrong):
            label = self.optimizer.vector.parameters[wrong[0]].label or f"number {wrong[0]}"
            self._take_back()
            raise self._error(f"the parameter {label}", after[wrong[0]])
        for name, new in vars(self.optimizer).items():
            if not isinstance(new, np.ndarray) or new.dtype.kind != "f":
                continue
            if _became_infinite(state.get(name), new).any():
                self._take_back()
                raise self._error(f"the optimizer's {name}", new[~np.isfinite(new)][0])

    def _take_back(self) -> None:
        if self._before:
            self._before.put_back()
            self._before = None

    def _error(self, what: str, number: float) -> DivergenceError:
        message = f"{what} became {number:g} in epoch {self.epoch}, step {self.step}"
        if self.loss is None:
            message += (
                ", before any step was taken. Standardise the inputs, and let "
                "autograd.detect_anomaly() find where it began"
            )
        else:
            message += (
                f". The last finite loss was {self.loss:.4g}, and the parameters are as they "
                f"were then. Lower the learning rate (it is {self.optimizer.rate:g}), "
                "standardise the inputs, or clip the gradients (clipping=clip_by_norm(1.0))"
            )
        if self.for_logits and isnan(number):
            message += (
                ". A loss on probabilities is also NaN where an output is not from 0 to 1: for "
                f"outputs that are logits there is loss={self.for_logits}"
            )
        error = DivergenceError(message)
        error.history, error.loss = self.history, self.loss
        error.epoch, error.step = self.epoch, self.step
        return error


def _became_infinite(before: Any, after: NDArray[Any]) -> NDArray[np.bool_]:
    """Which numbers are NaN or infinite, and were not or were not there."""
    infinite: NDArray[np.bool_] = ~np.isfinite(after)
    if isinstance(before, np.ndarray) and before.shape == after.shape:
        infinite &= np.isfinite(before)
    return infinite
