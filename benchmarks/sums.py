"""An MLP as micrograd writes it: a neuron is one node for each product and each sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import nn
from nn.initialization import source, weights
from nn.settings.seeds import Seed


class Sums(nn.Module):
    """micrograd's own classes in few words, made of any engine's Values.

    The first numbers are those of `nn.MLP` with the same seed.
    """

    def __init__(
        self,
        value_type: Callable[[float], Any],
        sizes: Sequence[int],
        activation: str = "relu",
        seed: Seed = 0,
    ) -> None:
        drawn_from = source(seed)
        self.activation = activation
        self.layers = [
            [
                ([value_type(w) for w in weights(nin, drawn_from)], value_type(0.0))
                for _ in range(nout)
            ]
            for nin, nout in pairwise(sizes)
        ]

    def __call__(self, x: Sequence[Any]) -> Any:
        for layer in self.layers:
            x = [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b) for w, b in layer]
            if layer is not self.layers[-1]:
                x = [getattr(s, self.activation)() for s in x]
        return x[0] if len(x) == 1 else x

    def zero_grad(self) -> None:
        for layer in self.layers:
            for w, b in layer:
                for p in (*w, b):
                    p.grad = 0.0
