import math
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd import (
    Value,
    constant,
    gradient,
    hessian,
    hvp,
    jvp,
    maximum,
    no_grad,
    pick,
    sin,
    vjp,
    where,
)

# -------------------------------------------------------------------------------- backward


def test_backward_of_a_diamond():
    x = Value(3.0)
    left, right = x * 2.0, x * 5.0
    root = left * right
    root.backward()
    assert (root.grad, left.grad, right.grad, x.grad) == (1.0, 15.0, 6.0, 60.0)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: x * x, 6.0),
        (lambda x: x + x, 2.0),
        (lambda x: x - x, 0.0),
        (lambda x: x / x, 0.0),
        (lambda x: x * x * x, 27.0),
        (lambda x: x**x, 27.0 * (math.log(3.0) + 1.0)),
        (lambda x: maximum(x, x), 1.0),
        (lambda x: x.dot(x), 6.0),
    ],
)
def test_one_node_as_several_operands(f, slope):
    x = Value(3.0)
    f(x).backward()
    assert x.grad == pytest.approx(slope, 1e-15)


def test_second_backward_adds_to_leaves_only():
    x = Value(0.3)
    y = x.sin()
    root = y * y + x
    root.backward()
    once = [x.grad, y.grad, root.grad]
    root.backward()
    assert [x.grad, y.grad, root.grad] == [2.0 * once[0], once[1], once[2]]


def test_inner_nodes_show_the_latest_call():
    x = Value(2.0)
    y = x * 3.0
    (y * 10.0).backward()
    (y * 5.0).backward()
    assert (y.grad, x.grad) == (5.0, 45.0)


def test_backward_of_a_leaf():
    x = Value(2.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_backward_touches_only_what_the_root_depends_on():
    x, y, c = Value(2.0), Value(3.0), constant(4.0)
    other = x * y
    (x * c).backward()
    assert (x.grad, c.grad) == (4.0, 0.0)
    assert [node.has_grad for node in (y, other, c)] == [False] * 3


@pytest.mark.parametrize("make", [lambda: constant(2.0), lambda: constant(2.0) * 3.0], ids=str)
def test_backward_of_a_constant_is_an_error(make):
    with pytest.raises(ValueError, match="is a constant, so there is nothing to differentiate"):
        make().backward()


class Stubborn(Value):
    """A leaf at which an interrupt arrives while its gradient is being set."""

    __slots__ = ("armed",)

    @property
    def _grad(self) -> float:
        return Value._grad.__get__(self)

    @_grad.setter
    def _grad(self, gradient: float) -> None:
        if getattr(self, "armed", False):
            self.armed = False
            raise KeyboardInterrupt
        Value._grad.__set__(self, gradient)


@pytest.mark.parametrize("position", range(3))
def test_interrupt_while_gradients_are_set_leaves_all_of_them(position):
    leaves = [Value(1.0), Value(2.0), Value(3.0)]
    leaves[position] = Stubborn(leaves[position].data)
    a, b, c = leaves
    root = a * b * c
    root.backward()
    leaves[position].armed = True
    with pytest.raises(KeyboardInterrupt):
        root.backward()
    assert [leaf.grad for leaf in leaves] == [12.0, 6.0, 4.0]


def test_interrupt_while_gradients_are_gathered_leaves_none_of_them():
    class Interrupting(float):
        def __mul__(self, other: float) -> float:
            raise KeyboardInterrupt

    x, y = Value(2.0), Value(3.0)
    root = (x * y).exp() + x
    exponential = root.operands[0]
    exponential._edges = (exponential.operands[0], Interrupting(1.0))
    with pytest.raises(KeyboardInterrupt):
        root.backward()
    assert not any(node.has_grad for node in (x, y, exponential, root))


def test_threads_differentiate_graphs_of_their_own():
    def work(seed: int) -> tuple[float, float]:
        x = Value(seed / 10.0)
        y = x
        for _ in range(2000):
            y = sin(y) + x * 0.5
        y.backward()
        return y.data, x.grad

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [work(seed) for seed in range(8)]


# -------------------------------------------------------------------------------- gradient


def test_gradient_leaves_grad_alone():
    x = Value(3.0)
    y = x * x
    assert gradient(y, x).data == 6.0
    assert [node.has_grad for node in (x, y)] == [False, False]


def test_gradient_of_one_and_of_a_sequence():
    x, y = Value(2.0), Value(3.0)
    z = x * y
    assert gradient(z, x).data == 3.0
    assert [g.data for g in gradient(z, [x, y])] == [3.0, 2.0]
    assert [g.data for g in gradient(z, (x, x))] == [3.0, 3.0]
    assert gradient(z, []) == []


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradient_with_respect_to_any_node(create_graph):
    x, unrelated = Value(2.0), Value(7.0)
    inner = x * x
    output = inner * inner + x
    found = gradient(output, [inner, output, x, unrelated], create_graph=create_graph)
    assert [g.data for g in found] == [8.0, 1.0, 33.0, 0.0]


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradient_of_a_leaf_and_of_a_constant(create_graph):
    x, c = Value(2.0), constant(3.0)
    assert gradient(x, x, create_graph=create_graph).data == 1.0
    assert gradient(c, x, create_graph=create_graph).data == 0.0
    assert gradient(x * c, c, create_graph=create_graph).data == 0.0


def test_gradients_are_constants_unless_a_graph_is_created():
    x = Value(2.0)
    assert gradient(x * x, x).kind == "constant"
    assert gradient(x * x, x, create_graph=True).kind == "operation"


def test_recorded_gradients_can_be_trained_on():
    x, w = Value(0.7), Value(1.3)
    slope = gradient((w * x).tanh(), x, create_graph=True)
    (slope * slope).backward()
    t = math.tanh(1.3 * 0.7)
    derivative = 1.3 * (1 - t * t)
    by_w = (1 - t * t) - 2 * 1.3 * t * (1 - t * t) * 0.7
    assert w.grad == pytest.approx(2 * derivative * by_w, 1e-14)


def test_recording_a_gradient_can_be_forbidden():
    x = Value(2.0)
    y = x**3
    with no_grad():
        first = gradient(y, x, create_graph=True)
    assert (first.data, first.kind) == (12.0, "constant")


def test_gradient_of_an_output_that_does_not_move():
    x = Value(2.0)
    first = gradient(where(x > 1.0, 5.0, x) + x.step(), x, create_graph=True)
    assert first.data == 0.0
    assert gradient(first, x).data == 0.0


def test_second_derivative_at_a_tie():
    x, y = Value(1.0), Value(1.0)
    first = gradient(maximum(x * x, y * y), [x, y], create_graph=True)
    assert [g.data for g in first] == [1.0, 1.0]
    assert [[g.data for g in gradient(f, [x, y])] for f in first] == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("output", "inputs"), [(3.0, Value(1.0)), (Value(1.0), [3.0]), (Value(1.0), [None])], ids=str
)
def test_gradient_of_anything_but_values_is_an_error(output, inputs):
    with pytest.raises(TypeError, match="gradient\\(\\) is of a Value with respect to Values"):
        gradient(output, inputs)


