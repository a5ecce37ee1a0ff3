"""What a training changes, as it was at some moment, so that it can be as it was again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from autograd.graph import topological_order
from autograd.value import Value
from nn.generators import generators
from nn.mode import Modes
from nn.module import Module
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


class Trial:
    """All that steps change: also the gradients of what the loss depends on, and the draws.

    Parameters:
        losses: a function that computes a loss of the model, and its penalty, with nothing drawn.
    """

    def __init__(
        self, model: Any, optimizer: Optimizer, losses: Callable[[], Sequence[Value]]
    ) -> None:
        self._snapshot = Snapshot.of(optimizer)
        with Modes(training=False) as modes:
            nodes = topological_order(*losses())
        leaves = {x for x in nodes if x.kind in ("parameter", "input")}
        leaves.update(optimizer.vector.parameters)
        owner = getattr(model, "__self__", model)
        modules = modes.modules  # Who draws has asked whether it trains, wherever it hides.
        if isinstance(owner, Module):
            leaves.update(owner.parameters())
            modules.append(owner)
        self._gradients = [(x, x.grad if x.has_grad else None) for x in leaves]
        drawn_from = [held.generator for module in modules for held in generators(module).values()]
        self._draws = [(source, source.bit_generator.state) for source in drawn_from]

    def put_back(self) -> None:
        """Make all as it was; after an interrupt it can be done again."""
        self._snapshot.put_back()
        for leaf, gradient in self._gradients:
            leaf.grad = gradient
        for source, state in self._draws:
            source.bit_generator.state = state
