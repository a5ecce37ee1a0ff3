"""A small causal transformer, one scalar at a time with us and as batched tensors elsewhere.

Two layers, 16 wide, 4 heads, context 8, 27 symbols; root-mean-square norms, no biases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import nn
from autograd import Value, compiled, dot, pick, relu, total
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from benchmarks.networks import (
    LEAN,
    OURS,
    SYNCHRONOUS,
    Array,
    Chainrule,
    Contestant,
    LeanChainrule,
    check_equal,
)

WIDTH, HEADS, CONTEXT, SYMBOLS, LAYERS, SEQUENCES = 16, 4, 8, 27, 2, 32
SIZE = WIDTH // HEADS  # of a head
EPSILON = 1e-5

Numbers = dict[str, Array]  # the matrices by name, shape (outputs, inputs)


def first_numbers() -> Numbers:
    """The matrices that all begin with."""
    random = np.random.default_rng(0)
    shapes = {"symbols": (SYMBOLS, WIDTH), "positions": (CONTEXT, WIDTH)}
    for i in range(LAYERS):
        shapes |= {f"{name}{i}": (WIDTH, WIDTH) for name in ("query", "key", "value", "mix")}
        shapes |= {f"widen{i}": (4 * WIDTH, WIDTH), f"narrow{i}": (WIDTH, 4 * WIDTH)}
    shapes["logits"] = (SYMBOLS, WIDTH)
    return {name: 0.2 * random.normal(size=shape) for name, shape in shapes.items()}


def data() -> tuple[Array, Array]:
    """Symbols and the ones that follow, shape (SEQUENCES, CONTEXT)."""
    text = np.random.default_rng(1).integers(0, SYMBOLS, (SEQUENCES, CONTEXT + 1))
    return text[:, :-1].copy(), text[:, 1:].copy()


# ------------------------------------------------------------------------- ours, in scalars

Vector = list[Value]


class Transformer(nn.Module):
    """Called on the symbols of one sequence it gives the logits at each position."""

    def __init__(self, numbers: Numbers) -> None:
        for name, matrix in numbers.items():
            setattr(self, name, [[nn.Parameter(w) for w in row] for row in matrix.tolist()])

    def __call__(self, symbols: Sequence[Value]) -> list[Vector]:
        xs = [self.embedding(symbol, place) for place, symbol in enumerate(symbols)]
        for i in range(LAYERS):
            mixed = self.attention(i, [norm(x) for x in xs])
            xs = [added(x, y) for x, y in zip(xs, mixed, strict=True)]
            xs = [added(x, self.perceptron(i, norm(x))) for x in xs]
        return [linear(self.logits, x) for x in xs]

    def embedding(self, symbol: Value, place: int) -> Vector:
        chosen = [pick(column, symbol) for column in zip(*self.symbols, strict=True)]
        return added(chosen, self.positions[place])

    def attention(self, i: int, xs: list[Vector]) -> list[Vector]:
        """Each position looks at itself and those before it."""
        queries, keys, values = (
            [linear(getattr(self, f"{name}{i}"), x) for x in xs]
            for name in ("query", "key", "value")
        )
        return [
            linear(
                getattr(self, f"mix{i}"),
                [
                    out
                    for head in range(0, WIDTH, SIZE)
                    for out in looked_up(
                        queries[t][head : head + SIZE],
                        [key[head : head + SIZE] for key in keys[: t + 1]],
                        [value[head : head + SIZE] for value in values[: t + 1]],
                    )
                ],
            )
            for t in range(len(xs))
        ]

    def perceptron(self, i: int, x: Vector) -> Vector:
        hidden = [relu(h) for h in linear(getattr(self, f"widen{i}"), x)]
        return linear(getattr(self, f"narrow{i}"), hidden)


def looked_up(query: Vector, keys: list[Vector], values: list[Vector]) -> Vector:
    """The mean of the values, weighted by how well their keys fit the query."""
    weights = nn.softmax([dot(query, key) * SIZE**-0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values, strict=True)]


def linear(matrix: list[Vector], x: Vector) -> Vector:
    return [dot(row, x) for row in matrix]


def norm(x: Vector) -> Vector:
    scale = (dot(x, x) / len(x) + EPSILON) ** -0.5
    return [scale * number for number in x]


def added(x: Vector, y: Vector) -> Vector:
    return [a + b for a, b in zip(x, y, strict=True)]


def example_loss(model: Transformer) -> Callable[..., Value]:
    """The cross-entropy of one sequence, averaged over the positions."""

    def loss(x: list[Value], y: list[Value]) -> Value:
        logits = model(x)
        return total([nn.cross_entropy(z, t) for z, t in zip(logits, y, strict=True)]) / len(logits)

    return loss


# ------------------------------------------------------------------------------- the race


def contestants() -> dict[str, Contestant]:
    """All that are installed."""
    x, y = data()
    found: dict[str, Contestant] = {}
    for name, kind in ((OURS, Chainrule), (LEAN, LeanChainrule)):
        model = Transformer(first_numbers())
        found[name] = kind(model, example_loss(model), x, y)
    if peer("torch"):
        from benchmarks.torch_transformer import TorchTransformer

        found["PyTorch"] = TorchTransformer(first_numbers(), x, y)
    if peer("jax"):
        from benchmarks.jax_transformer import JaxTransformer, synchronous_transformer

        found["jax.jit"] = JaxTransformer(first_numbers(), x, y)
        found[SYNCHRONOUS] = Apart(synchronous_transformer, first_numbers(), x, y)
    return found


def run(rounds: int) -> list[Finding]:
    """Measure the transformer's training step."""
    work = f"causal transformer, {SEQUENCES} sequences"
    found = contestants()
    check_equal(found)
    times = race({name: contestant.step for name, contestant in found.items()}, rounds)
    show_times(work, times, OURS)
    bounds: dict[str, Any] = {"PyTorch": {"at_most": 1.0}, "jax.jit": {}, SYNCHRONOUS: {}}
    return [
        Finding(work, f"{ours} / {name}", times.ratio(ours, name), **bound)
        for name, bound in bounds.items()
        if name in found
        for ours in (OURS, LEAN)
    ]


def first_loss() -> float:
    """The loss of a model that is made and compiled for it."""
    loss = compiled(example_loss(Transformer(first_numbers())))
    return loss.mean(*data()).data
