import math
import re

import pytest

from autograd import Operation, Value, dot, logsumexp, no_grad, total
from autograd.graph import topological_order
from viz import draw


def neuron() -> Value:
    ws = [Value(2.0, label="w1"), Value(-1.0, label="w2")]
    xs = [Value(3.0, label="x1"), Value(5.0, label="x2")]
    return dot(ws, xs, Value(0.5, label="b"))


def shown(drawing, symbol: str) -> list[tuple[str, str]]:
    """The data and the gradient of every node with the symbol."""
    return re.findall(rf'"(?:\w+\\n)?{re.escape(symbol)}\\ndata (\S+)\\ngrad (\S+)"', drawing.dot)


def test_an_opened_dot_shows_its_products_with_their_numbers_and_gradients():
    y = neuron()
    (y * 3.0).backward()
    drawing = draw(y, detail="products")
    assert sorted(shown(drawing, "*")) == [("-5", "3"), ("6", "3")]
    assert "subgraph cluster0" in drawing.dot
    assert drawing.dot.count(" -> ") > draw(y).dot.count(" -> ")


def test_inner_gradients_agree_with_those_of_the_operations_written_out():
    xs = [Value(1.0), Value(2.0), Value(-3.0)]
    powers = [x.exp() for x in xs]
    (powers[0] + powers[1] + powers[2]).log().backward()
    closed = logsumexp(xs)
    closed.backward()
    inside = shown(draw(closed, detail="products"), "exp")
    # Inside, all powers are divided by the largest, so their gradients are multiplied by it.
    ours = sorted(float(data) * float(grad) for data, grad in inside)
    assert ours == pytest.approx(sorted(p.data * p.grad for p in powers), rel=1e-3)


def test_inner_nodes_have_no_gradient_where_none_was_computed():
    assert {grad for _, grad in shown(draw(neuron(), detail="products"), "*")} == {"—"}


def test_opening_changes_nothing_in_the_graph():
    y = neuron()
    y.backward()
    before = [(id(node), node.data, node.grad, node.operands) for node in topological_order(y)]
    closed = draw(y).dot
    draw(y, detail="products")
    assert [(id(n), n.data, n.grad, n.operands) for n in topological_order(y)] == before
    assert draw(y).dot == closed


def test_the_opened_node_keeps_its_name_its_numbers_and_its_place():
    y = neuron()
    y.label = "a"
    z = y.tanh()
    z.backward()
    closed, opened = draw(z), draw(z, detail="products")
    assert re.search(r'"a\\n\S+\\ndata 1.5\\ngrad', opened.dot)
    assert shown(closed, "tanh") == shown(opened, "tanh")


def test_what_is_inside_an_opened_node_is_opened_too():
    def chain(xs):
        return xs[0] if len(xs) == 1 else chain(xs[:-1]) + xs[-1]

    inner = Operation(
        "inner",
        symbol="inner",
        forward=lambda *xs: sum(xs),
        partials=lambda xs, out: [1.0] * len(xs),
        arrange=lambda xs: tuple(xs),
        expansion=chain,
    )
    outer = Operation(
        "outer",
        symbol="outer",
        forward=lambda *xs: sum(xs),
        partials=lambda xs, out: [1.0] * len(xs),
        arrange=lambda xs: tuple(xs),
        expansion=lambda xs: inner([x * 1.0 for x in xs]),
    )
    y = outer([Value(1.0), Value(2.0), Value(4.0)])
    y.label = "y"
    y.backward()
    drawing = draw(y, detail="products")
    assert shown(drawing, "+") == [("3", "1"), ("7", "1")]
    assert '"y\\n+\\ndata 7' in drawing.dot
    assert drawing.dot.count("subgraph") == 1


def test_opening_works_inside_no_grad():
    y = neuron()
    with no_grad():
        assert draw(y, detail="products").dot.count("subgraph") == 1


def test_nodes_without_an_expansion_stay_closed():
    x = Value(2.0)
    assert draw(x * x, detail="products").dot == draw(x * x).dot


def test_an_operation_in_its_own_expansion_ends():
    again = Operation(
        "again",
        symbol="again",
        forward=lambda *xs: sum(xs),
        partials=lambda xs, out: [1.0] * len(xs),
        arrange=lambda xs: tuple(xs),
        expansion=lambda xs: again([*xs, 0.0]),
    )
    drawing = draw(again([Value(1.0), Value(2.0)]), detail="products")
    assert drawing.dot.count("again\\ndata 3") == 1


def test_an_expansion_into_an_operand_leaves_the_node_closed():
    alone = Operation(
        "alone",
        symbol="alone",
        forward=lambda x: x,
        partials=lambda xs, out: [1.0],
        arrange=lambda x: (x,),
        expansion=lambda xs: xs[0],
    )
    for operand in (Value(1.0), Value(1.0).exp()):
        assert draw(alone(operand), detail="products").dot == draw(alone(operand)).dot


def test_a_node_whose_operands_are_beyond_the_depth_limit_stays_closed():
    y = total([neuron()])
    assert "subgraph" not in draw(y.tanh(), detail="products", depth=2).dot


def test_bounds_that_keep_infinities_away_are_not_shown():
    y = logsumexp([Value(1.0, label="a"), Value(2.0, label="b")])
    y.backward()
    dot = draw(y, detail="products").dot
    assert "e+308" not in dot
    assert "min" not in dot
    assert [data for data, _ in shown(draw(y, detail="products"), "max")] == ["2"]


@pytest.mark.parametrize("edge", [math.inf, -math.inf, math.nan])
def test_bounds_are_shown_where_they_are_in_effect(edge):
    y = logsumexp([Value(edge, label="a"), Value(edge, label="b")])
    assert "e+308" in draw(y, detail="products").dot
