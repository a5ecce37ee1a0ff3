"""The training loop: shuffled minibatches, and one step for each."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from autograd.compiler import Backend, CompilationError, checked_backend
from autograd.compiler.eager import example
from autograd.context import recording
from autograd.graph import topological_order
from autograd.value import Value
from nn.counts import from_one
from nn.losses import cross_entropy
from nn.module import Module
from nn.optimizers import Adam, Optimizer
from nn.seeds import Seed, generator
from nn.training.divergence import InterruptionWarning
from nn.training.examples import Examples, checked, task
from nn.training.history import History
from nn.training.running import Loss, Model, Running
from nn.training.steps import Steps


def fit(
    model: Model,
    X: Any,
    y: Any,
    *,
    loss: Loss = cross_entropy,
    optimizer: Optimizer | None = None,
    epochs: int = 20,
    batch_size: int = 32,
    validation: tuple[Any, Any] | None = None,
    seed: Seed = 0,
    progress: bool = True,
    backend: Backend = "numpy",
) -> History:
    """Train a model on examples: one step down the mean loss of each minibatch.

    Parameters:
        model: a module, or any function of one example, which is a list of numbers.
        X: numbers, an example to each index of the first axis.
        y: the target of each example.
        loss: a function of the model's output for one example and its target, giving a Value.
        optimizer: by default `Adam(model.parameters(), learning_rate=0.01)`.
        epochs: how often to go through all examples, from 1 on.
        batch_size: the examples of a step, from 1 on; the last step of an epoch may have fewer.
        validation: examples and targets (X, y) that are measured but not learned from.
        seed: of the shuffling: a whole number, which gives the same parameters each time, to the
            last bit; NumPy's generator; or None, for another order each time.
        progress: show a progress bar with losses and accuracies.
        backend: "numpy" runs the examples of a batch together, as a program compiled from the
            scalar graph; "eager" runs one after the other, which a model needs that decides by
            the numbers of an example what to compute.

    Raises:
        ValueError, TypeError: something does not fit, as the message says. Nothing has changed.
        CompilationError: the model or the loss cannot be compiled, or came to compute something
            else while it trained (see below).
        DivergenceError: a loss or a parameter became NaN or infinite. The parameters, and what
            the optimizer remembers, are those of the last finite loss.

    With `backend="numpy"` model and loss are recorded once and not called for each example. As
    `autograd.compiled` says in full, attributes of Modules, closures, defaults and globals are
    watched, and a change is seen at the next step; for the contents of lists and dicts, other
    objects and random numbers, model and loss are recorded again at the second step, at the end,
    and now and then in between, and a difference is an error.

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
    epochs, batch_size = from_one("epochs", epochs), from_one("batch_size", batch_size)
    checked_backend(backend)
    random = generator(seed)
    _check_functions(model, loss, optimizer)
    # What calls the model does so in a context of its own: an interrupt leaves no block open.
    training, held_out, optimizer = copy_context().run(
        _tried, model, X, y, loss, optimizer, validation
    )
    history = History()
    runner = Running(model, loss, backend)
    steps = Steps(optimizer, history, task(loss).for_logits)
    batches = partial(_shuffled, training, batch_size, random)
    try:
        with _progress_bar(training, batch_size, epochs, progress) as bar:
            copy_context().run(_train, runner, steps, batches, epochs, training, held_out, bar)
    except (CompilationError, ValueError, TypeError) as error:
        error.add_note(f"({_place(steps, epochs)}; the parameters are as the last step left them)")
        raise
    except KeyboardInterrupt:
        steps.settle()
        history.interrupt()
        place = _place(steps, epochs)
        warnings.warn(f"training was interrupted in {place}", InterruptionWarning, stacklevel=2)
    return history


@recording()  # also under no_grad()
def _tried(
    model: Any, X: Any, y: Any, loss: Loss, optimizer: Optimizer | None, validation: Any
) -> tuple[Examples, Examples | None, Optimizer]:
    """The data, checked with the model and its loss, and the optimizer."""
    training, held_out = _data(model, loss, X, y, validation)
    # Only now, because a model may make its parameters when it is first called.
    if optimizer is None:
        optimizer = Adam(model.parameters(), learning_rate=0.01)
    _check_that_it_trains(optimizer, loss(model(example(training.X[0])), example(training.y[0])))
    return training, held_out, optimizer


