"""What goes through a network: the outputs of its layers, and the gradients of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.context import recording
from autograd.differentiation import gradient
from autograd.graph import topological_order
from autograd.structure import flatten
from autograd.value import Value
from nn.arrays import numbers
from nn.contents import parts_of, paths_of
from nn.mode import Modes
from nn.module import Module
from nn.training.examples import checked
from nn.training.habits import check_model
from nn.training.running import Loss, Running

Array = NDArray[np.float64]

# From where on the ends of these are flat: the derivative is a fiftieth of the greatest, or less.
FLAT = {"tanh": (-0.99, 0.99), "sigmoid": (0.005, 0.995)}


class Outputs(NamedTuple):
    """What a layer gave for n examples.

    Attributes:
        numbers: shape (n, k), or (m, 1) if it gives other numbers of them for other examples.
        saturated: the share of them at a flat end of tanh or sigmoid; None of other operations.
    """

    numbers: Array
    saturated: float | None

    @property
    def dead(self) -> int:
        """How many of the k were 0 for all examples."""
        return int((self.numbers == 0).all(axis=0).sum())


def outputs_by_layer(model: Callable[[Any], Any], X: Any, limit: int) -> dict[str, Outputs]:
    """What each layer gives to what comes after it, by the outermost scope in which it computes.

    Parameters:
        limit: how many examples are looked at, at most; they are taken evenly.
    """
    check_model(model)
    examples = numbers("X", X)
    chosen = np.unique(np.linspace(0, len(examples) - 1, min(limit, len(examples))).astype(int))
    found: dict[str, list[list[Value]]] = {}
    with Modes(training=False):
        for i in chosen:
            for name, nodes in _of_example(model, examples[i]).items():
                found.setdefault(name, []).append(nodes)
    return {name: _outputs(rows) for name, rows in found.items()}


@recording()
def _of_example(model: Callable[[Any], Any], x: Any) -> dict[str, list[Value]]:
    """The nodes of each layer whose numbers leave it, in order."""
    roots = [root for root in flatten(model(example(x))) if isinstance(root, Value)]
    order = topological_order(*roots)
    leaving = set(roots)
    for node in order:
        leaving.update(operand for operand in node.operands if _layer(operand) != _layer(node))
    found: dict[str, list[Value]] = {}
    for node in order:
        if node in leaving and node.op is not None and (_layer(node) or node in roots):
            found.setdefault(_layer(node) or "outputs", []).append(node)
    return found


def _layer(node: Value) -> str:
    return node.scope.partition(".")[0]


def _outputs(rows: list[list[Value]]) -> Outputs:
    found = np.array([node.data for row in rows for node in row])
    flat = [FLAT.get(node.op.name) if node.op else None for row in rows for node in row]
    ends = np.array([pair for pair in flat if pair])
    bent = found[[pair is not None for pair in flat]]
    at_ends = (bent <= ends[:, 0]) | (bent >= ends[:, 1]) if len(ends) else None
    saturated = None if at_ends is None else float(at_ends.mean())
    alike = len({len(row) for row in rows}) == 1
    return Outputs(found.reshape(len(rows), -1) if alike else found[:, None], saturated)


def gradients_by_layer(model: Module, X: Any, y: Any, loss: Loss) -> dict[str, Array]:
    """The gradient of the mean loss by each part of the model, leaving every `grad` alone."""
    if not isinstance(model, Module):
        raise TypeError(f"model is a Module, which has parameters, not {model!r:.80}")
    with Modes(training=False):
        data, _ = checked(model, loss, X, y)
        mean = Running(model, loss, "numpy").mean_loss(data)
        parameters = model.parameters()
        slopes = dict(zip(parameters, gradient(mean, parameters), strict=True))
    found: dict[str, Array] = {}
    for name, part in parts_of(model):
        of_part = [slopes[parameter].data for parameter in paths_of([part])]
        if of_part:
            found[name] = np.array(of_part)
    return found
