import gc
import math
import re
import sys
import textwrap

import numpy as np
import pytest

from autograd import (
    AnomalyError,
    GradientError,
    Operation,
    Value,
    check_gradients,
    constant,
    derivative,
    detect_anomaly,
    gradient,
    log,
    no_grad,
)

# -------------------------------------------------------------------------- check_gradients

right = Operation(
    "right", symbol="r", forward=lambda x: x**3, partials=(lambda x, out: 3.0 * x * x,)
)
wrong_first = Operation(
    "wrong", symbol="w", forward=lambda x: x**3, partials=(lambda x, out: 2.0 * x * x,)
)
# Right on floats, but of a number and not of a Value: the second derivative is lost.
wrong_second = Operation(
    "lossy", symbol="l", forward=lambda x: x**3, partials=(lambda x, out: 3.0 * float(x) ** 2,)
)


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        (right, [0.7]),
        (lambda x, y: [(x * y).sin(), x / y], [0.3, 0.7]),
        (lambda xs, y: [[x * y] for x in xs], [[1.0, 2.0], 3.0]),
        (lambda x: x.exp(), [20.0]),
        (lambda x: 3.0, [1.0]),
        (lambda x: x * x, [1e-160]),
        (lambda x: x * x, [1e-200]),
    ],
)
def test_right_derivatives_pass(f, inputs):
    check_gradients(f, *inputs)


def test_functions_of_arrays_are_checked():
    check_gradients(lambda W, x: np.tanh(W @ x), np.eye(2), np.array([0.3, 0.7]), order=2)


def test_wrong_first_derivative_is_found():
    with pytest.raises(GradientError, match=r"^derivative \[0, 0\] is 0\.98, .* give 1\.47"):
        check_gradients(wrong_first, 0.7)


def test_wrong_second_derivative_is_found():
    check_gradients(wrong_second, 0.7, order=1)
    with pytest.raises(GradientError, match=r"^second derivative \[0, 0\] is 0, .* give 4\.2"):
        check_gradients(wrong_second, 0.7)


def test_the_wrong_derivative_among_others_is_named():
    with pytest.raises(GradientError, match=r"derivative \[1, 2\]"):
        check_gradients(lambda x, y, z: [x * y, x + wrong_first(z)], 0.1, 0.2, 0.7)


def test_a_derivative_that_is_not_a_number_does_not_pass():
    with pytest.raises(GradientError, match="is nan"):
        check_gradients(lambda x: x.sqrt(), -1.0)


def test_tolerance_is_relative_to_the_derivative():
    slightly = Operation(
        "slightly", symbol="s", forward=math.exp, partials=(lambda x, out: 1.0001 * out,)
    )
    check_gradients(slightly, 10.0, order=1, tolerance=1e-3)
    with pytest.raises(GradientError):
        check_gradients(slightly, 10.0, order=1, tolerance=1e-5)


