"""The laws that every row of the table obeys. No test names an operation."""

import itertools
import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Operation, Value, constant, gradient, operations
from autograd.value import record

each_row = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
each_expandable_row = pytest.mark.parametrize(
    "row", [row for row in TABLE.values() if row.expansion], ids=lambda row: row.name
)

EXTREMES = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 40.0, 710.0, -746.0, 1e308, -1e308, 5e-324]
EXTREMES += [math.inf, -math.inf, math.nan]


def points(row: Operation, count: int = 5) -> list[list[float]]:
    """Operands to try; those of n-ary rows are of several lengths."""
    random = Random(row.name)
    return [row.sample(random, count=3 + i % 3) for i in range(count)]


def movable(row: Operation, point: Sequence[float]) -> list[int]:
    """Which operands can move: not an index, whose interval is a single number."""
    other = row.sample(Random("another point"), count=len(point))
    return [i for i, (a, b) in enumerate(zip(point, other, strict=True)) if a != b]


def slope(f: Callable[..., float], point: Sequence[float], i: int) -> float:
    """The derivative with respect to operand `i`: central differences of fourth order."""
    step = 1e-3

    def moved(steps: float) -> float:
        return f(*point[:i], point[i] + steps * step, *point[i + 1 :])

    return (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)


def slopes(row: Operation, operands: Sequence[Any], out: Any) -> list[Any]:
    """What a gradient of 1 becomes on its way to each operand: 0 where nothing passes."""
    partials = row.local_derivatives(operands, out, [True] * len(operands))
    return [0.0 if partial is None else partial * 1.0 for partial in partials]


def partials(row: Operation, operands: Sequence[float]) -> list[float]:
    return slopes(row, operands, row.forward(*operands))


def extreme_points(row: Operation) -> list[tuple[float, ...]]:
    (point,) = points(row, count=1)
    free = movable(row, point)
    choices = [EXTREMES if i in free else [x] for i, x in enumerate(point)]
    return list(itertools.product(*choices))


@each_row
def test_partials_are_the_slopes_of_forward(row):
    for point in points(row):
        for i in movable(row, point):
            assert partials(row, point)[i] == pytest.approx(
                slope(row.forward, point, i), 1e-8, 1e-8
            )


@each_row
def test_second_derivatives_are_the_slopes_of_the_partials(row):
    for point in points(row):
        leaves = [Value(x) for x in point]
        first = gradient(record(row, leaves), leaves, create_graph=True)
        for i, j in itertools.product(movable(row, point), repeat=2):
            expected = slope(lambda *xs, i=i: partials(row, xs)[i], point, j)
            assert gradient(first[i], leaves[j]).data == pytest.approx(expected, 1e-7, 1e-7)


@each_row
def test_partials_on_arrays_and_on_values_are_those_on_floats(row):
    matrix = np.array([row.sample(Random(seed), count=4) for seed in range(6)])
    columns = list(matrix.T)
    on_arrays = slopes(row, columns, row.array(*columns))
    for k, point in enumerate(matrix.tolist()):
        leaves = [Value(x) for x in point]
        on_values = slopes(row, leaves, record(row, leaves))
        for i, expected in enumerate(partials(row, point)):
            assert np.broadcast_to(on_arrays[i], len(matrix))[k] == pytest.approx(expected, 1e-12)
            assert float(on_values[i]) == expected


@each_row
def test_gradient_that_can_be_differentiated_is_the_plain_one(row):
    for point in points(row):
        leaves = [Value(x) for x in point]
        output = record(row, leaves)
        recorded = gradient(output, leaves, create_graph=True)
        assert [x.data for x in recorded] == [x.data for x in gradient(output, leaves)]


@each_row
def test_array_column_is_forward_on_every_element(row):
    points = [row.sample(Random(seed), count=4) for seed in range(6)]
    columns = np.array(points).T
    expected = [row.forward(*point) for point in points]
    buffer = np.full(len(points), 7.0)
    assert row.array(*columns) == pytest.approx(expected, 1e-13)
    assert row.array(*columns, out=buffer) is buffer
    assert buffer == pytest.approx(expected, 1e-13)


