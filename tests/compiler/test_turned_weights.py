"""Weights that are used transposed, alone or also as they are: tied layers and embeddings."""

import numpy as np
import pytest

from autograd import Value, dot, logsumexp, pick, tanh, total
from tests.compiler.comparing import check

NORMAL = np.random.default_rng(0).normal
W = [[Value(x) for x in row] for row in NORMAL(size=(3, 2)).tolist()]
COLUMNS = [list(column) for column in zip(*W, strict=True)]
FLAT = [w for row in W for w in row]
X2, X3 = NORMAL(size=(5, 2)), NORMAL(size=(5, 3))


def layer(rows, x):
    return [dot(row, x) for row in rows]


def classified(logits, y):
    return logsumexp(logits) - pick(logits, y)


CASES = {
    "tied": (lambda x: total(layer(COLUMNS, layer(W, x))), [X2]),
    "tied, and bent": (lambda x: total(layer(COLUMNS, [tanh(h) for h in layer(W, x)])), [X2]),
    "turned alone, in a vector that others ordered": (
        lambda x: total(layer(COLUMNS, x)) + dot(FLAT, FLAT), [X3]),
    "computed, and turned": (
        lambda x: total([dot([tanh(w) for w in row], x) for row in COLUMNS]), [X3]),
    "both ways of what is computed": (
        lambda x: total(layer(list(zip(*[[tanh(w) for w in row] for row in W], strict=True)),
                              layer([[tanh(w) for w in row] for row in W], x))), [X2]),
    "an embedding that is the output layer too": (
        lambda y: classified(layer(W, [pick(c, y) for c in COLUMNS]), y), [np.arange(5) % 3]),
    "in two positions": (
        lambda x: total([h for part in (x, x[::-1]) for h in layer(COLUMNS, layer(W, part))]),
        [X2]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "arrays"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("batch", [1, 5])
def test_gradients_are_the_eager_ones(f, arrays, batch):
    check(lambda *xs: f(*xs), *arrays, parameters=FLAT, batches=[batch])
