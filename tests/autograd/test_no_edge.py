"""A derivative that is zero for every number is no edge: nothing is multiplied with it.

An infinite gradient, or an infinite derivative further down, does not become NaN there, in any of
the ways in which a derivative is computed.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    Operation,
    Value,
    compiled,
    detect_anomaly,
    equal,
    gradient,
    greater,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    pick,
    sign,
    sqrt,
    step,
    vjp,
    where,
)

inf = math.inf
flat = Operation("flat", symbol="flat", forward=lambda x: math.floor(x), partials=(None,))
also_flat = Operation("also_flat", symbol="flat", forward=lambda x: math.floor(x), partials=(0,))

# Functions with an infinite derivative before or behind something flat, and their derivatives.
FLAT: dict[str, tuple[Callable[..., Any], float, float]] = {
    "an infinite gradient at a step": (lambda x: sqrt(step(x)) + x, 0.0, 1.0),
    "an infinite gradient at a sign": (lambda x: sqrt(sign(x)) + x, 0.0, 1.0),
    "an infinite derivative below a step": (lambda x: step(log(x)) + x, 0.0, 1.0),
    "and below a comparison": (lambda x: greater(log(x), sqrt(x)) + x, 0.0, 1.0),
    "a comparison between": (lambda x: sqrt(equal(log(x), 1.0)) + x, 0.0, 1.0),
    "the condition of where": (lambda x: where(log(x), 2.0 * x, 3.0 * x), 0.0, 2.0),
    "a step beside one that counts": (lambda x: log(x + 1.0) + step(log(x + 0.0)), 0.0, 1.0),
    "an operation of one's own": (lambda x: sqrt(flat(log(x + 1.0))) + x, 0.0, 1.0),
    "whose derivative is the number 0": (lambda x: sqrt(also_flat(log(x + 1.0))) + x, 0.0, 1.0),
}
each_flat = pytest.mark.parametrize(("f", "x", "slope"), FLAT.values(), ids=FLAT)


@each_flat
def test_gradient(f, x, slope):
    leaf = Value(x)
    f(leaf).backward()
    assert leaf.grad == slope
    assert gradient(f(leaf), leaf, create_graph=True).data == slope


@each_flat
def test_transforms(f, x, slope):
    assert jacobian(f, x).tolist() == [[slope]]
    assert jvp(f, (x,), (2.0,))[1] == 2.0 * slope
    assert vjp(f, (x,), 2.0)[1] == [2.0 * slope]
    assert jvp(lambda x, y: [f(x), y], (x, 1.0), (1.0, 0.0))[1] == [slope, 0.0]


@each_flat
def test_second_order(f, x, slope):
    def g(x):
        return f(x) * x

    assert hessian(g, x).tolist() == [[2.0 * slope]]
    assert hvp(g, (x,), (1.0,))[1] == [2.0 * slope]


@each_flat
def test_compiled(f, x, slope):
    w = Value(x)
    compiled(lambda: f(w)).mean().backward()
    assert w.grad == slope
    assert compiled(lambda xs: f(xs[0])).value_and_gradient_at(np.array([x]))[1].tolist() == [slope]
    assert compiled(f).value_and_gradient_at(x)[1] == slope
    assert compiled(lambda x: gradient(f(x), x))(np.array([x])).tolist() == [slope]


def test_where_nothing_passes_no_anomaly_is_found():
    x = Value(0.25)
    with detect_anomaly():
        y = sqrt(step(x - 0.25) + 0.0 * x + 0.25)
        y.backward()
    assert x.grad == 0.0


def test_root_that_is_flat_has_the_gradient_zero():
    x, w = Value(2.0), Value(3.0)
    inner = x * w
    step(inner).backward()
    assert (inner.grad, x.grad, w.grad) == (0.0, 0.0, 0.0)
    assert [node.has_grad for node in (inner, x, w)] == [True] * 3
    assert [g.data for g in gradient(step(inner), [x, inner], create_graph=True)] == [0.0, 0.0]
    assert vjp(lambda x: [step(log(x)), x], (0.0,), [inf, 1.0])[1] == [1.0]


def test_flat_operand_stays_in_the_graph():
    x = Value(2.0)
    y = greater(x, 1.0)
    assert y.operands[0] is x
    assert y.partials == (None, None)
    assert x.step().partials == (None,)
    assert where(y, x, 3.0).partials == (None, 1.0, None)


def test_value_from_outside_does_not_move_in_forward_mode():
    w = Value(0.0)
    assert jvp(lambda x: sqrt(w) * x, (2.0,), (1.0,)) == (0.0, 0.0)


# ------------------------------------------------------------------------------------ pick


@pytest.mark.parametrize("index", [0, 1])
def test_what_pick_did_not_choose_makes_no_nan_of_an_infinite_gradient(index):
    def f(a, b, i):
        return sqrt(pick([a, b], i))

    expected = [0.0, 0.0]
    expected[index] = inf
    x, y = Value(0.0), Value(0.0)
    f(x, y, index).backward()
    assert [x.grad, y.grad] == expected
    slopes = gradient(f(x, y, Value(index)), [x, y], create_graph=True)
    assert [slope.data for slope in slopes] == expected
    assert jacobian(f, 0.0, 0.0, index).tolist() == [[*expected, 0.0]]

    w, v = Value(0.0), Value(0.0)
    compiled(lambda i: f(w, v, i)).mean(np.array([index])).backward()
    assert [w.grad, v.grad] == expected
    assert compiled(f).value_and_gradient_at(0.0, 0.0, index)[1] == (*expected, 0.0)
    inside = compiled(lambda xs, i: gradient(f(xs[0], xs[1], i), xs))
    assert inside(np.zeros((1, 2)), np.array([index])).tolist() == [expected]


@pytest.mark.parametrize("index", [0, 1])
def test_what_pick_did_not_choose_gets_a_gradient_of_zero_however_it_is_computed(index):
    """So that an infinite derivative makes it NaN, as in PyTorch: a batch chooses differently."""

    def f(x, i):
        return pick([x * x, log(x)], i)

    slope = [math.nan, inf][index]
    w = Value(0.0)
    f(w, index).backward()
    found = [
        w.grad,
        gradient(f(w, Value(index)), w, create_graph=True).data,
        compiled(lambda x: f(x, index)).value_and_gradient_at(0.0)[1],
        compiled(f).value_and_gradient_at(0.0, index)[1][0],
        compiled(lambda x: gradient(f(x, index), x))(np.zeros(1))[0],
        compiled(lambda x, i: gradient(f(x, i), x))(np.zeros(1), np.array([index]))[0],
    ]
    for call in (compiled(lambda: f(w, index)).mean(), compiled(lambda i: f(w, i)).mean([index])):
        w.forget_grad()
        call.backward()
        found.append(w.grad)
    assert found == pytest.approx([slope] * len(found), nan_ok=True)


def test_index_of_pick_gets_no_gradient():
    x, index = Value(2.0), Value(0.0)
    y = pick([sqrt(x - 2.0), x], index)
    y.backward()
    assert y.partials[-1] is None
    assert index.grad == 0.0
