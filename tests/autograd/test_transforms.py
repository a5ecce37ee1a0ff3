import math

import numpy as np
import pytest

from autograd import (
    Value,
    check_gradients,
    constant,
    derivative,
    gradient,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    total,
    vjp,
)


def polar(r, angle):
    return [r * angle.cos(), r * angle.sin()]


def bowl(x, y):
    return x**2 * y + (x * y).exp()


def bowl_hessian(x, y):
    e = math.exp(x * y)
    mixed = 2 * x + e + x * y * e
    return [[2 * y + y * y * e, mixed], [mixed, x * x * e]]


# ------------------------------------------------------------------------------ derivative


@pytest.mark.parametrize("order", range(8))
def test_derivatives_of_any_order(order):
    expected = [math.sin, math.cos, lambda x: -math.sin(x), lambda x: -math.cos(x)][order % 4]
    found = derivative(lambda x: x.sin(), 0.7, order=order)
    assert found == pytest.approx(expected(0.7), 1e-15)


@pytest.mark.parametrize(
    ("f", "x", "values"),
    [
        (lambda x: x**4, 2.0, [16.0, 32.0, 48.0, 48.0, 24.0, 0.0]),
        (lambda x: 2.0**x, 1.0, [2.0 * math.log(2.0) ** k for k in range(5)]),
        (lambda x: 1.0 / x, 2.0, [0.5, -0.25, 0.25, -0.375]),
        (lambda x: x.exp(), 0.0, [1.0] * 6),
        (lambda x: x.relu() + abs(x), 2.0, [4.0, 2.0, 0.0, 0.0]),
        (lambda x: x.elu() + x.sigmoid(), 1000.0, [1001.0, 1.0, 0.0, 0.0]),
        (lambda x: 5.0, 2.0, [5.0, 0.0, 0.0]),
        (lambda x: x, 2.0, [2.0, 1.0, 0.0]),
    ],
    ids=["x**4", "2**x", "1/x", "exp", "kinks", "far out", "a number", "itself"],
)
def test_derivatives_known_by_heart(f, x, values):
    found = [derivative(f, x, order=k) for k in range(len(values))]
    assert found == pytest.approx(values, 1e-14)


@pytest.mark.parametrize("base", [0.25, 1.0, 3.0])
def test_second_derivatives_of_a_power_at_the_exponent_zero(base):
    mixed, curved = 1.0 / base, math.log(base) ** 2
    found = hessian(lambda x, b: x**b, base, 0.0)
    assert found == pytest.approx(np.array([[0.0, mixed], [mixed, curved]]), 1e-14)


def test_second_derivatives_where_one_operand_is_all_of_a_logsumexp():
    p = math.exp(-39.0)
    found = hessian(lambda x, y: x.logsumexp(y), 40.0, 1.0)
    assert found == pytest.approx(np.array([[p, -p], [-p, p]]), rel=1e-12)


def test_second_derivatives_of_elu_at_zero_are_those_on_the_left():
    assert hessian(lambda x, alpha: x.elu(alpha), 0.0, 2.0).tolist() == [[2.0, 1.0], [1.0, 0.0]]


def test_second_derivative_of_x_to_the_x():
    slope, x = math.log(1.5) + 1.0, 1.5
    expected = x**x * (slope * slope + 1.0 / x)
    assert derivative(lambda x: x**x, x, order=2) == pytest.approx(expected, 1e-14)


def test_derivatives_within_derivatives():
    def outer(x):
        inner = Value(3.0)
        return x * gradient(x * x * inner**2, inner, create_graph=True)

    assert derivative(outer, 2.0) == 3 * 2.0**2 * 6.0


def test_derivative_of_negative_order_is_an_error():
    with pytest.raises(ValueError, match="0 or more, not -1"):
        derivative(lambda x: x, 1.0, order=-1)


# -------------------------------------------------------------------------------- matrices


def test_jacobian_has_a_row_for_each_output_and_a_column_for_each_input():
    r, angle = 2.0, 0.5
    expected = [[math.cos(0.5), -2 * math.sin(0.5)], [math.sin(0.5), 2 * math.cos(0.5)]]
    assert jacobian(polar, r, angle) == pytest.approx(np.array(expected), 1e-15)


def test_jacobian_takes_and_gives_nested_lists_and_arrays():
    def f(matrix, x):
        return [[x * row[0], row[0] * row[1]] for row in matrix]

    expected = [[5, 0, 0, 0, 1], [2, 1, 0, 0, 0], [0, 0, 5, 0, 3], [0, 0, 4, 3, 0]]
    for matrix in ([[1, 2], [3, 4]], ((1.0, 2.0), (3.0, 4.0)), np.array([[1, 2], [3, 4]])):
        assert jacobian(f, matrix, 5.0).tolist() == expected


