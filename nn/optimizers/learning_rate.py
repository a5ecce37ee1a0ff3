"""The learning rate: a number, or a schedule that gives one for each step."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from nn.settings.ranges import above_zero, is_number

Schedule = Callable[[int], float]
LearningRate = float | Schedule


def checked(learning_rate: Any) -> LearningRate:
    """The same, if it is a number or a function.

    Raises:
        TypeError, ValueError: it is neither, or no finite number above 0.
    """
    if isinstance(learning_rate, type):
        raise TypeError(
            f"learning_rate takes a schedule, such as {learning_rate.__name__}(...), and not the "
            "class"
        )
    if callable(learning_rate):
        schedule: Schedule = learning_rate
        return schedule
    if not is_number(learning_rate):
        raise TypeError(
            "the learning rate is a number, or a function of the step that gives one, "
            f"not {learning_rate!r:.80}"
        )
    return above_zero("the learning rate", learning_rate)


def scheduled(schedule: Schedule, step: int) -> float:
    """The learning rate that a schedule gives for a step; 0, which moves nothing, is one.

    Raises:
        ValueError: it gives no finite number from 0 on.
    """
    rate = schedule(step)
    if not is_number(rate) or not isfinite(rate) or rate < 0:
        raise ValueError(
            f"the schedule {schedule!r:.80} gives {rate!r:.80} for step {step}: a learning rate "
            "is a finite number from 0 on"
        )
    return float(rate)
