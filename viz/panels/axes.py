"""Scales: numbers as places on a panel, and the round numbers that are written at its sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.floats import LARGEST
from viz.svg.texts.labels import DIGITS, MOST_DIGITS, number
from viz.svg.texts.measures import text_width

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MUCH = 20.0  # times; numbers that differ by more than that are shown by their logarithm
_LEAST = 1e-9  # of a number's size: what floats near it can still be told apart by, and grids


@dataclass(frozen=True)
class Scale:
    """From the numbers low to high to the places start to end.

    >>> Scale(0.0, 2.0, 100.0, 0.0)(0.5)
    75.0
    >>> Scale(0.01, 100.0, 0.0, 4.0, logarithmic=True)(1.0)
    2.0
    """

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, number: float) -> float:
        low, high = self.low, self.high
        if self.logarithmic:
            low, high, number = math.log10(low), math.log10(high), math.log10(max(number, low))
        # Halves, because the difference of floats may be infinite where they are not.
        share = (number / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int = 5) -> list[float]:
        """Round numbers in the range, about as many as asked for.

            >>> Scale(0.0, 0.9, 0.0, 1.0).ticks()
            [0.0, 0.2, 0.4, 0.6, 0.8]
            >>> Scale(0.02, 40.0, 0.0, 1.0, logarithmic=True).ticks()
            [0.1, 1.0, 10.0]
        >>> Scale(0.04, 0.8, 0.0, 1.0, logarithmic=True).ticks()
        [0.05, 0.1, 0.2, 0.5]
        """
        if self.logarithmic:
            return self._powers(most)
        rough = self.high / most - self.low / most
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * step for step in _STEPS if size * step >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        decimals = 1 - math.floor(math.log10(step))
        return [round(n * step, decimals) for n in range(first, last + 1)]

    def _powers(self, most: int) -> list[float]:
        """Powers of ten, and if there are few, two and five times each."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        found: list[float] = []
        for times in ((1, 2, 5), (1, 5), (1,)):
            all_ = [float(f"{n}e{power}") for power in range(first, last) for n in times]
            found = [tick for tick in all_ if self.low <= tick <= self.high]
            if len(found) <= most:
                return found
        return found[:: -(-len(found) // most)]


def around(numbers: Sequence[float], start: float, end: float, *, share: bool = False) -> Scale:
    """A scale on which all of the numbers that are finite have their place.

    Parameters:
        share: whether they are shares, from 0 to 1.
    """
    finite = [x for x in numbers if math.isfinite(x)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    if low > 0.0 and high > _MUCH * low and not share:
        return Scale(low / 1.15, min(high * 1.15, LARGEST), start, end, logarithmic=True)
    if share:
        low, high = min(low, 0.5), 1.0
    elif 0.0 <= low < high:
        low = 0.0
    lower, upper = widened(low, high, 0.06, abs(high) * 0.1 or 1.0)
    return Scale(low if low in (0.0, 0.5) and high > low else lower, upper, start, end)


def widened(low: float, high: float, share: float, alone: float) -> tuple[float, float]:
    """A range with some room at both ends, so that it is one, also for floats.

    Parameters:
        share: how much room, of the range's width.
        alone: how much, if the range is a single number.

    >>> widened(0.0, 2.0, 0.25, 1.0), widened(3.0, 3.0, 0.25, 1.0)
    ((-0.5, 2.5), (2.0, 4.0))
    >>> low, high = widened(1e16, 1e16, 0.25, 1.0)
    >>> low < 1e16 < high
    True
    """
    width = 2.0 * share * (high / 2.0 - low / 2.0)
    room = max(width or alone, _LEAST * abs(low), _LEAST * abs(high))
    return max(low - room, -LARGEST), min(high + room, LARGEST)


def label(tick: float, *, share: bool = False) -> str:
    """What is written at a tick.

    >>> label(0.25), label(0.25, share=True), label(-2.0)
    ('0.25', '25%', '−2')
    """
    return labels([tick], share=share)[0]


def labels(ticks: Sequence[float], *, share: bool = False) -> list[str]:
    """What is written at some ticks, with as many digits as tell them apart.

    >>> labels([1e-13, 2e-13]), labels([1000000.2, 1000000.4])
    (['1e−13', '2e−13'], ['1000000.2', '1000000.4'])
    """
    written: list[str] = []
    for digits in range(DIGITS, MOST_DIGITS):
        written = [
            f"{x:.0%}" if share else number(x + 0.0, digits).replace("-", "−")  # no negative zero
            for x in ticks
        ]
        if len(set(written)) == len(ticks):
            break
    return written


def room_for(labels: Sequence[str], least: int) -> int:
    """The pixels at the left of a panel that labels of ticks take.

    >>> room_for(["0.5"], 44), room_for(["−5e+199"], 44)
    (44, 54)
    """
    return max(least, math.ceil(max(map(label_width, labels), default=0.0)) + 9)


def label_width(label: str) -> float:
    """In pixels, as panels write it; it is never wider.

    >>> round(label_width("0.5"), 1)
    15.3
    """
    return text_width(label, 11.0)
