import copy
import math
import operator
import pickle
import sys
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Value, constant, gradient
from nn import Parameter

NUMBERS = [
    2, 2.0, True, Fraction(5, 2), np.float64(2), np.float32(2), np.int64(2), np.uint8(2), np.True_,
]  # fmt: skip
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
OPERATORS += [operator.mod, operator.floordiv]
COMPARISONS = [
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge,
]  # fmt: skip

each_number = pytest.mark.parametrize("number", NUMBERS, ids=lambda x: type(x).__name__)
each_operator = pytest.mark.parametrize("apply", OPERATORS, ids=lambda f: f.__name__)
each_comparison = pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)


# ------------------------------------------------------------------------------- operators


@each_operator
@each_number
def test_operators_take_any_number_on_either_side(apply, number):
    x = Value(3.0)
    left, right = apply(number, x), apply(x, number)
    assert (type(left), type(right)) == (Value, Value)
    assert (left.data, right.data) == (apply(float(number), 3.0), apply(3.0, float(number)))
    assert [operand.kind for operand in left.operands] == ["constant", "input"]
    assert [operand.kind for operand in right.operands] == ["input", "constant"]
    assert left.operands[1] is right.operands[0] is x


@each_operator
def test_operators_of_two_values(apply):
    x, y = Value(3.0), Value(2.0)
    z = apply(x, y)
    assert z.data == apply(3.0, 2.0)
    assert z.operands == (x, y)
    assert (z.kind, z.has_grad) == ("operation", False)


@each_operator
@pytest.mark.parametrize("other", [None, "2", [2.0], {}, 1j, Decimal(2), object()], ids=repr)
def test_operators_leave_unknown_types_to_python(apply, other):
    for pair in [(Value(3.0), other), (other, Value(3.0))]:
        with pytest.raises(
            TypeError, match=r"unsupported operand|can't multiply|can only conc|not all arg"
        ):
            apply(*pair)


def test_other_types_may_know_values():
    class Guest:
        def __radd__(self, other: Any) -> str:
            return "guest"

        def __lt__(self, other: Any) -> bool:
            return True

    assert Value(1.0) + Guest() == "guest"
    assert Value(1.0) > Guest()


def test_unary_operators():
    x = Value(-3.0)
    assert ((-x).data, abs(x).data) == (3.0, 3.0)
    assert +x is x


def test_sum_begins_with_a_constant_zero():
    values = [Value(1.0), Value(2.0), Value(3.0)]
    result = sum(values)
    result.backward()
    assert result.data == 6.0
    assert [value.grad for value in values] == [1.0, 1.0, 1.0]


def test_there_is_no_matrix_product_of_two_numbers():
    with pytest.raises(TypeError, match="unsupported operand"):
        operator.matmul(Value(3.0), 2.0)


@pytest.mark.parametrize(("a", "b"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (1.0, 0.1)], ids=str)
@pytest.mark.parametrize("apply", [operator.mod, operator.floordiv, divmod])
def test_remainders_and_quotients_are_those_of_the_numbers(apply, a, b):
    expected = np.ravel(apply(a, b)).tolist()
    for x, y in [(Value(a), Value(b)), (Value(a), b), (a, Value(b))]:
        found = np.ravel(apply(x, y)).tolist()
        assert [type(z) for z in found] == [Value] * len(expected)
        assert [z.data for z in found] == expected


def test_floor_and_ceil_of_math_stay_in_the_graph():
    x = Value(2.5)
    for y, number in [(math.floor(x), 2.0), (math.ceil(x), 3.0)]:
        assert (y.data, y.operands, y.partials) == (number, (x,), (None,))


def test_augmented_assignment_makes_a_new_node():
    x = y = Value(3.0)
    y += 1.0
    assert (x.data, y.data) == (3.0, 4.0)


# ----------------------------------------------------------------------------------- numpy


def test_arrays_of_values_multiply_as_matrices():
    x = [Value(1.0), Value(2.0)]
    y = np.array(x) @ np.array([[1.0, 10.0], [100.0, 1000.0]])
    assert [v.data for v in y] == [201.0, 2010.0]
    assert [g.data for g in gradient(y[1], x)] == [10.0, 1000.0]


