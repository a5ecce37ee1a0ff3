"""What a training changes, as it was at some moment, so that it can be as it was again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from nn.optimizers import Optimizer
from nn.parameters.theta import Vector


@dataclass(slots=True)
class Snapshot:
    """The numbers of an optimizer's parameters, and what it remembers and is set to.

    >>> from nn import SGD, Parameter
    >>> w = Parameter(1.0)
    >>> optimizer = SGD([w], learning_rate=0.1)
    >>> before = Snapshot.of(optimizer)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> before.put_back()
    >>> w.data, optimizer.steps
    (1.0, 0)
    """

    optimizer: Optimizer
    numbers: Vector
    attributes: dict[str, Any]

    @classmethod
    def of(cls, optimizer: Optimizer, numbers: Vector | None = None) -> Self:
        """The present state.

        Parameters:
            numbers: those of the parameters, if they are known already.
        """
        if numbers is None:
            numbers = optimizer.vector.data
        return cls(optimizer, numbers.copy(), vars(optimizer).copy())

    def put_back(self) -> None:
        """Make all as it was; after an interrupt it can be done again."""
        present = vars(self.optimizer)
        present.update(self.attributes)  # First: at no moment is one missing.
        for name in present.keys() - self.attributes.keys():
            del present[name]
        self.optimizer.vector.assign(self.numbers)
