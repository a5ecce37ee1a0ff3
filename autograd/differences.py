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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Function = Callable[[Sequence[float]], Array]

FIRST_STEP = 1.0 / 64.0  # of the scale
_STEPS = 36  # each half of the one before
_NEIGHBOUR = 1e-8  # of the scale: so near, a function bends by nothing but rounding
FLOATS = 512.0  # on the smallest scale, of which the first step is then a few
_CONTRADICTION = 16.0  # how many times their errors two estimates of one slope cannot differ
_SMALLEST = 1e-13  # width, relative to the input, that still tells something
_EPSILON = sys.float_info.epsilon
_SMALLEST_FLOAT = math.ulp(0.0)
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
    rough = noise(f, point, i)
    found = _among_neighbours(f, point, i, rough)
    for width in sorted({scale(point[i]), max(abs(point[i]), 1.0)}):
        other = _extrapolated(f, point, i, width * FIRST_STEP, rough, tolerance)
        other = other._replace(errors=other.errors + _off_centre(f, point, i, width * FIRST_STEP))
        found = _better(found, _unless_contradicted(found, other))
        if (found.errors <= tolerance * np.abs(found.slopes)).all():
            break
    return found


def _among_neighbours(f: Function, point: Sequence[float], i: int, rough: Array) -> Estimate:
    """The slope over a step so near that it is told by rounding only, but overlooks nothing.

    Wider steps may span whole periods of a wave, or stand on both sides of a narrow peak.
    """
    step = 5.0 * neighbourhood(point[i])
    (slope, width), (nearer, _) = (_central(f, point, i, x) for x in (step, step / 2.0))
    errors = 4.0 * rough / width + 2.0 * np.abs(slope - nearer)
    return Estimate(slope, np.where(errors < 0.1 * np.abs(slope), errors, np.nan))


def _off_centre(f: Function, point: Sequence[float], i: int, step: float) -> Array:
    """How much the slope changes to the middle of a step: a small input is lost beside a wide one.

    So the slope of `x * x` at 1e-200 would be taken for that at 0.
    """
    ahead, behind = moved(point, i, step), moved(point, i, -step)
    off = abs((ahead[i] + behind[i]) / 2.0 - point[i])
    bend = np.abs(f(ahead) - 2.0 * f(point) + f(behind)) / step / step
    # Of an odd function that is 0 at the middle: there the slope bends, but to both sides alike.
    turn = np.abs(_central(f, point, i, step)[0] - _central(f, point, i, step / 2.0)[0]) / step
    change = off * (bend + turn)
    return np.where(np.isfinite(change), change, 0.0)


def scale(x: float) -> float:
    """The smaller one of the scale of the input and of 1; but some floats must lie on it."""
    return max(min(abs(x) or 1.0, 1.0), FLOATS * math.ulp(x))


def neighbourhood(x: float) -> float:
    """A distance that has a few floats on it, and is small for a function of the input."""
    return max(_NEIGHBOUR * scale(x), 8.0 * math.ulp(x))


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
    f: Function, point: Sequence[float], i: int, step: float, rough: Array, tolerance: float
) -> Estimate:
    found, previous, change = _nothing(rough), list[Array](), np.full_like(rough, np.nan)
    rounding = _rounding(f(point))
    for _ in range(_STEPS):
        slope, width = _central(f, point, i, step)
        while not np.isfinite(slope).all() and width > _SMALLEST * abs(point[i]):
            step /= 4.0  # An end of the domain is near, or a pole.
            slope, width = _central(f, point, i, step)
        row = _row(slope, previous)
        if previous:
            last, change = change, np.abs(slope - previous[0])
            # Where the slopes still grow, or jump about, extrapolations agree by chance only.
            settling = (change < 0.75 * last) | (change <= rough / width)
            for value, rougher, before in zip(row[1:], row, previous, strict=False):
                apart = np.maximum(np.abs(value - rougher), np.abs(value - before))
                errors = np.where(settling, apart + rough / width, np.nan)
                found = _better(found, Estimate(value, errors))
        # For a slope of 0, what follows from the rounding of a result must be enough.
        enough = np.maximum(tolerance * np.abs(found.slopes), 4.0 * rounding / width)
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


def noise(f: Function, point: Sequence[float], i: int) -> Array:
    """How much rounding changes the function's values: their third differences nearby.

    Those of each side by itself, because what bends between the sides may be a kink.
    """
    spacing = neighbourhood(point[i])
    sides = [[f(moved(point, i, s * k * spacing)) for k in range(1, 6)] for s in (-1.0, 1.0)]
    bends = np.abs(np.diff(np.array(sides), 3, axis=1)).max(axis=(0, 1))
    return np.where(np.isfinite(bends), bends, 0.0) + _rounding(f(point))


def _rounding(values: Array) -> Array:
    """How much numbers are rounded at most; those near 0 are by as much as a smallest float."""
    return _EPSILON * np.abs(values) + _SMALLEST_FLOAT


def _central(f: Function, point: Sequence[float], i: int, step: float) -> tuple[Array, float]:
    """A central difference, and the width that it is taken over."""
    ahead, behind = moved(point, i, step), moved(point, i, -step)
    width = ahead[i] - behind[i]
    return (f(ahead) - f(behind)) / np.float64(width), width


def moved(point: Sequence[float], i: int, distance: float) -> list[float]:
    """The point with input `i` changed by a distance."""
    numbers = list(point)
    numbers[i] += distance
    return numbers