# Ordinary functions, and points among which there are small, large and steep ones.
ORDINARY = {
    "log": (lambda x: x.log(), [1e-8, 1e-3, 1.0, 1e10]),
    "log of nearly 0": (lambda x: (x + 1e-6).log(), [0.0, 1e-6]),
    "1 / x": (lambda x: 1 / x, [-1e-8, 0.01, 1.0, 1e6]),
    "sin(100 x)": (lambda x: (100 * x).sin(), [0.0, 0.3, -5.0, 1e-9]),
    "sin(1e6 x)": (lambda x: (1e6 * x).sin(), [0.0, 1e-3]),
    "sin(1 / x)": (lambda x: (1 / x).sin(), [0.05, -0.01]),
    "1e-7 sin(x)": (lambda x: 1e-7 * x.sin(), [0.0, 0.3, 2.0, 1e-8]),
    "sin": (lambda x: x.sin(), [0.0, 1e-300, 1e-8, 1e6, 1e8, 1e12]),
    "cos": (lambda x: x.cos(), [0.0, 1e-8, 3.0, 1e6, -1e8]),
    "sin(x / 1e6)": (lambda x: (x / 1e6).sin(), [0.0, 1e6, 1e10]),
    "x % 0.3": (lambda x: x % 0.3, [1.0, 100.0, -1e6]),
    "x % 1": (lambda x: x % 1.0, [0.5, 10000.5, -1e8 - 0.5]),
    "floor(x) x": (lambda x: x.floor() * x, [0.5, 12345.5, 1e8 + 0.5]),
    "abs, its kink near": (lambda x: abs(x - 1e6), [1e6 + 0.1, 1e6 - 0.1]),
    "tan": (lambda x: x.tan(), [0.0, -1.5, 1.57]),
    "arcsin": (lambda x: x.arcsin(), [0.0, -0.5, 0.99999]),
    "arccos": (lambda x: x.arccos(), [0.0, 0.99999]),
    "arctan": (lambda x: x.arctan(), [0.0, 1e-4, 1e4]),
    "exp": (lambda x: x.exp(), [-700.0, 0.0, 1e-8, 1.0, 700.0]),
    "expm1": (lambda x: x.expm1(), [0.0, 1e-10]),
    "log1p": (lambda x: x.log1p(), [0.0, 1e-10, 1e-6 - 1.0]),
    "sinh": (lambda x: x.sinh(), [0.0, 1e-9, 20.0]),
    "cosh": (lambda x: x.cosh(), [0.0, 20.0]),
    "tanh": (lambda x: x.tanh(), [0.0, 1e-7, 5.0, 19.0, 40.0]),
    "sech_squared": (lambda x: x.sech_squared(), [0.0, -3.0, 20.0]),
    "sigmoid": (lambda x: x.sigmoid(), [-40.0, 0.0, 1e-8, 40.0]),
    "softplus": (lambda x: x.softplus(), [-40.0, 0.0, 1e-8, 40.0]),
    "relu": (lambda x: x.relu(), [-0.5, 1e-9, 0.5]),
    "leaky_relu": (lambda x: x.leaky_relu(), [-0.5, 1e-9, 0.5]),
    "elu": (lambda x: x.elu(), [-30.0, -0.5, 0.5]),
    "gelu": (lambda x: x.gelu(), [-30.0, -5.0, 0.0, 3.0]),
    "silu": (lambda x: x.silu(), [-300.0, -30.0, 0.0, 3.0]),
    "erfc": (lambda x: x.erfc(), [-5.0, 0.0, 5.0, 20.0]),
    "abs": (lambda x: abs(x), [1e-9, -3.0]),
    "sqrt": (lambda x: x.sqrt(), [1e-6, 1.0, 1e8]),
    "x ** 2": (lambda x: x**2, [0.0, 1e-8, 1e8, 1e150]),
    "x * x": (lambda x: x * x, [1e-150, -1e-155]),
    "x ** 3": (lambda x: x**3, [0.0, 1e-5, -2.0]),
    "x ** 4": (lambda x: x * x * x * x, [0.0, 1e-6]),
    "x ** 2.5": (lambda x: x**2.5, [1e-3, 2.0, 1e5]),
    "x ** x": (lambda x: x**x, [0.1, 1.0, 3.0]),
    "2 ** x": (lambda x: 2.0**x, [-50.0, 0.0, 50.0]),
    "x log x": (lambda x: x * x.log(), [1e-5, 0.5]),
    "log sin x": (lambda x: x.sin().log(), [1e-5, 3.14]),
    "sin x / x": (lambda x: x.sin() / x, [1e-4, 1.0]),
    "sin exp x": (lambda x: x.exp().sin(), [-30.0, 3.0]),
    "a narrow bell": (lambda x: (-1e4 * x * x).exp(), [0.0, 0.01, 0.05]),
    "a narrow peak": (lambda x: 1 / (1 + 1e6 * x * x), [0.0, 1e-3, 1.0]),
    "saturation": (lambda x: x / (x + 1e-3), [0.0, 1e-6, -1e-4]),
    "a line": (lambda x: 3 * x + 1e9, [1e-9, 1.0]),
    "what cancels": (lambda x: (x + 1e8) - 1e8, [0.3]),
    "a number": (lambda x: 3.0, [0.0, 1.0]),
    "logsumexp": (lambda x: x.logsumexp(2 * x, 0.0), [0.0, 30.0, -20.0]),
    "dot": (lambda x: x.dot(x), [0.0, 1e-9]),
    "very small": (lambda x: 1e-200 * x.exp(), [0.0, 1.0]),
    "very large": (lambda x: 1e200 * x.exp(), [0.0, 1.0]),
    "a step beside": (lambda x: x.step() * x, [-1.0, 0.5]),
}
each_ordinary = pytest.mark.parametrize(("f", "points"), ORDINARY.values(), ids=ORDINARY)


