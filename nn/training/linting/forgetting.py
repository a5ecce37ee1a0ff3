"""Gradients that parameters hold, beside those of the loss on the examples alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from autograd.value import Value
from nn.generators import generators
from nn.training.linting.findings import Finding
from nn.training.linting.layers import THE_MODEL
from nn.training.linting.observation import Observation

Vector = NDArray[np.float64]
Held = dict[Value, float]

_ROUNDING = 1e-6
_WHOLE = 1000.0  # Larger ratios are within rounding of a whole number by chance.
_REMEDY = (
    "If no factor of the loss and no batches that add up are meant, call optimizer.zero_grad() "
    "before each backward(), which adds to what is there"
)


def held_by(seen: Observation) -> Held:
    """The gradients that the parameters hold now; empty if some hold none."""
    if not all(parameter.has_grad for parameter in seen.sums):
        return {}
    return {parameter: parameter.grad for parameter in seen.sums}


def unchecked(seen: Observation) -> Iterator[str]:
    """Why gradients cannot be compared with those of the examples."""
    if not held_by(seen):
        return
    if len(seen.losses) < seen.of:
        yield (
            f"a forgotten zero_grad, because only {len(seen.losses):,} of {seen.of:,} examples "
            "were looked at, and the gradients may be those of all"
        )
    elif seen.owner and seen.owner.training and generators(seen.owner):
        yield "a forgotten zero_grad, because what the model drew in training cannot be drawn again"


def accumulated(seen: Observation, before: Held | None = None) -> Iterator[Finding]:
    """Whether gradients hold those of several backward passes, as far as numbers can show it.

    That may be if they are a whole multiple of the present gradient, of the mean or the sum of the
    losses; or, when `before` is known, that at the last step, if they are the sum of both. A factor
    of the loss, and batches that are to add up, look the same: so it is a question. Other
    gradients may be those of another batch, of a penalty, or of what dropout left.

    Parameters:
        seen: the batch of the last `backward()`; nothing is said of a part of it.
    """
    held, count = held_by(seen), len(seen.losses)
    if not held or count < seen.of:
        return
    grad = np.array([held[parameter] for parameter in seen.sums])
    own = np.array([*seen.sums.values()])
    if not (np.isfinite(grad).all() and np.isfinite(own).all() and own.any() and grad.any()):
        return
    earlier = np.array([(before or {}).get(parameter, 0.0) for parameter in seen.sums])
    size = np.abs(own).max()  # of which the square may overflow or underflow
    yield from _added(grad / size, own / size, earlier / size, count)


def _added(grad: Vector, own: Vector, earlier: Vector, count: int) -> Iterator[Finding]:
    times = float(grad @ own / (own @ own))  # of the sum of the losses
    if _close(grad, own * times):
        of_sum, of_mean = _whole(times), _whole(times * count)
        if max(of_sum, of_mean) > 1 and of_sum != 1:
            passes, reduced = (of_sum, "sum") if of_sum else (of_mean, "mean")
            yield _finding(passes, f"the gradients are {passes} times those of the {reduced} loss")
        return
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
    return Finding("forgotten zero_grad?", THE_MODEL, number, what, _REMEDY)


def _whole(x: float) -> int:
    """The number if it is whole, and not by chance, else 0."""
    return round(x) if abs(x) < _WHOLE and abs(x - round(x)) < _ROUNDING * abs(x) else 0


def _close(a: Vector, b: Vector) -> bool:
    return bool(np.linalg.norm(a - b) <= _ROUNDING * np.linalg.norm(b))
