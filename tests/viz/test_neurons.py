"""Neurons as columns, with a weight on each edge; and as values, beside their parameters."""

import re
from itertools import pairwise

import pytest

from autograd import Value
from nn import MLP, Layer, Neuron, Parameter
from viz import draw
from viz.graphs.detail import pictured
from viz.svg.style import weight_marks


def heights(svg):
    """The height at which each box's first line stands."""
    found = re.findall(r'<g id="n(\d+)".*?<text[^>]*? y="([-\d.]+)"', svg, re.DOTALL)
    return {int(number): float(y) for number, y in found}


def network(*sizes):
    xs = [Value(0.5 * i - 1.0, label=f"x{i}") for i in range(sizes[0])]
    model = MLP(sizes[0], sizes[1:], seed=0)
    return model, xs, model(xs)


def test_a_neuron_has_its_number_its_gradient_and_its_bias_in_it():
    neuron = Neuron(2, activation="tanh", seed=0)
    neuron.bias.data = 0.5
    y = neuron([Value(1.0, label="a"), Value(2.0, label="b")])
    y.backward()
    *_, box = pictured(y, "neurons", None, 1000).boxes
    assert (box.kind, box.symbol, box.data, box.grad) == ("neuron", "tanh", y.data, 1.0)
    assert [line.text for line in box.lines] == ["bias 0.5"]
    assert f"bias 0.5, grad {neuron.bias.grad!r}" in box.hover


def test_an_edge_is_a_weight_with_its_sign_and_in_full_on_hover():
    layer = Layer(2, 1, nonlin=False, seed=0)
    layer.weights = [[0.25, -4.0]]
    y = layer([Value(1.0, label="a"), Value(2.0, label="b")])
    y.backward()
    *_, box = pictured(y, "neurons", None, 1000).boxes
    found = [(e.weight, weight_marks(e.weight, 4.0)) for e in box.edges]
    assert found == [(0.25, {"positive", "weight1"}), (-4.0, {"negative", "weight5"})]
    assert box.edges[1].hover.endswith("weights.1 -4.0, grad 2.0")
    svg = draw(y, detail="neurons").svg
    assert "weights.1 -4.0, grad 2.0" in svg
    assert svg.count('class="edge negative') == 1


def test_weights_differ_by_width_and_signs_by_dashes_too():
    layer = Layer(2, 1, nonlin=False, seed=0)
    layer.weights = [[0.5, -4.0]]
    dot = draw(layer([Value(1.0), Value(2.0)]), detail="neurons").dot
    widths = [float(w) for w in re.findall(r"penwidth=([\d.]+)", dot.split("->", 1)[1])]
    assert widths == sorted(widths)
    assert len(set(widths)) == 2
    assert dot.count("style=dashed") == 1


@pytest.mark.parametrize("sizes", [(3, 4, 4, 1), (2, 12, 12, 1), (20, 18, 3)])
def test_neurons_and_inputs_stand_in_their_order_from_top_to_bottom(sizes):
    _, _, output = network(*sizes)
    roots = output if isinstance(output, list) else [output]
    picture = pictured(roots, "neurons", None, 1000)
    at = heights(draw(roots, detail="neurons").svg)
    assert len(picture.columns) == len(sizes)
    for column in picture.columns:
        ys = [at[i] for i in column.boxes]
        assert ys == sorted(ys)
        steps = [b - a for a, b in pairwise(ys)]
        assert max(steps, default=0) <= 2 * min(steps, default=0)  # no gaps


def test_neurons_are_in_the_order_of_their_names_and_inputs_in_that_of_the_weights():
    model, xs, output = network(3, 12, 1)
    picture = pictured(output, "neurons", None, 1000)
    first, second, _ = ([picture.boxes[i].value for i in c.boxes] for c in picture.columns)
    assert list(map(id, first)) == list(map(id, xs))
    biases = [neuron.bias for neuron in model.layers[0].neurons]
    assert [y.operands[0].operands[-1].label for y in second] == [b.label for b in biases]


def test_the_rest_of_the_graph_is_drawn_as_values():
    _, _, output = network(3, 4, 1)
    loss = (output - 1.0) ** 2
    symbols = [box.symbol for box in pictured(loss, "neurons", None, 1000).boxes[-4:]]
    assert symbols == ["", "-", "", "**"]


