"""Schedules: the learning rate as a function of the step.

Any function of the step is one. The step is the number of steps that the optimizer has taken
before, from 0 on; in `fit` an epoch has as many as there are batches.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi

from nn.optimizers.habits import SCHEDULES
from nn.settings.configured import Configured
from nn.settings.counts import from_one
from nn.settings.ranges import above_zero, from_zero, up_to_one


class _Schedule(Configured):
    """The base: also the names that other libraries have for the arguments."""

    _here = SCHEDULES


class InverseTimeDecay(_Schedule):
    """`first / (1 + decay * step)` (Robbins & Monro, 1951).

    Parameters:
        first: above 0; the rate of the first step.
        decay: from 0 on; one over the number of steps after which the rate is halved.

    >>> rate = InverseTimeDecay(0.5, decay=0.01)
    >>> rate(0), rate(100)
    (0.5, 0.25)
    """

    def __init__(self, first: float, decay: float) -> None:
        self.first = above_zero("first", first)
        self.decay = from_zero("decay", decay)

    def __call__(self, step: int) -> float:
        return self.first / (1.0 + self.decay * step)


class ExponentialDecay(_Schedule):
    """`first * factor**step`.

    Parameters:
        first: above 0; the rate of the first step.
        factor: above 0, and 1 at most; what is left of the rate after each step.

    >>> rate = ExponentialDecay(0.5, factor=0.5)
    >>> rate(0), rate(1), rate(2)
    (0.5, 0.25, 0.125)
    """

    def __init__(self, first: float, factor: float) -> None:
        self.first = above_zero("first", first)
        self.factor = up_to_one("factor", factor)

    def __call__(self, step: int) -> float:
        return float(self.first * self.factor**step)


class StepDecay(_Schedule):
    """The rate falls at once, every so many steps: `first * factor**(step // every)`.

    Parameters:
        first: above 0; the rate of the first step.
        every: from 1 on; how many steps have the same rate.
        factor: above 0, and 1 at most; what is left of the rate then.

    >>> rate = StepDecay(0.5, every=100, factor=0.5)
    >>> rate(0), rate(99), rate(100), rate(200)
    (0.5, 0.5, 0.25, 0.125)
    """

    def __init__(self, first: float, every: int, factor: float = 0.1) -> None:
        self.first = above_zero("first", first)
        self.every = from_one("every", every)
        self.factor = up_to_one("factor", factor)

    def __call__(self, step: int) -> float:
        return float(self.first * self.factor ** (step // self.every))


class LinearDecay(_Schedule):
    """On a straight line from the first rate to the last, which then stays.

    Parameters:
        first: above 0; the rate of the first step.
        steps: from 1 on; after how many the rate is the last.
        last: from 0 on.

    >>> rate = LinearDecay(0.5, steps=100)
    >>> rate(0), rate(50), rate(100), rate(200)
    (0.5, 0.25, 0.0, 0.0)
    """

    def __init__(self, first: float, steps: int, last: float = 0.0) -> None:
        self.first = above_zero("first", first)
        self.steps = from_one("steps", steps)
        self.last = from_zero("last", last)

    def __call__(self, step: int) -> float:
        left = 1.0 - min(step / self.steps, 1.0)
        return self.last + (self.first - self.last) * left


class CosineDecay(_Schedule):
    """Half a wave of the cosine, from the first rate to the last (Loshchilov & Hutter, 2017).

    Parameters:
        first: above 0; the rate of the first step.
        steps: from 1 on; after how many the rate is the last, which then stays.
        last: from 0 on.

    >>> rate = CosineDecay(0.5, steps=100)
    >>> [round(rate(step), 6) for step in (0, 50, 100, 200)]
    [0.5, 0.25, 0.0, 0.0]
    """

    def __init__(self, first: float, steps: int, last: float = 0.0) -> None:
        self.first = above_zero("first", first)
        self.steps = from_one("steps", steps)
        self.last = from_zero("last", last)

    def __call__(self, step: int) -> float:
        left = 0.5 * (1.0 + cos(pi * min(step / self.steps, 1.0)))
        return self.last + (self.first - self.last) * left


class WarmUp(_Schedule):
    """On a straight line up to where another schedule, or a number, begins (Goyal et al., 2017).

    Parameters:
        steps: from 1 on; of how many the rate is lower.
        then: what follows; a schedule has its step 0 when the warm-up is over.

    >>> rate = WarmUp(4, LinearDecay(0.5, steps=10))
    >>> [round(rate(step), 6) for step in (0, 1, 2, 3, 4, 9, 14)]
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.0]
    """

    def __init__(self, steps: int, then: float | Callable[[int], float]) -> None:
        self.steps = from_one("steps", steps)
        if isinstance(then, type) or not callable(then):
            then = above_zero("what follows a warm-up, if it is no schedule,", then)
        self.then = then

    def __call__(self, step: int) -> float:
        rate = self.then(max(step - self.steps, 0)) if callable(self.then) else self.then
        return rate * min((step + 1) / (self.steps + 1), 1.0)
