"""How closely a graph is looked at, by a person's choice or by what can be read."""

import pytest

from autograd import Value, dot, scope, total
from autograd.graph import topological_order
from nn import GPT, MLP, Dropout, Layer, LayerNorm, Sequential, cross_entropy, hinge, moons
from viz import TooManyNodesError, draw
from viz.graphs.detail import pictured
from viz.graphs.levels.readable import READABLE, is_readable, size


def inputs(count):
    return [Value(0.1 * i - 0.3, label=f"x{i}") for i in range(count)]


def perceptron(*sizes):
    output = MLP(sizes[0], sizes[1:], seed=0)(inputs(sizes[0]))
    return output if isinstance(output, Value) else cross_entropy(output, 0)


def normalized():
    parts = Layer(4, 8, nonlin=False, seed=0), LayerNorm(8), Dropout(0.5, seed=0), Layer(8, 3)
    return cross_entropy(Sequential(*parts)(inputs(4)), 1)


def transformer(layers):
    model = GPT(5, context=4, width=8, heads=2, layers=layers)
    return total([cross_entropy(logits, 1) for logits in model([0, 1, 2])])


def examples(count):
    model, data = MLP(2, [8, 1], seed=0), moons(count)
    rows = zip(data.X.tolist(), (2 * data.y - 1).tolist(), strict=True)
    return sum(hinge(model(x), y) for x, y in rows) / count


def exponentials(count):
    return total([x.exp() for x in inputs(count)])


def by_hand():
    w1, w2, b = (Value(0.5, label=name) for name in ("w1", "w2", "b"))
    x1, x2 = inputs(2)
    return (w1 * x1 + w2 * x2 + b).tanh()


def long_expression():
    y = Value(1.0)
    for i in range(5):
        y = y * Value(0.3, label=f"w{i}") + 0.5
    return (y - 1.0) ** 2


FINEST = {
    "a neuron by hand": (by_hand, "", "values"),
    "a small network": (lambda: perceptron(2, 3, 1), "", "values"),
    "micrograd's network": (lambda: perceptron(3, 4, 4, 1), "61 nodes drawn as neurons", "neurons"),
    "the demo of micrograd": (
        lambda: perceptron(2, 16, 16, 1),
        "404 nodes drawn as neurons",
        "neurons",
    ),
    "digits": (lambda: perceptron(64, 32, 10), "2,552 nodes drawn as neurons", "neurons"),
    "many digits": (
        lambda: perceptron(784, 16, 16, 10),
        "13,864 nodes drawn as neurons",
        "neurons",
    ),
    "normalization": (normalized, " nodes drawn as layers; ", "layers"),
    "a transformer": (lambda: transformer(2), " nodes drawn as layers; ", "layers"),
    "a deep transformer": (lambda: transformer(8), " nodes drawn as layers; ", "layers"),
    "a long expression": (long_expression, "25 nodes drawn as neurons", "neurons"),
    "a batch": (lambda: examples(50), " nodes drawn as layers; ", "layers"),
    "inputs of one sum": (lambda: total(inputs(300)), "301 nodes drawn as folds", "neurons"),
    "more terms than may be boxes": (
        lambda: exponentials(1_100),
        "2,201 nodes drawn as folds",
        "neurons",
    ),
    "a wide layer": (lambda: perceptron(2, 1_100, 1), "6,604 nodes drawn as neurons", "neurons"),
}


@pytest.mark.parametrize(("make", "said", "level"), FINEST.values(), ids=FINEST.keys())
def test_the_finest_detail_that_can_be_read_is_drawn_and_said(make, said, level):
    picture = pictured(make(), None, None, 1000)
    assert said in picture.caption
    assert bool(picture.caption) == bool(said)
    assert is_readable(picture, level)


def test_a_drawing_says_in_words_and_in_the_picture_what_it_leaves_out():
    drawing = draw(perceptron(3, 4, 4, 1))
    caption = "61 nodes drawn as neurons; detail='values' draws every node"
    assert repr(drawing) == f"<Drawing of 12 boxes: {caption}>"
    assert caption in drawing.svg
    assert repr(draw(by_hand())) == "<Drawing of 10 nodes>"


def test_what_the_caption_advises_draws_all():
    loss = perceptron(64, 32, 10)
    assert "detail='values', max_nodes=2552" in pictured(loss, None, None, 1000).caption
    assert size(pictured(loss, "values", None, max_nodes=2552)).boxes == 2552


def test_a_graph_without_structure_is_drawn_node_by_node_though_it_is_long():
    value = Value(1.0)
    for _ in range(99):
        value = value.tanh()
    drawing = draw(value)
    assert (drawing.nodes, drawing.caption) == (100, "")


