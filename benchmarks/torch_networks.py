"""The networks in PyTorch: tensors, autograd, and an update in place."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from benchmarks.works import RATE, Array, Matrices, Work, flat

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def hinge(outputs: Array, y: Array) -> Array:
    return torch.relu(1.0 - y * outputs[:, 0]).mean()


def mse(outputs: Array, y: Array) -> Array:
    return functional.mse_loss(outputs[:, 0], y)


LOSSES = {"hinge": hinge, "mse": mse, "cross_entropy": functional.cross_entropy}


class TorchNetwork:
    """Weights of shape (nout, nin), one example a row."""

    def __init__(self, work: Work, matrices: Matrices, x: Array, y: Array) -> None:
        self.layers = [
            (torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True))
            for w, b in matrices
        ]
        self.x, self.y = torch.tensor(x), torch.tensor(y)
        self.activation, self.loss = ACTIVATIONS[work.activation], LOSSES[work.loss]
        self.tensors = [tensor for layer in self.layers for tensor in layer]

    def step(self) -> Any:
        h = self.x
        for w, b in self.layers[:-1]:
            h = self.activation(functional.linear(h, w, b))
        w, b = self.layers[-1]
        loss = self.loss(functional.linear(h, w, b), self.y)
        loss.backward()
        with torch.no_grad():
            for tensor in self.tensors:
                tensor.sub_(tensor.grad, alpha=RATE)
                tensor.grad = None
        return loss.detach()

    def parameters(self) -> Array:
        return flat([(w.detach().numpy(), b.detach().numpy()) for w, b in self.layers])
