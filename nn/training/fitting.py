"""`fit`: a model is trained, and what there is of it is whole, whatever happens."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import closing
from contextvars import copy_context
from typing import Any, Never

from numpy.random import Generator

from autograd.compiler import Backend, checked_backend
from nn.losses import cross_entropy
from nn.optimizers import Optimizer
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator
from nn.training import checks
from nn.training.callbacks.bar import ProgressBar
from nn.training.checks import Callback
from nn.training.divergence import InterruptionWarning
from nn.training.habits import arguments_of, unexpected
from nn.training.history import History
from nn.training.loop import Loop, steps_of_an_epoch
from nn.training.progress import Progress
from nn.training.running import Loss, Model, Penalty, Running
from nn.training.steps import Steps
from nn.training.tasks import task


def fit(
    model: Model,
    X: Any,
    y: Any = None,
    *,
    loss: Loss = cross_entropy,
    optimizer: Optimizer | None = None,
    penalty: Penalty | None = None,
    epochs: int = 20,
    batch_size: int = 32,
    validation: tuple[Any, Any] | None = None,
    seed: Seed = 0,
    progress: bool = True,
    callbacks: Sequence[Callback] = (),
    history: History | None = None,
    backend: Backend = "numpy",
    **unknown: Never,
) -> History:
    """Train a model on examples: one step down the mean loss of each minibatch.

    Parameters:
        model: a module, or any function of one example, which is a list of numbers.
        X: numbers, an example to each index of the first axis.
        y: the target of each example.
        loss: a function of the model's output for one example and its target, giving a Value.
        optimizer: by default `Adam(model.parameters(), learning_rate=0.01)`.
        penalty: a function of the model, such as `L2(weights=1e-4)`, whose Value is added to the
            loss that is stepped down, and to no loss that is measured.
        epochs: how often to go through all examples, from 1 on.
        batch_size: the examples of a step, from 1 on; the last step of an epoch may have fewer.
        validation: examples and targets (X, y) that are measured but not learned from.
        seed: of the shuffling: a whole number, which gives the same parameters each time, to the
            last bit; NumPy's generator; or None, for another order each time.
        progress: show a progress bar with losses and accuracies.
        callbacks: functions that are told of each step and epoch, as a `Progress`; one that
            raises ends the training, with the parameters as the last step left them.
        history: an earlier one to go on with: these epochs are added to it. With the same
            optimizer, and the same whole number for a seed, it is as if it had not ended.
        backend: "numpy" runs the examples of a batch together, as a program compiled from the
            scalar graph; "c" the same program as machine code, if it can be made here, which is
            for long trainings: before the first step it is compiled, for a second or more where
            it was not compiled before; "eager" runs one after the other, which a model needs that
            decides by the numbers of an example what to compute.

    Modules are in training mode at steps, so that there is dropout, and in evaluation mode where
    all examples are measured, and in the end.

    Raises:
        ValueError, TypeError: something does not fit, as the message says. Nothing has changed.
        CompilationError: the model or the loss cannot be compiled, or came to compute something
            else while it trained (see below).
        DivergenceError: a loss or a parameter became NaN or infinite. The parameters, and what
            the optimizer remembers, are those of the last finite loss.

    Unless it is "eager", model and loss are recorded once and not called for each example. As
    `autograd.compiled` says in full, attributes of Modules, closures, defaults and globals are
    watched, and a change is seen at the next step; for the contents of lists and dicts, other
    objects and random numbers, model and loss are recorded again at the second step, at the end,
    and now and then in between, and a difference is an error.

    A loss that has more than doubled, from the start to the end, is said by a `RuntimeWarning`.
    An interrupt (Ctrl-C) ends it with an `InterruptionWarning`: the parameters are as the last
    whole step made them, the history has the epochs before.

    >>> from nn import MLP, SGD, mse
    >>> line = MLP(1, [1], seed=0)
    >>> descent = SGD(line.parameters(), learning_rate=0.2)
    >>> X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    >>> history = fit(line, X, y, loss=mse, optimizer=descent, epochs=200, progress=False)
    >>> round(line([10.0]).data, 3)
    21.0
    """
    if unknown:
        raise unexpected("fit", unknown, arguments_of(fit))
    epochs, batch_size = from_one("epochs", epochs), from_one("batch_size", batch_size)
    checked_backend(backend)
    order = generator(seed)
    checks.functions(model, loss)
    checks.learning(model, optimizer, penalty)
    listeners = checks.callbacks(callbacks)
    # What calls the model does so in a context of its own: an interrupt leaves no block open.
    training, held_out, optimizer = copy_context().run(
        checks.tried, model, X, y, loss, optimizer, penalty, validation
    )
    columns = checks.columns(loss, penalty, held_out)
    history = checks.history(history, columns)
    steps, bar = Steps(optimizer, history, task(loss).for_logits), ProgressBar()
    runner = Running(model, loss, backend, penalty)
    now = Progress(
        model,
        steps,
        epochs=len(history) + epochs,
        steps=steps_of_an_epoch(training, batch_size),
        columns=columns,
        examples=training,
        running=runner,
        callbacks=[bar, *listeners] if progress else listeners,
    )
    loop = Loop(now, steps, runner, training, held_out, batch_size, order)
    if not isinstance(seed, Generator):
        loop.skip(len(history))
    try:
        with closing(bar):
            copy_context().run(loop.run)
        if loop.advice:
            warnings.warn(loop.advice, RuntimeWarning, stacklevel=2)
    except KeyboardInterrupt:
        copy_context().run(loop.interrupt)
        warning = f"training was interrupted in {loop.place}"
        warnings.warn(warning, InterruptionWarning, stacklevel=2)
    return history