@each_ordinary
def test_no_false_alarms(f, points):
    for x in points:
        check_gradients(f, x)


@each_ordinary
def test_a_derivative_that_is_a_thousandth_too_large_is_found(f, points):
    tilted = Operation("tilted", symbol="t", forward=lambda y: y, partials=(1.001,))
    for x in points:
        y = f(Value(x))
        # Where more is lost to rounding than that, nothing can be seen.
        slope = derivative(f, x)
        if abs(slope) * max(abs(x), 1e-3) > 1e-10 * abs(float(y)):
            with pytest.raises(GradientError, match="finite differences give"):
                check_gradients(lambda x: tilted(f(x)), x, order=1)


@pytest.mark.parametrize(
    ("f", "x", "message"),
    [
        (lambda x: x.relu(), 0.0, "a kink or a jump there, with the slope 0 on the left and 1 on"),
        (lambda x: abs(x), 0.0, "is 0, but .* with the slope -1 on the left and 1 on the right"),
        (lambda x: x.leaky_relu(), 0.0, "the slope 0.01 on the left and 1 on the right"),
        (lambda x: x.elu(2.0), 0.0, "the slope 2 on the left and 1 on the right: check it where"),
        (lambda x: x.step() + x, 0.0, "a kink or a jump there"),
        (lambda x: x % 1.0, 10000.0, "a kink or a jump there"),
        (lambda x: x.floor() * x, 12345.0, "a kink or a jump there"),
        (lambda x: abs(x - 1e8), 1e8, "with the slope -1 on the left and 1 on the right"),
        (lambda x: x.log(), 0.0, "derivative .* is inf, but the function is -inf there"),
        (lambda x: x.log(), -1.0, "the function is nan there: check it where it is finite"),
        (lambda x: 1 / x, 0.0, "is -inf, but the function is inf there"),
        (lambda x: x.sqrt(), 0.0, "is not finite on both sides: check it inside of its domain"),
        (lambda x: x.exp(), 800.0, "the function is inf there"),
        (lambda x: x.cbrt(), 0.0, "is inf, but the slope of the function grows without bound"),
        (lambda x: x.sin(), 1e15, "the function goes up and down from one float to the next"),
        (lambda x: x.floor(), 1e17, "the floats there are 16 apart, and .* more ordinary number"),
        (lambda x: x % 1.0, 1e15, "the floats there are 0.125 apart"),
        (lambda x: x.relu(), 5e-324, "the floats there are 4.94066e-324 apart"),
        (lambda x: x * x * 1e200, 1e-200, "1e-200 is so small that numbers underflow: check"),
        (lambda x: (x * 1e16).sin(), 1.0, "goes up and down from one float to the next: check it"),
    ],
)
def test_points_where_nothing_can_be_compared_are_named(f, x, message):
    with pytest.raises(GradientError, match=message):
        check_gradients(f, x)


