"""What keeps finite differences from telling the slope of a function: kinks, edges, rounding.

This is asked where they do not agree with a derivative, or tell no slope, and saves from false
alarms: of a function that is smooth near a point, and for which there are floats enough there, no
hindrance is found.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.differences import (
    FIRST_STEP,
    FLOATS,
    Array,
    Function,
    moved,
    neighbourhood,
    noise,
    scale,
)

_SQUARES_UNDERFLOW = math.sqrt(sys.float_info.min)
_RATIO = 64.0  # of a step to the nearer one that it is compared with
_NEAREST = 1e-290  # a step from 0, over which slopes are no infinities yet


class Trouble(NamedTuple):
    """Why finite differences cannot tell a slope: in a word, and in a sentence for messages."""

    kind: Literal["kink", "not finite", "rounding"]
    text: str


def trouble(
    f: Function, point: Sequence[float], row: int, i: int, settled: bool, against: float | None
) -> Trouble | None:
    """What keeps finite differences from telling the slope of an output along input `i`, if any.

    Parameters:
        settled: whether they seem to tell it, as `compared` says.
        against: the derivative that they disagree with, if they do.

    >>> trouble(lambda x: np.cbrt(x), [0.0], 0, 0, settled=True, against=math.inf).kind
    'not finite'
    """
    with np.errstate(all="ignore"):
        value = f(point)[row]
        if not np.isfinite(value):
            text = f"the function is {value} there: check it where it is finite"
            return Trouble("not finite", text)
        left, right, kink = (each[row] for each in kinks(f, point, i))
        if kink:
            text = (
                f"the function has a kink or a jump there, with the slope {left:.6g} on the left "
                f"and {right:.6g} on the right: check it where it is smooth"
            )
            return Trouble("kink", text)
        step = max(neighbourhood(point[i]), math.ulp(point[i]))
        beside = [f(moved(point, i, distance))[row] for distance in (-step, step)]
        if not settled and not np.isfinite(beside).all():
            text = "the function is not finite on both sides: check it inside of its domain"
            return Trouble("not finite", text)
        if against is None:
            return None
        return _beyond(f, point, row, i, against)


def _beyond(
    f: Function, point: Sequence[float], row: int, i: int, against: float
) -> Trouble | None:
    """What a slope that is found may have overlooked."""
    x, is_flat = point[i], _is_flat(f, point, row, i)
    if _is_vertical(f, point, i)[row]:
        text = "the slope of the function grows without bound there: check it where it is finite"
        return Trouble("not finite", text)
    # Of a staircase one may see the steps, and the other the ascent.
    size = abs(x) or 1.0
    if FLOATS * math.ulp(x) > (min(size, 1.0) if is_flat or against == 0.0 else size):
        text = (
            f"the floats there are {math.ulp(x):.6g} apart, and what the function does between "
            "them cannot be seen: check it at a more ordinary number"
        )
        return Trouble("rounding", text)
    if 0.0 < abs(x) < _SQUARES_UNDERFLOW and is_flat:
        text = f"{x:.6g} is so small that numbers underflow: check it at a larger one"
        return Trouble("rounding", text)
    if _is_unresolved(f, point, i)[row]:
        text = (
            "the function goes up and down from one float to the next: check it where it changes "
            "less"
        )
        return Trouble("rounding", text)
    return None


def _is_vertical(f: Function, point: Sequence[float], i: int) -> Any:
    """Whether on a side the slopes over nearer steps grow by the same factor again and again.

    They do where the function goes like a root. The factor for a jump is that of the steps.
    """
    nearest = max(8.0 * math.ulp(point[i]), _NEAREST)
    steps = (nearest * _RATIO**2, nearest * _RATIO, nearest)
    far, middle, near = (np.abs(_sides(f, point, i, step)) for step in steps)
    growth = middle / far
    steady = np.abs(near / middle / growth - 1.0) < 0.1
    return (steady & (growth > 1.2) & (growth < 0.75 * _RATIO)).any(axis=0)


def _is_flat(f: Function, point: Sequence[float], row: int, i: int) -> bool:
    """Whether the function is the same among neighbours."""
    near = neighbourhood(point[i])
    return len({float(f(moved(point, i, step))[row]) for step in (-near, 0.0, near)}) == 1


def _is_unresolved(f: Function, point: Sequence[float], i: int) -> Any:
    """Whether the function changes as much among neighbours as it does further away.

    Rounding makes every function do so where it is flat, but by little beside the function itself.
    """
    rough, here = noise(f, point, i), f(point)
    step = scale(point[i]) * FIRST_STEP
    away = [np.abs(f(moved(point, i, distance)) - here) for distance in (-step, step)]
    much = rough > np.maximum(1e-3 * np.abs(here), _NEAREST)
    return much & (_RATIO * rough > np.maximum(*away))


def kinks(f: Function, point: Sequence[float], i: int) -> tuple[Array, Array, Any]:
    """The slopes on the left and on the right along input `i`, and where they differ for good.

    Where a function is smooth they differ less the nearer one looks; at a kink as much, and at a
    jump as much more as the step is smaller.
    """
    width = max(scale(point[i]), 1e-6 * abs(point[i]))
    far, near = (_sides(f, point, i, width * step) for step in (1e-4, 1e-4 / _RATIO))
    apart_far, apart_near = np.abs(far[1] - far[0]), np.abs(near[1] - near[0])
    kink = (apart_near > 0.5 * apart_far) & (apart_near < 2.0 * apart_far)
    kink &= apart_near > 1e-3 * np.maximum(np.abs(near[0]), np.abs(near[1]))
    kink &= apart_near > _RATIO * noise(f, point, i) / (width * 1e-4)  # and not rounding
    height = apart_near * width * 1e-4 / _RATIO
    jump = np.abs(apart_near / apart_far / _RATIO - 1.0) < 0.1
    jump &= height > 1e-6 * np.abs(f(point))
    return *near, kink | jump


def _sides(f: Function, point: Sequence[float], i: int, step: float) -> tuple[Array, Array]:
    ahead, behind = moved(point, i, step), moved(point, i, -step)
    here = f(point)
    left = (here - f(behind)) / np.float64(point[i] - behind[i])
    return left, (f(ahead) - here) / np.float64(ahead[i] - point[i])