def test_gradient_is_what_backward_finds():
    random.seed(3)
    leaves = [Value(random.uniform(-1.0, 1.0)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(60):
        nodes.append((random.choice(nodes[-8:]) * random.choice(nodes)).tanh() + 0.1)
    found = gradient(nodes[-1], nodes)
    nodes[-1].backward()
    assert [g.data for g in found] == [node.grad for node in nodes]
    assert sum(leaf.grad != 0.0 for leaf in leaves) > 1


# ------------------------------------------------- numbers that changed since the recording


def recorded_elsewhere(w):
    y = w * w * w
    w.data = 5.0
    return y


@pytest.mark.parametrize(
    ("derivative", "message"),
    [
        (lambda y, w: gradient(y, w, create_graph=True), "recorded .*, 4.0, w = 5.0: its"),
        (
            lambda y, w: gradient(y * 2.0, [w, w], create_graph=True),
            "recorded .* now, 4.0, w = 5.0",
        ),
        (
            lambda y, w: hessian(lambda x: x * gradient(y, w, create_graph=True), 1.0),
            "recorded .* was 2.0 then and is 5.0 now",
        ),
    ],
)
def test_old_and_new_numbers_are_not_mixed(derivative, message):
    w = Value(2.0, label="w")
    y = recorded_elsewhere(w)
    with pytest.raises(RuntimeError, match=rf"multiply\(\) was {message}"):
        derivative(y, w)


def test_first_derivatives_are_those_of_the_graph_as_recorded():
    w = Value(2.0)
    y = recorded_elsewhere(w)
    assert gradient(y, w).data == 12.0
    y.backward()
    assert w.grad == 12.0
    assert vjp(lambda x: y * x, (1.0,), 1.0) == (8.0, [8.0])
    assert jvp(lambda x: y * x, (1.0,), (1.0,)) == (8.0, 8.0)
    assert hvp(lambda x: y * x * x, (1.0,), (1.0,)) == (8.0, [16.0])


def test_a_number_that_no_derivative_reads_may_change():
    w, x = Value(2.0), Value(3.0)
    y = w * 4.0 + x.exp()
    w.data, x.data = 5.0, math.nan
    assert gradient(y, w, create_graph=True).data == 4.0


def test_another_index_is_another_number():
    w, x, index = Value(2.0), Value(3.0), Value(0.0)
    chosen = pick([w, x], index)
    index.data = 1.0
    with pytest.raises(RuntimeError, match=r"pick\(\) was recorded with other numbers"):
        gradient(chosen, w, create_graph=True)


def test_a_number_that_was_nan_and_still_is_has_not_changed():
    x = Value(math.nan)
    assert math.isnan(gradient(x * x, x, create_graph=True).data)
