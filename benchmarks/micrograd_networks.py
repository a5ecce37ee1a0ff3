"""The small networks in micrograd: scalars, one Python object a product and a sum."""

from __future__ import annotations

import math

import numpy as np
from micrograd.engine import Value
from micrograd.nn import MLP

from benchmarks.works import RATE, Array, Matrices, Work, flat


def tanh(x: Value) -> Value:
    """micrograd 0.1.0 has relu only; this is how its author adds tanh."""
    out = Value(math.tanh(x.data), (x,), "tanh")

    def _backward() -> None:
        x.grad += (1 - out.data**2) * out.grad

    out._backward = _backward
    return out


class MicrogradNetwork:
    """micrograd's own MLP, with other activations in place of its method `relu` if need be."""

    def __init__(self, work: Work, matrices: Matrices, x: Array, y: Array) -> None:
        self.model = MLP(work.sizes[0], list(work.sizes[1:]))
        for parameter, number in zip(self.model.parameters(), flat(matrices).tolist(), strict=True):
            parameter.data = number
        self.activation, self.loss = work.activation, work.loss
        self.x, self.y = x.tolist(), y.tolist()

    def forward(self, x: list[Value]) -> Value:
        if self.activation == "relu":
            return self.model(x)
        *hidden, last = self.model.layers
        for layer in hidden:
            x = [tanh(self.sum(neuron, x)) for neuron in layer.neurons]
        return last(x)

    def sum(self, neuron: object, x: list[Value]) -> Value:
        return sum((w * x for w, x in zip(neuron.w, x, strict=True)), neuron.b)

    def step(self) -> float:
        scores = [self.forward([Value(x) for x in row]) for row in self.x]
        if self.loss == "hinge":
            losses = [(1 + -y * s).relu() for s, y in zip(scores, self.y, strict=True)]
        else:
            losses = [(s - y) ** 2 for s, y in zip(scores, self.y, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        self.model.zero_grad()
        loss.backward()
        for p in self.model.parameters():
            p.data -= RATE * p.grad
        return loss.data

    def parameters(self) -> Array:
        return np.array([p.data for p in self.model.parameters()])
