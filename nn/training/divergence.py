"""What is said of a training that went wrong or was stopped."""

from __future__ import annotations

from nn.training.history import History


class DivergenceError(ArithmeticError):
    """A number of a training became NaN or infinite, and training stopped there.

    Attributes:
        history: the epochs before.
        loss: the last finite one; None if there was none.
        epoch, step: where it was, both counted from 1; the steps are those of the epoch.
    """

    history: History
    loss: float | None
    epoch: int
    step: int


class InterruptionWarning(RuntimeWarning):
    """Somebody stopped a training (Ctrl-C), and what there is of it was returned."""
