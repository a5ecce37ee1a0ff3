"""A training in progress, as callbacks see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nn.optimizers import Optimizer
from nn.training.examples import Examples, checked
from nn.training.history import History
from nn.training.tasks import Task, task

if TYPE_CHECKING:
    from nn.training.running import Loss, Running
    from nn.training.steps import Steps

Event = Literal["begin", "step", "epoch", "end"]


class Progress:
    """What `fit` tells its callbacks: where the training is, and what it works on.

    A callback is called with it at each event, and looks at the one that it is for:

    - "begin": before the first step. After an error here parameters, optimizer and history are as
      they were.
    - "step": after a step.
    - "epoch": after an epoch was measured; its numbers are the last in the history.
    - "end": after the last epoch, also if the training was stopped or interrupted, but not if it
      ends with an error.

    They are told in their order, but of the beginning the last one first: so what one has put in
    the place of another's at the end, it takes away before that one looks for its own. Who was not
    told of the beginning, or raised then, is told of no end.

    Modules train at a step, and are used at all other events (`Module.training`). After `train()`
    or `eval()` in a callback they are in that mode until `fit` switches them next, which it does
    before and after the steps of an epoch, and at the end.

    Attributes:
        event: what has just happened.
        model, optimizer, history: what is trained, by what, and the epochs until now.
        epoch, epochs: the present epoch, from 1 on, and the last one.
        step, steps: the present step of the epoch, from 1 on, and how many there are in each.
        columns: the names of what is measured after each epoch, as the history has them.
        examples: what is trained on, as arrays: inputs `X` and targets `y`.
        stopped: why it was stopped, as `stop` was told; None if it goes on.
        listened: whether anybody is told of events.
        pictured: whether a callback shows the training, as `viz.Live` does, so that there is to be
            no progress bar; it says so at "begin".

    >>> from nn import MLP, fit, moons
    >>> def impatient(progress):
    ...     if progress.event == "epoch" and progress.history.accuracy[-1] > 0.8:
    ...         progress.stop("good enough")
    >>> data = moons(200)
    >>> model = MLP(2, [8, 2], seed=0)
    >>> history = fit(model, data.X, data.y, epochs=100, callbacks=[impatient], progress=False)
    >>> len(history) < 100, history.stopped
    (True, 'good enough')
    """

    event: Event = "begin"
    stopped: str | None = None
    pictured: bool = False

    def __init__(
        self,
        model: Any,
        at: Steps,
        epochs: int,
        steps: int,
        columns: Collection[str],
        examples: Examples,
        running: Running,
        callbacks: Sequence[Callable[[Progress], object]] = (),
    ) -> None:
        self.model, self._at = model, at
        self.epochs, self.steps = epochs, steps
        self.columns, self.examples = columns, examples
        self._running = running
        self._callbacks = callbacks
        self._begun: list[Callable[[Progress], object]] = []
        self.listened = bool(callbacks)

    @property
    def optimizer(self) -> Optimizer:
        return self._at.optimizer

    @property
    def history(self) -> History:
        return self._at.history

    @property
    def epoch(self) -> int:
        return self._at.epoch

    @property
    def step(self) -> int:
        return self._at.step

    @property
    def loss(self) -> float | None:
        """The loss that the last step went down, the mean of its batch, with the penalty.

        It is that of the parameters before the step; None before the first step.
        """
        return self._at.loss

    @property
    def loss_function(self) -> Loss:
        """The function of an output and its target that gives the loss of an example."""
        return self._running.loss

    @property
    def task(self) -> Task:
        """What is known of the loss: which outputs are right, if it is one for classes."""
        return task(self._running.loss)

    def predict(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """The model's present output for every example: shape (n,), or (n, k) for a list of k.

        Parameters:
            X: inputs like those of the examples. At a step the model is in training, so that
                there is dropout; at other events it is used.
        """
        # By the program that measures an epoch, so that none is compiled for this.
        anything = np.repeat(self.examples.y[:1], len(X), axis=0)
        with np.errstate(all="ignore"):
            return self._running.evaluate(Examples(X, anything))[1]

    def fitting(self, X: Any, y: Any) -> Examples:
        """Other examples, as arrays that fit the model and its loss as those of the training do.

        Raises:
            ValueError, TypeError: they do not, as the message says.
        """
        return checked(self.model, self.loss_function, X, y)[0]

    def stop(self, reason: str = "stopped by a callback") -> None:
        """End the training: after this step, whose epoch then does not count, or this epoch.

        Raises:
            TypeError: the reason is no text, or an empty one.
        """
        if not isinstance(reason, str) or not reason:
            raise TypeError(f"stop() takes a text that says why, not {reason!r:.80}")
        self.stopped = reason

    def tell(self, event: Event) -> None:
        """Call the callbacks."""
        self.event = event
        if event == "begin":
            for callback in reversed(self._callbacks):
                callback(self)
                self._begun.insert(0, callback)
        else:
            for callback in self._begun:
                callback(self)

    def __repr__(self) -> str:
        where = f"epoch {self.epoch} of {self.epochs}, step {self.step} of {self.steps}"
        return f"Progress({self.event!r}, {where})"
