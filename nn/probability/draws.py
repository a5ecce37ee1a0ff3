"""Random draws, made of the engine's `uniform`: in a compiled function anew for every example."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import randomness
from autograd.operations import cos, greater_equal, less, less_equal, log1p, sqrt, where
from autograd.value import Value
from nn.probability.checks import is_known, number
from nn.settings.counts import is_whole
from nn.settings.ranges import check_temperature

Number = Value | float

_LARGEST = math.nextafter(1.0, 0.0)  # of what the engine's `uniform` draws


def uniform(low: Number, high: Number, generator: np.random.Generator) -> Value:
    """A number drawn evenly from [low, high).

    Parameters:
        low, high: numbers or Values; the draw has the derivatives of a point between them.
        generator: a seeded one, `np.random.default_rng(seed)`, made before.

    Raises:
        ValueError: `high` is below `low`. In a compiled function, which cannot raise for a number,
            the draw is NaN.
        TypeError: the generator is none.

    >>> round(uniform(-1.0, 1.0, np.random.default_rng(0)).data, 3)
    0.274
    """
    if number(low) > number(high):
        raise ValueError(f"uniform() from {low!r} to {high!r}: the lower bound comes first")
    draw: Value = _between(low, high, randomness.uniform(generator))
    if not _between(number(low), number(high), _LARGEST) < number(high):
        draw = where(greater_equal(draw, high), low, draw)  # It was rounded up to the end.
    if not (is_known(low) and is_known(high)):
        draw = where(less_equal(low, high), draw, math.nan)
    return draw


def _between(low: Any, high: Any, u: Any) -> Any:
    """`low + (high - low) u`; in halves, which is the same, where the difference may overflow."""
    if math.isfinite(number(high) - number(low)):
        return low + (high - low) * u
    half = 0.5 * low
    return 2.0 * (half + (0.5 * high - half) * u)


def normal(mean: Number, deviation: Number, generator: np.random.Generator) -> Value:
    """A number from the normal distribution, made of two even ones (Box & Muller, 1958).

    The tails reach as far as the 53 bits of an even number do, to 8.57 deviations.

    Parameters:
        mean, deviation: numbers or Values; the draw is `mean + deviation * z` with a constant z,
            so it has their derivatives (Kingma & Welling, 2014).
        generator: a seeded one, `np.random.default_rng(seed)`, made before.

    Raises:
        ValueError: the deviation is below 0. In a compiled function, which cannot raise for a
            number, the draw is NaN.
        TypeError: the generator is none.

    >>> round(normal(0.0, 1.0, np.random.default_rng(0)).data, 3)
    -0.177
    """
    if number(deviation) < 0.0:
        raise ValueError(f"normal() with the deviation {deviation!r}: it must not be below 0")
    # log1p, because the smallest radii are those of the largest numbers below 1.
    radius = sqrt(-2.0 * log1p(-randomness.uniform(generator)))
    z = radius * cos(math.tau * randomness.uniform(generator))
    if not is_known(deviation):
        deviation = where(greater_equal(deviation, 0.0), deviation, math.nan)
    draw: Value = mean + deviation * z
    return draw


def bernoulli(p: Number, generator: np.random.Generator) -> Value:
    """1 with probability `p`, else 0. No derivative passes to `p`, as none passes a step.

    Parameters:
        p: a number or a Value, from 0 to 1.
        generator: a seeded one, `np.random.default_rng(seed)`, made before.

    Raises:
        ValueError: `p` is no probability. In a compiled function, which cannot raise for a number,
            the draw is NaN.
        TypeError: the generator is none.

    >>> generator = np.random.default_rng(0)
    >>> [bernoulli(0.5, generator).data for _ in range(6)]
    [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    """
    if is_known(p) and not 0.0 <= p <= 1.0:
        raise ValueError(f"bernoulli() with the probability {p!r}, which is not from 0 to 1")
    draw: Value = less(randomness.uniform(generator), p)
    if not is_known(p):
        draw = where(greater_equal(p, 0.0) * less_equal(p, 1.0), draw, math.nan)
    return draw


def categorical(
    logits: Sequence[Number] | NDArray[Any],
    generator: np.random.Generator,
    temperature: Number = 1.0,
    top_k: int | None = None,
) -> int:
    """The index of a class, drawn with the probabilities `softmax(logits, temperature)`.

    Parameters:
        logits: one for each class; that of a class that is never drawn is minus infinity.
        generator: a seeded one, `np.random.default_rng(seed)`, made before; one number is drawn.
        temperature: above 0; below 1 the likely classes become likelier, above 1 less so.
        top_k: how many of the likeliest classes can be drawn, by default all. Of equal ones the
            first counts as likelier.

    Returns:
        A whole number from 0 on. A program that is compiled cannot depend on it: draw outside.

    Raises:
        ValueError, TypeError: the logits, the temperature, `top_k` or the generator are none.

    >>> generator = np.random.default_rng(0)
    >>> [categorical([0.0, 1.0, 2.0], generator) for _ in range(8)]
    [2, 2, 2, 2, 1, 0, 2, 1]
    >>> [categorical([0.0, 1.0, 2.0], generator, top_k=1) for _ in range(8)]
    [2, 2, 2, 2, 2, 2, 2, 2]
    """
    numbers = _numbers(logits)
    if isinstance(temperature, Value):
        temperature = float(temperature)
    temperature = check_temperature(temperature, "categorical")
    kept = np.argsort(-numbers, kind="stable")[: _count(top_k, len(numbers))]
    with np.errstate(over="ignore"):
        shares = np.exp((numbers[kept] - numbers[kept[0]]) / temperature)
    ends = np.cumsum(shares)
    place = np.searchsorted(ends, float(randomness.uniform(generator)) * ends[-1], side="right")
    # Rounded up, it may be the end itself; behind the last class there is none.
    return int(kept[min(place, np.flatnonzero(shares)[-1])])


def _numbers(logits: Any) -> NDArray[np.float64]:
    """The logits as plain numbers, in an array of shape (classes,)."""
    numbers = np.array([float(x) for x in logits])
    if not len(numbers):
        raise ValueError("categorical() of no logits: it needs one for each class")
    if np.isnan(numbers).any() or np.isinf(numbers.max()):
        raise ValueError(
            "categorical() takes logits that are finite, or minus infinity but not all of them; "
            f"{np.array2string(numbers, threshold=8)} came"
        )
    return numbers


def _count(top_k: Any, classes: int) -> int:
    if top_k is None:
        return classes
    if not is_whole(top_k):
        raise TypeError(f"top_k is a whole number or None, not {top_k!r:.80}")
    if not 1 <= top_k <= classes:
        raise ValueError(f"top_k must be from 1 to {classes}, the number of logits, not {top_k}")
    return int(top_k)
