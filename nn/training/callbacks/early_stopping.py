"""Early stopping: training ends when it no longer helps, with the best parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from nn.optimizers import Optimizer
from nn.parameters.theta import Vector
from nn.settings.counts import from_one
from nn.settings.habits import WithHabits
from nn.settings.ranges import from_zero
from nn.training.callbacks.habits import EARLY_STOPPING
from nn.training.callbacks.watching import check_watched, column, warn_of
from nn.training.progress import Progress


class EarlyStopping(WithHabits):
    """Stops when a number has not become better for some epochs (Prechelt, 1998).

    At the end, also when it comes for another reason, the parameters are those of the best epoch,
    and the optimizer remembers what it did then. Given again with the history, training goes on
    from the last epoch, as if it had not ended.

    Of an epoch that it was not there for it has no parameters: when one new to a history, such as
    a loaded one, goes on with it, it gives back the best of the epochs since then. It waits from
    the best of all, and if that is an earlier one it says so.

    Parameters:
        patience: for how many epochs, from 1 on.
        watch: the number, a column of the history: a loss, which falls, or an accuracy, which
            rises.
        least_change: by how much it must be better, from 0 on; less counts as nothing.

    Raises:
        ValueError, TypeError: an argument does not make sense, or the training does not measure
            that number; before its first step.

    Warns:
        RuntimeWarning: the best epoch is one that it was not there for.

    >>> from nn import MLP, fit, moons
    >>> data = moons(40)
    >>> history = fit(MLP(2, [2], seed=0), data.X, data.y, epochs=50, progress=False,
    ...               callbacks=[EarlyStopping(patience=3, watch="accuracy")])
    >>> len(history) - history.best_by("accuracy")
    3
    >>> history.stopped
    'the accuracy has not become better for 3 epochs'
    """

    _here = EARLY_STOPPING

    def __init__(
        self, patience: int = 10, watch: str = "validation_loss", least_change: float = 0.0
    ) -> None:
        self.patience = from_one("patience", patience)
        self.watch = column("watch", watch)
        self.least_change = from_zero("least_change", least_change)
        self._forget()

    def _forget(self) -> None:
        self._best: _State | None = None
        self._last: _State | None = None  # what the best took the place of, at the end
        self._epochs: dict[str, list[float]] = {}  # the history of these
        self._first = 1  # the first epoch that it was there for
        self._seen = 0  # the last one that it has looked at

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._begin(progress)
        elif progress.event == "end":
            self._end(progress)
        else:
            self._last = None  # Training has gone on from it.
            if progress.event == "epoch":
                self._look(progress)

    def _begin(self, progress: Progress) -> None:
        check_watched("EarlyStopping", self.watch, progress)
        history = progress.history
        if not self._knows(progress):
            self._forget()
            self._first, self._seen = len(history) + 1, len(history)
        elif self._last:
            self._last.put_back(progress.optimizer)
        if len(history):
            self._wait(progress)

    def _knows(self, progress: Progress) -> bool:
        """Whether it left training like this: the history, and the parameters that it gave back."""
        return (
            self._best is not None
            and self._best.is_of(progress.optimizer)
            and self._epochs == progress.history.columns
        )

    def _look(self, progress: Progress) -> None:
        history = progress.history
        self._seen = len(history)
        if history.best_by(self.watch, self.least_change, self._first) == len(history):
            self._best = _State.of(progress.optimizer)
        self._wait(progress)

    def _wait(self, progress: Progress) -> None:
        waited = len(progress.history) - progress.history.best_by(self.watch, self.least_change)
        if waited >= self.patience:
            progress.stop(f"the {self.watch} has not become better for {waited} epochs")

    def _unseen(self, progress: Progress) -> bool:
        """Whether the last epoch is one that it has not looked at, with the parameters as then."""
        return len(progress.history) > self._seen and progress.epoch == len(progress.history)

    def _end(self, progress: Progress) -> None:
        if self._unseen(progress):  # An interrupt came between the record and this callback.
            self._look(progress)
        if self._best is None:
            return
        history = progress.history
        self._last = self._last or _State.of(progress.optimizer)
        self._epochs = {name: list(numbers) for name, numbers in history.columns.items()}
        self._best.put_back(progress.optimizer)
        best = history.best_by(self.watch, self.least_change)
        if best < self._first:
            given_back = history.best_by(self.watch, self.least_change, self._first)
            warn_of(
                f"the best {self.watch} is that of epoch {best}, which this EarlyStopping was not "
                f"there for: the parameters are now those of epoch {given_back}, the best from "
                f"epoch {self._first} on. Checkpoints(path, best={self.watch!r}) keeps the best"
            )

    def __repr__(self) -> str:
        return f"EarlyStopping({self.patience}, {self.watch!r}, {self.least_change:g})"


@dataclass
class _State:
    """The numbers of an optimizer's parameters, and what it remembers; it can be pickled."""

    kind: type[Optimizer]
    numbers: Vector
    memory: dict[str, Any]

    @classmethod
    def of(cls, optimizer: Optimizer) -> Self:
        return cls(type(optimizer), optimizer.vector.data.copy(), optimizer.state_dict())

    def is_of(self, optimizer: Optimizer) -> bool:
        other = _State.of(optimizer)
        return (
            self.kind is other.kind
            and np.array_equal(self.numbers, other.numbers)
            and self.memory.keys() == other.memory.keys()
            and all(np.array_equal(x, other.memory[name]) for name, x in self.memory.items())
        )

    def put_back(self, optimizer: Optimizer) -> None:
        optimizer.load_state_dict(self.memory)
        optimizer.vector.assign(self.numbers.copy())
