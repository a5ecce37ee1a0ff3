"""The transformer of `sequences.py` in PyTorch, as batched tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.sequences import EPSILON, HEADS, LAYERS, WIDTH, Numbers
from benchmarks.works import RATE, Array


def norm(x: Array) -> Array:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON)


class TorchTransformer:
    """Training steps on one batch."""

    def __init__(self, numbers: Numbers, x: Array, y: Array) -> None:
        self.tensors = {k: torch.tensor(v, requires_grad=True) for k, v in numbers.items()}
        self.x, self.y = torch.tensor(x), torch.tensor(y)

    def logits(self, symbols: Array) -> Array:
        p, linear = self.tensors, functional.linear
        x = functional.embedding(symbols, p["symbols"]) + p["positions"]
        for i in range(LAYERS):
            h = norm(x)
            q, k, v = (self.heads(linear(h, p[f"{name}{i}"])) for name in ("query", "key", "value"))
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + linear(mixed.transpose(1, 2).flatten(2), p[f"mix{i}"])
            x = x + linear(torch.relu(linear(norm(x), p[f"widen{i}"])), p[f"narrow{i}"])
        return linear(x, p["logits"])

    def heads(self, x: Array) -> Array:
        """(sequences, positions, width) -> (sequences, heads, positions, width of a head)."""
        return x.view(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

    def step(self) -> Any:
        loss = functional.cross_entropy(self.logits(self.x).flatten(0, 1), self.y.flatten())
        loss.backward()
        with torch.no_grad():
            for tensor in self.tensors.values():
                tensor.sub_(tensor.grad, alpha=RATE)
                tensor.grad = None
        return loss.detach()

    def parameters(self) -> Array:
        return np.concatenate([t.detach().numpy().ravel() for t in self.tensors.values()])
