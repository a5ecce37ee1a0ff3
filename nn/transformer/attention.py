"""Attention: each position of a sequence looks at others, and takes over some of what they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.context import no_grad
from autograd.operations import dot
from autograd.value import Value
from nn.functional import softmax
from nn.module import Module
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator
from nn.transformer.projection import Projection, Vector

Mask = Sequence[Sequence[float]]

HIDDEN = -math.inf  # the score of what must not be looked at: its softmax is 0


def causal_mask(positions: int) -> list[list[float]]:
    """What added to the scores lets each position see itself and those before it.

    >>> causal_mask(3)
    [[0.0, -inf, -inf], [0.0, 0.0, -inf], [0.0, 0.0, 0.0]]
    """
    return [[0.0 if k <= t else HIDDEN for k in range(positions)] for t in range(positions)]


def scaled_dot_product_attention(
    queries: Sequence[Vector],
    keys: Sequence[Vector],
    values: Sequence[Vector],
    mask: Mask | None = None,
) -> list[list[Value]]:
    """For each query the mean of the values, weighted by how well their keys fit the query.

    The rows of `softmax(Q K^T / sqrt(size) + mask) V`, where queries, keys and values are the
    rows of Q, K and V (Vaswani et al., 2017).

    Parameters:
        queries: shape (m, size).
        keys: shape (n, size).
        values: a vector for each key, shape (n, any).
        mask: numbers added to the scores, shape (m, n), such as `causal_mask(n)`; by default none.

    Returns:
        A vector for each query, of the values' width.

    Raises:
        ValueError: numbers of keys and values differ, lengths of queries and keys do, or those of
            the values; they are of no numbers; the mask has another shape, or it hides all keys
            from a query.

    >>> keys, values = [[9.0, 0.0], [0.0, 9.0]], [[3.0], [4.0]]
    >>> [[round(y.data, 3) for y in ys] for ys in scaled_dot_product_attention(keys, keys, values)]
    [[3.0], [4.0]]
    """
    if len(keys) != len(values):
        raise ValueError(f"{len(keys)} keys and {len(values)} values: each key has one")
    _check_lengths("queries and keys", [*queries, *keys])
    _check_lengths("values", values)
    hidden = mask_rows(mask, len(queries), len(keys))
    return [
        weighted_mean(attention_weights(query, keys, row), values)
        for query, row in zip(queries, hidden, strict=True)
    ]


def _check_lengths(what: str, vectors: Sequence[Vector]) -> None:
    lengths = sorted({len(vector) for vector in vectors})
    if len(lengths) > 1:
        raise ValueError(f"{what} are vectors of one length, not of {lengths[0]} and {lengths[-1]}")
    if 0 in lengths:
        raise ValueError(f"{what} are vectors of one number or more, not of none")


def attention_weights(
    query: Vector, keys: Sequence[Vector], mask: Sequence[float]
) -> list[Value | float]:
    """The softmax of a query's scores: what share it takes of each key's value, shape (n,).

    What the mask hides has the share 0, as a plain number: it gets no gradient either.

    >>> shares = attention_weights([1.0], [[2.0], [2.0], [9.0]], mask=[0.0, 0.0, HIDDEN])
    >>> [round(float(share), 3) for share in shares]
    [0.5, 0.5, 0.0]
    """
    scores = [_score(query, key, added) for key, added in zip(keys, mask, strict=True)]
    shares = iter(softmax([score for score in scores if score is not HIDDEN]))
    return [0.0 if score is HIDDEN else next(shares) for score in scores]


def _score(query: Vector, key: Vector, added: float) -> Value | float:
    """`query . key / sqrt(size) + added`; minus infinity is that, whatever it is added to."""
    if added == HIDDEN:
        return HIDDEN
    score: Value | float = dot(query, key) * len(query) ** -0.5
    return score + added if added else score


def weighted_mean(weights: Vector, vectors: Sequence[Vector]) -> list[Value]:
    """The sum of the vectors times their weights; what is hidden is not even multiplied with 0."""
    seen = [i for i, weight in enumerate(weights) if isinstance(weight, Value)]
    shares = [weights[i] for i in seen]
    return [dot(shares, column) for column in zip(*[vectors[i] for i in seen], strict=True)]


def mask_rows(mask: Any, queries: int, keys: int) -> Mask:
    """The mask's rows, checked; zeros if there is none."""
    if mask is None:
        return [[0.0] * keys for _ in range(queries)]
    numbers = np.asarray(mask)
    if numbers.dtype.kind not in "iuf":
        raise TypeError(
            "a mask holds numbers that are added to the scores: 0 where a key is seen, -inf where "
            f"it is hidden; this one is of {numbers.dtype}"
        )
    if numbers.shape != (queries, keys):
        raise ValueError(
            f"the mask of {queries} queries and {keys} keys has the shape {(queries, keys)}, "
            f"not {numbers.shape}"
        )
    for query in np.flatnonzero((numbers == HIDDEN).all(axis=1))[:1]:
        raise ValueError(f"row {query} of the mask hides all keys from the query")
    rows: Mask = numbers.tolist()
    return rows


