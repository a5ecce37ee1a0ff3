"""A module is drawn with its present weights, for an example without numbers."""

import subprocess
import sys

import pytest

from autograd import relu
from nn import (
    GPT,
    MLP,
    Dropout,
    Embedding,
    FeedForward,
    Layer,
    LayerNorm,
    LearnedPositions,
    Module,
    MultiHeadAttention,
    Neuron,
    Parameter,
    Projection,
    RMSNorm,
    Sequential,
    SinusoidalPositions,
    TransformerBlock,
    hinge,
)
from viz import draw
from viz.graphs.detail import pictured

LAYERS = Layer(4, 8, nonlin=False, seed=0), LayerNorm(8), relu, Dropout(0.5), Layer(8, 3, seed=1)


class OfItsOwn(Module):
    def __init__(self):
        self.first, self.second = Layer(2, 3, seed=0), Neuron(3, seed=0)

    def __call__(self, x):
        return self.second(self.first(x))


class Line(Module):
    def __init__(self):
        self.slope = Parameter(2.0)

    def __call__(self, x):
        return self.slope * x


KINDS = [
    Neuron(3, seed=0),
    Layer(2, 3, seed=0),
    MLP(3, [4, 4, 1], seed=0),
    Sequential(*LAYERS),
    Sequential(Dropout(0.5), Layer(3, 2, seed=0)),
    Projection(3, 2),
    FeedForward(2),
    LayerNorm(3),
    RMSNorm(3),
    MultiHeadAttention(4, 2),
    TransformerBlock(4, 2),
    Embedding(3, 2),
    LearnedPositions(3, 2),
    SinusoidalPositions(2),
    GPT(3, context=1, width=4, heads=1),
    GPT("abc", context=4, width=4, heads=2, layers=2),
    OfItsOwn(),
]


@pytest.mark.parametrize("model", KINDS, ids=repr)
def test_every_kind_of_module_is_drawn(model):
    assert draw(model).nodes > 1


def test_weights_and_their_gradients_are_shown_and_no_other_numbers():
    model = MLP(2, [2, 1], seed=0)
    hinge(model([1.0, 2.0]), 1.0).backward()
    picture = pictured(model, None, None, 1000)
    assert {box.data for box in picture.boxes} == {None}
    assert [line.text for box in picture.boxes for line in box.lines] == ["bias 0"] * 3
    weights = [weight.data for neuron in model.layers[0].neurons for weight in neuron.weights]
    assert [e.weight for box in picture.boxes[2:4] for e in box.edges] == weights
    svg = draw(model).svg
    assert "data" not in svg.split("</title>", 1)[0]
    assert ">data" not in svg
    assert f"grad {model.layers[1].neurons[0].bias.grad!r}" in svg


def test_inputs_are_named_in_their_order():
    boxes = pictured(MLP(3, [2], seed=0), None, None, 1000).boxes
    assert [box.label for box in boxes if box.kind == "input"] == ["x0", "x1", "x2"]


def test_at_the_detail_of_layers_it_has_their_norms():
    model = MLP(2, [3, 1], seed=0)
    layer = pictured(model, "layers", None, 1000).boxes[2]
    assert layer.data == pytest.approx(sum(p.data**2 for p in model.layers[0].parameters()) ** 0.5)


def test_drawing_changes_nothing_of_the_model():
    dropout = Dropout(0.5, seed=0)
    model = Sequential(Layer(2, 3, seed=0), dropout, Layer(3, 1, seed=1))
    before = repr(dropout.generator.bit_generator.state), model.state_dict()
    picture = pictured(model, None, None, 1000)
    assert model.training
    assert dropout.training
    assert repr(dropout.generator.bit_generator.state) == before[0]
    assert not any(p.has_grad for p in model.parameters())
    assert [box.symbol for box in picture.boxes if box.kind == "operation"] == []


def test_what_a_model_is_called_on_is_not_guessed():
    with pytest.raises(TypeError, match=r"cannot be known what it is called on.*draw\(model\(x\)"):
        draw(Line())
    with pytest.raises(TypeError, match=r"Dropout\(0.5\) it cannot be known"):
        draw(Dropout(0.5))


def test_a_model_that_takes_something_else_is_no_other_error():
    class Pair(Module):
        def __init__(self):
            self.layer = Layer(2, 3, seed=0)

        def __call__(self, pair):
            left, right = pair
            return self.layer([left.x, right.x])

    with pytest.raises(TypeError, match=r"with 2 inputs it fails \(AttributeError.*draw\(model\(x"):
        draw(Pair())


def test_importing_viz_loads_no_network():
    program = "import viz, sys; print(sorted(m for m in sys.modules if m.split('.')[0] == 'nn'))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
