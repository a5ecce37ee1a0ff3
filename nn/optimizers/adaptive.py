"""Optimizers that divide by the size of gradients, each parameter by its own."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from autograd.value import Value
from nn.optimizers.learning_rate import LearningRate
from nn.optimizers.optimizer import Clipping, Optimizer, borrowing
from nn.theta import Vector


class Adam(Optimizer):
    """Steps of equal size for all parameters, whatever their gradients' (Kingma & Ba, 2015).

    Parameters:
        learning_rate: about the size of a step, or a schedule.
        betas: how slowly the means of the gradient and of its square forget, each below 1.
        epsilon: keeps the division finite.
        clipping: as in `Optimizer`.

    >>> from nn import Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = Adam([w], learning_rate=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.9
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, clipping=clipping)
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"Adam's two betas go from 0 to below 1, they are not {betas}")
        if not 0 < epsilon < math.inf:
            raise ValueError(f"Adam's epsilon must be above 0 and finite, not {epsilon}")
        self.betas, self.epsilon = betas, epsilon
        self.mean = np.zeros(len(self.vector))
        self.square = np.zeros(len(self.vector))

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        rate, count = self.rate, self.steps + 1
        first, second = self.betas
        self.mean = first * self.mean + (1 - first) * gradient
        self.square = second * self.square + (1 - second) * gradient**2
        mean = self.mean / (1 - first**count)
        square = self.square / (1 - second**count)
        return -rate * mean / (np.sqrt(square) + self.epsilon)
