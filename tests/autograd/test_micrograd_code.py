"""Programs that read and call what those written for micrograd do."""

import math
import random

import pytest

from autograd import Value


def test_expression_over_all_operators():
    a, b = Value(-1.5), Value(2.5)
    c = a * b + b**2 - 4 / b
    d = (c + 1).relu() + (-c).relu() * 0.1
    d += 3 * a - (1 - b) + b / a
    e = (d * 0.05).tanh() + (a - 1).exp()
    f = e**-1 + 2.0 * e
    f.backward()

    def plain(a, b):
        c = a * b + b**2 - 4 / b
        d = max(c + 1, 0) + max(-c, 0) * 0.1
        d += 3 * a - (1 - b) + b / a
        e = math.tanh(d * 0.05) + math.exp(a - 1)
        return e**-1 + 2.0 * e

    h = 1e-6
    assert f.data == pytest.approx(plain(-1.5, 2.5), 1e-15)
    assert a.grad == pytest.approx((plain(-1.5 + h, 2.5) - plain(-1.5 - h, 2.5)) / (2 * h), 1e-6)
    assert b.grad == pytest.approx((plain(-1.5, 2.5 + h) - plain(-1.5, 2.5 - h)) / (2 * h), 1e-6)


def test_neuron_written_out():
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(math.asinh(1.0) + 6.0, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.backward()
    # tanh(asinh(1)) = 1/sqrt(2), where its derivative is 1/2
    assert o.data == pytest.approx(math.sqrt(0.5))
    found = [p.grad for p in (x1, w1, x2, w2, b)]
    assert found == pytest.approx([-1.5, 1.0, 0.5, 0.0, 0.5])


def test_tanh_made_of_exponentials_is_tanh():
    x, y = Value(0.88), Value(0.88)
    e = (2 * x).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    t = y.tanh()
    t.backward()
    assert (o.data, x.grad) == (pytest.approx(t.data), pytest.approx(y.grad))


def test_training_loop_in_plain_expressions():
    random.seed(0)
    w = [Value(random.uniform(-1, 1)) for _ in range(2)]
    b = Value(0)
    data = [((0.5, 1.0), 1.0), ((-1.0, 0.3), -1.0), ((0.2, -0.4), -1.0), ((1.0, 1.0), 1.0)]
    losses = []
    for _ in range(60):
        scores = [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b) for x, _ in data]
        loss = sum((1 + -y * s).relu() for s, (_, y) in zip(scores, data, strict=True))
        loss = loss * (1.0 / len(data)) + 1e-4 * sum(p * p for p in [*w, b])
        for p in [*w, b]:
            p.grad = 0
        loss.backward()
        for p in [*w, b]:
            p.data -= 0.3 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.1 < 0.3 < losses[0]
    assert all((s.data > 0) == (y > 0) for s, (_, y) in zip(scores, data, strict=True))


def trace(root):
    """Nodes and edges, as drawing code that courses pass around collects them."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_drawing_code_finds_nodes_edges_and_symbols():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = a * b
    d = c + a
    nodes, edges = trace(d)
    assert nodes == {a, b, c, d}
    assert edges == {(a, c), (b, c), (c, d), (a, d)}
    assert (a._op, c._op, d._op) == ("", "*", "+")


def test_what_micrograd_gets_wrong():
    x, y = Value(3.0), Value(2.0)
    assert (x * x)._prev == (x, x)
    assert [(z.op.name, len(z._prev)) for z in (x - y, x / y)] == [("subtract", 2), ("divide", 2)]
    assert (x**y).data == 9.0
    assert Value(1000.0).exp().data == math.inf
    z = x * y
    z.backward()
    z.backward()
    assert (x.grad, z.grad) == (4.0, 1.0)