# The points are so small that results underflow, or the input is lost beside a wide step.
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: x * x, 1e-200),
        (lambda x: x * x, 1e-160),
        (lambda x: x * x * x, 1e-110),
        (lambda x: x * 3.0, 5e-324),
        (lambda x: x * 1e-320, 1.0),
        (lambda x: (-x).exp(), 740.0),
    ],
)
def test_what_underflows_is_no_false_alarm(f, x):
    check_gradients(f, x)


@pytest.mark.parametrize("x", [1e-90, 1e-50])
def test_wrong_derivative_of_a_small_number_is_found(x):
    with pytest.raises(GradientError, match="finite differences give 3e-"):
        check_gradients(wrong_first, x, order=1)


def test_overflow_of_finite_differences_is_no_end_of_the_domain():
    with pytest.raises(GradientError, match="cannot tell it: check it where nothing overflows"):
        check_gradients(lambda x: x.sqrt(), 1e-310)


def test_flat_points_are_no_kinks():
    check_gradients(lambda x: x * abs(x), 0.0, order=1)
    check_gradients(lambda x: x.elu(), 0.0, order=1)


@pytest.mark.parametrize("x", [1e3, 1e8, 1e12])
def test_a_wave_that_looks_flat_from_afar_is_not(x):
    flat = Operation("flat", symbol="f", forward=math.sin, partials=(lambda x, out: 0.0 * x,))
    with pytest.raises(GradientError, match=r"is 0, but finite differences give"):
        check_gradients(flat, x, order=1)


def test_each_input_has_a_scale_of_its_own():
    check_gradients(lambda x, y: x.log() * (y / 1e6).sin(), 1e-5, 3e6)
    with pytest.raises(GradientError, match=r"derivative \[0, 1\]"):
        check_gradients(lambda x, y: x + wrong_first(y), 1e6, 1e-3, order=1)


def test_only_two_orders_can_be_checked():
    with pytest.raises(ValueError, match="knows the orders 1 and 2, not 3"):
        check_gradients(right, 1.0, order=3)


# --------------------------------------------------------------------------- detect_anomaly


def raised(action) -> str:
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        action()
    return str(caught.value)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: Value(0.0, label="p").log(), "log() gave -inf for p = 0.0\n"),
        (lambda: Value(1.0) / 0.0, "divide() gave inf for 1.0, 0.0\n"),
        (lambda: Value(math.nan) + 1.0, "add() gave nan for nan, 1.0\n"),
        (lambda: log(Value(-1.0)), "log() gave nan for -1.0\n"),
        (lambda: Value(1e308).total(*[1e308] * 9), f"for {', '.join(['1e+308'] * 8)}, ...\n"),
    ],
)
def test_first_anomaly_of_the_forward_pass_is_named(action, message):
    text = raised(action)
    assert message in text
    assert f"{__file__}:" in text


@pytest.mark.parametrize(
    ("data", "f", "message"),
    [
        (0.0, lambda x: x.sqrt(), "became inf on its way back through sqrt() of x = 0.0: 1.0 came"),
        (0.0, lambda x: x.sqrt() * 0.0, "became nan .* sqrt() of x = 0.0: 0.0 came in, and the"),
        (1.0, lambda x: x * 1e200 * 1e200 * 0.0, "multiply() gave inf for 1e+200, 1e+200"),
    ],
)
def test_first_anomaly_of_the_backward_pass_is_named(data, f, message):
    x = Value(data, label="x")
    text = raised(lambda: f(x).backward())
    assert re.search(re.escape(message).replace(r"\.\*", ".*"), text)
    assert f"{__file__}:" in text
    assert not x.has_grad


def test_anomaly_in_a_recorded_gradient_is_found():
    assert "divide() gave inf for" in raised(
        lambda: gradient((x := Value(0.0)).sqrt(), x, create_graph=True)
    )


def test_error_keeps_the_node_and_how_far_the_gradients_had_come():
    x = Value(0.0)
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        (root := x.sqrt() * 2.0).backward()
    error, node = caught.value, root.operands[0]
    assert error.node is node
    assert error.operand is error.operands[0] is x
    assert error.gradients == {root: 1.0, node: 2.0, x: math.inf}


