"""The training loop: shuffled minibatches, a step for each, and a look at all after each epoch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import inf

import numpy as np
from numpy.random import Generator

from autograd.context import recording
from nn.mode import Modes
from nn.module import Module
from nn.parameters.theta import Vector
from nn.training.divergence import DivergenceError
from nn.training.examples import Examples
from nn.training.progress import Progress
from nn.training.running import Running
from nn.training.snapshot import Snapshot
from nn.training.steps import Steps
from nn.training.tasks import task


def steps_of_an_epoch(data: Examples, batch_size: int) -> int:
    """How many batches there are."""
    return -(-len(data) // batch_size)


@dataclass
class Loop:
    """All that a training needs, and its course.

    Attributes:
        order: draws the order of the examples.
        advice: what to tell whoever trained, "" if nothing; known at the end.
    """

    progress: Progress
    steps: Steps
    runner: Running
    training: Examples
    held_out: Examples | None
    batch_size: int
    order: Generator
    modes: Modes = field(default_factory=partial(Modes, training=False))
    advice: str = ""
    _first: float = inf  # the loss of the first step
    _present: Vector | None = None  # the parameters, while others are in their place

    def skip(self, epochs: int) -> None:
        """Draw the orders of some epochs, and forget them."""
        for _ in range(epochs):
            self.order.permutation(len(self.training))

    @recording()  # also under no_grad()
    def run(self) -> None:
        """Train to the end, or to where a callback stops it."""
        with self.modes:
            self._begin()
        with self._ending(), self.modes:
            self._run()

    @recording()
    def interrupt(self) -> None:
        """After Ctrl-C: what there is becomes whole, and the callbacks hear that it is the end."""
        with self._ending():
            self._put_back()
            self.steps.settle()
            self.progress.history.interrupt()
            self.modes.switch(training=False)
            with self.modes:
                self.progress.tell("end")

    def _begin(self) -> None:
        """Tell the callbacks of it; until all of them agree, nothing has changed."""
        steps, history = self.steps, self.progress.history
        before = Snapshot.of(steps.optimizer)
        steps.begin(len(history) + 1)
        try:
            self.progress.tell("begin")
        except BaseException as error:
            before.put_back()
            error.add_note("(before the first step: nothing has changed)")
            raise
        history.interrupted, history.stopped = False, ""

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """However it ends: the last step is whole, and the model is there to be used."""
        try:
            yield
        except (KeyboardInterrupt, DivergenceError):
            raise  # The one is for `interrupt`, the other has taken back its step.
        except BaseException as error:
            self.steps.settle()
            error.add_note(f"({self.place}; the parameters are as the last step left them)")
            raise
        finally:
            self._leave()

    @property
    def place(self) -> str:
        """Where it is, in words."""
        progress = self.progress
        return f"epoch {progress.epoch} of {progress.epochs}, step {progress.step}"

    def _run(self) -> None:
        progress, history = self.progress, self.progress.history
        start = self.steps.optimizer.vector.data.copy()
        for epoch in range(len(history) + 1, progress.epochs + 1):
            if progress.stopped is not None:
                break
            self._epoch(epoch)
        history.stopped = progress.stopped or ""
        self.modes.switch(training=False)
        self.runner.check()
        self._look_back(start)
        progress.tell("end")

    def _epoch(self, epoch: int) -> None:
        progress, steps, rate = self.progress, self.steps, 0.0
        self.modes.switch(training=True)
        steps.begin(epoch)
        for step, batch in enumerate(self._batches(), 1):
            if step == progress.steps:
                rate = steps.optimizer.rate
            steps.take(self.runner.mean_loss(batch))
            if step == 1 and self._first == inf:
                self._first = steps.loss or 0.0
            if progress.listened:
                progress.tell("step")
                if progress.stopped is not None and step < progress.steps:
                    return
        self.modes.switch(training=False)
        steps.history.record(**self._measured(), learning_rate=rate)
        progress.tell("epoch")

    def _batches(self) -> Iterator[Examples]:
        order = self.order.permutation(len(self.training))
        for start in range(0, len(order), self.batch_size):
            yield self.training.take(order[start : start + self.batch_size])

    def _measured(self) -> dict[str, float]:
        """The numbers of an epoch, under their names in the history."""
        numbers = {}
        parts = [("the loss of all examples", "", self.training)]
        if self.held_out:
            parts.append(("the validation loss", "validation_", self.held_out))
        for name, prefix, data in parts:
            with np.errstate(all="ignore"):  # An infinite mean is reported as what it is.
                loss, outputs = self.runner.evaluate(data)
            self.steps.check(name, loss)
            numbers[f"{prefix}loss"] = loss
            if decisions := task(self.runner.loss).decisions:
                numbers[f"{prefix}accuracy"] = decisions(outputs, data.y).accuracy
        penalty = self.runner.penalty()
        if penalty is not None:
            numbers["penalty"] = penalty
        return numbers

    def _look_back(self, start: Vector) -> None:
        """Advise if the loss of all examples has more than doubled since the start.

        The start is only measured where it may be so: a loss of some is known from the first step.
        """
        losses, optimizer = self.progress.history.loss, self.steps.optimizer
        if not losses or not _more_than_doubled(self._first, losses[-1]):
            return
        self._present = optimizer.vector.data.copy()
        try:
            optimizer.vector.assign(start)
            loss, _ = self.runner.evaluate(self.training)
        finally:
            self._put_back()
        if _more_than_doubled(loss, losses[-1]):
            self.advice = (
                f"the loss was {loss:.4g} before the first epoch and is {losses[-1]:.4g} after the "
                f"last. Lower the learning rate (it is {optimizer.rate:.4g}), standardise the "
                "inputs, or clip the gradients"
            )

    def _put_back(self) -> None:
        if self._present is not None:
            self.steps.optimizer.vector.assign(self._present)
            self._present = None

    def _leave(self) -> None:
        """The model is there to be used."""
        self.modes.switch(training=False)
        model = self.progress.model
        owner = getattr(model, "__self__", model)
        if isinstance(owner, Module):
            owner.eval()


def _more_than_doubled(before: float, after: float) -> bool:
    """Whether a loss has risen by more than its size; one below 0 too."""
    return after > before + abs(before)
