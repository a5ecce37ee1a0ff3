"""Gradients that parameters hold, beside those of the loss on the examples alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from autograd.value import Value
from nn.training.linting.findings import Finding
from nn.training.linting.layers import THE_MODEL
from nn.training.linting.observation import Observation

Vector = NDArray[np.float64]
Held = dict[Value, float]

_ROUNDING = 1e-6
_REMEDY = "Call optimizer.zero_grad() before each backward(), which adds to what is there"


def held_by(seen: Observation) -> Held:
    """The gradients that the parameters hold now; empty if some hold none."""
    if not all(parameter.has_grad for parameter in seen.sums):
        return {}
    return {parameter: parameter.grad for parameter in seen.sums}


def accumulated(seen: Observation, before: Held | None = None) -> Iterator[Finding]:
    """Whether gradients hold those of several backward passes, as far as that is certain.

    That is so if they are a whole multiple of the present gradient, of the mean or the sum of the
    losses; or, when `before` is known, that at the last step, if they are the sum of both. Other
    gradients may be those of another batch, of a penalty, or of what dropout left.

    Parameters:
        seen: the batch of the last `backward()`; nothing is said of a part of it.
    """
    held, count = held_by(seen), len(seen.losses)
    if not held or count < seen.of:
        return
    grad = np.array([held[parameter] for parameter in seen.sums])
    own = np.array([*seen.sums.values()])
    if not (np.isfinite(grad).all() and own.any() and grad.any()):
        return
    times = float(grad @ own / (own @ own)) * count  # of the mean
    if _close(grad, own * (times / count)):
        passes = times / count if _whole(times / count) > 1 else times
        if _whole(passes) > 1 and _whole(times) != count:
            yield _finding(passes, f"the gradients are {passes:.0f} times those of one backward()")
        return
    earlier = np.array([(before or {}).get(parameter, 0.0) for parameter in seen.sums])
    for present in (own / count, own):
        if earlier.any() and _close(grad - present, earlier):
            ratio = float(np.linalg.norm(grad) / np.linalg.norm(present))
            yield _finding(
                ratio,
                "the gradients are those of this step and of the one before, together of "
                f"{ratio:.3g} times the size",
            )
            return


def _finding(number: float, what: str) -> Finding:
    return Finding("forgotten zero_grad", THE_MODEL, number, what, _REMEDY)


def _whole(x: float) -> int:
    """The number if it is whole, else 0."""
    return round(x) if abs(x - round(x)) < _ROUNDING * abs(x) else 0


def _close(a: Vector, b: Vector) -> bool:
    return bool(np.linalg.norm(a - b) <= _ROUNDING * np.linalg.norm(b))
