"""What goes through a network: the outputs of its layers, and the gradients of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.context import recording
from autograd.differentiation import gradient
from autograd.graph import topological_order
from autograd.operations import relu
from autograd.structure import flatten
from autograd.value import Value
from nn.arrays import numbers
from nn.contents import parts_of, paths_of
from nn.mode import Modes
from nn.module import Module
from nn.neuron import Layer, Neuron
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
        dead: how many of the k are a relu's, and 0 for all examples.
        saturated: the share of them at a flat end of tanh or sigmoid; None of other operations.
    """

    numbers: Array
    dead: int
    saturated: float | None


def outputs_by_layer(model: Callable[[Any], Any], X: Any, limit: int) -> dict[str, Outputs]:
    """What each layer gives to what comes after it.

    Parameters:
        limit: how many examples are looked at, at most; they are taken evenly.
    """
    check_model(model)
    examples = numbers("X", X)
    chosen = np.unique(np.linspace(0, len(examples) - 1, min(limit, len(examples))).astype(int))
    layers = layers_of(model) if isinstance(model, Module) else {}
    found: dict[str, list[list[Value]]] = {}
    with Modes(training=False):
        for i in chosen:
            for name, nodes in _of_example(model, examples[i], layers).items():
                found.setdefault(name, []).append(nodes)
    return {name: _outputs(rows) for name, rows in found.items()}


def layers_of(model: Module, prefix: str = "") -> dict[Value, str]:
    """The layer of each parameter: the part that it is of, as the model's summary calls it.

    Neurons are no layers of their own, nor single parameters: they are of the model itself.

    >>> from nn import MLP
    >>> sorted(set(layers_of(MLP(2, [3, 1])).values()))
    ['layers.0', 'layers.1']
    """
    parts = [(f"{prefix}{name}", part) for name, part in parts_of(model)]
    if len(parts) == 1 and _is_layer(parts[0][1]) and not isinstance(parts[0][1], Layer):
        return layers_of(parts[0][1], f"{parts[0][0]}.")
    found: dict[Value, str] = {}
    for name, part in parts:
        row = name if _is_layer(part) else prefix.rstrip(".") or type(model).__name__
        for parameter in paths_of([part]):
            found.setdefault(parameter, row)
    return found


def _is_layer(part: Any) -> bool:
    return isinstance(part, Module) and not isinstance(part, Neuron)


@recording()
def _of_example(
    model: Callable[[Any], Any], x: Any, layers: dict[Value, str]
) -> dict[str, list[Value]]:
    """The nodes of each layer whose numbers leave it, in order."""
    roots = {root: None for root in flatten(model(example(x))) if isinstance(root, Value)}
    order = [node for node in topological_order(*roots) if node.op is not None]
    homes = _homes(order, layers) if layers else {node: _scope(node) for node in order}
    leaving = set(roots)
    for node in order:
        leaving.update(operand for operand in node.operands if homes.get(operand) != homes[node])
    found: dict[str, list[Value]] = {}
    for node in order:
        if node in leaving and (homes[node] or node in roots):
            found.setdefault(homes[node] or "outputs", []).append(node)
    return found


def _homes(order: list[Value], layers: dict[Value, str]) -> dict[Value, str]:
    """The layer of each node: that of its parameters or, without any, of its latest operand.

    Or of the parameters in the scope that it opens, as of the norm with which a block begins.
    """
    own = {node: x for node in order for x in map(layers.get, node.operands) if x is not None}
    of_scope: dict[str, str] = {}
    for node, layer in own.items():
        of_scope.setdefault(_scope(node), layer)
    homes: dict[Value, str] = {}
    ranks: dict[str, int] = {"": -1}  # in which order the layers came
    for node in order:
        before = [operand for operand in node.operands if operand in homes]
        latest = max(before, key=lambda operand: ranks[homes[operand]], default=node)
        home = homes.get(latest, "")
        if _scope(latest) != _scope(node):
            home = of_scope.get(_scope(node), home)
        homes[node] = own.get(node, home)
        ranks.setdefault(homes[node], len(ranks))
    return homes


def _scope(node: Value) -> str:
    """The outermost scope in which a node was computed."""
    return node.scope.partition(".")[0]


def _outputs(rows: list[list[Value]]) -> Outputs:
    found = np.array([node.data for row in rows for node in row])
    flat = [FLAT.get(node.op.name) if node.op else None for row in rows for node in row]
    ends = np.array([pair for pair in flat if pair])
    bent = found[[pair is not None for pair in flat]]
    at_ends = (bent <= ends[:, 0]) | (bent >= ends[:, 1]) if len(ends) else None
    saturated = None if at_ends is None else float(at_ends.mean())
    alike = len({len(row) for row in rows}) == 1
    dead = sum(map(_is_dead, zip(*rows, strict=True))) if alike else 0
    return Outputs(found.reshape(len(rows), -1) if alike else found[:, None], dead, saturated)


def _is_dead(neuron: Iterable[Value]) -> bool:
    return all(node.op is relu and node.data == 0.0 for node in neuron)


@recording()
def gradients_by_layer(model: Module, X: Any, y: Any, loss: Loss) -> dict[str, Array]:
    """The gradient of the mean loss by the parameters of each layer, leaving every `grad` alone."""
    if not isinstance(model, Module):
        raise TypeError(f"model is a Module, which has parameters, not {model!r:.80}")
    with Modes(training=False):
        data, _ = checked(model, loss, X, y)
        mean = Running(model, loss, "numpy").mean_loss(data)
        parameters = model.parameters()
        slopes = dict(zip(parameters, gradient(mean, parameters), strict=True))
    found: dict[str, list[float]] = {}
    for parameter, name in layers_of(model).items():
        found.setdefault(name, []).append(slopes[parameter].data)
    return {name: np.array(gradients) for name, gradients in found.items()}
