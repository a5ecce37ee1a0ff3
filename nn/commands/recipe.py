"""Recipes: what the command line says of a network and of how it is trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from autograd.compiler import Backend
from autograd.value import Value
from nn.data import MinMaxScaler, StandardScaler
from nn.data.scaler import Scaler
from nn.dropout import Dropout
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Layer
from nn.optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
from nn.optimizers.schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    StepDecay,
    WarmUp,
)
from nn.regularization import L1, L2
from nn.sequential import Sequential
from nn.settings.seeds import generator

SCALERS: dict[str, Callable[[], Scaler]] = {
    "z-scores": StandardScaler,
    "0-1": MinMaxScaler,
}

OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "momentum": partial(SGD, momentum=0.9),
    "nesterov": partial(SGD, momentum=0.9, nesterov=True),
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}

# Of the first rate and the steps that there will be.
SCHEDULES: dict[str, Callable[[float, int], Any]] = {
    "constant": lambda first, steps: first,
    "inverse-time": lambda first, steps: InverseTimeDecay(first, 0.01),
    "exponential": lambda first, steps: ExponentialDecay(first, 0.01 ** (1 / steps)),
    "step": lambda first, steps: StepDecay(first, max(steps // 4, 1), 0.5),
    "cosine": CosineDecay,
    "warm-up": lambda first, steps: WarmUp(
        max(steps // 10, 1), CosineDecay(first, max(steps - steps // 10, 1))
    ),
}


@dataclass(frozen=True)
class Recipe:
    """A network and its training, under the names of the command line.

    Attributes:
        backend: what runs the network while it trains.
        stratify: whether a fifth of each class is held out to test on, and not a fifth of all.
    """

    hidden: tuple[int, ...] = (32,)
    activation: str = "relu"
    dropout: float = 0.0
    scaling: str = "z-scores"
    optimizer: str = "adam"
    learning_rate: float = 0.01
    schedule: str = "constant"
    l1: float = 0.0
    l2: float = 0.0
    epochs: int = 20
    batch_size: int = 32
    backend: Backend = "numpy"
    seed: int = 0
    stratify: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", tuple(self.hidden))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "hidden": list(self.hidden)}

    def network(self, inputs: int, outputs: int) -> Module:
        """A new network: layers one after the other, with dropout between them if it is wanted."""
        sizes = [*self.hidden, outputs]
        if not self.dropout:
            return MLP(inputs, sizes, activation=self.activation, seed=self.seed)
        drawn_from = generator(self.seed)
        parts: list[Any] = []
        for nin, nout in zip([inputs, *self.hidden], self.hidden, strict=False):
            parts.append(Layer(nin, nout, activation=self.activation, seed=drawn_from))
            parts.append(Dropout(self.dropout, seed=self.seed + len(parts)))
        last = self.hidden[-1] if self.hidden else inputs
        return Sequential(*parts, Layer(last, outputs, nonlin=False, seed=drawn_from))

    def new_optimizer(self, parameters: Sequence[Value], examples: int) -> Optimizer:
        """Of these parameters, for a training on so many examples."""
        steps = self.epochs * -(-examples // self.batch_size)
        rate = SCHEDULES[self.schedule](self.learning_rate, steps)
        return OPTIMIZERS[self.optimizer](parameters, learning_rate=rate)

    @property
    def penalty(self) -> Any:
        """On the weights; None without one."""
        parts: list[Any] = [
            kind(weights=strength) for kind, strength in ((L1, self.l1), (L2, self.l2)) if strength
        ]
        return sum(parts[1:], parts[0]) if parts else None
