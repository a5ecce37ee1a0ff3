"""Gradient descent, the textbook's."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd.value import Value
from nn.optimizers.learning_rate import LearningRate
from nn.optimizers.optimizer import Clipping, Optimizer, borrowing
from nn.parameters.theta import Vector
from nn.settings.ranges import below_one


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted (Polyak, 1964; Nesterov, 1983).

    Parameters:
        learning_rate: how far along the gradient a step goes, or a schedule.
        momentum: from 0 to below 1; the share of the last step's velocity that is kept.
        nesterov: look ahead along the velocity (in PyTorch's form, after Sutskever et al., 2013).
        clipping: as in `Optimizer`.

    >>> from nn import Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = SGD([w], learning_rate=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, clipping=clipping)
        self.momentum, self.nesterov = below_one("momentum", momentum), nesterov
        if nesterov and momentum == 0:
            raise ValueError("Nesterov's method needs a momentum above 0")
        self.velocity = np.zeros(len(self.vector))

    def step(self) -> None:
        plain = self.momentum == 0 and self.clipping is None
        if plain and getattr(self.change, "__func__", None) is SGD.change:
            self.vector.descend(self.rate)  # the same without an array for the change
            self.steps += 1
        else:
            super().step()

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        rate = self.rate
        if self.momentum == 0:
            return -rate * gradient
        self.velocity = self.momentum * self.velocity + gradient
        ahead = gradient + self.momentum * self.velocity if self.nesterov else self.velocity
        return -rate * ahead
