"""Early stopping: training ends when it no longer helps, with the best parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from nn.optimizers import Optimizer
from nn.parameters.theta import Vector
from nn.settings.counts import from_one
from nn.settings.ranges import from_zero
from nn.training.callbacks.watching import check_watched
from nn.training.progress import Progress


class EarlyStopping:
    """Stops when a number has not become better for some epochs (Prechelt, 1998).

    At the end, also when it comes for another reason, the parameters are those of the best epoch,
    and the optimizer remembers what it did then. Given again with the history, training goes on
    from the last epoch, as if it had not ended.

    Parameters:
        patience: for how many epochs, from 1 on.
        watch: the number, a column of the history: a loss, which falls, or an accuracy, which
            rises.
        least_change: by how much it must be better, from 0 on; less counts as nothing.

    Raises:
        ValueError: the training does not measure that number; before its first step.

    >>> from nn import MLP, fit, moons
    >>> data = moons(40)
    >>> history = fit(MLP(2, [2], seed=0), data.X, data.y, epochs=50, progress=False,
    ...               callbacks=[EarlyStopping(patience=3, watch="accuracy")])
    >>> len(history) - history.best_by("accuracy")
    3
    >>> history.stopped
    'the accuracy has not become better for 3 epochs'
    """

    def __init__(
        self, patience: int = 10, watch: str = "validation_loss", least_change: float = 0.0
    ) -> None:
        self.patience = from_one("patience", patience)
        self.watch = watch
        from_zero("least_change", least_change)
        self.least_change = least_change
        self._best: _State | None = None
        self._last: _State | None = None  # what the best took the place of, at the end

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._begin(progress)
        elif progress.event == "epoch":
            self._look(progress)
        elif progress.event == "end" and self._best is not None:
            self._last = self._last or _State.of(progress.optimizer)
            self._best.put_back(progress.optimizer)

    def _begin(self, progress: Progress) -> None:
        check_watched("EarlyStopping", self.watch, progress)
        if not len(progress.history):
            self._best = self._last = None
            return
        if self._best and self._last and self._best.is_of(progress.optimizer):
            self._last.put_back(progress.optimizer)
        self._last = None
        self._look(progress)

    def _look(self, progress: Progress) -> None:
        epochs = len(progress.history)
        waited = epochs - progress.history.best_by(self.watch, self.least_change)
        if not waited:
            self._best = _State.of(progress.optimizer)
        if waited >= self.patience:
            progress.stop(f"the {self.watch} has not become better for {waited} epochs")

    def __repr__(self) -> str:
        return f"EarlyStopping({self.patience}, {self.watch!r}, {self.least_change:g})"


@dataclass
class _State:
    """The numbers of an optimizer's parameters, and what it remembers."""

    numbers: Vector
    memory: dict[str, Any]

    @classmethod
    def of(cls, optimizer: Optimizer) -> Self:
        return cls(optimizer.vector.data.copy(), optimizer.state_dict())

    def is_of(self, optimizer: Optimizer) -> bool:
        return np.array_equal(self.numbers, optimizer.vector.data)

    def put_back(self, optimizer: Optimizer) -> None:
        optimizer.load_state_dict(self.memory)
        optimizer.vector.assign(self.numbers.copy())
