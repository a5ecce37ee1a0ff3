"""Networks of two or three layers: loss, gradient and SGD update, ours and in other projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

import nn
from autograd import Value, compiled
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from nn.parameter import ParameterVector

Array = Any
Matrices = list[tuple[Array, Array]]  # of each layer the weights (nout, nin) and the biases (nout,)

RATE = 0.01
OURS, LEAN = "chainrule", "chainrule, value_and_gradient"
SYNCHRONOUS = "jax.jit, synchronous"  # not handed to a thread of its own, which is its default


@dataclass
class Work:
    """A network, a loss and a batch size; the shares of the peers' times that ours may take."""

    sizes: Sequence[int]
    activation: str
    loss: str
    examples: int
    at_most: dict[str, float]

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
    Work((64, 32, 10), "relu", "cross_entropy", 64, DIGITS),
    Work((784, 16, 16, 10), "sigmoid", "cross_entropy", 64, WIDE),
    Work((784, 16, 16, 10), "sigmoid", "cross_entropy", 1000, MANY),
]


class Contestant(Protocol):
    """One project's way to do the work."""

    def step(self) -> Any:
        """Loss, gradient, update; gives the loss before the update."""

    def parameters(self) -> Array:
        """The numbers, layer by layer, neuron by neuron, the weights and then the bias."""


class Chainrule:
    """The everyday way: a loss that knows its gradient, and an optimizer."""

    def __init__(
        self, model: nn.MLP, example_loss: Callable[..., Value], x: Array, y: Array
    ) -> None:
        self.loss, self.x, self.y = compiled(example_loss), x, y
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

    def __init__(
        self, model: nn.MLP, example_loss: Callable[..., Value], x: Array, y: Array
    ) -> None:
        super().__init__(model, example_loss, x, y)
        self.vector = ParameterVector(model.parameters())

    def step(self) -> float:
        loss, gradient = self.loss.value_and_gradient(self.x, self.y)
        self.vector.assign(self.vector.data - RATE * gradient)
        return loss


def contestants(work: Work) -> dict[str, Contestant]:
    """All that can do the work and are installed, from the same numbers on."""
    x, y = work.data()
    found: dict[str, Contestant] = {}
    for name, kind in ((OURS, Chainrule), (LEAN, LeanChainrule)):
        model = work.model()
        found[name] = kind(model, example_loss(model, work.loss), x, y)
    matrices = _matrices(work)
    from benchmarks.numpy_networks import numpy_network

    found["NumPy"] = numpy_network(work, matrices, x, y)
    if peer("jax"):
        from benchmarks.jax_networks import JaxNetwork, synchronous_network

        found["jax.jit"] = JaxNetwork(work, matrices, x, y)
        found[SYNCHRONOUS] = Apart(synchronous_network, work, matrices, x, y)
    if peer("torch"):
        from benchmarks.torch_networks import TorchNetwork

        found["PyTorch"] = TorchNetwork(work, matrices, x, y)
    if "micrograd" in work.at_most and peer("micrograd"):
        from benchmarks.micrograd_networks import MicrogradNetwork

        found["micrograd"] = MicrogradNetwork(work, matrices, x, y)
    return found


def example_loss(model: Any, loss: str) -> Callable[..., Value]:
    """The loss of one example, by the name of nn's function."""
    function = getattr(nn, loss)
    return lambda x, y: function(model(x), y)


def _matrices(work: Work) -> Matrices:
    state = work.model().state_dict()
    return [
        (
            np.array([state[f"layers.{i}.neurons.{k}.weights"] for k in range(nout)]),
            np.array([state[f"layers.{i}.neurons.{k}.bias"] for k in range(nout)]),
        )
        for i, nout in enumerate(work.sizes[1:])
    ]


def flat(matrices: Matrices) -> Array:
    """The numbers in the order of `Contestant.parameters`."""
    return np.concatenate([np.column_stack([w, b]).ravel() for w, b in matrices])


def check_equal(found: dict[str, Contestant], tolerance: float = 1e-9) -> None:
    """Make one step with each; raise if losses or gradients differ."""
    seen: dict[str, tuple[float, Array]] = {}
    for name, contestant in found.items():
        before = contestant.parameters()
        loss = float(contestant.step())
        seen[name] = loss, (before - contestant.parameters()) / RATE
    loss, gradient = seen[OURS]
    scale = abs(gradient).max()
    for name, (other_loss, other_gradient) in seen.items():
        distance = max(abs(loss - other_loss), abs(gradient - other_gradient).max() / scale)
        if not distance < tolerance:
            raise AssertionError(f"{name} computes something else: off by {distance:.2g}")


def run(rounds: int) -> list[Finding]:
    """Measure every network of the table."""
    findings = []
    for work in WORKS:
        found = contestants(work)
        check_equal(found)
        times = race({name: contestant.step for name, contestant in found.items()}, rounds)
        show_times(str(work), times, OURS)
        for name in [name for name in found if name not in (OURS, LEAN)]:
            share = work.at_most[name.removesuffix(", synchronous")]
            for ours in (OURS, LEAN):
                ratio = times.ratio(ours, name)
                findings.append(Finding(str(work), f"{ours} / {name}", ratio, share))
    return findings
