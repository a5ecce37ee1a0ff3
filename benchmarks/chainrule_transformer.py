"""The transformer with us, one scalar at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import nn
from autograd import Value, dot, pick, relu, total
from benchmarks.sequences import EPSILON, LAYERS, SIZE, WIDTH, Numbers

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
