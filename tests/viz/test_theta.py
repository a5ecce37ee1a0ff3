import math

import numpy as np
import pytest

from autograd import Value, compiled, total
from nn import GPT, MLP, Parameter, cross_entropy, hinge
from viz import draw
from viz.graphs.detail import picture_of

X, Y = np.ones((4, 2)), np.ones(4)


def mean_loss(model) -> Value:
    loss = compiled(lambda x, y: hinge(model(x), y)).mean(X, Y)
    loss.backward()
    return loss


def test_a_compiled_loss_reads_its_parameters_layer_by_layer():
    model = MLP(2, [16, 1], seed=0)
    first, second, result = picture_of([mean_loss(model)], None, None).boxes
    assert [box.label for box in (first, second)] == ["layers.0", "layers.1"]
    assert [(edge.source, edge.count) for edge in result.edges] == [(0, 48), (1, 17)]
    norms = [
        math.hypot(*(f(p) for p in model.layers[0].parameters()))
        for f in (lambda p: p.data, lambda p: p.grad)
    ]
    assert [line.text for line in first.lines] == ["48 parameters"]
    assert [first.data, first.grad] == norms


def test_what_is_done_with_the_loss_is_drawn_value_by_value():
    picture = picture_of([mean_loss(MLP(2, [16, 1], seed=0)) * 2.0 + 1.0], None, None)
    assert [box.symbol for box in picture.boxes if box.kind == "operation"][1:] == ["*", "+"]


def test_few_parameters_are_drawn_one_by_one():
    picture = picture_of([mean_loss(MLP(2, [1], seed=0))], None, None)
    assert [box.kind for box in picture.boxes] == ["parameter"] * 3 + ["operation"]


def test_values_draw_every_parameter_when_they_are_asked_for():
    loss = mean_loss(MLP(2, [16, 1], seed=0))
    assert draw(loss, detail="values").nodes == 66


@pytest.mark.parametrize(
    ("labels", "layers"),
    [
        ([f"layers.{i // 8}.neurons.{i}.bias" for i in range(16)], ["layers.0", "layers.1"]),
        ([f"embedding.weights.{i}.0" for i in range(16)], ["embedding"]),
        ([f"weights.{i}" for i in range(16)], ["theta"]),
        ([f"w{i}" for i in range(16)], ["theta"]),
        ([""] * 16, ["theta"]),
    ],
)
def test_layers_are_the_paths_of_labels(labels, layers):
    ws = [Parameter(1.0, label=label) for label in labels]
    loss = compiled(lambda x: total([w * x for w in ws])).mean(np.ones(3))
    boxes = picture_of([loss], "layers", None).boxes
    assert [box.label for box in boxes if box.kind == "layer"] == layers


def test_thousands_of_parameters_are_a_few_boxes():
    model = GPT("ab", context=4, width=16, heads=2, seed=0)
    f = compiled(lambda x, y: cross_entropy(model(x)[-1], y[-1]))
    loss = f.mean(np.zeros((2, 4), dtype=int), np.zeros((2, 4), dtype=int))
    boxes = picture_of([loss], None, None).boxes
    assert [box.label for box in boxes if box.kind == "layer"] == [
        "embedding",
        "positions",
        "blocks.0",
        "unembedding",
    ]


def test_a_penalty_on_the_same_parameters_is_drawn_beside_it():
    model = MLP(2, [16, 1], seed=0)
    loss = mean_loss(model) + total([p * p for p in model.parameters()])
    labels = [box.label for box in picture_of([loss], None, None).boxes if box.kind == "layer"]
    assert {"layers.0", "layers.1"} <= {*labels}