# NumPy's sign is not among them: it compares objects with 0 by itself.
NUMPY_NAMES = {
    row.name: row.name for row in TABLE.values() if row.arity == 1 and row.name != "sign"
}
NUMPY_NAMES["negate"] = "negative"


@pytest.mark.parametrize("name", [x for x in NUMPY_NAMES if hasattr(np, NUMPY_NAMES[x])])
def test_numpy_functions_work_on_arrays_of_values(name):
    row, ufunc = TABLE[name], getattr(np, NUMPY_NAMES[name])
    (number,) = row.sample(Random(0))
    x = Value(number)
    for y in (ufunc(np.array([x, x]))[1], ufunc(x)):
        assert (y.op, y.data, y.operands) == (row, row.forward(number), (x,))


def test_names_of_numpy_are_taken_wherever_numpy_has_the_function():
    own = {"sech_squared", "erf", "erfc", "sigmoid", "softplus", "relu", "gelu", "silu", "step"}
    assert not [
        name for name in NUMPY_NAMES if name not in own and not hasattr(np, NUMPY_NAMES[name])
    ]


TWO_OPERANDS = [np.add, np.subtract, np.multiply, np.divide, np.power, np.arctan2, np.hypot]
TWO_OPERANDS += [np.remainder, np.mod, np.floor_divide]
# These ask the first number for a method, which a float has not.
BY_METHOD = [np.arctan2, np.hypot]


@pytest.mark.parametrize("ufunc", TWO_OPERANDS, ids=lambda ufunc: ufunc.__name__)
def test_numpy_functions_of_two_operands_work_on_arrays_of_values(ufunc):
    a, b = Value(5.5), Value(2.0)
    pairs = [([a, a], [b, b]), ([a, a], 2.0), (a, b), (a, 2.0), (np.array([a]), np.array([2.0]))]
    pairs += [] if ufunc in BY_METHOD else [(5.5, [b, b]), (np.array([5.5]), b), (5.5, b)]
    for x, y in pairs:
        for z in np.ravel(ufunc(x, y)):
            assert (z.op, z.data) == (TABLE[ufunc.__name__], ufunc(5.5, 2.0))


@pytest.mark.parametrize("ufunc", BY_METHOD, ids=lambda ufunc: ufunc.__name__)
def test_with_a_number_first_the_row_does_what_numpy_does_not(ufunc):
    b = np.array([Value(2.0), Value(3.0)])
    found = TABLE[ufunc.__name__](5.5, b)
    assert [z.data for z in found] == [ufunc(5.5, 2.0), ufunc(5.5, 3.0)]


def test_array_and_value_combine_element_by_element():
    x = Value(3.0)
    numbers = np.array([1.0, 2.0])
    for result, expected in [(x * numbers, [3.0, 6.0]), (numbers - x, [-2.0, -1.0])]:
        assert [type(v) for v in result] == [Value, Value]
        assert [v.data for v in result] == expected
    assert (x * np.array(2.0)).data == 6.0
    assert (numbers > x).tolist() == [False, False]


def test_arrays_of_values_become_arrays_of_numbers_on_request():
    values = np.array([Value(1.0), Value(2.0)])
    assert values.dtype == object
    assert values.astype(float).tolist() == [1.0, 2.0]
    assert np.mean(values).data == 1.5


# ---------------------------------------------------------------------- as its own number


@each_comparison
@pytest.mark.parametrize("pair", [(1.0, 2.0), (2.0, 2.0), (2.0, 1.0), (math.nan, 1.0)], ids=str)
def test_comparisons_are_those_of_the_numbers(compare, pair):
    a, b = pair
    for x, y in [(Value(a), Value(b)), (Value(a), b), (a, Value(b)), (np.float64(a), Value(b))]:
        assert compare(x, y) is compare(a, b)


@each_comparison
def test_comparisons_with_integers_too_large_for_floats(compare):
    assert compare(Value(1.0), 10**400) is compare(1.0, 10**400)


def test_comparisons_with_unknown_types_are_pythons():
    x = Value(2.0)
    assert (x == "2", x != "2", x == None) == (False, True, False)  # noqa: E711
    with pytest.raises(TypeError, match="not supported between"):
        _ = x < "2"


