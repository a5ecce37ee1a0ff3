"""`draw(highlight=w)` paints the paths of the chain rule that lead to w."""

import math

import pytest

from autograd import Value, constant, dot, explain, where
from nn import MLP
from viz import draw
from viz.graphs.detail import picture_of
from viz.graphs.marking.highlighted import mark_paths
from viz.graphs.picture import compose
from viz.graphs.selection import select
from viz.svg.texts.labels import number


def neuron():
    x, w, b = (Value(n, label=label) for n, label in [(2.0, "x"), (-0.5, "w"), (1.5, "b")])
    loss = (w * x + b).tanh()
    loss.label = "L"
    return loss, w


def painted(root, highlight, **options):
    depth = options.pop("depth", None)
    picture = compose(select([root], depth=depth), **options)
    mark_paths(picture, [root], highlight)
    return picture


def marked(picture, mark="path"):
    """The names of the boxes, and the ends of the edges, that have a mark."""
    names = [box.label or box.symbol for box in picture.boxes]
    boxes = [name for name, box in zip(names, picture.boxes, strict=True) if mark in box.marks]
    edges = [
        (names[edge.source], name)
        for name, box in zip(names, picture.boxes, strict=True)
        for edge in box.edges
        if mark in edge.marks
    ]
    return boxes, edges


def test_boxes_and_edges_of_paths_are_marked_and_no_others():
    loss, w = neuron()
    boxes, edges = marked(painted(loss, w))
    assert boxes == ["w", "*", "+", "L"]
    assert edges == [("w", "*"), ("*", "+"), ("+", "L")]


def test_operand_that_stands_twice_is_painted_twice_and_once_stronger():
    x = Value(3.0, label="x")
    picture = painted(x * x, x)
    assert marked(picture) == (["x", "*"], [("x", "*")] * 2)
    assert marked(picture, "strong")[1] == [("x", "*")]


def test_largest_paths_are_stronger():
    x = Value(1.0, label="x")
    small, large = x * 0.01, x.exp()
    root = small + large + x * 0.02 + x * 0.03 + x * 0.04
    picture = painted(root, x)
    boxes, _ = marked(picture, "strong")
    assert "exp" in boxes
    assert len([name for name in boxes if name == "*"]) == 2  # by 0.03 and 0.04
    terms = [number(math.e), "0.04", "0.03", "…"]
    assert picture.caption.startswith(
        f"5 paths from + to x: {' + '.join(terms)} = {number(root.data)}; x.grad is not computed"
    )


def test_only_path_is_not_stronger_than_itself():
    loss, w = neuron()
    assert marked(painted(loss, w), "strong") == ([], [])


def test_edge_that_nothing_passes_is_not_painted():
    x = Value(3.0, label="x")
    picture = painted(where(x, x, constant(1.0)) + x.step(), x)
    boxes, edges = marked(picture)
    assert edges == [("x", "where"), ("where", "+")]  # once, and not from the condition
    assert boxes == ["x", "where", "+"]


def test_value_that_is_the_root_is_a_path_of_one_node():
    x = Value(3.0, label="x")
    root = x * x
    picture = painted(root, root)
    assert marked(picture) == (["*"], [])
    assert picture.caption.startswith("1 path from x*x to x*x: 1")


def test_insides_of_an_opened_node_are_painted_on_the_way():
    w, x, b = (Value(n, label=label) for n, label in [(2.0, "w"), (3.0, "x"), (0.5, "b")])
    picture = compose(select([(y := dot([w, x], [x, b]).tanh())]), opened=True)
    mark_paths(picture, [y], w)
    boxes, edges = marked(picture)
    assert edges == [("w", "*"), ("*", "+"), ("+", "tanh")]
    assert boxes == ["w", "*", "+", "tanh"]


@pytest.mark.parametrize("detail", ["layers", "neurons"])
def test_weight_leads_to_the_box_that_it_is_a_part_of(detail):
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    loss = model([Value(1.0, label="x"), Value(2.0, label="y")]).tanh()
    loss.label = "L"
    picture = picture_of([loss], detail, None)
    mark_paths(picture, [loss], model.layers[0].neurons[1].weights[0])
    boxes, edges = marked(picture)
    assert boxes[-1] == "L"
    assert len(boxes) == 3  # of the layers, or of the neurons, one each
    assert len(edges) == 2 + (detail == "neurons")  # there an edge is the weight
    assert not {"x", "y"} & set(boxes)


