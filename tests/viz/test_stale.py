import math

import pytest

import nn
from autograd import Value, compiled, constant, dot, logsumexp
from autograd.graph import topological_order
from viz import draw
from viz.graphs.picture import compose
from viz.graphs.stale import mark_stale


def stale(root: Value) -> dict[str, dict[str, float | None]]:
    """What is stale of the nodes, by their labels."""
    picture = compose(topological_order(root))
    mark_stale(picture)
    assert all(("stale" in box.marks) == bool(box.stale) for box in picture.boxes)
    return {box.label: box.stale for box in picture.boxes if box.stale}


def neuron() -> dict[str, Value]:
    w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(-5.0, label="b")
    product = w * x
    total = product + b
    y = total.tanh()
    product.label, total.label, y.label = "product", "total", "y"
    y.backward()
    return {node.label: node for node in (w, x, b, product, total, y)}


def test_nothing_is_stale_in_a_graph_as_it_was_computed():
    assert stale(neuron()["y"]) == {}


def test_what_comes_after_a_changed_number_is_stale_and_known_anew():
    nodes = neuron()
    nodes["b"].data = -6.0
    now = {"total": {"data": 0.0}, "y": {"data": 0.0}}
    # All gradients go through the slope of tanh, which is another one now; dy/dy is 1 anyhow.
    gradients = {name: {"grad": None} for name in ("w", "x", "b", "product")}
    now["total"] |= {"grad": None}
    assert stale(nodes["y"]) == now | gradients


def test_a_gradient_is_stale_only_if_a_local_derivative_before_it_changed():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    y = x * w
    y.label = "y"
    y.backward()
    w.data = 4.0
    # dy/dw = x is what it was; dy/dx = w is not.
    assert stale(y) == {"x": {"grad": None}, "y": {"data": 8.0}}


def test_a_change_that_makes_no_difference_leaves_nothing_stale_behind_it():
    x = Value(-1.0, label="x")
    y = x.relu()
    y.backward()
    x.data = -2.0
    assert stale(y) == {}


def test_a_number_that_was_assigned_to_a_result_is_stale():
    x = Value(2.0)
    y = x * x
    y.label, y.data = "y", 5.0
    assert stale(y) == {"y": {"data": 4.0}}


@pytest.mark.parametrize(
    "root",
    [
        Value(math.inf, label="x") - Value(math.inf),
        constant(2.0) * 3.0,
        logsumexp([Value(1.0), Value(2.0)]) + dot([Value(0.1)] * 3, [Value(0.2)] * 3),
    ],
    ids=["nan", "constants", "n-ary"],
)
def test_what_cannot_differ_does_not(root):
    assert stale(root) == {}


def test_a_compiled_loss_which_cannot_be_computed_anew_is_left_alone():
    w = Value(2.0, label="w")
    loss = compiled(lambda x: w * x).mean([1.0, 3.0])
    loss.backward()
    w.data = 7.0
    assert stale(loss) == {}


def test_beyond_a_depth_limit_the_numbers_are_taken_as_they_are():
    nodes = neuron()
    nodes["b"].data = -6.0
    assert "(stale)" in draw(nodes["y"], depth=1).svg
    assert "(stale)" not in draw(nodes["y"], depth=0).svg


def test_a_stale_number_says_so_and_what_it_would_be():
    nodes = neuron()
    nodes["b"].data = -6.0
    svg = draw(nodes["y"]).svg
    assert '<text class="data stale"' in svg
    assert ">data 1 (stale)</text>" in svg
    assert "data 1.0: stale, numbers were changed since; now it would be 0.0" in svg
    assert ">grad 1.25992 (stale)</text>" in svg


def test_a_neuron_as_one_box_is_looked_into():
    x = Value(1.0, label="x")
    model = nn.MLP(1, [2, 1], seed=0)
    y = model([x])
    y.backward()
    for detail in ("neurons", "values", "products"):
        assert "(stale)" not in draw(y, detail=detail).svg
    model.layers[0].neurons[0].bias.data += 9.0
    for detail in ("neurons", "values", "products"):
        assert "(stale)" in draw(y, detail=detail).svg
