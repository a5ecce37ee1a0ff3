"""Neurons are found in a graph by what they compute, whoever wrote it."""

import pytest

from autograd import Value, constant, dot, relu, scope, total
from autograd.graph import topological_order
from nn import GPT, MLP, Layer, Module, Neuron, Parameter, Projection, Sequential, hinge, mse
from viz.graphs.levels.units import units


def found(*roots):
    return units(topological_order(*roots))


def leaves(names):
    return [Value(0.5 * i + 1.0, label=name) for i, name in enumerate(names.split())]


def test_the_neurons_of_a_network_are_found_with_their_paths():
    output = MLP(2, [3, 1], seed=0)([1.0, 2.0])
    names = [f"layers.0.neurons.{i}" for i in range(3)] + ["layers.1.neurons.0"]
    assert [unit.name for unit in found(output)] == names


def test_a_neuron_knows_its_inputs_weights_bias_and_functions():
    neuron = Neuron(2, activation="tanh", seed=0)
    xs = leaves("x0 x1")
    y = neuron(xs)
    (unit,) = found(y)
    assert unit.output is y
    assert unit.sum is y.operands[0]
    assert list(map(id, sum(unit.weights, ()))) == list(
        map(id, (xs[0], neuron.weights[0], xs[1], neuron.weights[1]))
    )
    assert unit.biases[0] is neuron.bias
    assert [function.name for function in unit.functions] == ["tanh"]
    assert set(unit.nodes) == {*neuron.weights, neuron.bias, unit.sum, y}


BY_HAND = {
    "products": lambda w1, x1, w2, x2, b: (w1 * x1 + w2 * x2 + b).tanh(),
    "inputs first": lambda w1, x1, w2, x2, b: (x1 * w1 + x2 * w2 + b).tanh(),
    "bias first": lambda w1, x1, w2, x2, b: (b + (w1 * x1 + w2 * x2)).relu(),
    "sum": lambda w1, x1, w2, x2, b: total([w1 * x1, w2 * x2, b]).sigmoid(),
    "python's sum": lambda w1, x1, w2, x2, b: sum((w * x for w, x in ((w1, x1), (w2, x2))), b),
    "dot": lambda w1, x1, w2, x2, b: dot([w1, w2], [x1, x2], b).exp(),
    "dot, inputs first": lambda w1, x1, w2, x2, b: dot([x1, x2], [w1, w2]) + b,
    "leaky": lambda w1, x1, w2, x2, b: (w1 * x1 + w2 * x2 + b).leaky_relu(0.1),
}


@pytest.mark.parametrize("write", BY_HAND.values(), ids=BY_HAND.keys())
@pytest.mark.parametrize("kind", [Parameter, Value])
def test_a_neuron_written_by_hand_is_one_too(write, kind):
    given = {name: Value(1.5, label=name) for name in ("x1", "x2")}
    given |= {name: kind(0.5, label=name) for name in ("w1", "w2", "b")}
    y = write(*(given[name] for name in ("w1", "x1", "w2", "x2", "b")))
    y.label = "y"
    (unit,) = found(y)
    assert unit.name == "y"
    assert unit.output is y
    assert sorted((x.label, w.label) for x, w in unit.weights) == [("x1", "w1"), ("x2", "w2")]
    assert "b" in [bias.label for bias in unit.biases]
    assert {given[name] for name in ("w1", "w2", "b")} <= set(unit.nodes)
    assert not {given[name] for name in ("x1", "x2")} & set(unit.nodes)


def readme():
    """The graph of micrograd's README."""
    a, b = Value(-4.0), Value(2.0)
    c, d = a + b, a * b + b**3
    c = c + c + 1
    d = d + d * 2 + (b + a).relu()
    return d + 3 * d + (b - a).relu() + c


def penalty():
    w = Parameter(3.0)
    return 0.1 * (w * w)


@pytest.mark.parametrize(
    "make",
    [
        lambda: (lambda x: x * x + 3 * x)(Value(2.0)),
        lambda: Value(2.0) * Value(3.0),
        lambda: (lambda xs: dot(xs, xs))(leaves("a b")),
        lambda: constant(2.0) * 3.0,
        readme,
        penalty,
    ],
)
def test_other_arithmetic_is_no_neuron(make):
    assert found(make()) == []


def test_a_loss_is_not_part_of_the_neuron_that_it_judges():
    model = MLP(2, [2, 1], activation="tanh", seed=0)
    for loss in (hinge(model([1.0, 2.0]), 1.0), mse([model([1.0, 2.0])], [1.0])):
        last = found(loss)[-1]
        assert last.output.op.name == "dot"
        assert last.output.scope == "layer1"
    assert found(model([1.0, 2.0]).exp())[-1].functions == []


def test_a_function_of_its_own_scope_is_the_neurons():
    model = Sequential(Layer(2, 3, nonlin=False, seed=0), relu, Layer(3, 1, seed=0))
    assert [unit.functions[0].name for unit in found(model([1.0, 2.0]))] == ["relu"] * 4


def test_what_is_used_twice_ends_the_neuron():
    neuron = Neuron(2, activation="tanh", seed=0)
    s = dot(neuron.weights, [1.0, 2.0], neuron.bias)
    (unit,) = found(s.tanh() + s.exp())
    assert unit.output is s


def test_shared_weights_belong_to_no_neuron_alone():
    projection = Projection(2, 1, seed=0)
    first, second = found(projection([1.0, 2.0])[0] * projection([3.0, 4.0])[0])
    assert first.nodes == [first.output]
    assert second.nodes == [second.output]
    assert [w.label for _, w in first.weights] == [w.label for _, w in second.weights]


def test_a_recurrent_neuron_has_the_weights_of_both_its_sums():
    class Cell(Module):
        def __init__(self):
            self.given, self.kept = Neuron(2, seed=0), Neuron(1, seed=1)

        def __call__(self, xs, h):
            x = dot(self.given.weights, xs, self.given.bias)
            return (x + dot(self.kept.weights, [h])).tanh()

    (unit,) = found(Cell()([Value(1.0), Value(2.0)], Value(3.0)))
    assert len(unit.weights) == 3


def test_a_residual_connection_is_not_a_bias():
    x = Value(1.0)
    h = x.tanh()
    (unit,) = found(h + Projection(1, 1, seed=0)([h])[0])
    assert unit.output.op.name == "dot"


def test_attention_is_no_neuron_but_its_projections_are():
    gpt = GPT(3, context=2, width=4, heads=1, layers=1)
    names = {unit.name for unit in found(*gpt([0, 1])[-1])}
    assert "blocks.0.attention.query.weights.0" in names
    assert all(name.startswith(("blocks.0", "unembedding")) for name in names)


def test_scopes_with_like_beginnings_are_others():
    w, x = Parameter(2.0, label="w"), Value(3.0)
    with scope("layer1"):
        y = dot([w], [x])
    with scope("layer10"):
        z = y.tanh()
    (unit,) = found(z)
    assert unit.output is z
