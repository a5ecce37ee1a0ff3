"""Functions of plain numbers: straight-line Python, with the engine's values and derivatives."""

import ast
import math
from random import Random

import numpy as np
import pytest

from autograd import (
    TABLE,
    CompilationError,
    Operation,
    Value,
    compiled,
    gradient,
    greater,
    log,
    maximum,
    pick,
    tanh,
    total,
    uniform,
    where,
)
from autograd.value import record

inf, nan = math.inf, math.nan


def agree(f, *point):
    """Value and derivatives, to the last bit or nearly, infinities and NaNs too."""
    leaves = [Value(x) for x in point]
    output = f(*leaves)
    slopes = [slope.data for slope in gradient(output, leaves)]
    program = compiled(f)
    found, derivatives = program.value_and_gradient_at(*point)
    assert program(*point) == found or found != found
    assert found == pytest.approx(output.data, rel=1e-14, abs=0.0, nan_ok=True)
    assert list(np.atleast_1d(derivatives)) == pytest.approx(slopes, 1e-12, 1e-300, nan_ok=True)
    return program


def micrograd(a, b):
    """The expression of micrograd's README."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def test_the_expression_of_micrograds_readme():
    value, (a, b) = compiled(micrograd).value_and_gradient_at(-4.0, 2.0)
    assert (round(value, 4), round(a, 4), round(b, 4)) == (24.7041, 138.8338, 645.5773)
    agree(micrograd, 0.3, -1.7)


def test_one_number_has_one_derivative():
    assert compiled(lambda x: x * x).value_and_gradient_at(3.0) == (9.0, 6.0)


@pytest.mark.parametrize("three", [3, 3.0, np.float64(3), np.int64(3), np.float32(3), np.array(3)])
def test_any_kind_of_number(three):
    value, slope = compiled(lambda x: x * x).value_and_gradient_at(three)
    assert (type(value), type(slope)) == (float, float)
    assert (value, slope, compiled(lambda x: x * x)(three)) == (9.0, 6.0, 9.0)


@pytest.mark.parametrize(
    ("f", "point"),
    [
        (lambda a, b: a / b, (1.0, 0.0)),
        (lambda a, b: a / b, (0.0, 0.0)),
        (lambda a, b: a / b, (-1.0, -0.0)),
        (lambda a, b: a / (b * 0.0), (1.0, -2.0)),
        (lambda a, b: a**b, (-2.0, 0.5)),
        (lambda a, b: a**b, (0.0, -1.0)),
        (lambda a, b: a**b, (1e200, 2.0)),
        (lambda a, b: a.exp() * b, (710.0, 0.5)),
        (lambda a, b: a.log() + b, (0.0, 1.0)),
        (lambda a, b: a.log() * b, (-1.0, 1.0)),
        (lambda a, b: a.sqrt() * b, (-1.0, 1.0)),
        (lambda a, b: a * b, (1e308, 10.0)),
        (lambda a, b: a * b + a.sin(), (inf, 1.0)),
        (lambda a, b: a * b + maximum(a, b), (nan, 1.0)),
        (lambda a, b: log(where(greater(a, b), a, b)) * a, (-1.0, -0.5)),
        (lambda a, b: (a - b).log() / (a - b), (2.0, 2.0)),
    ],
)
def test_ieee_edges_are_the_engines(f, point):
    agree(f, *point)


def test_negative_zero_of_a_comparison():
    f = compiled(lambda a: 1.0 / -greater(a, 0.0))
    assert (f(-1.0), f(1.0)) == (-inf, -1.0)


@pytest.mark.parametrize("seed", range(150))
def test_random_programs(seed):
    parameters = [Value(0.5), Value(-1.25)]

    def f(*arguments):
        random = Random(seed)
        pool = [*arguments, *parameters]
        for _ in range(random.randint(1, 25)):
            row = random.choice(list(TABLE.values()))
            intervals = row.domain if row.arity is None else row.domain * (row.arity or 1)
            count = row.arity or random.randint(1, 4) + len(row.domain) - 1
            if any(low == high for low, high in row.domain):
                continue
            operands = []
            for i in range(count):
                low, high = intervals[min(i, len(intervals) - 1)]
                x = random.choice(pool)
                operands.append(tanh(x) * (0.5 * (high - low)) + 0.5 * (low + high))
            pool.append(tanh(record(row, operands)))
        return total([x * random.uniform(-1.0, 1.0) for x in pool[-6:]])

    random = Random(seed)
    program = compiled(f)
    for _ in range(2):
        point = [random.uniform(-2.0, 2.0) for _ in range(3)]
        leaves = [Value(x) for x in point]
        output = f(*leaves)
        value, slopes = program.value_and_gradient_at(*point)
        assert value == pytest.approx(output.data, rel=1e-12, abs=1e-12)
        expected = [slope.data for slope in gradient(output, leaves)]
        assert list(slopes) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_captured_parameters_are_read_afresh():
    w = Value(2.0)
    f = compiled(lambda x: w * x)
    assert f.value_and_gradient_at(3.0) == (6.0, 2.0)
    w.data = -1.0
    assert f.value_and_gradient_at(3.0) == (-3.0, -1.0)


def test_arguments_that_are_not_used_have_the_derivative_0():
    assert compiled(lambda a, b, c: b * b).value_and_gradient_at(1.0, 2.0, 3.0) == (4.0, (0, 4, 0))
    assert compiled(lambda a: 7.0).value_and_gradient_at(1.0) == (7.0, 0.0)
    assert compiled(lambda a: a).value_and_gradient_at(2.5) == (2.5, 1.0)


def test_a_derivative_inside():
    f = compiled(lambda x: gradient(x**3, x, create_graph=True))
    assert f.value_and_gradient_at(2.0) == (12.0, 12.0)


def test_index_that_is_a_plain_number():
    f = compiled(lambda x, i: pick([x, x * x, 1.0], i))
    assert [f.value_and_gradient_at(3.0, i) for i in range(3)] == [
        (3.0, (1.0, 0.0)),
        (9.0, (6.0, 0.0)),
        (1.0, (0.0, 0.0)),
    ]
    with pytest.raises(IndexError, match="index 3 is not one of 0 to 2"):
        f(1.0, 3)


def test_draws_are_new_at_every_call_and_the_same_for_the_same_seed():
    def draws(seed):
        generator = np.random.default_rng(seed)
        f = compiled(lambda x: x * uniform(generator) + uniform(generator))
        return [f(1.0), f(1.0), f.value_and_gradient_at(1.0)[0]]

    assert draws(0) == draws(0) != draws(1)
    assert len(set(draws(0))) == 3
    numbers = np.random.default_rng(0).random(2)
    assert draws(0)[0] == numbers.sum()


@pytest.mark.parametrize("name", ["value", "v1", "g2", "p1_0", "float", "inf", "given_x", "class"])
@pytest.mark.parametrize("symbol", ["+", "*", "neg", "/", "f"])
def test_an_operation_of_ones_own_is_called_whatever_its_name(name, symbol):
    halve = Operation(name, symbol=symbol, forward=lambda x: x / 2.0, partials=(0.5,))
    third = Operation(name, symbol=symbol, forward=lambda x: x / 3.0, partials=(1.0 / 3.0,))
    f = compiled(lambda x: halve(x) * third(x + 1.0))
    assert f.value_and_gradient_at(5.0) == (5.0, pytest.approx(1.0 + 2.5 / 3.0))


def test_long_sums_and_long_chains():
    f = compiled(lambda x: sum(x * float(i) for i in range(3000)))
    assert f.value_and_gradient_at(2.0) == (8997000.0, 4498500.0)

    def chain(x):
        for _ in range(5000):
            x = x * 1.0001
        return x

    value, slope = compiled(chain).value_and_gradient_at(1.0)
    assert value == slope == pytest.approx(1.0001**5000)


def test_the_source_is_python():
    f = compiled(micrograd)
    f(1.0, 2.0)
    names = [node.name for node in ast.parse(f.source).body if isinstance(node, ast.FunctionDef)]
    assert names == ["value", "value_and_gradient"]


def test_a_list_is_no_number():
    with pytest.raises(ValueError, match="must give one number, this one gives 2"):
        compiled(lambda x: [x, x])(1.0)


def test_numbers_as_arrays_give_the_same():
    f = compiled(lambda a, b: tanh(a * b) / (1.0 + b * b))
    points = [(0.5, 2.0), (-1.0, 0.25)]
    batch = f(*np.array(points).T)
    assert batch == pytest.approx([f(*point) for point in points], rel=1e-14)


def test_what_is_not_a_number_is_an_error():
    f = compiled(lambda x: x * x)
    for wrong in ["a", "2.0", b"2", None, 1j]:
        with pytest.raises(TypeError, match=f"x must be a real number, not {type(wrong).__name__}"):
            f(wrong)


def test_a_branch_on_the_number_is_refused():
    with pytest.raises(CompilationError, match="> of 'x' in a compiled function"):
        compiled(lambda x: x if x > 0.0 else -x)(1.0)
