"""Gradients without a copy: a buffer is lent until it is needed again.

A program writes its gradient into the same buffer at every run. Most gradients are forgotten before
the next run, and those that are not are copied then. So whoever reads what is lent does it while
the lender waits, and keeps nothing but the `Lent` itself: by the references to that the lender
knows whether anybody still holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import getrefcount
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd.locking import moving

_multiply = np.multiply  # found more quickly under this name

Vector = NDArray[np.float64]
Result = TypeVar("Result")


class Lent:
    """A vector that does not change: it lies in the lender's buffer at first, in a copy later.

    >>> lender = Lender(np.array([1.0, 2.0]))
    >>> lent = lender.lend()
    >>> lender.take_back()[:] = 5.0
    >>> lent.copy()
    array([1., 2.])
    """

    __slots__ = ("_readers", "_vector")

    def __init__(self, vector: Vector) -> None:
        self._vector = vector
        self._readers = 0  # to who holds the lock, those of its own thread

    def given_to(self, work: Callable[[Vector], Result]) -> Result:
        """What `work` makes of the vector, which it neither keeps nor changes."""
        with moving:
            self._readers += 1
            try:
                return work(self._vector)
            finally:
                self._readers -= 1

    def times(self, factor: Any, out: Vector) -> None:
        """Write `factor` times the vector; for who holds the lock `moving`.

        NumPy reads the vector in one go, in which no signal is heard, so this is no reader.
        """
        _multiply(self._vector, factor, out)

    def copy(self) -> Vector:
        """The vector as an array of one's own."""
        return self.given_to(np.ndarray.copy)

    def at(self, places: Any) -> Lent:
        """What the vector has at some places."""
        return Lent(self.given_to(lambda vector: vector.take(places)))

    def keep(self) -> None:
        """The buffer is needed: from now on the vector lies in a copy.

        Raises:
            RuntimeError: this thread is reading it.
        """
        with moving:
            if self._readers:
                raise RuntimeError(
                    "a compiled function was called while its last gradient was read: by a signal "
                    "handler, or by what an optimizer computes. Compile the function once more "
                    "for that call"
                )
            self._vector = self._vector.copy()

    def __mul__(self, factor: float) -> Vector:
        """As the partial of a node, times the gradient that arrives there."""
        return self.given_to(lambda vector: factor * vector)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Vector:
        return self.copy()


class Lender:
    """Whose buffer it is; it lends to one at a time."""

    def __init__(self, vector: Vector) -> None:
        self._vector = vector
        self._lent = Lent(vector)

    def lend(self) -> Lent:
        """What is in the buffer now; after `take_back`, and before anything is written."""
        lent = self._lent
        if lent._vector is not self._vector:  # It was kept.
            lent = self._lent = Lent(self._vector)
        return lent

    def take_back(self) -> Vector:
        """The buffer, to write into: whoever still holds what was in it gets a copy."""
        if getrefcount(self._lent) > _NOBODY:
            self._lent.keep()
        return self._vector


def _counted() -> int:
    """The references to what only its lender holds, as they are counted."""
    lender = Lender(np.empty(0))
    return getrefcount(lender._lent)


_NOBODY = _counted()  # else holds it
