import math

import pytest

import nn
from autograd import Operation, Value, compiled, constant, dot, logsumexp, scope, total
from autograd.graph import topological_order
from viz import draw
from viz.graphs.detail import pictured
from viz.graphs.marking.stale import mark_stale
from viz.graphs.picture import Box, compose
from viz.svg.texts.lines import box_hover, edge_hover, lines


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


# ------------------------------------------------------------------- boxes of several nodes


def stale_boxes(root: Value, detail: str | None) -> list[Box]:
    picture = pictured(root, detail, None, 1000)
    mark_stale(picture)
    return [box for box in picture.boxes if "stale" in box.marks]


def said(box: Box) -> list[str]:
    return [line.text for line in lines(box) if "stale" in line.role]


def trained() -> tuple[nn.MLP, Value]:
    """A model, and a loss from before its parameters were changed."""
    model = nn.MLP(3, [4, 4, 1], seed=0)
    loss = (model([2.0, 3.0, -1.0]) - 1.0) ** 2
    loss.backward()
    assert all(not stale_boxes(loss, detail) for detail in ("layers", "neurons", "values"))
    for parameter in model.parameters():
        parameter.data -= 0.1 * parameter.grad
    return model, loss


def test_at_layers_the_loss_behind_them_and_the_norms_of_gradients_are_stale():
    _, loss = trained()
    boxes = stale_boxes(loss, "layers")
    assert [box.label for box in boxes if box.kind == "layer"] == ["layer0", "layer1", "layer2"]
    assert all(said(box) == [f"grad norm {box.grad:.6g} (stale)"] for box in boxes[:3])
    assert boxes[-1].value is loss
    assert boxes[-1].stale["data"] == pytest.approx((trained()[0]([2.0, 3.0, -1.0]).data - 1) ** 2)


def test_a_layer_that_shows_no_stale_number_says_that_there_is_one_inside():
    x = Value(2.0)
    with scope("layer"):
        y = x.exp().tanh()
    x.data = 0.5
    [box] = stale_boxes(y, "layers")
    assert box.stale == {"inside": None}
    assert box_hover(box).endswith("stale, numbers were changed since: inside")


@pytest.mark.parametrize("detail", [None, "neurons"])
def test_a_fold_is_stale_if_one_of_its_nodes_is_and_so_is_what_follows(detail):
    xs = [Value(1.0, label=f"x{i}") for i in range(100)]
    y = total([x.exp() for x in xs])
    y.backward()
    xs[50].data = 5.0
    inputs, operations, result = stale_boxes(y, detail)
    assert (inputs.times, said(inputs)) == (94, ["grad 2.71828 (stale)"])
    assert (operations.times, said(operations)) == (94, ["data 2.71828 (stale)"])
    assert said(result) == ["data 271.828 (stale)"]
    assert box_hover(inputs).endswith("stale, numbers were changed since: grad")


def test_folded_layers_are_stale_by_what_is_in_them():
    model = nn.MLP(1, [1] * 9, seed=0)
    y = model([Value(1.0)])
    for parameter in model.parameters():
        parameter.data = 0.3
    assert sorted(box.times for box in stale_boxes(y, "layers")) == [1, 1, 1, 6]


def test_the_pointer_tells_what_is_stale_of_neurons_their_weights_and_parameters():
    _, loss = trained()
    since = "stale, numbers were changed since"
    for box in stale_boxes(loss, "values"):
        assert since in box_hover(box)
    picture = pictured(loss, "neurons", None, 1000)
    mark_stale(picture)
    *_, last = (box for box in picture.boxes if box.kind == "neuron")
    now = last.stale["data"]
    assert box_hover(last).endswith(f"{since}: data, which now would be {now!r}; grad; inside")
    assert edge_hover(picture, last.edges[0], last).endswith(f": {since}")


def refused(x: float) -> float:
    if x < 0.0:
        raise ValueError("the root of a negative number")
    return x**0.5


def test_what_an_operation_refuses_to_compute_anew_is_stale_and_not_known():
    root = Operation("root", symbol="root", forward=refused, partials=(lambda x, out: 0.5 / out,))
    x = Value(4.0, label="x")
    r = root(x)
    y = r * 2.0
    r.label, y.label = "r", "y"
    y.backward()
    x.data = -1.0
    unknown = {"data": None}
    assert stale(y) == {"x": {"grad": None}, "r": unknown, "y": unknown}
    assert "(stale)" in draw(y).svg
