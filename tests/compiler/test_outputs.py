"""Outputs of every kind beside each other: each comes out of its own row."""

from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from autograd import Value, compiled, uniform
from autograd.compiler import execution, numpy_names
from tests.backends import each_compiled


class Quarters(np.random.Generator):
    """Draws nothing but 0.25, so that what is right is known."""

    def random(self, size=None, dtype=np.float64, out=None):
        if out is None:
            return 0.25
        out[...] = 0.25
        return out


DRAWS = Quarters(np.random.PCG64())
W = Value(3.0)
X = np.array([0.5, -1.0, 2.0, 4.0, -8.0])

# Each with what it is for an example, which the functions without arguments have at 0.5.
WITHOUT_ARGUMENTS: dict[str, Any] = {
    "parameter": lambda x: W,
    "of a parameter": lambda x: W * 2.0,
    "plain number": lambda x: 7.0,
    "constant": lambda x: Value(9.0),
    "draw": lambda x: uniform(DRAWS),
    "of a draw": lambda x: uniform(DRAWS) * 4.0,
    "of both": lambda x: (uniform(DRAWS) + W).tanh(),
}
WITH_ARGUMENTS = WITHOUT_ARGUMENTS | {
    "input": lambda x: x,
    "of an input": lambda x: x * 10.0,
    "of all": lambda x: x * uniform(DRAWS) * W,
}


@pytest.fixture(autouse=True)
def _fresh_memory_is_nan(monkeypatch):
    monkeypatch.setitem(numpy_names.FUNCTIONS, "empty", lambda shape, dtype=float: np.full(
        shape, np.nan if dtype is float else -(1 << 60), dtype=dtype))  # fmt: skip


def number(kind: Any, x: float) -> float:
    out = kind(Value(x))
    return out.data if isinstance(out, Value) else out


def expected(kinds: Any, batch: int) -> np.ndarray:
    rows = [[number(kind, x) for kind in kinds] for x in X[:batch]]
    return np.array(rows).reshape(batch, len(kinds))


def two_or_three(table: dict[str, Any]) -> list[Any]:
    """All pairs, some triples, and all at once."""
    kinds = list(table.values())
    return [*product(kinds, repeat=2), *list(permutations(kinds, 3))[::7], tuple(kinds)]


def some(table: dict[str, Any], backend: str) -> list[Any]:
    """Fewer where a compiler takes a while for each; the last is all at once."""
    return two_or_three(table)[:: -1 if backend == "numpy" else -12]


@each_compiled
def test_outputs_of_a_function_without_arguments(backend):
    for kinds in some(WITHOUT_ARGUMENTS, backend):
        f = compiled(lambda kinds=kinds: [kind(None) for kind in kinds], backend=backend)
        found = f()
        np.testing.assert_array_equal(found, expected(kinds, 1)[0])


@pytest.mark.parametrize("batch", [0, 1, 3])
@each_compiled
def test_outputs_of_a_function_with_an_argument(batch, backend):
    for kinds in some(WITH_ARGUMENTS, backend):
        found = compiled(_function_of(kinds), backend=backend)(X[:batch])
        np.testing.assert_array_equal(found, expected(kinds, batch))


def test_outputs_of_many_blocks(monkeypatch):
    monkeypatch.setattr(execution, "_CACHE_BYTES", 0)
    monkeypatch.setattr(execution, "_SMALLEST_BLOCK", 2)
    for kinds in two_or_three(WITH_ARGUMENTS)[::3]:
        found = compiled(_function_of(kinds))(X)
        np.testing.assert_array_equal(found, expected(kinds, len(X)))


def _function_of(kinds: Any) -> Any:
    return lambda x: [kind(x) for kind in kinds]


def test_one_node_as_several_outputs():
    def f(x: Value) -> list[Value]:
        twice = x * 2.0
        return [twice, x, twice, W, W, x, twice]

    np.testing.assert_array_equal(
        compiled(f)(X), np.column_stack([2 * X, X, 2 * X, 0 * X + 3, 0 * X + 3, X, 2 * X])
    )


@pytest.mark.parametrize("kind", WITHOUT_ARGUMENTS.values(), ids=WITHOUT_ARGUMENTS)
def test_a_function_without_arguments_has_a_mean_and_a_gradient(kind):
    W.forget_grad()
    eager = kind(None)
    slope = 0.0
    if isinstance(eager, Value) and eager.kind != "constant":
        eager.backward()
        slope = W.grad
    W.forget_grad()
    mean = compiled(lambda: kind(None)).mean()
    assert mean.data == number(kind, 0.0)
    if mean.kind != "constant":
        mean.backward()
    assert W.grad == slope