def test_in_sets_and_dicts_a_value_stands_for_itself():
    x, y = Value(2.0), Value(2.0)
    assert x == y
    assert len({x, y}) == 2
    assert {x: "x", y: "y"}[x] == "x"


def test_conversions_are_those_of_the_number():
    x = Value(2.567)
    assert (float(x), int(x), bool(x), bool(Value(0.0))) == (2.567, 2, True, False)
    assert (round(x), round(x, 1), math.floor(x)) == (3, 2.6, 2)
    assert (f"{x:.1f}", f"{x:>6.2f}") == ("2.6", "  2.57")
    assert f"{x}" == str(x) == repr(x)


def test_a_value_is_no_index():
    with pytest.raises(TypeError):
        _ = [1, 2, 3][Value(1.0)]


def test_repr_shows_number_gradient_and_label():
    x = Value(2.0, label="width")
    x.grad = 0.5
    assert repr(x) == "Value(data=2.0, grad=0.5, label='width')"
    assert repr(Value(2.0) * 3.0) == "Value(data=6.0, grad=0.0)"


# ----------------------------------------------------------------------------------- nodes


@each_number
def test_a_value_holds_a_float(number):
    for value in (Value(number), constant(number)):
        assert (type(value.data), value.data) == (float, float(number))


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [
        ("2", TypeError, "a real number, not str: '2'"),
        (None, TypeError, "a real number, not NoneType"),
        (1j, TypeError, "a real number, not complex"),
        ([1.0], TypeError, r"a real number, not list: \[1.0\]"),
        (np.array([1.0]), TypeError, "a real number, not ndarray"),
        (Value(1.0), TypeError, "a plain number, not another Value"),
        (10**400, ValueError, "too large for float64"),
    ],
    ids=str,
)
def test_a_value_holds_nothing_else(number, error, message):
    for make in (Value, constant):
        with pytest.raises(error, match=message):
            make(number)


def test_kinds_of_nodes():
    x, c = Value(2.0), constant(3.0)
    assert [node.kind for node in (x, c, x * c, c * c)] == [
        "input", "constant", "operation", "constant",
    ]  # fmt: skip


def test_a_node_knows_its_operation_operands_and_partials():
    x, y = Value(2.0), Value(3.0)
    z = x * y
    assert z.op is TABLE["multiply"]
    assert all(a is b for a, b in zip(z.operands, (x, y), strict=True))
    assert z.partials == (3.0, 2.0)
    assert (x.op, x.operands, x.partials) == (None, (), ())


