"""Projection: a matrix of weights times a vector, without biases."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograd.operations import dot
from autograd.value import Value
from nn.initialization import matrix, normal
from nn.module import Module
from nn.parameters.many import parameters_of
from nn.parameters.parameter import Parameter
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator

Vector = Sequence[Value | float]


class Projection(Module):
    """A linear map from vectors of `nin` numbers to vectors of `nout`, by a matrix of weights.

    Parameters:
        nin: how many numbers come in.
        nout: how many go out.
        seed: for the first weights: a whole number or NumPy's generator.

    Attributes:
        weights: a row for each number that goes out, shape (nout, nin).

    >>> mean = Projection(2, 1)
    >>> mean.load_state_dict({"weights": [[0.5, 0.5]]})
    >>> [y.data for y in mean([3.0, 5.0])]
    [4.0]
    """

    def __init__(self, nin: int, nout: int, seed: Seed = None) -> None:
        self.nin, self.nout = from_one("nin", nin), from_one("nout", nout)
        self.weights = rows(self.nout, self.nin, seed)

    def __call__(self, xs: Vector) -> list[Value]:
        """Shape (nin,) to shape (nout,)."""
        check_width(self, xs, self.nin)
        return [dot(row, xs) for row in self.weights]

    def __repr__(self) -> str:
        return f"Projection({self.nin} -> {self.nout})"


def rows(count: int, width: int, seed: Seed) -> list[list[Parameter]]:
    """A matrix of parameters, from the normal distribution with the deviation `1 / sqrt(width)`.

    So a row is a vector of a length around 1, and a vector that is projected keeps its size
    (LeCun et al., 1998, "Efficient BackProp").
    """
    drawn = matrix(normal(1.0 / math.sqrt(width)), width, count, generator(seed))
    return [parameters_of(row) for row in drawn]


def check_width(module: Module, xs: Vector, width: int) -> None:
    """Raise a ValueError that names the module if a vector has not so many numbers, or others."""
    if len(xs) and isinstance(xs[0], (list, tuple, np.ndarray)):
        raise ValueError(
            f"{module} takes one vector of {width} numbers, not several: call it on each"
        )
    if len(xs) != width:
        raise ValueError(f"{module} takes a vector of {width} numbers, {len(xs)} came")