def test_jacobian_of_outputs_that_are_inputs_numbers_or_arrays():
    assert jacobian(lambda x, y: [y, 3.0, x, 7], 1.0, 2.0).tolist() == [
        [0, 1],
        [0, 0],
        [1, 0],
        [0, 0],
    ]
    assert jacobian(lambda xs: np.array(xs) * 2.0, [1.0, 2.0]).tolist() == [[2, 0], [0, 2]]
    assert jacobian(lambda x: [], 1.0).shape == (0, 1)


def test_functions_get_arrays_where_arrays_are_given():
    x = np.array([1.0, 2.0])
    assert jacobian(lambda x: x**2, x).tolist() == [[2, 0], [0, 4]]
    assert hessian(lambda x: x @ x, x).tolist() == [[2, 0], [0, 2]]
    assert jvp(lambda x: 3 * x, (x,), ([1.0, 0.0],)) == ([3.0, 6.0], [3.0, 0.0])
    assert vjp(lambda W, x: W @ x, (np.eye(2), x), [1.0, 10.0]) == (
        [1.0, 2.0],
        [[[1.0, 2.0], [10.0, 20.0]], [1.0, 10.0]],
    )
    assert hvp(lambda x: x @ x, (x,), ([1.0, 0.0],)) == (5.0, [[2.0, 0.0]])


def test_hessian_is_exact_and_symmetric():
    found = hessian(bowl, 0.5, 1.5)
    assert found == pytest.approx(np.array(bowl_hessian(0.5, 1.5)), 1e-14)
    assert found == pytest.approx(found.T, 1e-15)


def test_hessian_of_a_function_that_is_flat():
    assert hessian(lambda x, y: 3 * x - y, 1.0, 2.0).tolist() == [[0, 0], [0, 0]]
    assert hessian(lambda x, y: 3.0, 1.0, 2.0).tolist() == [[0, 0], [0, 0]]


# -------------------------------------------------------------------------------- products


def test_jvp_is_the_jacobian_times_the_tangents():
    outputs, moved = jvp(polar, (2.0, 0.5), (3.0, -1.0))
    assert outputs == [2.0 * math.cos(0.5), 2.0 * math.sin(0.5)]
    assert moved == pytest.approx(jacobian(polar, 2.0, 0.5) @ [3.0, -1.0], 1e-15)


def test_vjp_is_the_cotangents_times_the_jacobian():
    outputs, found = vjp(polar, (2.0, 0.5), [3.0, -1.0])
    assert outputs == [2.0 * math.cos(0.5), 2.0 * math.sin(0.5)]
    assert found == pytest.approx([3.0, -1.0] @ jacobian(polar, 2.0, 0.5), 1e-15)


def test_hvp_is_the_hessian_times_the_vector():
    output, found = hvp(bowl, (0.5, 1.5), (2.0, -1.0))
    assert output == 0.5**2 * 1.5 + math.exp(0.75)
    assert found == pytest.approx(np.array(bowl_hessian(0.5, 1.5)) @ [2.0, -1.0], 1e-14)


def test_products_keep_the_shapes_of_inputs_and_outputs():
    def f(xs, y):
        return [xs[0] * y, [xs[1], y]]

    outputs, moved = jvp(f, ([1.0, 2.0], 3.0), ([1.0, 0.0], 10.0))
    assert (outputs, moved) == ([3.0, [2.0, 3.0]], [13.0, [0.0, 10.0]])
    _, found = vjp(f, ([1.0, 2.0], 3.0), [1.0, [10.0, 100.0]])
    assert found == [[3.0, 10.0], 101.0]
    _, curved = hvp(lambda xs, y: xs[0] * xs[1] * y, ([1.0, 2.0], 3.0), ([1.0, 0.0], 0.0))
    assert curved == [[0.0, 3.0], 2.0]


def test_products_of_outputs_that_are_repeated_inputs_or_constants():
    def f(x):
        return [x, x, x * x, 5.0]

    assert jvp(f, (3.0,), (2.0,)) == ([3.0, 3.0, 9.0, 5.0], [2.0, 2.0, 12.0, 0.0])
    assert vjp(f, (3.0,), [1.0, 10.0, 100.0, 1000.0]) == ([3.0, 3.0, 9.0, 5.0], [611.0])


def test_an_output_on_the_way_to_another_counts_twice():
    def f(x):
        y = x * x
        return [y, y * x]

    assert vjp(f, (2.0,), [1.0, 1.0])[1] == [4.0 + 12.0]
    assert jvp(f, (2.0,), [1.0])[1] == [4.0, 12.0]


