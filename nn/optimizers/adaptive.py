"""Optimizers that divide by the size of gradients, each parameter by its own.

Where epsilon stands is a matter of taste, and changes the numbers: here it stands as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.value import Value
from nn.optimizers.learning_rate import LearningRate
from nn.optimizers.optimizer import Clipping, Optimizer, borrowing
from nn.parameters.theta import Vector
from nn.settings.ranges import above_zero, below_one, from_zero


class AdaGrad(Optimizer):
    """Steps that become shorter where gradients have been large (Duchi et al., 2011).

    Parameters:
        learning_rate: the size of the first step, or a schedule.
        epsilon: above 0; keeps the division finite.
        clipping: as in `Optimizer`.

    >>> from nn import Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = AdaGrad([w], learning_rate=0.1)
    >>> for _ in range(2):
    ...     w.backward()  # each time a gradient of 1, since it adds to the one before:
    ...     optimizer.step()
    ...     optimizer.zero_grad()
    >>> round(w.data, 6)  # 1 - 0.1 / sqrt(1) - 0.1 / sqrt(2)
    0.829289
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate = 0.01,
        epsilon: float = 1e-10,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, clipping=clipping)
        self.epsilon = above_zero("epsilon", epsilon)
        self.squares = np.zeros(len(self.vector))

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        rate = self.rate
        self.squares = self.squares + gradient**2
        return -rate * gradient / (np.sqrt(self.squares) + self.epsilon)


class RMSProp(Optimizer):
    """Gradients divided by their root mean square of late (Tieleman & Hinton, 2012).

    Parameters:
        learning_rate: about the size of a step, or a schedule.
        decay: from 0 to below 1; how slowly the mean of the squares forgets.
        epsilon: above 0; keeps the division finite.
        momentum: from 0 to below 1; the share of the last step that is kept.
        centered: divide by the standard deviation, and not the root mean square (Graves, 2013).
        clipping: as in `Optimizer`.

    >>> from nn import Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = RMSProp([w], learning_rate=0.01, decay=0.99)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)  # 1 - 0.01 * 2 / sqrt(0.01 * 2**2)
    0.9
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate = 0.01,
        decay: float = 0.99,
        epsilon: float = 1e-8,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, clipping=clipping)
        self.decay, self.epsilon = below_one("decay", decay), above_zero("epsilon", epsilon)
        self.momentum, self.centered = below_one("momentum", momentum), centered
        self.mean = np.zeros(len(self.vector))
        self.square = np.zeros(len(self.vector))
        self.velocity = np.zeros(len(self.vector))

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        rate, decay = self.rate, self.decay
        self.square = decay * self.square + (1 - decay) * gradient**2
        variance = self.square
        if self.centered:
            self.mean = decay * self.mean + (1 - decay) * gradient
            variance = np.maximum(variance - self.mean**2, 0.0)  # Rounding may make it negative.
        scaled = gradient / (np.sqrt(variance) + self.epsilon)
        if self.momentum == 0:
            return -rate * scaled
        self.velocity = self.momentum * self.velocity + scaled
        return -rate * self.velocity


class Adam(Optimizer):
    """Steps of equal size for all parameters, whatever their gradients' (Kingma & Ba, 2015).

    Parameters:
        learning_rate: about the size of a step, or a schedule.
        betas: how slowly the means of the gradient and of its square forget, each from 0
            to below 1.
        epsilon: above 0; keeps the division finite.
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
        betas: Sequence[float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, clipping=clipping)
        self.betas, self.epsilon = _pair(betas), above_zero("epsilon", epsilon)
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


class AdamW(Adam):
    """Adam, and at each step the parameters shrink by a share (Loshchilov & Hutter, 2019).

    That share is not divided by the size of gradients, as the gradient of an L2 penalty would be.

    Parameters:
        learning_rate, betas, epsilon: as in `Adam`.
        weight_decay: from 0 on; with the learning rate it makes the share that goes at each step.
        clipping: as in `Optimizer`.

    >>> from nn import Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = AdamW([w], learning_rate=0.1, weight_decay=0.5)
    >>> optimizer.step()  # without a gradient: w - 0.1 * 0.5 * w
    >>> w.data
    0.95
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate = 0.001,
        betas: Sequence[float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, betas, epsilon, clipping=clipping)
        self.weight_decay = from_zero("weight_decay", weight_decay)

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        shrinking = self.rate * self.weight_decay * self.vector.data
        return super().change(gradient) - shrinking


def _pair(betas: Any) -> tuple[float, float]:
    if not isinstance(betas, Sequence | np.ndarray) or len(betas) != 2:
        raise TypeError(
            "betas is a pair, one for the mean of the gradient and one for that of its square, "
            f"such as (0.9, 0.999), not {betas!r:.80}"
        )
    return below_one("betas[0]", betas[0]), below_one("betas[1]", betas[1])
