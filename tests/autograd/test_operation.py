"""Operations of a person's own: the same class as the table's rows."""

import math
from fractions import Fraction

import numpy as np
import pytest

from autograd import (
    Operation,
    Value,
    check_gradients,
    constant,
    cos,
    derivative,
    dot,
    exp,
    gradient,
    leaky_relu,
    maximum,
    no_grad,
    pick,
    sin,
    tanh,
    total,
)

swish_of_sine = Operation(
    "swish_of_sine",
    symbol="ss",
    forward=lambda x: math.sin(x) * math.exp(-x),
    partials=(lambda x, out: cos(x) * exp(-x) - out,),
)
weighted = Operation(
    "weighted",
    symbol="w",
    forward=lambda a, b: a * b * b,
    partials=(lambda a, b, out: b * b, lambda a, b, out: 2.0 * a * b),
)
norm = Operation(
    "norm",
    symbol="‖·‖",
    forward=lambda *xs: math.hypot(*xs),
    partials=lambda xs, out: [x / out for x in xs],
    arrange=lambda *xs: tuple(xs[0]) if len(xs) == 1 else xs,
)


@pytest.mark.parametrize(
    ("operation", "at"), [(swish_of_sine, [0.4]), (weighted, [1.5, -0.7]), (norm, [3.0, 4.0, 12.0])]
)
def test_operation_is_differentiable_to_any_order(operation, at):
    check_gradients(operation, *at, order=2)
    assert operation(*at) == operation(*map(Value, at)).data == operation.forward(*at)


def test_operation_takes_what_the_tables_take():
    assert swish_of_sine(1) == swish_of_sine.forward(1.0)
    assert swish_of_sine(np.array([0.0, 1.0])).tolist() == [0.0, swish_of_sine(1.0)]
    assert swish_of_sine(np.float32(1.0)) == swish_of_sine(1.0)
    assert weighted(np.ones((2, 1)), np.ones(3)).shape == (2, 3)
    assert norm([3.0, 4.0]) == norm(3.0, 4.0) == 5.0
    values = swish_of_sine(np.array([Value(0.0), Value(1.0)]))
    assert [(v.op, v.data) for v in values] == [
        (swish_of_sine, swish_of_sine(x)) for x in (0.0, 1.0)
    ]


def test_operation_combines_with_the_tables():
    def f(x):
        return swish_of_sine(x * 2.0) + tanh(x)

    expected = 2 * math.exp(-0.6) * (math.cos(0.6) - math.sin(0.6)) + 1 / math.cosh(0.3) ** 2
    assert derivative(f, 0.3) == pytest.approx(expected, 1e-14)


def test_operation_respects_constants_and_no_grad():
    x = Value(2.0)
    assert weighted(x, 3.0).partials == (9.0, None)
    assert weighted(2.0, constant(3.0)).data == 18.0
    with no_grad():
        assert weighted(x, 3.0).kind == "constant"


def test_partials_of_constants_are_not_evaluated():
    evaluated = []

    def partial(name):
        return lambda a, b, out: evaluated.append(name) or 1.0

    spy = Operation(
        "spy", symbol="s", forward=lambda a, b: a + b, partials=(partial("a"), partial("b"))
    )
    x = Value(1.0)
    spy(x, 2.0)
    spy(2.0, x)
    spy(2.0, 3.0)
    spy(constant(2.0), 3.0)
    assert evaluated == ["a", "b"]
    gradient(spy(x, 2.0), x, create_graph=True)
    assert evaluated == ["a", "b", "a", "a"]


def test_arguments_can_be_named_as_arrange_names_them():
    scaled = Operation(
        "scaled",
        symbol="s",
        forward=lambda x, factor: x * factor,
        arrange=lambda x, factor=10.0: (x, factor),
        partials=(lambda x, factor, out: factor, lambda x, factor, out: x),
    )
    assert (scaled(2.0), scaled(2.0, factor=3.0), scaled(x=2.0)) == (20.0, 6.0, 20.0)
    assert Value(2.0).leaky_relu(slope=0.5).data == 2.0
    assert Value(2.0).clip(low=0.0, high=1.0).data == 1.0
    with pytest.raises(TypeError, match="unexpected keyword"):
        sin(x=1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sin(1.0, 2.0), r"sin\(\) takes 1 operands, 2 came"),
        (lambda: weighted(Value(1.0)), r"weighted\(\) takes 2 operands, 1 came"),
        (lambda: sin("1"), r"sin\(\) takes Values, numbers or arrays, not str: '1'"),
        (lambda: sin([1.0]), r"sin\(\) takes Values, numbers or arrays, not list"),
        (lambda: sin(1j), r"sin\(\) takes Values, numbers or arrays, not complex"),
        (lambda: total(x for x in [1.0]), r"total\(\) takes Values, .* not generator"),
        (lambda: weighted(Value(1.0), np.ones(2)), "a real number, not ndarray"),
    ],
)
def test_wrong_operands_are_named(call, message):
    with pytest.raises(TypeError, match=message):
        call()