def test_tangents_are_summed_from_left_to_right_without_compensation():
    numbers = [1.0, 1e100, 1.0, -1e100]
    assert jvp(lambda xs: total(xs), ([1.0] * 4,), (numbers,)) == (4.0, 0.0)


# ---------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: hessian(polar, 1.0, 2.0), ValueError, r"hessian\(\) .* one output, .* has 2"),
        (lambda: hvp(polar, (1.0, 2.0), (1.0, 1.0)), ValueError, r"hvp\(\) .* this one has 2"),
        (lambda: jvp(polar, (1.0, 2.0), (1.0,)), ValueError, "1 tangents for 2 inputs"),
        (lambda: vjp(polar, (1.0, 2.0), [1.0]), ValueError, "1 cotangents for 2 outputs"),
        (lambda: hvp(bowl, (1.0, 2.0), [1.0]), ValueError, "1 vector for 2 inputs"),
        (lambda: jacobian(lambda x: None, 1.0), TypeError, "must give Values, not None"),
        (lambda: jacobian(lambda x: {"y": x}, 1.0), TypeError, "must give Values, not {'y'"),
        (lambda: derivative(lambda x: [x], 1.0), TypeError, r"must give Values, not \[Value"),
        (lambda: derivative(lambda x: x, "1"), TypeError, "a real number, not str"),
    ],
)
def test_errors_say_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --------------------------------------------------------------------------------- context


def test_derivatives_are_found_under_no_grad_too():
    with no_grad():
        assert derivative(lambda x: x**3, 2.0, order=2) == 12.0
        assert jacobian(lambda x: x**3, 2.0).tolist() == [[12.0]]
        assert hessian(lambda x: x**3, 2.0).tolist() == [[12.0]]
        assert jvp(lambda x: x**3, (2.0,), (1.0,)) == (8.0, 12.0)
        assert vjp(lambda x: x**3, (2.0,), 1.0) == (8.0, [12.0])
        assert hvp(lambda x: x**3, (2.0,), (1.0,)) == (8.0, [12.0])
        assert (Value(1.0) + 1.0).kind == "constant"


def test_what_a_function_computes_without_grad_does_not_move():
    def f(x):
        with no_grad():
            held = x * x
        return held * x

    assert derivative(f, 3.0) == 9.0


def test_values_from_outside_do_not_count_as_inputs():
    w = Value(5.0)
    assert jacobian(lambda x: w * x, 2.0).tolist() == [[5.0]]
    assert jacobian(lambda x: constant(5.0) * x, 2.0).tolist() == [[5.0]]
    assert not w.has_grad


@pytest.mark.parametrize(
    "f",
    [
        lambda f: derivative(f, 0.5),
        lambda f: jacobian(lambda x, y: [x * y, f(x), 2], 0.5, 1.0),
        lambda f: hessian(f, 0.5),
        lambda f: jvp(f, (0.5,), (1.0,)),
        lambda f: vjp(f, (0.5,), 1.0),
        lambda f: hvp(f, (0.5,), (1.0,)),
        lambda f: check_gradients(f, 0.5),
    ],
)
def test_a_function_that_leaves_the_graph_is_refused_and_a_constant_is_not(f):
    for leaves in (math.sin, lambda x: x.data * 2, lambda x: np.float64(float(x))):
        with pytest.raises(TypeError, match="autograd's functions and not math's"):
            f(leaves)
    for steady in (lambda x: 3.0, lambda x: 1.0 if x > 0.4 else 0.0):
        f(steady)


def test_what_only_looks_like_leaving_the_graph_is_not_refused():
    for relu in (lambda x: max(0.0, x), lambda x: x if x > 0 else 0.0):
        assert derivative(relu, 0.0) == 0.0
    counted = iter(range(100))
    assert jacobian(lambda x: [x * x, next(counted)], 2.0).tolist() == [[4.0], [0.0]]
    assert jacobian(lambda x: [x * x, float(x > 0)], 0.0).tolist() == [[0.0], [0.0]]
    assert jacobian(lambda x: [x * x, {0.5: 1.0}[x.data]], 0.5).tolist() == [[1.0], [0.0]]
    assert derivative(math.sin, 0.5, order=0) == math.sin(0.5)


@pytest.mark.parametrize("inputs", [(3.0, 7.0), (1.0, 1.0), (1e-10, 1.0), (5e-324, 1e300)])
@pytest.mark.parametrize("f", [math.atan2, lambda x, y: math.exp(x) + y.data])
def test_leaving_the_graph_is_seen_in_every_direction(f, inputs):
    with pytest.raises(TypeError, match="plain number that changes"):
        jacobian(lambda x, y: [f(x, y), x + y], *inputs)
