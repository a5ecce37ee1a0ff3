"""The networks, their data and first numbers: what all contestants share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

import nn

Array = Any
Matrices = list[tuple[Array, Array]]  # of each layer the weights (nout, nin) and the biases (nout,)

RATE = 0.01


@dataclass
class Work:
    """A network, a loss and a batch size; the shares of the peers' times that ours may take.

    Attributes:
        at_most: of each peer's, as NumPy programs.
        of_synchronous: of synchronous JAX's, as machine code, which is to be behind nobody.
    """

    sizes: Sequence[int]
    activation: str
    loss: str
    examples: int
    at_most: dict[str, float]
    of_synchronous: float = 1.0

    def __str__(self) -> str:
        shape = "-".join(map(str, self.sizes))
        return f"{shape} {self.activation}, {self.examples:,} examples, {self.loss}"

    def data(self) -> tuple[Array, Array]:
        """Inputs (examples, nin), and what the loss compares with."""
        random = np.random.default_rng(0)
        x = random.normal(size=(self.examples, self.sizes[0]))
        if self.loss == "cross_entropy":
            return x, random.integers(0, self.sizes[-1], self.examples)
        return x, np.where(random.random(self.examples) < 0.5, -1.0, 1.0)

    def model(self) -> nn.MLP:
        return nn.MLP(self.sizes[0], list(self.sizes[1:]), activation=self.activation, seed=0)


SMALL = {"NumPy": 1.25, "jax.jit": 0.6, "PyTorch": 0.2, "micrograd": 0.0002}
DIGITS = {"NumPy": 1.25, "jax.jit": 0.6, "PyTorch": 0.25}
WIDE = {"NumPy": 1.25, "jax.jit": 0.7, "PyTorch": 0.5}
MANY = {"NumPy": 1.1, "jax.jit": 1.0, "PyTorch": 1.0}
WORKS = [
    Work((2, 16, 16, 1), "relu", "hinge", 100, SMALL),
    Work((2, 16, 16, 1), "tanh", "mse", 100, SMALL),
    Work((64, 32, 10), "relu", "cross_entropy", 64, DIGITS, 0.5),
    Work((784, 16, 16, 10), "sigmoid", "cross_entropy", 64, WIDE, 0.5),
    Work((784, 16, 16, 10), "sigmoid", "cross_entropy", 1000, MANY, 0.5),
]


class Contestant(Protocol):
    """One project's way to do the work."""

    def step(self) -> Any:
        """Loss, gradient, update; gives the loss before the update."""

    def parameters(self) -> Array:
        """The numbers, layer by layer, neuron by neuron, the weights and then the bias."""


def flat(matrices: Matrices) -> Array:
    """The numbers in the order of `Contestant.parameters`."""
    return np.concatenate([np.column_stack([w, b]).ravel() for w, b in matrices])
