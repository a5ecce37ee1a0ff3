"""Scalers: z-scores, and a range such as 0 to 1."""

from __future__ import annotations

from sys import float_info

import numpy as np

from nn.data.scaler import Array, Scaler
from nn.settings.ranges import is_number

LARGEST = float_info.max


class StandardScaler(Scaler):
    """Shifts and scales each column to mean 0 and standard deviation 1: z-scores.

    The deviation is that of a population (divided by n). A column that is constant in the training
    data is only shifted.

    Attributes:
        mean_: the mean of each column, shape (d,).
        scale_: the standard deviation of each column, shape (d,); 1 of a constant one.

    >>> scaler = StandardScaler().fit([[1.0, 7.0], [3.0, 7.0]])
    >>> scaler.transform([[5.0, 8.0]]).tolist()
    [[3.0, 1.0]]
    >>> scaler.inverse_transform([[3.0, 1.0]]).tolist()
    [[5.0, 8.0]]
    """

    learned = ("mean_", "scale_")

    mean_: Array
    scale_: Array

    def _learn(self, X: Array) -> None:
        lowest, highest = X.min(axis=0), X.max(axis=0)
        with np.errstate(over="ignore", invalid="ignore"):  # It is looked at just below.
            mean, deviation = X.mean(axis=0), X.std(axis=0)
        # Not `std == 0`: rounding gives a column of 0.1s a deviation of 1e-17.
        scale = np.where(lowest == highest, 1.0, deviation)
        _check_range(lowest, highest, scale)
        self.mean_ = np.where(lowest == highest, lowest, mean)
        self.scale_ = scale

    def _widths(self) -> Array:
        return self.scale_

    def _scaled(self, X: Array) -> Array:
        scaled: Array = (X - self.mean_) / self.scale_
        return scaled

    def _unscaled(self, X: Array) -> Array:
        unscaled: Array = X * self.scale_ + self.mean_
        return unscaled


class MinMaxScaler(Scaler):
    """Shifts and stretches each column to a range: 0 to 1, or any other, such as -1 to 1.

    The smallest number of a column in the training data becomes `low` and the largest `high`; what
    lies outside of them, in other data, comes to lie outside of the range. A column that is
    constant in the training data becomes `low`.

    Parameters:
        low: where the range begins.
        high: where it ends, above `low`.

    Attributes:
        data_min_: the smallest number of each column, shape (d,).
        data_max_: the largest number of each column, shape (d,).

    >>> scaler = MinMaxScaler(-1.0, 1.0).fit([[0.0], [16.0]])
    >>> scaler.transform([[0.0], [4.0], [16.0]]).tolist()
    [[-1.0], [-0.5], [1.0]]
    >>> scaler.inverse_transform([[-0.5]]).tolist()
    [[4.0]]
    """

    arguments = ("low", "high")
    learned = ("data_min_", "data_max_")

    data_min_: Array
    data_max_: Array

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        for name, end in (("low", low), ("high", high)):
            if not is_number(end):
                raise ValueError(f"{name} must be a number, not {end!r:.80}: MinMaxScaler(-1, 1)")
        if not (-LARGEST <= low < high <= LARGEST and float(high) - float(low) <= LARGEST):
            raise ValueError(
                f"low must lie below high, both finite, not {low!r:.80} and {high!r:.80}"
            )
        self.low, self.high = float(low), float(high)

    def _learn(self, X: Array) -> None:
        lowest, highest = X.min(axis=0), X.max(axis=0)
        with np.errstate(over="ignore"):
            _check_range(lowest, highest, np.where(lowest == highest, 1.0, highest - lowest))
        self.data_min_, self.data_max_ = lowest, highest

    def _scaled(self, X: Array) -> Array:
        # Of both ends, so that the largest number becomes `high` to the last bit.
        share = (X - self.data_min_) / self._widths()
        scaled: Array = self.low * (1.0 - share) + self.high * share
        return scaled

    def _unscaled(self, X: Array) -> Array:
        share = (X - self.low) / (self.high - self.low)
        unscaled: Array = self.data_min_ + share * self._widths()
        return unscaled

    def _widths(self) -> Array:
        span = self.data_max_ - self.data_min_
        return np.where(span == 0.0, 1.0, span)


def _check_range(lowest: Array, highest: Array, scale: Array) -> None:
    """Raise ValueError for a column whose numbers cannot be divided by how far they lie apart."""
    for column in np.flatnonzero(~((scale > 0.0) & np.isfinite(scale)))[:1]:
        raise ValueError(
            f"column {column} cannot be scaled: its numbers, from {lowest[column]} to "
            f"{highest[column]}, {'are too large or lie' if scale[column] else 'lie'} too "
            f"{'far apart' if scale[column] else 'close together'} for float64: give them in "
            "another unit"
        )
