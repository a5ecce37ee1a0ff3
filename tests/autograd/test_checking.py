import gc
import math
import re
import sys
import textwrap

import pytest

from autograd import (
    AnomalyError,
    GradientError,
    Operation,
    Value,
    check_gradients,
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
    ],
)
def test_right_derivatives_pass(f, inputs):
    check_gradients(f, *inputs)


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
    return sum(isinstance(thing, Value) for thing in gc.get_objects())


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
