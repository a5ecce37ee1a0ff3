"""Layers as boxes: shape, activation, and norms."""

import math

import pytest

from autograd import Value, relu, scope, total
from nn import MLP, Layer, Module, Parameter, RMSNorm, Sequential
from viz import draw
from viz.graphs.detail import pictured


def layers(root, detail="layers"):
    return [box for box in pictured(root, detail, None, 1000).boxes if box.kind == "layer"]


def inputs(count):
    return [Value(0.3 * i + 0.1, label=f"x{i}") for i in range(count)]


def test_a_layer_says_its_shape_its_activation_and_how_many_parameters_it_has():
    first, second = layers(MLP(2, [16, 1], activation="tanh", seed=0)(inputs(2)))
    assert [line.text for line in first.lines] == ["2 -> 16, tanh", "48 parameters"]
    assert [line.text for line in second.lines] == ["16 -> 1", "17 parameters"]


def test_norms_are_euclidean_and_say_so():
    model = MLP(2, [3, 1], seed=0)
    loss = model(inputs(2)) ** 2
    loss.backward()
    first, _ = layers(loss)
    parameters = model.layers[0].parameters()
    assert first.data == pytest.approx(math.sqrt(sum(p.data**2 for p in parameters)))
    assert first.grad == pytest.approx(math.sqrt(sum(p.grad**2 for p in parameters)))
    assert "Euclidean norm of the 9 parameters" in first.hover
    svg = draw(loss, detail="layers").svg
    assert f">norm {first.data:.6g}<" in svg
    assert f">grad norm {first.grad:.6g}<" in svg


def test_without_a_backward_pass_there_is_no_norm_of_gradients():
    first, _ = layers(MLP(2, [3, 1], seed=0)(inputs(2)))
    assert first.grad is None
    assert "none computed" in first.hover


def test_a_layer_that_is_used_for_many_examples_says_how_often():
    model = MLP(2, [4, 1], seed=0)
    loss = total([model([float(i), 1.0]) for i in range(7)])
    assert [box.lines[0].text for box in layers(loss)] == [
        "2 -> 4, relu, 7 times",
        "4 -> 1, 7 times",
    ]


def test_plain_numbers_that_a_layer_looks_at_stay_beside_it():
    picture = pictured(MLP(2, [3, 1], seed=0)([1.0, 2.0]), "layers", None, 1000)
    assert [box.data for box in picture.boxes if box.kind == "constant"] == [1.0, 2.0]


def test_layers_come_after_what_they_are_computed_from():
    picture = pictured(MLP(2, [3, 3, 1], seed=0)(inputs(2)), "layers", None, 1000)
    assert all(e.source < i for i, box in enumerate(picture.boxes) for e in box.edges)


def test_layers_side_by_side_need_no_scope():
    hidden, output = Layer(2, 3, seed=0), Layer(3, 2, nonlin=False, seed=1)

    class Network(Module):
        def __init__(self):
            self.hidden, self.output = hidden, output

        def __call__(self, xs):
            return self.output(self.hidden(xs))

    boxes = layers(Network()(inputs(2)))
    assert [(box.label, box.lines[0].text) for box in boxes] == [
        ("hidden", "2 -> 3, relu"),
        ("output", "3 -> 2"),
    ]


def test_a_layer_of_other_arithmetic_counts_what_comes_in_and_goes_out():
    boxes = layers(total(Sequential(Layer(2, 4, seed=0), RMSNorm(4, affine=False))(inputs(2))))
    assert [line.text for line in boxes[1].lines] == ["4 -> 4", "8 operations", "3 constants"]


def test_an_activation_of_its_own_scope_has_the_shape_of_what_it_is_called_on():
    model = Sequential(Layer(2, 4, nonlin=False, seed=0), relu, Layer(4, 1, nonlin=False, seed=1))
    shapes = [box.lines[0].text for box in layers(model(inputs(2)))]
    assert shapes == ["2 -> 4", "4 -> 4, relu", "4 -> 1"]


def test_a_layer_without_inputs_says_what_it_gives():
    with scope("made"):
        y = Value(1.0).exp()
    with scope("found"):
        z = Parameter(2.0).exp()
    assert [box.lines[0].text for box in layers(y * z)] == ["1 -> 1", "-> 1"]


def test_operands_of_which_one_is_a_layer_are_both_numbered():
    difference = MLP(2, [3, 1], seed=0)([1.0, 2.0]) - 1.0
    *_, box = pictured(difference, "layers", None, 1000).boxes
    assert [edge.position for edge in box.edges] == [1, 2]