def test_a_depth_limit_cuts_between_neurons():
    _, _, output = network(3, 4, 1)
    picture = pictured(output.tanh(), "neurons", 3, 1000)
    assert "omission" in [box.kind for box in picture.boxes]
    assert draw(output.tanh(), detail="neurons", depth=1).svg


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_columns_stand_across_the_arrows(direction):
    _, _, output = network(2, 3, 1)
    assert draw(output, direction, detail="neurons").svg


def test_as_values_the_parameters_of_each_neuron_stand_together_under_its_name():
    _, _, output = network(2, 3, 1)
    picture = pictured(output, "values", None, 1000)
    at = heights(draw(output, detail="values").svg)
    stacks = [c for c in picture.columns if c.title]
    assert [c.title for c in stacks] == [f"layers.0.neurons.{i}" for i in range(3)] + [
        "layers.1.neurons.0"
    ]
    for stack in stacks:
        *weights, bias = (picture.boxes[i].label for i in stack.boxes)
        assert weights == [f"weights.{i}" for i in range(len(weights))]
        assert bias == "bias"
    ys = [at[i] for stack in stacks[:3] for i in stack.boxes]
    assert ys == sorted(ys)


def test_a_neuron_by_hand_keeps_the_names_that_a_person_gave():
    w, x, b = (Value(1.0, label=name) for name in ("weights.mine", "x.y", "b"))
    picture = pictured((w * x + b).tanh(), "values", None, 1000)
    assert picture.columns == []
    assert {"weights.mine", "x.y", "b"} <= {box.label for box in picture.boxes}


HOSTILE = [
    '<b>"&\\',
    "</svg><script>alert(1)</script>",
    "\\N\x00\ud800",
    "a" * 100_000,
    "\u202e[]{}|",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("detail", ["neurons", "values", "layers"])
def test_a_path_that_looks_like_markup_is_text(name, detail):
    layer = Layer(2, 2, seed=0)
    for i, neuron in enumerate(layer.neurons):
        for parameter in neuron.parameters():
            parameter.label = f"{name}.neurons.{i}.{parameter.label}"
    svg = draw(layer([Value(1.0, label=name), Value(2.0)]), detail=detail).svg  # it was checked
    assert "<script" not in svg
    assert "<b>" not in svg
    assert len(svg) < 100_000 + 12 * len(name)


def test_neurons_are_headed_by_the_name_that_their_layer_has_in_a_drawing_of_layers():
    _, _, output = network(2, 3, 1)
    layers = [b.label for b in pictured(output, "layers", None, 1000).boxes if b.kind == "layer"]
    columns = pictured(output, "neurons", None, 1000).columns
    assert [column.title for column in columns if column.title] == layers == ["layer0", "layer1"]


def test_the_same_neurons_at_two_examples_stand_below_each_other_in_their_order():
    model = MLP(2, [3, 1], seed=0)
    roots = [model([1.0, 2.0]), model([3.0, 4.0])]
    picture = pictured(roots, "neurons", None, 1000)
    assert [column.below for column in picture.columns] == [False, True] * 3
    at = heights(draw(roots, detail="neurons").svg)
    places = [i for root in roots for i, box in enumerate(picture.boxes) if box.value is root]
    assert [at[i] for i in places] == sorted(at[i] for i in places)
    for column in picture.columns:
        assert [at[i] for i in column.boxes] == sorted(at[i] for i in column.boxes)


def test_one_input_times_one_parameter_is_a_neuron_only_under_a_function():
    scale, x = Parameter(2.0, label="scale"), Value(3.0, label="x")
    for root, kind in ((scale * x, "operation"), ((scale * x).tanh(), "neuron")):
        assert pictured(root, "neurons", None, 1000).boxes[-1].kind == kind


def test_parameters_of_two_examples_stand_in_their_order_under_their_full_names():
    model = MLP(2, [3, 1], seed=0)
    roots = [model([1.0, 2.0]), model([3.0, 4.0])]
    boxes = pictured(roots, "values", None, 1000).boxes
    at = heights(draw(roots, detail="values").svg)
    for layer in model.layers:
        own = {parameter.label for parameter in layer.parameters()}
        places = [at[i] for i, box in enumerate(boxes) if box.label in own]
        assert len(places) == len(own)
        assert places == sorted(places)


def test_the_looks_of_weights_are_explained_where_there_are_some():
    _, _, output = network(2, 3, 1)
    assert "orange above 0" in draw(output, detail="neurons").svg
    assert "orange above 0" not in draw(output, detail="values").svg
