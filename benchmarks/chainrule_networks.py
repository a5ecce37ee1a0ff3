"""The networks with us: one example in scalars, compiled."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

import nn
from autograd import Value, compiled
from autograd.compiler import Backend
from autograd.compiler.machine.compilers import NoMachineCodeError, compiler
from benchmarks.works import RATE, Array
from nn.parameters.vector import ParameterVector


class Chainrule:
    """The everyday way: a loss that knows its gradient, and an optimizer."""

    def __init__(
        self,
        model: nn.Module,
        example_loss: Callable[..., Value],
        x: Array,
        y: Array,
        backend: Backend = "numpy",
    ) -> None:
        self.loss, self.x, self.y = compiled(example_loss, backend=backend), x, y
        self.optimizer = nn.SGD(model.parameters(), RATE)

    def step(self) -> float:
        loss = self.loss.mean(self.x, self.y)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.data

    def parameters(self) -> Array:
        return self.optimizer.vector.data.copy()


class LeanChainrule(Chainrule):
    """The shortest public way: numbers and one vector, no Value."""

    @cached_property
    def vector(self) -> ParameterVector:
        """Of what the loss reads, in its order, which it knows once it was called."""
        return ParameterVector(self.loss.parameters)

    def step(self) -> float:
        loss, gradient = self.loss.value_and_gradient(self.x, self.y)
        self.vector.assign(self.vector.data - RATE * gradient)
        return loss


# The names of our ways: how a step is made, and what it is compiled to.
OURS, LEAN = "chainrule", "chainrule, value_and_gradient"
MACHINE, LEAN_MACHINE = "machine code", "machine code, value_and_gradient"
WAYS: dict[str, tuple[type[Chainrule], Backend]] = {
    OURS: (Chainrule, "numpy"),
    LEAN: (LeanChainrule, "numpy"),
    MACHINE: (Chainrule, "c"),
    LEAN_MACHINE: (LeanChainrule, "c"),
}


@cache
def our_ways() -> tuple[str, ...]:
    """The names of those that this machine has; without a compiler a line says what is missing."""
    try:
        compiler()
    except NoMachineCodeError as error:
        print(f"machine code is skipped: {error}")
        return (OURS, LEAN)
    return tuple(WAYS)


def example_loss(model: Any, loss: str) -> Callable[..., Value]:
    """The loss of one example, by the name of nn's function."""
    function = getattr(nn, loss)
    return lambda x, y: function(model(x), y)
