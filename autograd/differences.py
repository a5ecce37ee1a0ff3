"""Derivatives by finite differences, each with an estimate of its own error.

Central differences with ever smaller steps are extrapolated to a step of 0 (Ridders, 1982), and
the extrapolation that changes least is taken. The first step is relative to the input, because a
function of a small number may well change on the scale of that number; and it is relative to 1,
because one of a large number may do so, as `sin` does. Over wide steps a wave looks flat: the
nearer look is right.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Function = Callable[[Sequence[float]], Array]

_FIRST_STEP = 1.0 / 64.0  # of the scale
_STEPS = 36  # each half of the one before
_NEIGHBOUR = 1e-8  # of the scale: so near, a function bends by nothing but rounding
_ULPS = 512.0  # the smallest scale, of which the first step is then a few floats
_CONTRADICTION = 16.0  # how many times their errors two estimates of one slope cannot differ
_SMALLEST = 1e-13  # width, relative to the input, that still tells something
_FAR, _NEAR = 1e-4, 1e-4 / 64.0  # steps to look for kinks with, of their scale
_EPSILON = sys.float_info.epsilon
_SAFETY = 4.0  # how much larger an error may be than it was estimated


class Estimate(NamedTuple):
    """Derivatives and how wrong they may be, arrays of one shape; NaN where none was found."""

    slopes: Array
    errors: Array


def differences(f: Function, point: Sequence[float], tolerance: float = 1e-8) -> Estimate:
    """The derivatives of a function of numbers that gives an array.

    Parameters:
        tolerance: the relative error with which it is content.

    Returns:
        The derivatives in an array that has one axis more, the last one, for the inputs.

    >>> slopes, errors = differences(lambda x: np.sin(x), [0.0], tolerance=1e-12)
    >>> bool(abs(slopes[0, 0] - 1.0) <= errors[0, 0] < 1e-12)
    True
    """
    columns = [_column(f, point, i, tolerance) for i in range(len(point))]
    return Estimate(*(np.stack(parts, axis=-1) for parts in zip(*columns, strict=True)))


class Compared(NamedTuple):
    """Derivatives beside finite differences, arrays of one shape.

    Attributes:
        expected: what finite differences give.
        errors: how wrong that may be.
        right: whether the two agree, as far as can be told.
        settled: whether the error is small beside what is expected.
    """

    expected: Array
    errors: Array
    right: NDArray[np.bool_]
    settled: NDArray[np.bool_]


def compared(f: Function, point: Sequence[float], found: Array, tolerance: float) -> Compared:
    """Derivatives of a function, shape (outputs, inputs), beside what finite differences give.

    >>> bool(compared(lambda x: np.sin(x), [0.0], np.array([[1.0]]), 1e-6).right)
    True
    """
    with np.errstate(all="ignore"):
        expected, errors = differences(f, point, 0.01 * tolerance)
        errors = _SAFETY * errors
        size = np.maximum(np.abs(found), np.abs(expected))
        right = np.abs(found - expected) <= tolerance * size + errors
        right &= np.isfinite(found)
        settled = errors <= 0.1 * _SAFETY * np.abs(expected)
    return Compared(expected, errors, right, settled)


def _column(f: Function, point: Sequence[float], i: int, tolerance: float) -> Estimate:
    """With respect to input `i`: over near steps, and then, if they do not tell, over wide ones."""
    noise = _noise(f, point, i)
    found = _nothing(noise)
    for scale in sorted({_scale(point[i]), max(abs(point[i]), 1.0)}):
        other = _extrapolated(f, point, i, scale * _FIRST_STEP, noise, tolerance)
        found = _better(found, _unless_contradicted(found, other))
        if (found.errors <= tolerance * np.abs(found.slopes)).all():
            break
    return found


def _scale(x: float) -> float:
    """The smaller one of the scale of the input and of 1; but some floats must lie on it."""
    return max(min(abs(x) or 1.0, 1.0), _ULPS * math.ulp(x))


def _nothing(values: Array) -> Estimate:
    return Estimate(*[np.full(np.shape(values), np.nan)] * 2)


def _unless_contradicted(nearer: Estimate, wider: Estimate) -> Estimate:
    """The estimate over wider steps, without what the nearer one says cannot be."""
    apart = np.abs(wider.slopes - nearer.slopes)
    contradicted = apart > _CONTRADICTION * (nearer.errors + wider.errors)
    return Estimate(wider.slopes, np.where(contradicted, np.nan, wider.errors))


def _better(known: Estimate, other: Estimate) -> Estimate:
    """Of each number the estimate with the smaller error."""
    better = (other.errors < known.errors) | np.isnan(known.errors)
    return Estimate(*(np.where(better, b, a) for a, b in zip(known, other, strict=True)))


def _extrapolated(
    f: Function, point: Sequence[float], i: int, step: float, noise: Array, tolerance: float
) -> Estimate:
    found, previous, moved = _nothing(noise), list[Array](), np.full_like(noise, np.nan)
    here = f(point)
    for _ in range(_STEPS):
        slope, width, bend = _central(f, point, here, i, step)
        while not np.isfinite(slope).all() and width > _SMALLEST * abs(point[i]):
            step /= 4.0  # An end of the domain is near, or a pole.
            slope, width, bend = _central(f, point, here, i, step)
        row = _row(slope, previous)
        if previous:
            off_centre = _off_centre(point[i], step)
            last, moved = moved, np.abs(slope - previous[0])
            # Where the slopes still grow, or jump about, extrapolations agree by chance only.
            settling = (moved < 0.75 * last) | (moved <= noise / width)
            for value, rougher, before in zip(row[1:], row, previous, strict=False):
                change = np.maximum(np.abs(value - rougher), np.abs(value - before))
                lean = off_centre * ((bend + moved) / width) if off_centre else 0.0
                errors = np.where(settling, change + noise / width + lean, np.nan)
                found = _better(found, Estimate(value, errors))
        # For a slope of 0, what follows from the rounding of a result must be enough.
        enough = np.maximum(tolerance * np.abs(found.slopes), 4.0 * _EPSILON * np.abs(here) / width)
        if (found.errors <= enough).all():
            break
        step, previous = step / 2.0, row
    return found


def _row(slope: Array, previous: Sequence[Array]) -> list[Array]:
    """A central difference and its extrapolations, without its error of order 2, 4, 6 ..."""
    row, factor = [slope], 1.0
    for before in previous:
        factor *= 4.0
        row.append((factor * row[-1] - before) / (factor - 1.0))
    return row


def _noise(f: Function, point: Sequence[float], i: int) -> Array:
    """How much rounding changes the function's values: their third differences nearby.

    Those of each side by itself, because what bends between the sides may be a kink.
    """
    spacing = max(_NEIGHBOUR * _scale(point[i]), 8.0 * math.ulp(point[i]))
    sides = [[f(_moved(point, i, s * k * spacing)) for k in range(1, 6)] for s in (-1.0, 1.0)]
    bends = np.abs(np.diff(np.array(sides), 3, axis=1)).max(axis=(0, 1))
    rounding = np.maximum(_EPSILON * np.abs(f(point)), math.ulp(0.0))  # of what underflows too
    noise: Array = np.where(np.isfinite(bends), bends, 0.0) + rounding
    return noise


def _central(
    f: Function, point: Sequence[float], here: Array, i: int, step: float
) -> tuple[Array, float, Array]:
    """A central difference, the width that it is taken over, and how the slope changes there."""
    ahead, behind = _moved(point, i, step), _moved(point, i, -step)
    width = np.float64(ahead[i] - behind[i])
    after, before = f(ahead), f(behind)
    bend = 4.0 * np.abs((after - here) / width - (here - before) / width)
    return (after - before) / width, float(width), bend


def _off_centre(x: float, step: float) -> float:
    """How far from the input the middle of a step is: beside a wide one, a small one is lost."""
    ahead, behind = x + step, x - step
    if not (math.isfinite(ahead) and math.isfinite(behind)):
        return math.nan
    return abs(math.fsum([ahead / 2.0, -x / 2.0, behind / 2.0, -x / 2.0]))


class Trouble(NamedTuple):
    """Why finite differences cannot tell a slope: in a word, and in a sentence for messages."""

    kind: Literal["kink", "not finite"]
    text: str


def trouble(f: Function, point: Sequence[float], row: int, i: int, settled: bool) -> Trouble | None:
    """What keeps finite differences from telling the slope of an output along input `i`, if any.

    Parameters:
        settled: whether they seem to tell it, as `compared` says.
    """
    with np.errstate(all="ignore"):
        value = f(point)[row]
        if not np.isfinite(value):
            text = f"the function is {value} there: check it where it is finite"
            return Trouble("not finite", text)
        left, right, kink = (each[row] for each in kinks(f, point, i))
        step = max(_kink_scale(point[i]) * _NEAR, math.ulp(point[i]))
        beside = [f(_moved(point, i, distance))[row] for distance in (-step, step)]
    if kink:
        text = (
            f"the function has a kink or a jump there, with the slope {left:.6g} on the left "
            f"and {right:.6g} on the right: check it where it is smooth"
        )
        return Trouble("kink", text)
    if not settled and not np.isfinite(beside).all():
        text = "the function is not finite on both sides: check it inside of its domain"
        return Trouble("not finite", text)
    return None


def kinks(f: Function, point: Sequence[float], i: int) -> tuple[Array, Array, Any]:
    """The slopes on the left and on the right along input `i`, and where they differ for good.

    Where a function is smooth they differ less the nearer one looks; at a kink as much, and at a
    jump as much more as the step is smaller.
    """
    scale, ratio = _kink_scale(point[i]), _FAR / _NEAR
    far, near = (_sides(f, point, i, scale * step) for step in (_FAR, _NEAR))
    apart_far, apart_near = np.abs(far[1] - far[0]), np.abs(near[1] - near[0])
    kink = (apart_near > 0.5 * apart_far) & (apart_near < 2.0 * apart_far)
    kink &= apart_near > 1e-3 * np.maximum(np.abs(near[0]), np.abs(near[1]))
    height = apart_near * scale * _NEAR
    jump = np.abs(apart_near / apart_far / ratio - 1.0) < 0.1
    jump &= height > 1e-6 * np.abs(f(point))
    return *near, kink | jump


def _kink_scale(x: float) -> float:
    return max(_scale(x), 1e-6 * abs(x))


def _sides(f: Function, point: Sequence[float], i: int, step: float) -> tuple[Array, Array]:
    ahead, behind = _moved(point, i, step), _moved(point, i, -step)
    here = f(point)
    left = (here - f(behind)) / np.float64(point[i] - behind[i])
    return left, (f(ahead) - here) / np.float64(ahead[i] - point[i])


def _moved(point: Sequence[float], i: int, distance: float) -> list[float]:
    numbers = list(point)
    numbers[i] += distance
    return numbers
