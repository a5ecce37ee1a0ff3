"""A network in training, one epoch at a time: what `fit` and `partial_fit` have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import Backend
from autograd.context import recording
from autograd.operations import TABLE
from nn.estimators.shrinkage import Shrinkage
from nn.mlp import MLP
from nn.optimizers import Optimizer
from nn.parameters.vector import ParameterVector
from nn.training.examples import Examples
from nn.training.history import History
from nn.training.running import Loss, Running
from nn.training.snapshot import Snapshot
from nn.training.steps import Steps

Array = NDArray[np.float64]


class Training:
    """A network, its loss, and the optimizer that remembers the steps so far.

    Parameters:
        random: draws the order of the examples.

    It is pickled without the compiled program, which is made again when there is a next step.
    """

    optimizer: Optimizer
    backend: Backend = "numpy"

    def __init__(self, model: MLP, loss: Loss, random: np.random.Generator) -> None:
        self.model, self.loss, self.random = model, loss, random
        self.vector = ParameterVector(model.parameters())
        weights = [np.tile(np.arange(x.nin + 1) < x.nin, x.nout) for x in model.layers]
        self.shrinkage = Shrinkage(self.vector, np.concatenate(weights).astype(np.float64))

    @cached_property
    def running(self) -> Running:
        """What runs the examples of a batch together."""
        return Running(self.model, self.loss, self.backend)

    def run_with(self, backend: Backend) -> None:
        """From the next step on; a program of the same backend is kept."""
        if backend != self.backend:
            self.backend = backend
            self.forget_program()

    def forget_program(self) -> None:
        """Let go of the memory that steps need."""
        vars(self).pop("running", None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in vars(self).items() if name != "running"}

    def remember(self) -> Callable[[], None]:
        """A function that makes it again what it is now."""
        before, drawn = Snapshot.of(self.optimizer), self.random.bit_generator.state

        def put_back() -> None:
            self.optimizer = before.optimizer
            self.random.bit_generator.state = drawn
            before.put_back()

        return put_back

    def steps(self) -> Steps:
        """Steps from here on, watched."""
        return Steps(self.optimizer, History())

    @recording()  # also under no_grad()
    def epoch(
        self,
        steps: Steps,
        examples: Examples,
        batch_size: int,
        alpha: float,
        shuffle: bool,
    ) -> float:
        """A step for each batch of the examples, the last of which may be smaller.

        Returns:
            The mean over the examples of what the steps made smaller.
        """
        count, whole = len(examples), 0.0
        order = self.random.permutation(count) if shuffle else np.arange(count)
        for start in range(0, count, batch_size):
            batch = examples.take(order[start : start + batch_size])
            self.shrinkage.set_strength(alpha / len(batch))
            loss = self.running.mean_loss(batch)
            mean = loss.data
            steps.take(loss)
            whole += (mean + self.shrinkage.penalty) * len(batch)
        return whole / count

    def matrices(self) -> list[tuple[Array, Array]]:
        """Copies of the weights (nout, nin) and the biases (nout,) of each layer."""
        # The vector has the neurons one after the other, of each the weights and then the bias.
        numbers, found = self.vector.data, []
        for layer in self.model.layers:
            count = layer.nout * (layer.nin + 1)
            rows = numbers[:count].reshape(layer.nout, layer.nin + 1)
            found.append((rows[:, :-1].copy(), rows[:, -1].copy()))
            numbers = numbers[count:]
        return found

    def outputs(self, X: Array, name: str = "X") -> Array:
        """The network's outputs for every example, shape (n, nout).

        As products of matrices and not by a compiled program: compiling takes longer than
        predicting thousands of examples.

        Raises:
            ValueError: an example has numbers so large that an output is not finite.
        """
        activation, outputs = str(self.model.activation), X
        with np.errstate(all="ignore"):
            for i, (weights, biases) in enumerate(self.matrices()):
                if i and activation != "linear":
                    outputs = TABLE[activation](outputs)
                outputs = outputs @ weights.T + biases
        for row, k in np.argwhere(~np.isfinite(outputs))[:1].tolist():
            raise ValueError(
                f"the network's output {k} for row {row} of {name} is {outputs[row, k]:g}: it has "
                f"numbers up to {np.abs(X[row]).max():g}, too large for its weights. Scale X, with "
                "a StandardScaler in a pipeline, for learning and predicting alike"
            )
        return outputs
