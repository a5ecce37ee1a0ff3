"""Dots of all pairs of two lists of vectors: the results and gradients of the eager engine."""

from itertools import product

import numpy as np
import pytest

from autograd import Value, compiled, dot, total
from autograd.compiler import execution
from autograd.compiler.scheduling import pairs
from nn import softmax
from tests.backends import each_compiled
from tests.compiler.comparing import check

NORMAL = np.random.default_rng(0).normal
SCALES = [Value(x) for x in NORMAL(size=12)]


@pytest.fixture(autouse=True)
def _however_small(monkeypatch):
    monkeypatch.setattr(pairs, "_LARGE", 1)


def scaled(rows):
    """The rows times parameters, so that gradients pass through them."""
    return [[w * x for w, x in zip(SCALES, row, strict=False)] for row in rows]


def attention(x, heads=1, causal=True):
    """Each position looks at itself and those before it, or at all."""
    x = scaled(x)
    size = len(x[0]) // heads
    out = []
    for t, head in product(range(len(x)), range(heads)):
        part = [row[head * size : (head + 1) * size] for row in x]
        seen = part[: t + 1] if causal else part
        weights = softmax([dot(part[t], key) for key in seen])
        out += [dot(weights, column) for column in zip(*seen, strict=True)]
    return out


def all_pairs(x, y):
    return [dot(a, b) for a in scaled(x) for b in scaled(y)]


CASES = {
    "causal": (lambda x: attention(x), [(5, 3)]),
    "causal, two heads": (lambda x: attention(x, heads=2), [(5, 4)]),
    "not causal": (lambda x: attention(x, causal=False), [(4, 3)]),
    "twice": (lambda x: attention(list(zip(*[iter(attention(x))] * 3, strict=True))), [(4, 3)]),
    "all pairs of two arguments": (all_pairs, [(3, 4), (2, 4)]),
    "all pairs of one": (lambda x: all_pairs(x, x), [(3, 4)]),
    "all but one": (lambda x, y: all_pairs(x, y)[:-1], [(3, 4), (2, 4)]),
    "in another order": (lambda x, y: all_pairs(x, y)[::-1], [(3, 4), (2, 4)]),
    "a band": (
        lambda x: [dot(a, b) for i, a in enumerate(scaled(x)) for b in scaled(x)[i : i + 3]],
        [(6, 3)]),
    "of two lengths": (
        lambda x, y: [
            dot(a[:n], b[:n]) for n, a in enumerate(scaled(x), 2) for b in scaled(y)],
        [(3, 5), (4, 5)]),
    "windows": (
        lambda x, y: [dot(x[i : i + 3], b) for i in range(6) for b in scaled(y)], [(8,), (3, 3)]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "shapes"), CASES.values(), ids=CASES)
@each_compiled
def test_results_are_the_eager_ones(f, shapes, backend):
    arguments = [NORMAL(size=(4, *shape)) for shape in shapes]
    expected = compiled(lambda *xs: f(*xs), backend="eager")(*arguments)
    np.testing.assert_allclose(
        compiled(lambda *xs: f(*xs), backend=backend)(*arguments), expected, rtol=1e-11, atol=1e-13
    )
    check(lambda *xs: total([y.tanh() for y in f(*xs)]), *arguments, parameters=SCALES,
          backends=[backend])  # fmt: skip


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan, 1e308])
@pytest.mark.parametrize("place", [(0, 0), (1, 2), (3, 1), (4, 2)])
@pytest.mark.parametrize("causal", [True, False])
@each_compiled
def test_what_a_position_does_not_see_cannot_spoil_it(place, wrong, causal, backend):
    x = NORMAL(size=(2, 5, 3))
    x[1][place] = wrong
    f = compiled(lambda x: attention(x, causal=causal), backend=backend)
    eager = compiled(lambda x: attention(x, causal=causal), backend="eager")
    np.testing.assert_allclose(f(x), eager(x), rtol=1e-12)
    assert np.isfinite(f(x)[0]).all()


@pytest.mark.parametrize("wrong", [np.inf, np.nan])
@each_compiled
def test_gradients_of_what_is_not_seen_are_not_spoiled(wrong, backend):
    x = NORMAL(size=(3, 5, 3))
    x[1, 3, 1] = wrong

    def f(x):
        return total(attention(x)[:6])

    values = [compiled(f, backend=name).value_and_gradient(x) for name in (backend, "eager")]
    np.testing.assert_allclose(values[0][0], values[1][0], rtol=1e-12)
    np.testing.assert_allclose(values[0][1], values[1][1], rtol=1e-11)


def test_blocks_of_examples(monkeypatch):
    monkeypatch.setattr(execution, "_SMALLEST_BLOCK", 3)
    monkeypatch.setattr(execution, "_CACHE_BYTES", 1)
    check(lambda x: total(attention(x)), NORMAL(size=(10, 5, 3)), parameters=SCALES, batches=[10])
