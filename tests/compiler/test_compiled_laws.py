"""The laws of the operations table, compiled. No test names an operation."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import (
    TABLE,
    CompilationError,
    Operation,
    Value,
    compiled,
    constant,
    gradient,
    greater,
    log,
    where,
)
from autograd.value import record
from tests.autograd.test_edges import EDGES, Edge, inf, nan
from tests.compiler.comparing import gradient_of

each_row = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)

# A comparison of Values is Python's own `bool`, which a graph cannot depend on.
BRANCHES = ("where, other branch infinite", "where, twice")
ARITHMETIC = [
    Edge("where, other branch infinite", lambda x: where(greater(x, 0.0), log(x), 0.0),
         (0.0,), 0.0, (nan,), None),
    Edge("where, twice",
         lambda x: where(greater(x, 0.0), log(where(greater(x, 0.0), x, 1.0)), 0.0),
         (0.0,), 0.0, (0.0,), None),
]  # fmt: skip
COMPILED_EDGES = [edge for edge in EDGES if edge.case not in BRANCHES] + ARITHMETIC

each_edge = pytest.mark.parametrize("edge", COMPILED_EDGES, ids=lambda edge: edge.case)


def points(row: Operation, count: int, seed: int = 0, size: int = 4) -> list[list[float]]:
    random = Random(f"{row.name} {seed}")
    return [row.sample(random, count=size) for _ in range(count)]


def call(row: Operation) -> Callable[..., Any]:
    """The operation as a function of its operands one by one."""
    return lambda *operands: record(row, operands)


def columns(points: Sequence[Sequence[float]]) -> list[np.ndarray]:
    """An array for each operand; that of an index, which is the same everywhere, of integers."""
    arrays = list(np.array(points).T)
    return [x.astype(int) if len(set(x)) == 1 < len(x) else x for x in arrays]


def eager(row: Operation, point: Sequence[float]) -> tuple[float, list[float]]:
    leaves = [Value(x) for x in point]
    output = record(row, leaves)
    return output.data, [x.data for x in gradient(output, leaves)]


def near(numbers: Any) -> Any:
    return pytest.approx(numbers, rel=1e-13, abs=1e-15, nan_ok=True)


@each_row
def test_row_on_batches(row):
    f = compiled(call(row))
    for seed in range(3):
        batch = points(row, 5, seed)
        assert f(*columns(batch)) == near([eager(row, point)[0] for point in batch])


@each_row
@pytest.mark.parametrize("size", [3, 5])
def test_gradient_of_arguments(row, size):
    f = compiled(lambda xs: record(row, xs))
    for point in points(row, 4, size=size):
        value, slopes = eager(row, point)
        if f"{point[-1]:g}" == "1":
            continue  # an index is no argument among others
        found, gradient = f.value_and_gradient_at(np.array(point))
        assert found == near(value)
        assert gradient == near(slopes)


@each_row
def test_gradient_of_parameters(row):
    """Every choice of operands that are parameters, with the others from the batch."""
    batch = points(row, 5)
    arrays = columns(batch)
    for chosen in range(2 ** len(arrays)):
        leaves = {i: Value(batch[0][i]) for i in range(len(arrays)) if chosen >> i & 1}
        if any(arrays[i].dtype.kind == "i" for i in leaves):
            continue
        given = [x for i, x in enumerate(arrays) if i not in leaves]

        def f(*xs: Value, leaves: Any = leaves) -> Value:
            rest = iter(xs)
            operands = [leaves[i] if i in leaves else next(rest) for i in range(len(arrays))]
            return record(row, operands)

        mixed = [[leaves[i].data if i in leaves else x for i, x in enumerate(p)] for p in batch]
        if not given:
            mixed = mixed[:1]
        expected = [eager(row, point) for point in mixed]
        output = compiled(f).mean(*given)
        assert output.data == near(np.mean([value for value, _ in expected]))
        slopes = [np.mean([slopes[i] for _, slopes in expected]) for i in leaves]
        assert gradient_of(output, list(leaves.values())) == near(slopes)


@each_row
def test_row_on_plain_numbers(row):
    f = compiled(call(row))
    for point in points(row, 5):
        value, slopes = eager(row, point)
        assert f(*point) == value
        found, gradient = f.value_and_gradient_at(*point)
        assert found == value
        assert np.atleast_1d(gradient) == near(slopes)


@each_row
def test_constants_alone_are_computed_once(row):
    (point,) = points(row, 1)
    f = compiled(lambda x: x + record(row, [constant(x) for x in point]))
    assert f(np.array([1.0, 2.0])) == near(np.array([1.0, 2.0]) + row.forward(*point))
    assert row.name not in f.source.replace("add(", "") or row.forward(*point) == 0.0


@each_row
def test_derivative_taken_inside(row):
    """The partials of the row, recorded, and replayed at another point."""

    def f(*xs: Value) -> Any:
        return gradient(record(row, xs), list(xs), create_graph=True)

    program = compiled(f)
    batch = points(row, 4)
    expected = [eager(row, point)[1] for point in batch]
    assert program(*columns(batch)) == near(np.array(expected))


@each_edge
def test_edge_in_a_batch(edge):
    """Also beside an example that is none: neither changes the other."""
    plain = [0.75] * len(edge.at)
    batch = [np.array([x, 0.75, x]) for x in edge.at]
    assert compiled(edge.f)(*batch) == near([edge.value, edge.f(*plain), edge.value])


@each_edge
def test_edge_of_parameters_and_arguments(edge):
    for chosen in range(1, 2 ** len(edge.at)):
        leaves = {i: Value(x) for i, x in enumerate(edge.at) if chosen >> i & 1}
        given = [np.array([x, x]) for i, x in enumerate(edge.at) if i not in leaves]

        def f(*xs: Value, leaves: Any = leaves) -> Any:
            rest = iter(xs)
            operands = [leaves[i] if i in leaves else next(rest) for i in range(len(edge.at))]
            return edge.f(*operands)

        output = compiled(f).mean(*given)
        assert output.data == near(edge.value)
        slopes = [slope for i, slope in enumerate(edge.slopes) if i in leaves]
        assert gradient_of(output, list(leaves.values())) == near(slopes)


@each_edge
def test_edge_of_arguments(edge):
    value, gradient = compiled(lambda xs: edge.f(*xs)).value_and_gradient_at(np.array(edge.at))
    assert value == near(edge.value)
    assert gradient == near(edge.slopes)


@each_edge
def test_edge_of_plain_numbers(edge):
    f = compiled(edge.f)
    assert f(*edge.at) == near(edge.value)
    value, gradient = f.value_and_gradient_at(*edge.at)
    assert value == near(edge.value)
    assert np.atleast_1d(gradient) == near(edge.slopes)


@pytest.mark.parametrize("edge", [e for e in EDGES if e.case in BRANCHES], ids=lambda e: e.case)
def test_edge_that_branches_is_refused(edge):
    with pytest.raises(CompilationError, match="> of 'x' in a compiled function"):
        compiled(edge.f)(np.array(edge.at))


@pytest.mark.parametrize("x", [inf, -inf, nan, 0.0, -0.0, 1e308, 5e-324])
def test_extreme_numbers_pass_through_a_network_as_in_the_engine(x):
    weights = [Value(w) for w in (0.5, -2.0, 1.0)]

    def f(x: Value) -> Any:
        hidden = [(w * x + 0.25).tanh() for w in weights]
        return sum(h * w for h, w in zip(hidden, weights, strict=True)) / (x * x + 1.0)

    output = compiled(f).mean(np.array([x]))
    found = gradient_of(output, weights)
    expected = f(Value(x))
    assert output.data == near(expected.data)
    assert found == near(gradient_of(expected, weights))