def test_error_keeps_constants_that_the_node_does_not():
    x = constant(-1.0)
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        x.log()
    assert caught.value.node.operands == ()
    assert caught.value.operands[0] is x


PERSON = """
from autograd import Value, detect_anomaly

def layer(p):
    q = p * 0.0
    return q.log()  # here it begins

with detect_anomaly():
    layer(Value(2.0)) + 1.0
"""


def test_message_shows_the_line_of_the_persons_code(tmp_path, monkeypatch):
    file = tmp_path / "person.py"
    file.write_text(textwrap.dedent(PERSON))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AnomalyError) as caught:
        __import__("person")
    expected = f"log() gave -inf for 0.0\n  {file}:6: return q.log()  # here it begins"
    assert str(caught.value) == expected


def test_backward_message_shows_the_line_that_recorded_the_operation():
    with detect_anomaly():
        x = Value(0.0)
        y = x.sqrt() * 2.0  # recorded here
        with pytest.raises(AnomalyError, match=r"\.py:\d+: y = x\.sqrt\(\) \* 2\.0  # recorded"):
            y.backward()


def test_nodes_from_before_the_search_are_named_without_a_line():
    y = Value(0.0).sqrt()
    assert raised(y.backward).endswith("with respect to 0.0 is inf")


def test_healthy_programs_run_as_ever():
    x = Value(0.5)
    with detect_anomaly():
        y = (x * 3.0).tanh() - x.logsumexp(1000.0)
        y.backward()
        assert y.op.name == "subtract"
    z = Value(0.5)
    ((z * 3.0).tanh() - z.logsumexp(1000.0)).backward()
    assert x.grad == z.grad


def nodes_alive() -> int:
    gc.collect()
    return sum(issubclass(type(thing), Value) for thing in gc.get_objects())


def test_search_keeps_no_node_alive():
    before = nodes_alive()
    with detect_anomaly():
        x = Value(0.5)
        for _ in range(1000):
            x = Value((x * 2.0 - x.exp()).sin().data)
        assert nodes_alive() - before == 1


def test_nodes_outside_a_search_are_no_larger():
    with detect_anomaly():
        watched = Value(1.0) + 1.0
    assert type(Value(1.0) + 1.0) is Value
    assert sys.getsizeof(watched) > sys.getsizeof(Value(1.0) + 1.0)


def test_search_ends_with_its_block_and_reaches_results_without_grad():
    assert "log() gave -inf" in raised(lambda: no_grad()(Value(0.0).log)())
    assert Value(0.0).log().data == -math.inf


# Steps of halves span whole periods of the wave, or stand on both sides of the peak.
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: (x * (128.0 * math.pi)).sin(), 1.1),
        (lambda x: (-(((x - 1.0) * 1000.0) ** 2)).exp(), 1.0005),
        (lambda x: ((x - 1.0) * 1e4).sigmoid(), 1.001),
    ],
)
def test_what_is_narrower_than_a_step_is_seen_among_neighbours(f, x):
    check_gradients(f, x, order=1)


def test_a_wave_whose_periods_fit_into_the_steps_is_not_flat():
    flat = Operation(
        "flat",
        symbol="f",
        forward=lambda x: math.sin(128.0 * math.pi * x),
        partials=(lambda x, out: 0.0 * x,),
    )
    with pytest.raises(GradientError, match="finite differences give -325"):
        check_gradients(flat, 1.1, order=1)


def test_rounding_is_no_kink():
    steep = Operation(
        "steep",
        symbol="s",
        forward=lambda x: math.sin(x) + 1e6,
        partials=(lambda x, out: 0.7 + 0.0 * x,),
    )
    with pytest.raises(GradientError, match=r"finite differences give 0\.0707"):
        check_gradients(steep, 1.5, order=1)