class MultiHeadAttention(Module):
    """Several heads look at a sequence, each with its part of the width (Vaswani et al., 2017).

    Every vector is projected to a query, a key and a value. Each head has its part of their
    numbers; what the heads found stands side by side, and goes through one more projection.

    Parameters:
        width: how many numbers a vector has.
        heads: how many look at once; the width is a multiple of it.
        causal: whether a position sees itself and those before it, or all.
        seed: for the first weights: a whole number or NumPy's generator.

    Attributes:
        query, key, value, out: the projections.

    Raises:
        ValueError: the width is no multiple of the heads.

    >>> attention = MultiHeadAttention(width=4, heads=2, seed=0)
    >>> vectors = [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]]
    >>> [len(ys) for ys in attention(vectors)]
    [4, 4]
    >>> attention.pattern(vectors).round(2).tolist()
    [[[1.0, 0.0], [0.47, 0.53]], [[1.0, 0.0], [0.41, 0.59]]]
    """

    def __init__(self, width: int, heads: int, *, causal: bool = True, seed: Seed = None) -> None:
        self.width, self.heads = from_one("width", width), from_one("heads", heads)
        self.causal = causal
        if self.width % self.heads:
            raise ValueError(
                f"the width {width} is no multiple of {heads} heads: each has as many numbers"
            )
        random = generator(seed)
        self.query = Projection(width, width, random)
        self.key = Projection(width, width, random)
        self.value = Projection(width, width, random)
        self.out = Projection(width, width, random)

    def __call__(self, xs: Sequence[Vector]) -> list[list[Value]]:
        """Shape (positions, width) to the same."""
        values = self._of_heads(self.value, xs)
        return [
            self.out(
                [
                    number
                    for weights, head in zip(row, values, strict=True)
                    for number in weighted_mean(weights, head)
                ]
            )
            for row in self._weights(xs)
        ]

    def pattern(self, xs: Sequence[Vector]) -> NDArray[np.float64]:
        """How much each position takes from each, shape (heads, positions, positions)."""
        with no_grad():
            weights = [[[float(x) for x in row] for row in heads] for heads in self._weights(xs)]
        return np.array(weights).swapaxes(0, 1)

    def _weights(self, xs: Sequence[Vector]) -> list[list[list[Value | float]]]:
        """Of each position, each head's weights, shape (positions, heads, positions)."""
        if len(xs) == 0:
            raise ValueError(f"{self} looks at one vector or more, none came")
        mask = mask_rows(causal_mask(len(xs)) if self.causal else None, len(xs), len(xs))
        queries, keys = self._of_heads(self.query, xs), self._of_heads(self.key, xs)
        return [
            [attention_weights(q[t], k, row) for q, k in zip(queries, keys, strict=True)]
            for t, row in enumerate(mask)
        ]

    def _of_heads(self, projection: Projection, xs: Sequence[Vector]) -> list[list[Vector]]:
        """The projected vectors, each head its part, shape (heads, positions, size)."""
        vectors, size = [projection(x) for x in xs], self.width // self.heads
        return [[v[i : i + size] for v in vectors] for i in range(0, self.width, size)]

    def __repr__(self) -> str:
        kind = "causal" if self.causal else "of all positions"
        return f"MultiHeadAttention({self.width}, {self.heads} heads, {kind})"
