"""Functions written in Values, at many points: their numbers and derivatives, by the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.context import recording
from autograd.differentiation import gradient
from autograd.transforms import derivative
from autograd.value import Value
from viz.plots.drawable import check_drawable, drawable

Array = NDArray[np.float64]
Interval = tuple[float, float]
Curve = Callable[[Value], Any]
Surface = Callable[[Value, Value], Any]

JUMP = 0.05  # of what is seen of a curve: less than that between two points is no jump
CLOSER = 8  # times to look, each time at a quarter, for a pole


class Sampled(NamedTuple):
    """A function of one number at points from left to right, all of shape (n,).

    Attributes:
        height: the function itself, at any other number.
    """

    xs: Array
    ys: Array
    slopes: Array
    height: Callable[[float], float]


def interval(name: str, given: Any) -> Interval:
    """A lower and an upper end.

    Raises:
        TypeError, ValueError: there are no two finite numbers, the lower first.
    """
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is two numbers, such as (-3, 3), not {given!r:.60}") from None
    if not low < high:
        raise ValueError(f"{name} is from a lower to a higher finite number, not {given!r:.60}")
    check_drawable(name, (low, high))
    return low, high


def sampled(f: Curve, between: Interval, count: int, order: int = 0) -> Sampled:
    """The function, or its derivative of that order, and the derivative of it.

    Raises:
        TypeError: the function leaves the graph, as those of `math` do.
    """
    xs = np.linspace(*between, count)

    def height(x: float) -> float:
        return float(derivative(f, x, order))

    ys = _shown(np.array([*map(height, xs.tolist())]))
    slopes = np.array([derivative(f, x, order + 1) for x in xs.tolist()])
    return Sampled(xs, ys, slopes, height)


def with_gaps(curve: Sampled) -> Array:
    """The heights (n,), NaN where they are not finite, and behind a jump.

    A jump is what the derivatives beside it do not explain: that of a pole goes against both, that
    of a step is beyond both.
    """
    xs, ys, slopes, _ = curve
    heights = ys.copy()
    low, high = seen(curve)
    with np.errstate(invalid="ignore", over="ignore"):
        rises, steps = np.diff(heights), np.diff(xs)
        steepest = np.fmax(np.abs(slopes[:-1]), np.abs(slopes[1:])) * steps
        against = (rises * slopes[:-1] < 0) & (rises * slopes[1:] < 0)
        jumps = (np.abs(rises) > JUMP * (high - low)) & (against | (np.abs(rises) > 4 * steepest))
    heights[1:][jumps] = np.nan
    return heights


def seen(curve: Sampled) -> Interval:
    """From where to where a curve is worth looking at: what shoots up at a pole is left out."""
    finite = np.flatnonzero(np.isfinite(curve.ys))
    if not len(finite):
        return 0.0, 1.0
    heights = curve.ys[finite]
    middle_low, middle_high = np.quantile(heights, [0.1, 0.9]).tolist()
    room = 3.0 * (middle_high - middle_low) or 1.0
    low, high = float(heights.min()), float(heights.max())
    if low < middle_low - room and _is_pole(curve, int(finite[heights.argmin()])):
        low = middle_low - room
    if high > middle_high + room and _is_pole(curve, int(finite[heights.argmax()])):
        high = middle_high + room
    return low, high


def _is_pole(curve: Sampled, i: int) -> bool:
    """Whether the curve goes on to grow where one looks closer, and closer, around a point."""
    highest = abs(curve.ys[i])
    left, right = curve.xs[max(i - 1, 0)], curve.xs[min(i + 1, len(curve.xs) - 1)]
    for _ in range(CLOSER):
        xs = np.linspace(left, right, 9)
        heights = np.abs([curve.height(x) for x in xs.tolist()])
        if np.isinf(heights).any():
            return True
        k = int(np.where(np.isnan(heights), -1.0, heights).argmax())
        left, right = xs[max(k - 1, 0)], xs[min(k + 1, 8)]
    return bool(heights[k] > 10.0 * highest)


def surface(f: Surface, xs: Array, ys: Array) -> Array:
    """A function of two numbers on a grid, shape (len(ys), len(xs)); NaN where it is not finite."""
    rows = [[_number(f(Value(x), Value(y))) for x in xs.tolist()] for y in ys.tolist()]
    return _shown(np.array(rows))


@recording()
def slope(f: Surface, point: Sequence[float]) -> Array:
    """The gradient of a function of two numbers, shape (2,)."""
    x, y = Value(point[0]), Value(point[1])
    height = f(x, y)
    if not isinstance(height, Value):
        return np.zeros(2)
    return np.array([partial.data for partial in gradient(height, [x, y])])


def _shown(heights: Array) -> Array:
    return np.where(drawable(heights), heights, np.nan)


def _number(height: Any) -> float:
    if not isinstance(height, Value | float | int):
        raise TypeError(f"the function gives a Value for two Values, not {height!r:.60}")
    return float(height)
