"""The learning-rate range test: which rates a model learns with, before it is trained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from math import inf
from typing import Any, Never

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from autograd.compiler import Backend, checked_backend
from autograd.compiler.eager import example
from autograd.context import recording
from autograd.value import Value
from nn.losses import cross_entropy
from nn.mode import Modes
from nn.optimizers import Optimizer
from nn.settings.counts import from_one
from nn.settings.ranges import above_zero
from nn.settings.seeds import Seed, generator
from nn.training import checks
from nn.training.divergence import DivergenceError
from nn.training.examples import Examples
from nn.training.habits import arguments_of, unexpected
from nn.training.history import History
from nn.training.running import Loss, Model, Penalty, Running
from nn.training.snapshot import Trial
from nn.training.steps import Steps

Array = NDArray[np.float64]

_DIVERGED = 4.0  # times the lowest loss until then, both as moving means
_KEPT = 0.9  # of a moving mean, at each step


@dataclass(frozen=True, eq=False)
class RateCurve:
    """What a learning-rate range test has found.

    Attributes:
        rates: the learning rates, rising, shape (n,).
        losses: of the batch that the step with each rate went down, shape (n,): where they fall,
            the rates below are good ones, and where they rise, those are too high.
    """

    rates: Array
    losses: Array


def learning_rate_range(
    model: Model,
    X: Any,
    y: Any,
    *,
    loss: Loss = cross_entropy,
    optimizer: Optimizer | None = None,
    penalty: Penalty | None = None,
    lowest: float = 1e-6,
    highest: float = 1.0,
    steps: int = 100,
    batch_size: int = 32,
    seed: Seed = 0,
    backend: Backend = "numpy",
    **unknown: Never,
) -> RateCurve:
    """Take steps with a learning rate that rises, and see what becomes of the loss (Smith, 2017).

    It ends where the moving mean of the losses is four times its lowest, or the loss is finite no
    more. Model and optimizer are then as they were, also after an error or an interrupt: numbers,
    gradients, and what modules draw from; not a generator of your own that no module has.

    Parameters:
        lowest, highest: the first rate and the last, above 0; each is the same multiple of the one
            before.
        steps: how many, from 2 on; each on another batch.

    All others are as in `fit`.

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP, SGD, moons
    >>> data, model = moons(100), MLP(2, [8, 2], seed=0)
    >>> optimizer = SGD(model.parameters())
    >>> curve = learning_rate_range(model, data.X, data.y, optimizer=optimizer, highest=1e3)
    >>> bool(1e-2 < curve.rates[curve.losses.argmin()] < curve.rates[-1])
    True
    """
    if unknown:
        raise unexpected("learning_rate_range", unknown, arguments_of(learning_rate_range))
    rates = _rates(lowest, highest, from_one("steps", steps))
    batch_size = from_one("batch_size", batch_size)
    checked_backend(backend)
    order = generator(seed)
    checks.functions(model, loss)
    checks.learning(model, optimizer, penalty)
    data, _, optimizer = copy_context().run(
        checks.tried, model, X, y, loss, optimizer, penalty, None
    )
    runner = Running(model, loss, backend, penalty)
    batches = _batches(data, batch_size, order)
    before = copy_context().run(_before, model, optimizer, loss, penalty, data)
    losses: list[float] = []
    try:
        try:
            copy_context().run(_descend, runner, optimizer, batches, rates, losses)
        finally:
            before.put_back()
    except KeyboardInterrupt:
        before.put_back()  # It may have come while it was put back.
        raise
    return RateCurve(rates[: len(losses)], np.array(losses))


@recording()
def _before(
    model: Model, optimizer: Optimizer, loss: Loss, penalty: Penalty | None, data: Examples
) -> Trial:
    def losses() -> list[Value]:
        of_example = loss(model(example(data.X[0])), example(data.y[0]))
        return [of_example] if penalty is None else [of_example, penalty(model)]

    return Trial(model, optimizer, losses)


def _rates(lowest: Any, highest: Any, steps: int) -> Array:
    lowest, highest = above_zero("lowest", lowest), above_zero("highest", highest)
    if not lowest < highest:
        raise ValueError(f"the highest rate, {highest:g}, must be above the lowest, {lowest:g}")
    if steps < 2:
        raise ValueError("steps must be 2 or more: from the lowest rate to the highest")
    rates: Array = np.geomspace(lowest, highest, steps)
    return rates


@recording()
def _descend(
    runner: Running,
    optimizer: Optimizer,
    batches: Iterator[Examples],
    rates: Array,
    losses: list[float],
) -> None:
    steps, lowest, moving = Steps(optimizer, History()), inf, 0.0
    with Modes(training=True), suppress(DivergenceError):
        for step, rate in enumerate(rates.tolist(), 1):
            optimizer.learning_rate = rate
            loss = runner.mean_loss(next(batches))
            steps.take(loss)
            losses.append(loss.data)
            moving = _KEPT * moving + (1.0 - _KEPT) * loss.data
            mean = moving / (1.0 - _KEPT**step)
            lowest = min(lowest, mean)
            if mean > _DIVERGED * lowest > 0.0:
                return


def _batches(data: Examples, batch_size: int, order: Generator) -> Iterator[Examples]:
    while True:
        shuffled = order.permutation(len(data))
        for start in range(0, max(len(data) - batch_size, 0) + 1, batch_size):  # whole ones only
            yield data.take(shuffled[start : start + batch_size])