def test_weight_of_a_neuron_that_is_folded_with_others_leads_to_the_fold():
    model = MLP(2, [30, 1], seed=0)
    loss = model([1.0, 2.0])
    picture = picture_of([loss], "neurons", None)
    mark_paths(picture, [loss], model.layers[0].neurons[25].weights[0])
    assert [box.times for box in picture.boxes if "path" in box.marks] == [24, 1]


def test_what_a_depth_limit_left_out_ends_the_paint():
    loss, w = neuron()
    boxes, edges = marked(painted(loss, w, depth=2))
    assert boxes == ["*", "+", "L"]
    assert edges == [("*", "+"), ("+", "L")]


def test_several_are_painted_together_and_told_one_by_one():
    loss, w = neuron()
    loss.backward()
    x = loss.operands[0].operands[0].operands[1]
    picture = painted(loss, [w, x])
    assert {"w", "x"} <= set(marked(picture)[0])
    assert picture.caption == (
        f"1 path from L to w: {number(w.grad)} = w.grad; "
        f"1 path from L to x: {number(x.grad)} = x.grad"
    )


def test_of_many_only_a_few_sums_are_told():
    model = MLP(2, [2, 1], seed=0)
    picture = painted(model([1.0, 2.0]), model.parameters())
    assert picture.caption.count("path") == 3
    assert picture.caption.endswith("; and so on for 6 more")


def test_weight_of_a_model_is_painted_in_the_graph_of_a_loss():
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    loss = model([1.0, 2.0])
    w = model.layers[0].neurons[1].weights[0]
    drawing = draw(loss, highlight=w)
    assert drawing.svg.count('class="edge path"') == explain(loss, w).count * 3
    assert 'class="node parameter path"' in drawing.svg


def test_drawing_without_highlight_has_no_paint():
    loss, _ = neuron()
    assert " path" not in draw(loss).svg.partition("</style>")[2].replace("<path ", "")


@pytest.mark.parametrize(
    ("highlight", "error", "said"),
    [
        (Value(1.0, label="other"), ValueError, "does not depend on"),
        ([], ValueError, "highlight= of nothing"),
        ("w", TypeError, "highlight= takes a Value or several"),
        ([neuron, 2.0], TypeError, "highlight= takes a Value or several"),
    ],
)
def test_what_cannot_be_highlighted_is_an_error(highlight, error, said):
    with pytest.raises(error, match=said):
        draw(neuron()[0], highlight=highlight)


def test_module_has_no_gradient_of_a_loss_to_be_highlighted():
    model = MLP(2, [2, 1], seed=0)
    with pytest.raises(TypeError, match="call the module, and draw that"):
        draw(model, highlight=model.parameters()[0])


@pytest.mark.parametrize("sizes", [[3, 1], [20, 1]])
def test_between_neurons_the_edge_that_is_the_weight_is_painted_and_no_other(sizes):
    model = MLP(2, sizes, seed=0)
    root, weight = model([1.0, 2.0]), model.layers[0].neurons[2].weights[1]
    picture = picture_of([root], "neurons", None)
    mark_paths(picture, [root], weight)
    before = {id(factor) for neuron in model.layers[0].neurons for factor in neuron.weights}
    first = [e for box in picture.boxes for e in box.edges if before & set(map(id, e.factors))]
    painted = [edge.factors for edge in first if "path" in edge.marks]
    assert [[factor.label for factor in factors] for factors in painted] == [[weight.label]]


def test_a_weight_inside_a_fold_paints_the_edge_of_the_fold():
    model = MLP(2, [20, 1], seed=0)
    root, weight = model([1.0, 2.0]), model.layers[0].neurons[19].weights[1]
    picture = picture_of([root], "neurons", None)
    mark_paths(picture, [root], weight)
    assert sum("path" in e.marks for box in picture.boxes for e in box.edges if e.factors) == 2


def test_paths_whose_product_is_zero_are_not_strong_and_are_told_without_signs():
    w = Value(-1.0, label="w")
    dead = w.relu()
    root = dead * 2.0 - dead
    picture = painted(root, w)
    assert marked(picture, "strong") == ([], [])
    assert picture.caption.startswith("2 paths from - to w: all 0;")
