"""Optimizers: from gradients to new parameters, each a formula on vectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.value import Value
from nn.theta import Vector
from nn.vector import ParameterVector

Change = Callable[[Any, Vector], Vector]

_borrowing: set[Any] = set()


def borrowing(change: Change) -> Change:
    """Note of a `change` that it keeps nothing of its gradient: it gets that without a copy.

    It holds for this very method, and not for what overrides or wraps it.
    """
    _borrowing.add(change)
    return change


class Optimizer:
    """The base: a subclass says in `change(gradient)` what to add to the parameters.

    It may keep the gradient, which is a copy. What it remembers it keeps in attributes, and gives
    them new numbers and new arrays instead of writing into the old: then `fit` can take back a
    step that led to infinity.

    Attributes:
        learning_rate: above 0; may be set anew between steps.
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float) -> None:
        if not isinstance(parameters, Iterable):
            raise TypeError(
                "an optimizer takes a list of parameters, such as model.parameters(), "
                f"not {parameters!r:.80}"
            )
        self.vector = ParameterVector(parameters)
        if len(self.vector) == 0:
            raise ValueError(
                "there are no parameters to optimize: of its attributes a Module finds those that "
                "are Parameters, and not plain Values"
            )
        if not learning_rate > 0:
            raise ValueError(f"the learning rate must be above 0, not {learning_rate}")
        self.learning_rate = learning_rate

    def change(self, gradient: Vector) -> Vector:
        """What to add to the parameters, given their gradient; both of shape (n,)."""
        raise NotImplementedError(f"{type(self).__name__} must define change(gradient)")

    def step(self) -> None:
        """Move the parameters by one step; they change all at once."""
        vector, change = self.vector, self.change
        borrows = getattr(change, "__func__", None) in _borrowing
        vector.add(vector.given_grad(change) if borrows else change(vector.grad))

    def zero_grad(self) -> None:
        """Set the gradients to zero, before the next `backward()` adds to them."""
        self.vector.forget_grad()


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted (Polyak, 1964; Nesterov, 1983).

    Parameters:
        learning_rate: how far along the gradient a step goes.
        momentum: from 0 to below 1; the share of the last step's velocity that is kept.
        nesterov: look ahead along the velocity (in PyTorch's form, after Sutskever et al., 2013).

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
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, learning_rate)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum goes from 0 to below 1, it is not {momentum}")
        if nesterov and momentum == 0:
            raise ValueError("Nesterov's method needs a momentum above 0")
        self.momentum, self.nesterov = momentum, nesterov
        self.velocity = np.zeros(len(self.vector))

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        if self.momentum == 0:
            return -self.learning_rate * gradient
        self.velocity = self.momentum * self.velocity + gradient
        ahead = gradient + self.momentum * self.velocity if self.nesterov else self.velocity
        return -self.learning_rate * ahead


class Adam(Optimizer):
    """Steps of equal size for all parameters, whatever their gradients' (Kingma & Ba, 2015).

    Parameters:
        learning_rate: about the size of a step.
        betas: how slowly the means of the gradient and of its square forget, each below 1.
        epsilon: keeps the division finite.

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
        learning_rate: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate)
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"Adam's two betas go from 0 to below 1, they are not {betas}")
        if not 0 < epsilon < math.inf:
            raise ValueError(f"Adam's epsilon must be above 0 and finite, not {epsilon}")
        self.betas, self.epsilon = betas, epsilon
        self.steps = 0
        self.mean = np.zeros(len(self.vector))
        self.square = np.zeros(len(self.vector))

    @borrowing
    def change(self, gradient: Vector) -> Vector:
        first, second = self.betas
        self.steps += 1
        self.mean = first * self.mean + (1 - first) * gradient
        self.square = second * self.square + (1 - second) * gradient**2
        mean = self.mean / (1 - first**self.steps)
        square = self.square / (1 - second**self.steps)
        return -self.learning_rate * mean / (np.sqrt(square) + self.epsilon)