@recording()
def _train(
    runner: Running,
    steps: Steps,
    batches: Callable[[], Iterator[Examples]],
    epochs: int,
    training: Examples,
    held_out: Examples | None,
    bar: Any,
) -> None:
    for epoch in range(1, epochs + 1):
        bar.set_description(f"epoch {epoch}/{epochs}", refresh=False)
        steps.begin(epoch)
        for batch in batches():
            steps.take(runner.mean_loss(batch))
            bar.update()
        steps.history.record(**_measured(runner, steps, training, held_out))
        bar.set_postfix_str(steps.history.latest)
    runner.check()


def _place(steps: Steps, epochs: int) -> str:
    return f"epoch {steps.epoch} of {epochs}, step {steps.step}"


def _measured(
    runner: Running, steps: Steps, training: Examples, held_out: Examples | None
) -> dict[str, float]:
    """The numbers of an epoch, under their names in the history."""
    numbers = {}
    accuracy = task(runner.loss).accuracy
    parts = [("the loss of all examples", "", training)]
    if held_out:
        parts.append(("the validation loss", "validation_", held_out))
    for name, prefix, data in parts:
        with np.errstate(all="ignore"):  # An infinite mean is reported as what it is.
            loss, outputs = runner.evaluate(data)
        steps.check(name, loss)
        numbers[f"{prefix}loss"] = loss
        if accuracy:
            numbers[f"{prefix}accuracy"] = accuracy(outputs, data.y)
    return numbers


def _shuffled(data: Examples, batch_size: int, generator: Generator) -> Iterator[Examples]:
    order = generator.permutation(len(data))
    for start in range(0, len(data), batch_size):
        yield data.take(order[start : start + batch_size])


def _progress_bar(data: Examples, batch_size: int, epochs: int, shown: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # In a notebook without widgets it is a line of text.
        from tqdm.auto import tqdm
    steps = epochs * -(-len(data) // batch_size)
    # With accuracies it fits in 80 columns, and leaves ten of them to the bar.
    layout = "{desc}{bar} {remaining}{postfix}"
    return tqdm(total=steps, bar_format=layout, dynamic_ncols=True, disable=not shown)


# ------------------------------------------------------------- checks, before anything changes


def _check_functions(model: Any, loss: Any, optimizer: Any) -> None:
    if isinstance(model, Module) and not callable(model):
        raise TypeError(
            f"{type(model).__name__} cannot be called: define __call__(self, x), which gives the "
            "output for one example (forward() is PyTorch's name for it)"
        )
    for name, function in {"model": model, "loss": loss}.items():
        if not callable(function):
            raise TypeError(f"the {name} must be a function, not {function!r:.80}")
    if optimizer is None and not hasattr(model, "parameters"):
        raise TypeError(
            f"{model!r:.80} does not say what its parameters are: make it a Module, or give "
            "optimizer=Adam([...]) with the parameters to train"
        )
    if not isinstance(optimizer, Optimizer | None):
        raise TypeError(
            f"the optimizer must be one such as Adam(model.parameters()), not {optimizer!r:.80}"
        )


def _data(
    model: Model, loss: Loss, X: Any, y: Any, validation: Any
) -> tuple[Examples, Examples | None]:
    training = checked(model, loss, X, y)
    if validation is None:
        return training, None
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (X, y), not {validation!r:.80}")
    return training, checked(model, loss, validation[0], validation[1], "validation ")


def _check_that_it_trains(optimizer: Optimizer, loss: Value) -> None:
    if set(optimizer.vector.parameters).isdisjoint(topological_order(loss)):
        raise ValueError(
            "the loss depends on none of the optimizer's parameters, so no step would change it. "
            "Were they another model's? Give the optimizer this model's parameters(). Or does the "
            "model or the loss compute with .data, float() or math's functions, which leave the "
            "graph? Compute with the Values themselves"
        )
