"""What is seen of a model and its loss on some examples, in the scalar graph of each."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.eager import example
from autograd.context import changed
from autograd.differentiation import gradients_of
from autograd.graph import recorded_order
from autograd.operation import Operation
from autograd.operations import add, dot, multiply, negate, relu, sigmoid, subtract, tanh, total
from autograd.structure import flatten
from autograd.value import Value
from nn.generators import generators
from nn.mode import Modes
from nn.module import Module
from nn.training.examples import Examples
from nn.training.linting.layers import layers_of
from nn.training.linting.reach import Order, depended_on, order_of_layers, passed_to

# A look takes less than a second: so many examples, and so many operands in all their graphs.
_MOST_EXAMPLES, _MOST_OPERANDS = 256, 200_000
# But not fewer, if there are so many. On one example half of the relus are 0 in any network, and on
# a few some always are. One that is 0 for nine examples in ten is so for 20 at once in one case of
# eight, and half a layer of them in none.
ENOUGH = 20

_BENT = {relu, sigmoid, tanh}
_SUMS = {add, subtract, negate, total}
_STEEPEST = {sigmoid: 0.25, tanh: 1.0}  # the largest derivative
_FLAT = 1e-3  # of the steepest: a gradient that comes through is lost beside others


@dataclass(slots=True)
class Activity:
    """What a neuron did, wherever it was computed: for all examples, at all positions.

    Attributes:
        op: its activation.
        seen: how often it was computed.
        silent: how often it was 0.
        flat: how often its slope was nearly 0.
    """

    op: Operation
    seen: int = 0
    silent: int = 0
    flat: int = 0


@dataclass(slots=True)
class Observation:
    """What was seen of some examples.

    Attributes:
        sample: those that were looked at.
        of: how many there are.
        owner: the module that is looked at; None if the model is another function.
        losses: the loss of each example.
        sums: of the gradients of the parameters, over the examples, if they were asked for.
        slopes: by a parameter, of the gradients that come to what the model computes with it, such
            as a weighted sum, the root of the sum of their squares, and their number.
        order: that of the layers, in the first example.
        met, used: the parameters in the graphs, and those that a loss depends on, whatever the
            numbers are.
        neurons: by the first parameter of their weighted sums; none of the loss.
        last: the operations that outputs came from.
        computed_with: which inputs the model computes with, and does not only pick by; in the
            shape of an example.
    """

    sample: Examples
    of: int
    owner: Module | None
    computed_with: NDArray[np.bool_]
    losses: list[float] = field(default_factory=list)
    sums: dict[Value, float] = field(default_factory=dict)
    slopes: dict[Value, tuple[float, int]] = field(default_factory=dict)
    order: Order = field(default_factory=lambda: Order({}, set()))
    met: set[Value] = field(default_factory=set)
    used: set[Value] = field(default_factory=set)
    neurons: dict[Value, Activity] = field(default_factory=dict)
    last: set[Operation | None] = field(default_factory=set)

    @property
    def examples(self) -> str:
        """How many were looked at, in words, and of how many if not at all."""
        count = len(self.losses)
        sample = "" if count == self.of else f" looked at (of {self.of:,})"
        return f"{count:,} example{'' if count == 1 else 's'}{sample}"


def observe(
    model: Any, loss: Callable[[Any, Any], Value], data: Examples, sums: bool = False
) -> Observation:
    """Look at a model and its loss on examples, of many at some that lie evenly among them.

    Modes, gradients, and what modules draw from are then as before.

    Parameters:
        sums: whether to sum the gradients of each parameter.
    """
    module = owner_of(model)

    def look(seen: Observation) -> int:
        operands = 0
        for x, y in zip(seen.sample.X, seen.sample.y, strict=True):
            inputs = example(x)
            output = model(inputs)
            operands += _look(seen, inputs, output, loss(output, example(y)), sums)
        return operands

    with Modes(training=False), changed(watcher=None, recording=True), nothing_drawn(model):
        operands = look(_of(data, 1, module))
        most = max(min(_MOST_OPERANDS // max(operands, 1), _MOST_EXAMPLES), ENOUGH)
        seen = _of(data, min(most, len(data)), module)
        look(seen)
    return seen


def owner_of(model: Any) -> Module | None:
    """The module that a model is, or whose method it is."""
    owner = getattr(model, "__self__", model)
    return owner if isinstance(owner, Module) else None


def _of(data: Examples, count: int, owner: Module | None) -> Observation:
    places = np.linspace(0, len(data) - 1, count).round().astype(np.intp)
    return Observation(data.take(places), len(data), owner, np.zeros(data.X.shape[1:], bool))


@contextmanager
def nothing_drawn(model: Any) -> Iterator[None]:
    """What modules draw from, and Python's and NumPy's own source, is at the end as before."""
    module = owner_of(model)
    held = generators(module).values() if module else ()
    states = [(each.generator.bit_generator, each.generator.bit_generator.state) for each in held]
    common, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        for source, state in states:
            source.state = state
        random.setstate(common)
        np.random.set_state(numpys)


def _look(seen: Observation, inputs: Any, output: Any, loss: Value, sums: bool) -> int:
    """Take down what an example shows, and say how many operands its graph has."""
    seen.losses.append(loss.data)
    gradients = gradients_of({loss: 1.0})
    outputs = [x for x in flatten(output) if isinstance(x, Value)]
    seen.last.update(x.op for x in outputs)
    _look_at_model(seen, outputs, gradients)
    order = recorded_order(loss)
    new = {x for x in gradients.keys() - seen.met if x.kind == "parameter"}
    if new:
        seen.met |= new
        seen.used |= new & depended_on(order, loss)
    if len(seen.losses) == 1:
        passed, given = passed_to(order), flatten(inputs)
        which = [x in passed for x in given]
        seen.order = order_of_layers(outputs, given, layers_of(seen.owner))
        seen.computed_with = np.reshape(which, seen.computed_with.shape)
    for parameter in seen.used if sums else ():
        seen.sums[parameter] = seen.sums.get(parameter, 0.0) + gradients.get(parameter, 0.0)
    return sum(len(node.operands) for node in order)


def _look_at_model(
    seen: Observation, outputs: Sequence[Value], gradients: Mapping[Value, Any]
) -> None:
    """Take down what comes before the outputs: a relu of the loss is no neuron."""
    last = {id(x) for x in outputs}
    for node in recorded_order(*outputs):
        if node.op in _BENT and id(node) not in last:
            _look_at_neuron(seen.neurons, node)
        parameter = next((x for x in node.operands if x.kind == "parameter"), None)
        if parameter is not None:
            size, count = seen.slopes.get(parameter, (0.0, 0))
            slope = float(gradients.get(node, 0.0))
            seen.slopes[parameter] = math.hypot(size, slope), count + 1


def _look_at_neuron(neurons: dict[Value, Activity], node: Value) -> None:
    weight = next(_weights(node.operands), None)
    if weight is None or node.op is None:
        return
    neuron = neurons.setdefault(weight, Activity(node.op))
    neuron.seen += 1
    neuron.silent += node.data == 0.0
    steepest = _STEEPEST.get(node.op)
    if steepest is not None:
        neuron.flat += abs(node.partials[0] or 0.0) < _FLAT * steepest


def _weights(terms: Iterable[Value]) -> Iterator[Value]:
    """The parameters of a weighted sum: of its dot product, or of its products and their sum."""
    pending = list(terms)
    while pending:
        term = pending.pop()
        if term.kind == "parameter":
            yield term
        elif term.op in _SUMS:
            pending += term.operands
        elif term.op in (dot, multiply):
            yield from (x for x in term.operands if x.kind == "parameter")
