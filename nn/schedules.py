"""Schedules: the learning rate as a function of the step.

Any function of the step is one. The step is the number of steps that the optimizer has taken
before, from 0 on; in `fit` an epoch has as many as there are batches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

from nn.counts import from_one
from nn.ranges import above_zero, from_zero, up_to_one


@dataclass(frozen=True)
class InverseTimeDecay:
    """`first / (1 + decay * step)` (Robbins & Monro, 1951).

    Parameters:
        first: above 0; the rate of the first step.
        decay: from 0 on; one over the number of steps after which the rate is halved.

    >>> rate = InverseTimeDecay(0.5, decay=0.01)
    >>> rate(0), rate(100)
    (0.5, 0.25)
    """

    first: float
    decay: float

    def __post_init__(self) -> None:
        above_zero("first", self.first)
        from_zero("decay", self.decay)

    def __call__(self, step: int) -> float:
        return self.first / (1.0 + self.decay * step)


@dataclass(frozen=True)
class ExponentialDecay:
    """`first * factor**step`.

    Parameters:
        first: above 0; the rate of the first step.
        factor: above 0, and 1 at most; what is left of the rate after each step.

    >>> rate = ExponentialDecay(0.5, factor=0.5)
    >>> rate(0), rate(1), rate(2)
    (0.5, 0.25, 0.125)
    """

    first: float
    factor: float

    def __post_init__(self) -> None:
        above_zero("first", self.first)
        up_to_one("factor", self.factor)

    def __call__(self, step: int) -> float:
        return float(self.first * self.factor**step)


@dataclass(frozen=True)
class StepDecay:
    """The rate falls at once, every so many steps: `first * factor**(step // every)`.

    Parameters:
        first: above 0; the rate of the first step.
        every: from 1 on; how many steps have the same rate.
        factor: above 0, and 1 at most; what is left of the rate then.

    >>> rate = StepDecay(0.5, every=100, factor=0.5)
    >>> rate(0), rate(99), rate(100), rate(200)
    (0.5, 0.5, 0.25, 0.125)
    """

    first: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        above_zero("first", self.first)
        from_one("every", self.every)
        up_to_one("factor", self.factor)

    def __call__(self, step: int) -> float:
        return float(self.first * self.factor ** (step // self.every))


@dataclass(frozen=True)
class LinearDecay:
    """On a straight line from the first rate to the last, which then stays.

    Parameters:
        first: above 0; the rate of the first step.
        steps: from 1 on; after how many the rate is the last.
        last: from 0 on.

    >>> rate = LinearDecay(0.5, steps=100)
    >>> rate(0), rate(50), rate(100), rate(200)
    (0.5, 0.25, 0.0, 0.0)
    """

    first: float
    steps: int
    last: float = 0.0

    def __post_init__(self) -> None:
        above_zero("first", self.first)
        from_one("steps", self.steps)
        from_zero("last", self.last)

    def __call__(self, step: int) -> float:
        left = 1.0 - min(step / self.steps, 1.0)
        return self.last + (self.first - self.last) * left


@dataclass(frozen=True)
class CosineDecay:
    """Half a wave of the cosine, from the first rate to the last (Loshchilov & Hutter, 2017).

    Parameters:
        first: above 0; the rate of the first step.
        steps: from 1 on; after how many the rate is the last, which then stays.
        last: from 0 on.

    >>> rate = CosineDecay(0.5, steps=100)
    >>> [round(rate(step), 6) for step in (0, 50, 100, 200)]
    [0.5, 0.25, 0.0, 0.0]
    """

    first: float
    steps: int
    last: float = 0.0

    def __post_init__(self) -> None:
        above_zero("first", self.first)
        from_one("steps", self.steps)
        from_zero("last", self.last)

    def __call__(self, step: int) -> float:
        left = 0.5 * (1.0 + cos(pi * min(step / self.steps, 1.0)))
        return self.last + (self.first - self.last) * left


@dataclass(frozen=True)
class WarmUp:
    """On a straight line up to where another schedule, or a number, begins (Goyal et al., 2017).

    Parameters:
        steps: from 1 on; of how many the rate is lower.
        then: what follows; a schedule has its step 0 when the warm-up is over.

    >>> rate = WarmUp(4, LinearDecay(0.5, steps=10))
    >>> [round(rate(step), 6) for step in (0, 1, 2, 3, 4, 9, 14)]
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.0]
    """

    steps: int
    then: float | Callable[[int], float]

    def __post_init__(self) -> None:
        from_one("steps", self.steps)
        if isinstance(self.then, type) or not callable(self.then):
            above_zero("what follows a warm-up, if it is no schedule,", self.then)

    def __call__(self, step: int) -> float:
        rate = self.then(max(step - self.steps, 0)) if callable(self.then) else self.then
        return rate * min((step + 1) / (self.steps + 1), 1.0)
