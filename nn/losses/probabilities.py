"""Probabilities that go into a loss: checked where they have numbers, and their logarithms."""

from __future__ import annotations

import math
from typing import Any

from autograd import context
from autograd.operations import greater_equal, less_equal, log, maximum, minimum, where
from autograd.value import Value

# log(0) is taken for -100, as PyTorch does.
_SMALLEST_PROBABILITY = math.exp(-100.0)


def clamped_log(p: Value) -> Any:
    """The logarithm, which below -100 counts as -100."""
    return log(maximum(p, _SMALLEST_PROBABILITY))


def checked_probabilities(values: list[Value], name: str, for_logits: str) -> list[Value]:
    """The same if all are from 0 to 1; else an error or, where none can be raised, NaN.

    NaN is no error, in losses as in operations, but if one is NaN all are.
    """
    if context.current().tracer is None:  # While a function is recorded there are no numbers.
        numbers = [p.data for p in values]
        for p in numbers:
            if p < 0.0 or p > 1.0:
                raise ValueError(
                    f"{name}() of {p}, which is no probability from 0 to 1: "
                    f"for logits there is {for_logits}()"
                )
        if not any(map(math.isnan, numbers)):
            return values
    inside = greater_equal(minimum(values), 0.0) * less_equal(maximum(values), 1.0)
    return [where(inside, p, math.nan) for p in values]