@each_row
def test_array_column_broadcasts_numbers_and_columns(row):
    point = row.sample(Random(0), count=4)
    mixed = [np.full((3, 1), x) if i % 2 else x for i, x in enumerate(point)]
    mixed[0] = np.full((3, 2), point[0])
    result = row.array(*mixed)
    assert (result.shape, result.dtype) == ((3, 2), np.float64)
    assert result == pytest.approx(np.full((3, 2), row.forward(*point)), 1e-13)


@each_row
def test_no_number_makes_forward_or_partials_raise(row):
    for point in extreme_points(row):
        numbers = [row.forward(*point), *partials(row, point)]
        assert [type(x) for x in numbers] == [float] * len(numbers)


@each_row
def test_arrays_agree_with_floats_at_extreme_numbers(row):
    points = extreme_points(row)
    columns = list(np.array(points).T)
    with np.errstate(all="ignore"):
        values = row.array(*columns)
        derivatives = slopes(row, columns, values)
    expected = np.array([[row.forward(*point), *partials(row, point)] for point in points])
    for found, column in zip([values, *derivatives], expected.T, strict=True):
        np.testing.assert_allclose(np.broadcast_to(found, len(points)), column, rtol=1e-12)


def call(row: Operation) -> list[float]:
    """What to call the function with: two arguments are right for any n-ary row."""
    return row.sample(Random(0)) if row.arity else [0.3, 0.0]


@each_row
def test_method_is_the_function(row):
    number, *rest = call(row)
    x, y = Value(number), Value(number)
    by_method, by_function = getattr(x, row.name)(*rest), row(y, *rest)
    assert by_method.op is by_function.op is row
    assert by_method.data == by_function.data
    assert by_method.partials == by_function.partials


@each_row
def test_function_takes_what_it_is_given(row):
    number, *rest = call(row)
    result = row(number, *rest)
    assert type(result) is float
    assert row(Value(number), *rest).data == result


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row.arity], ids=repr)
def test_function_takes_arrays_element_by_element(row):
    x, *rest = row.sample(Random(0))
    on_numbers = row(np.array([x, x]), *rest)
    on_values = row(np.array([Value(x), Value(x)]), *rest)
    assert on_numbers == pytest.approx([row(x, *rest)] * 2, 1e-13)
    assert [(y.op, y.data) for y in on_values] == [(row, row(x, *rest))] * 2


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row.arity], ids=repr)
@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32, np.bool_])
def test_arrays_of_any_kind_are_taken_for_float64(row, kind):
    columns = [np.array([1, 1, 0, 0], dtype=kind), np.array([1, 0, 1, 0], dtype=kind), 2][
        : row.arity
    ]
    expected = row(*[np.asarray(column, dtype=np.float64) for column in columns])
    result = row(*columns)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, expected)


@each_row
def test_constant_operands_get_no_partial(row):
    for point in points(row):
        for i in range(len(point) if len(point) > 1 else 0):
            operands = [constant(x) if j == i else Value(x) for j, x in enumerate(point)]
            whole = record(row, [Value(x) for x in point]).partials
            known = record(row, operands).partials
            assert known == tuple(None if j == i else whole[j] for j in range(len(point)))


@each_row
def test_constants_alone_make_a_constant(row):
    for point in points(row, count=1):
        node = record(row, point)
        assert (node.kind, node.operands) == ("constant", ())
        assert node.data == row.forward(*point)


@each_expandable_row
def test_expansion_is_the_operation_in_simpler_ones(row):
    for point in points(row):
        short, long = [Value(x) for x in point], [Value(x) for x in point]
        record(row, short).backward()
        expanded = row.expansion(long)
        expanded.backward()
        assert expanded.op is not row
        assert row.expansion(point) == expanded.data == pytest.approx(row.forward(*point), 1e-14)
        for a, b, i in zip(short, long, range(len(point)), strict=True):
            assert a.grad == pytest.approx(b.grad, 1e-13), i


def test_rows_are_found_under_their_own_names():
    rows = {k: v for k, v in vars(operations).items() if isinstance(v, Operation)}
    assert rows == TABLE
    assert [row.name for row in TABLE.values()] == list(TABLE)
    assert all(row.symbol for row in TABLE.values())
    assert sorted(operations.__all__) == sorted(TABLE)
