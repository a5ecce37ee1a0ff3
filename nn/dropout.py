"""Dropout: in training some numbers are left out, so that no neuron relies on a few others."""

from __future__ import annotations

from typing import Any

from autograd.operations import greater_equal
from autograd.randomness import uniform
from autograd.structure import apply
from autograd.value import Value
from nn.module import Module
from nn.settings.ranges import below_one
from nn.settings.seeds import Seed, generator


class Dropout(Module):
    """While it trains, each number is 0 with some probability, and else divided by the rest of it.

    So its mean stays what it is without dropout (Srivastava et al., 2014). After `eval()`, and with
    a rate of 0, numbers pass as they are and nothing is drawn. A compiled function draws anew for
    every example, and keeps a program for each of the two modes.

    Parameters:
        rate: the probability that a number is left out, from 0 to below 1.
        seed: of what is drawn: a whole number, NumPy's generator, or None for something else each
            time.

    Attributes:
        generator: what is drawn from; a copy of the module goes on with the same draws.

    Raises:
        TypeError, ValueError: the rate is no such number.

    >>> dropout = Dropout(0.5, seed=0)
    >>> [x.data for x in dropout([1.0, 2.0, 3.0, 4.0])]
    [2.0, 0.0, 0.0, 0.0]
    >>> dropout.eval()([1.0, 2.0, 3.0, 4.0])
    [1.0, 2.0, 3.0, 4.0]
    """

    def __init__(self, rate: float, seed: Seed = None) -> None:
        self.rate = below_one("the rate of Dropout", rate)
        self.generator = generator(seed)

    def __call__(self, xs: Any) -> Any:
        """The same numbers, some of them left out: a Value, or a (nested) list of them."""
        if not self.training or self.rate == 0.0:
            return xs
        return apply(self._perhaps, xs)

    def _perhaps(self, x: Value | float) -> Value:
        kept = greater_equal(uniform(self.generator), self.rate)
        dropped: Value = x * kept / (1.0 - self.rate)
        return dropped

    def __repr__(self) -> str:
        return f"Dropout({self.rate:g})"