def test_of_very_many_examples_the_layers_are_drawn():
    loss = examples(700)
    picture = pictured(loss, None, None, 1000)
    assert size(picture).boxes <= READABLE["layers"].boxes


def logit():
    w1, w2, x1, x2 = (Value(0.5, label=name) for name in ("w1", "w2", "x1", "x2"))
    logit = w1 * x1 + w2 * x2
    return logit, [logit, logit.tanh()]


def partial_sum():
    sums = [Value(0.0)]
    for x in inputs(9):
        sums.append(sums[-1] + x)
    return sums[4], [sums[4], sums[-1]]


def one_of_many():
    hidden = Layer(2, 20, seed=0)(inputs(2))
    return hidden[12], [total(hidden), hidden[12]]


def a_weight():
    layer = Layer(2, 3, seed=0)
    return layer.neurons[1].bias, [layer.neurons[1].bias, total(layer(inputs(2)))]


ASKED_FOR = [
    (logit, "neurons"),
    (partial_sum, "layers"),
    (one_of_many, "neurons"),
    (a_weight, "neurons"),
]


@pytest.mark.parametrize(("make", "detail"), ASKED_FOR)
def test_every_result_that_was_asked_for_has_a_box_of_its_own(make, detail):
    result, roots = make()
    boxes = pictured(roots, detail, None, 1000).boxes
    assert any(box.value is result for box in boxes)


def nested():
    x = Value(2.0, label="x")
    with scope("model"):
        for block in ("first", "second"):
            with scope(block), scope("inner"):
                x = x.tanh().exp()
        return x.sin()


DEPTHS = [
    ("values", ["x", "tanh", "exp", "tanh", "exp", "sin"]),
    (0, ["x", "tanh", "exp", "tanh", "exp", "sin"]),
    ("layers", ["x", "model"]),
    (1, ["x", "model"]),
    (2, ["x", "model.first", "model.second", "model"]),
    (9, ["x", "model.first.inner", "model.second.inner", "model"]),
    (lambda s: s.endswith("first"), ["x", "model.first", "tanh", "exp", "sin"]),
    (lambda s: s == "model.second.inner", ["x", "tanh", "exp", "model.second.inner", "sin"]),
    (lambda s: False, ["x", "tanh", "exp", "tanh", "exp", "sin"]),
]


@pytest.mark.parametrize(("detail", "boxes"), DEPTHS)
def test_scopes_are_boxes_by_name_by_depth_or_by_a_function(detail, boxes):
    picture = pictured(nested(), detail, None, 1000)
    assert [box.label or box.symbol for box in picture.boxes] == boxes


def test_products_open_what_values_show_as_one():
    xs = inputs(3)
    y = dot(xs, [Value(2.0)] * 3)
    for detail, inside in (("values", ["dot"]), ("products", ["*", "*", "*", "+", "+"])):
        boxes = pictured(y, detail, None, 1000).boxes
        assert [box.symbol for box in boxes if box.symbol] == inside


@pytest.mark.parametrize("detail", [-1, "layer", "dot", "", "VALUES"])
def test_an_unknown_detail_names_those_there_are(detail):
    with pytest.raises(ValueError, match="'layers', 'neurons', 'values', 'products', a depth"):
        draw(nested(), detail=detail)


@pytest.mark.parametrize("detail", [True, False, 1.0, ["layers"], {"dot"}, Value(1.0)])
def test_a_detail_of_another_type_is_an_error(detail):
    with pytest.raises(TypeError, match=r"detail=.*it is one of 'layers'"):
        draw(nested(), detail=detail)


def test_a_function_that_does_not_say_true_or_false_is_an_error():
    with pytest.raises(TypeError, match=r"True or False of a scope, and of 'model' it said None"):
        draw(nested(), detail=lambda scope: None)


def test_an_error_in_a_function_says_where_it_was():
    with pytest.raises(ZeroDivisionError) as raised:
        draw(nested(), detail=lambda scope: 1 / 0)
    assert "detail=, called on the scope 'model'" in raised.value.__notes__[0]


@pytest.mark.parametrize("detail", ["values", "products"])
def test_what_is_too_large_for_a_chosen_detail_is_refused_with_the_way_out(detail):
    with pytest.raises(TooManyNodesError, match="detail='layers'"):
        draw(perceptron(64, 32, 10), detail=detail)


@pytest.mark.parametrize("detail", ["layers", "neurons", "values", "products", 2])
def test_no_detail_changes_the_graph(detail):
    loss = perceptron(3, 4, 4, 1)
    loss.backward()

    def state():
        return [(id(x), x.data, x.grad, x.label, x.operands) for x in topological_order(loss)]

    before = state()
    draw(loss, detail=detail)
    assert state() == before
