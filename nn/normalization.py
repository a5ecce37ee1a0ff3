"""Normalization: vectors brought to the same size, so that deep networks neither grow nor fade."""

from __future__ import annotations

from autograd.operations import dot, total
from autograd.value import Value, as_values
from nn.module import Module
from nn.parameters.many import parameters_of
from nn.settings.counts import from_one
from nn.settings.ranges import from_zero
from nn.transformer.projection import Vector, check_width


class LayerNorm(Module):
    """`gain * (x - mean) / sqrt(variance + epsilon) + bias`, for each number x of a vector.

    Mean and variance are those of the vector's numbers, the variance as of a whole population
    (Ba et al., 2016).

    Parameters:
        width: how many numbers a vector has.
        epsilon: from 0 on; keeps a vector of equal numbers from a division by zero.
        affine: False for no gains and biases.

    Attributes:
        gains, biases: one of each for each number, 1 and 0 at first.

    >>> [round(y.data, 3) for y in LayerNorm(4)([1.0, 2.0, 3.0, 4.0])]
    [-1.342, -0.447, 0.447, 1.342]
    """

    def __init__(self, width: int, epsilon: float = 1e-5, affine: bool = True) -> None:
        self.width, self.affine = from_one("width", width), affine
        self.epsilon = from_zero("epsilon", epsilon)
        self.gains = parameters_of([1.0] * (self.width if affine else 0))
        self.biases = parameters_of([0.0] * (self.width if affine else 0))

    def __call__(self, xs: Vector) -> list[Value]:
        """Shape (width,) to shape (width,)."""
        check_width(self, xs, self.width)
        values = as_values(xs)
        mean = total(values) / self.width
        normal = _of_size_one([x - mean for x in values], self.epsilon)
        if not self.affine:
            return normal
        return [g * x + b for g, x, b in zip(self.gains, normal, self.biases, strict=True)]

    def __repr__(self) -> str:
        return f"LayerNorm({self.width})"


class RMSNorm(Module):
    """`gain * x / sqrt(mean of the squares + epsilon)`, for each number x of a vector.

    What LayerNorm does, without the mean (Zhang & Sennrich, 2019).

    Parameters:
        width: how many numbers a vector has.
        epsilon: from 0 on; keeps a vector of zeros from a division by zero.
        affine: False for no gains.

    Attributes:
        gains: one for each number, 1 at first.

    >>> [round(y.data, 3) for y in RMSNorm(2)([3.0, 4.0])]
    [0.849, 1.131]
    """

    def __init__(self, width: int, epsilon: float = 1e-5, affine: bool = True) -> None:
        self.width, self.affine = from_one("width", width), affine
        self.epsilon = from_zero("epsilon", epsilon)
        self.gains = parameters_of([1.0] * (self.width if affine else 0))

    def __call__(self, xs: Vector) -> list[Value]:
        """Shape (width,) to shape (width,)."""
        check_width(self, xs, self.width)
        normal = _of_size_one(as_values(xs), self.epsilon)
        if not self.affine:
            return normal
        return [gain * x for gain, x in zip(self.gains, normal, strict=True)]

    def __repr__(self) -> str:
        return f"RMSNorm({self.width})"


def _of_size_one(xs: list[Value], epsilon: float) -> list[Value]:
    """The vector divided by the root of the mean of its squares."""
    scale = (dot(xs, xs) / len(xs) + epsilon) ** -0.5
    return [scale * x for x in xs]
