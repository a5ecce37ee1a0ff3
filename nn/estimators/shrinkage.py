"""The penalty that scikit-learn calls `alpha`: weights that are no larger than they must be."""

from __future__ import annotations

from nn.parameters.theta import Vector
from nn.parameters.vector import ParameterVector


class Shrinkage:
    """What `strength / 2 * sum(w ** 2)`, over the weights, adds to a loss and to its gradient.

    An optimizer takes it where it takes a clipping, which costs a twentieth of a step; a graph of
    the sum would cost a third.

    Parameters:
        vector: the parameters.
        weights: 1 for each of them that is a weight, 0 for each that is a bias.

    Attributes:
        penalty: the sum, as it was when a gradient was last added to.

    >>> import numpy as np
    >>> from nn import Parameter
    >>> vector = ParameterVector([Parameter(3.0), Parameter(5.0)])
    >>> shrinkage = Shrinkage(vector, np.array([1.0, 0.0]))
    >>> shrinkage.set_strength(0.5)
    >>> shrinkage(np.array([1.0, 1.0])).tolist(), shrinkage.penalty
    ([2.5, 1.0], 2.25)
    """

    def __init__(self, vector: ParameterVector, weights: Vector) -> None:
        self.vector, self.weights = vector, weights
        self.penalty = self.strength = 0.0
        self.strengths = 0.0 * weights

    def set_strength(self, strength: float) -> None:
        """Before a step: batches are nearly all of the same size, and so is the strength."""
        if strength != self.strength:
            self.strength, self.strengths = strength, strength * self.weights

    def __call__(self, gradient: Vector) -> Vector:
        numbers = self.vector.data
        slope = self.strengths * numbers
        self.penalty = float(slope.dot(numbers)) / 2.0
        slope += gradient
        return slope