MATRIX = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(5.0)]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sin(10**400), "that integer is too large for float64"),
        (lambda: sin(np.array([10**400])), "that integer is too large for float64"),
        (lambda: weighted(Value(1.0), 10**400), "that integer is too large for float64"),
        (lambda: sin(Fraction(10**400)), "that Fraction is too large for float64"),
        (lambda: dot(np.eye(2), np.eye(2)), r"dot\(\) is of two vectors, .* \(2, 2\): .* A @ B"),
        (lambda: dot([1.0, 2.0], MATRIX), r"dot\(\) is of two vectors, .* \(2, 2\): .* A @ B"),
    ],
)
def test_wrong_numbers_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "f",
    [
        lambda A: pick(A, 0),
        lambda A: pick(A, np.array([0, 1])),
        lambda A: dot([A[0], A[1]], [A[1], A[0]], A[0]),
        lambda A: maximum(A),
        lambda A: total(A),
        lambda A: leaky_relu(-A, slope=0.5),
    ],
    ids=["pick", "pick each", "dot of rows", "maximum", "total", "leaky_relu"],
)
def test_on_arrays_of_values_is_as_on_arrays_of_numbers(f):
    found = f(MATRIX)
    assert all(isinstance(x, Value) for x in found.flat)
    assert found.astype(float).tolist() == f(MATRIX.astype(float)).tolist()


def test_a_number_too_many_is_said_of_the_operation():
    with pytest.raises(TypeError, match=r"^Value\.power\(\) takes 2 positional arguments but 3"):
        pow(Value(2.0), 2, 3)


@pytest.mark.parametrize("name", ["", "two words", "a-b", "1st"])
def test_name_must_be_an_identifier(name):
    with pytest.raises(ValueError, match="must be a Python identifier"):
        Operation(name, symbol="?", forward=abs, partials=(lambda x, out: 1.0,))


@pytest.mark.parametrize("name", ["maximum", "minimum", "logsumexp"])
def test_operations_that_need_operands_say_so(name):
    import autograd

    operation = getattr(autograd, name)
    for call in (operation, lambda: operation([])):
        with pytest.raises(ValueError, match=rf"{name}\(\) of nothing"):
            call()


def test_sums_of_nothing_are_zero():
    assert (total([]), total(), total([Value(2.0)]).data) == (0.0, 0.0, 2.0)


@pytest.mark.parametrize(
    "number", [1, True, np.float64(1.0), np.float32(1.0), np.int64(1)], ids=repr
)
def test_forward_may_give_any_kind_of_number(number):
    one = Operation("one", symbol="1", forward=lambda x: number, partials=(lambda x, out: 0.0,))
    assert type(one(Value(5.0)).data) is float


def test_forward_that_gives_no_number_is_an_error():
    broken = Operation("broken", symbol="?", forward=lambda x: None, partials=(lambda x, out: 1.0,))
    with pytest.raises(TypeError, match="a real number, not NoneType"):
        broken(Value(1.0))


def test_partials_that_are_too_few_are_an_error():
    short = Operation(
        "short", symbol="?", forward=lambda *xs: sum(xs), partials=lambda xs, out: [1.0]
    )
    with pytest.raises(TypeError, match=r"short\(\) has 2 operands, but 1 partials"):
        short(Value(1.0), Value(2.0))


def test_repr_names_the_operation():
    assert repr(weighted) == "<operation weighted>"


@pytest.mark.parametrize(
    "number", [3, 3.0, np.float64(3.0), np.float32(3.0), np.int64(3)], ids=repr
)
def test_partial_may_be_any_kind_of_number(number):
    triple = Operation("triple", symbol="3", forward=lambda x: 3.0 * x, partials=(number,))
    x = Value(2.0)
    y = triple(x)
    y.backward()
    assert (x.grad, [type(p) for p in y.partials]) == (3.0, [float])
    check_gradients(triple, 2.0)


@pytest.mark.parametrize("partial", [None, 0, 0.0, False, np.float64(0.0)], ids=repr)
def test_partial_that_is_zero_everywhere_is_none(partial):
    gate = Operation(
        "gate", symbol="g", forward=lambda a, b: b, partials=(partial, lambda a, b, out: 1.0)
    )
    assert gate(Value(1.0), Value(2.0)).partials == (None, 1.0)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"partials": ("x",)}, "odd: partial 0 must be .* a number, or None, not str: 'x'"),
        ({"partials": (1.0, 1j)}, "odd: partial 1 must be .* not complex"),
        ({"partials": (Value(1.0),)}, "odd: partial 0 must be .* not Value"),
        ({"partials": 1.0}, "odd: partials must be a tuple .* not 1.0"),
        ({"partials": None}, "odd: partials must be a tuple .* not None"),
        ({"forward": 1.0}, "odd: forward must be a function of floats, not 1.0"),
    ],
    ids=repr,
)
def test_wrong_columns_are_refused_when_the_operation_is_made(columns, message):
    row = {"symbol": "?", "forward": abs, "partials": (1.0,)} | columns
    with pytest.raises(TypeError, match=message):
        Operation("odd", **row)