def test_partials_are_those_of_the_moment_of_recording():
    x = Value(2.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert x.grad == 4.0


def test_gradient_that_was_never_computed_is_told_from_a_zero_one():
    x, y = Value(2.0), Value(3.0)
    (0.0 * x).backward()
    assert (x.grad, x.has_grad) == (0.0, True)
    assert (y.grad, y.has_grad) == (0.0, False)
    x.forget_grad()
    y.grad = 0.0
    assert (x.grad, x.has_grad, y.has_grad) == (0.0, False, True)


def test_a_node_is_small():
    assert not hasattr(Value(1.0), "__dict__")
    assert sys.getsizeof(Value(1.0)) <= 80
    with pytest.raises(AttributeError):
        Value(1.0).weight = 2.0


@pytest.mark.parametrize("name", ["data", "grad"])
def test_a_subclass_that_overrides_what_the_engine_does_not_read_is_refused(name):
    with pytest.raises(TypeError, match=f"overrides '_{name}'"):
        type("Odd", (Value,), {name: 3.0})


ASSIGNED = {
    "NumPy's single precision": (np.float32(0.5), 0.5),
    "NumPy's double precision": (np.float64(0.1), 0.1),
    "a whole number": (3, 3.0),
    "a truth value": (True, 1.0),
    "a fraction": (Fraction(1, 4), 0.25),
}


@pytest.mark.parametrize(("given", "number"), ASSIGNED.values(), ids=ASSIGNED)
@pytest.mark.parametrize("make", [Value, constant, Parameter])
def test_an_assigned_number_becomes_a_float(make, given, number):
    x = make(1.0)
    x.data, x.grad = given, given
    assert (x.data, x.grad) == (number, number)
    assert (type(x.data), type(x.grad), type((x * 2.0).data)) == (float, float, float)


@pytest.mark.parametrize("given", ["2.0", None, 1j, [1.0], np.ones(1), Value(1.0)], ids=repr)
def test_what_is_no_number_is_not_assigned(given):
    x = Value(2.0)
    with pytest.raises(TypeError, match="a Value holds"):
        x.data = given
    if given is not None:
        with pytest.raises(TypeError, match="a Value holds"):
            x.grad = given
    assert (x.data, x.has_grad) == (2.0, False)


def test_no_gradient_is_assigned_as_none():
    for x in (Value(2.0), Parameter(2.0)):
        (x * 3.0).backward()
        x.grad = None
        assert (x.grad, x.has_grad) == (0.0, False)


@pytest.mark.parametrize("label", [(Value(2.0), Value(3.0)), 1, b"x", None])
def test_a_label_is_text(label):
    with pytest.raises(TypeError, match=r"a label is text.*an operation of your own.*Operation"):
        Value(1.0, label)


def test_a_subclass_may_keep_its_numbers_elsewhere():
    numbers, gradients = np.array([2.0, 3.0]), np.zeros(2)

    class Element(Value):
        __slots__ = ("index",)

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__(numbers[index])

        _data = property(
            lambda self: float(numbers[self.index]),
            lambda self, x: numbers.__setitem__(self.index, x),
        )
        _grad = property(
            lambda self: float(gradients[self.index]),
            lambda self, x: gradients.__setitem__(self.index, x),
        )

    x, y = Element(0), Element(1)
    assert (x.data, y.grad) == (2.0, 0.0)
    z = x * y + x.exp() + 1.0
    z.backward()
    assert type(z) is Value
    assert gradients.tolist() == [3.0 + math.exp(2.0), 2.0]
    numbers[:] = 5.0, 7.0
    assert (x * y).data == 35.0


# ---------------------------------------------------------------------------------- copies


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_leaf_can_be_copied(copied):
    x = Value(2.0, label="x")
    (x * 3.0).backward()
    y = copied(x)
    y.data = 5.0
    assert repr(x) == "Value(data=2.0, grad=3.0, label='x')"
    assert repr(y) == "Value(data=5.0, grad=3.0, label='x')"
    assert (y.kind, copied(constant(1.0)).kind) == ("input", "constant")


def test_a_copied_graph_has_nodes_of_its_own_and_the_same_rows():
    x = Value(2.0)
    y = x * x + x.exp()
    (copied_x, copied_y) = copy.deepcopy([x, y])
    copied_y.backward()
    assert copied_y.op is y.op
    assert copied_x.grad == 4.0 + math.exp(2.0)
    assert not x.has_grad


def test_a_deep_graph_is_copied():
    x = Value(2.0)
    y = x
    for _ in range(20_000):
        y = y * 1.0
    twin, leaf = copy.deepcopy((y, x))
    twin.backward()
    assert (leaf.grad, x.has_grad, twin.data) == (1.0, False, 2.0)


@pytest.mark.parametrize("depth", [1, 100, 20_000])
def test_a_graph_is_not_pickled_and_says_what_to_do(depth):
    y = Value(2.0)
    for _ in range(depth):
        y = y * 1.0
    with pytest.raises(
        TypeError, match=r"result of multiply\(\) cannot be pickled.*pickle its num"
    ):
        pickle.dumps([y])


def test_a_copied_leaf_knows_whether_it_has_a_gradient():
    for copied in (copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        for make in (Value, constant, Parameter):
            x = make(2.0)
            assert not copied(x).has_grad
            x.grad = 0.0
            assert copied(x).has_grad


class Tagged(Value):
    def __init__(self, data, tag):
        super().__init__(data)
        self.tag = tag


def test_a_subclass_is_copied_with_what_it_has():
    for copied in (copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        twin = copied(Tagged(2.0, ["a"]))
        assert (type(twin), twin.data, twin.tag) == (Tagged, 2.0, ["a"])
