"""`lint` finds what is wrong, each with its number, and nothing where nothing is."""

import random
from functools import partial

import numpy as np
import pytest

from autograd import Value, compiled
from nn import (
    GPT,
    MLP,
    SGD,
    Adam,
    Dropout,
    Embedding,
    Linter,
    Module,
    Neuron,
    Parameter,
    Sequential,
    StandardScaler,
    Vocabulary,
    cross_entropy,
    digits,
    fit,
    hinge,
    lint,
    moons,
    mse,
    softmax,
    windows,
    words,
)

DATA = moons(60)


def found(findings):
    return [(finding.check, finding.where) for finding in findings]


def the_demo(seed):
    data = digits()
    X = StandardScaler().fit(data.X).transform(data.X)
    return MLP(64, [32, 10], seed=seed), X[:200], data.y[:200]


def moons_of(activation, seed):
    data = moons(100, seed=seed)
    return MLP(2, [16, 16, 2], activation=activation, seed=seed), data.X, data.y


def the_gpt(seed):
    text = "\n".join(words()[:8])
    X, y = windows(Vocabulary(text).encode(text), context=4, stride=4)
    return GPT(text, context=4, seed=seed), X, y


@pytest.mark.parametrize(
    ("made", "epochs", "seed"),
    [
        (the_demo, 2, 0),
        (the_demo, 4, 1),
        (partial(moons_of, "relu"), 16, 0),
        (partial(moons_of, "relu"), 16, 2),
        (partial(moons_of, "tanh"), 16, 1),
        (the_gpt, 2, 0),
    ],
    ids=["demo", "demo", "moons, relu", "moons, relu", "moons, tanh", "GPT"],
)
def test_nothing_is_found_before_during_and_after_a_training_that_goes_well(made, epochs, seed):
    model, X, y = made(seed)
    linter = Linter()  # whose warnings would be errors here
    history = fit(model, X, y, epochs=epochs, callbacks=[linter], progress=False)
    assert history.loss[-1] < history.loss[0]
    assert not linter.findings
    assert str(linter.findings).startswith("no findings, on ")


class Forgetful(Module):
    """A layer that nobody calls, and a weight whose number was taken out of the graph."""

    def __init__(self):
        self.used, self.unused = MLP(2, [2], seed=0), MLP(2, [3], seed=1)
        self.left, self.stepped = Parameter(2.0), Parameter(1.0)

    def __call__(self, xs):
        return [y * self.left.data + self.stepped.step() for y in self.used(xs)]


class Bag(Module):
    """The sum of the rows of a table that two indices pick."""

    def __init__(self, symbols):
        self.table = Embedding(symbols, 2, seed=0)

    def __call__(self, indices):
        rows = [self.table(index) for index in indices]
        return [sum(column) for column in zip(*rows, strict=True)]


def with_dead_relus(dead=6):
    model = MLP(2, [8, 2], seed=0)
    biases = model.layers[0].biases.copy()
    biases[:dead] = -100.0
    model.layers[0].biases = biases
    return model


def with_large_weights():
    model = MLP(2, [4, 2], activation="tanh", seed=0)
    model.layers[0].biases = [50.0, -50.0, 50.0, -50.0]
    return model


def growing():
    model = MLP(2, [4] * 6 + [2], activation="linear", seed=0)
    for layer in model.layers[1:]:
        layer.weights = 1e2 * layer.weights
    return model


CASES = {
    "inputs": (MLP(2, [8, 2], seed=0), 1000 * DATA.X, DATA.y, cross_entropy),
    "unused": (Forgetful(), DATA.X, DATA.y, cross_entropy),
    "dead": (with_dead_relus(), DATA.X, DATA.y, cross_entropy),
    "saturated": (with_large_weights(), DATA.X, DATA.y, cross_entropy),
    "vanish": (MLP(2, [8] * 10 + [2], activation="sigmoid", seed=1), DATA.X, DATA.y, cross_entropy),
    "explode": (growing(), DATA.X, DATA.y, cross_entropy),
    "targets": (Neuron(2, seed=0), DATA.X, 2.0 * DATA.y - 1.0, hinge),
    "targets of tanh": (Neuron(2, activation="tanh", seed=0), DATA.X, 3.0 * DATA.y, partial(mse)),
}


@pytest.mark.parametrize(
    ("case", "check", "where", "number", "says", "remedy"),
    [
        ("inputs", "inputs that are not scaled", "X", 900, "2 of 2 columns", "StandardScaler"),
        ("unused", "parameters no loss depends on", "unused.layers.0", 1.0, "9 of 9", "leave it"),
        ("dead", "dead relus", "layers.0", 0.75, "6 of 8 are 0 for all 60", "learning rate"),
        ("saturated", "saturated neurons", "layers.0", 1.0, "4 of 4", "smaller weights"),
        ("vanish", "gradients that vanish", "layers.0", 1e-6, "layers.10", "relu or tanh"),
        ("explode", "gradients that explode", "layers.0", 1e11, "layers.6", "clip_by_norm"),
        ("targets", "targets out of reach", "y", 0.5, "30 of 60 targets", "nonlin=False"),
        ("targets of tanh", "targets out of reach", "y", 0.5, "from -1 to 1", "nonlin=False"),
    ],
)
def test_what_is_wrong_is_found_with_its_number_and_a_remedy(
    case, check, where, number, says, remedy
):
    findings = lint(*CASES[case])
    (finding,) = [each for each in findings if each.check == check and each.where == where]
    assert number / 10 < finding.number < number * 10
    assert says in finding.what
    assert remedy in finding.remedy
    assert str(findings).startswith(f"{len(findings)} finding")
    assert f"- {check} in {where}: " in str(findings)
    assert max(map(len, str(findings).splitlines())) <= 96


@pytest.mark.parametrize("case", ["inputs", "dead", "saturated", "vanish", "targets"])
def test_one_cause_is_one_finding(case):
    assert len(lint(*CASES[case])) == 1


def test_parameters_are_unused_by_the_graph_and_not_by_their_gradient():
    findings = lint(*CASES["unused"])
    assert [each[1:3] for each in findings] == [("unused.layers.0", 1.0), ("the model", 1.0)]
    dead = lint(with_dead_relus(8), DATA.X, DATA.y)
    assert found(dead) == [("dead relus", "layers.0")]  # whose gradients are 0, and are there
    assert not lint(Bag(50), [[0, 1], [2, 3]], [0, 1])  # of which most rows were not picked


def test_no_parameter_that_is_used_is_one_finding_for_the_model():
    model = MLP(2, [4, 2], seed=0)
    findings = lint(model, DATA.X, DATA.y, loss=lambda output, y: Value(0.0) * y)
    assert found(findings) == [("parameters no loss depends on", "the model")]


@pytest.mark.parametrize(("dead", "findings"), [(3, 0), (4, 1)])
def test_a_few_relus_may_be_silent(dead, findings):
    assert len(lint(with_dead_relus(dead), DATA.X, DATA.y)) == findings


def test_neurons_written_out_by_hand_are_looked_at_too():
    class Written(Module):
        def __init__(self):
            self.w = [[Parameter(1.0), Parameter(-1.0)] for _ in range(3)]
            self.b = [Parameter(-50.0) for _ in range(3)]

        def __call__(self, xs):
            hidden = [
                (sum(w * x for w, x in zip(ws, xs, strict=True)) + b).relu()
                for ws, b in zip(self.w, self.b, strict=True)
            ]
            return [sum(hidden), hidden[0] * 0.5]

    (finding,) = lint(Written(), DATA.X, DATA.y)
    assert (finding.check, finding.where, finding.number) == ("dead relus", "the model", 1.0)


def test_indices_are_no_inputs_that_could_be_scaled():
    assert not lint(Bag(100), [[40, 99], [30, 70]], [0, 1])


def test_loss_that_is_not_finite_is_all_that_is_said_of_a_model():
    def loss(output, y):
        return (output - y).log()

    findings = lint(Neuron(2, nonlin=False, seed=0), DATA.X, 1e3 * DATA.y, loss=loss)
    (finding,) = findings
    assert finding.check == "losses that are not finite"
    assert "detect_anomaly" in finding.remedy


def test_gradient_that_is_not_finite_where_losses_are():
    class Root(Module):
        def __init__(self):
            self.w = Parameter(0.0)

        def __call__(self, xs):
            return (self.w * xs[0]).sqrt()

    (finding,) = lint(Root(), [[1.0], [2.0]], [1.0, 1.0], loss=mse)
    assert (finding.check, finding.number) == ("gradients that are not finite", 1.0)


@pytest.mark.parametrize("X", [[1e200, -1e200], [[1e200], [1e250]], [[[0.0, 40]], [[0.0, 50]]]])
def test_inputs_may_have_any_shape_and_size(X):
    w = Parameter(1e-300)

    def model(x):
        inputs = np.ravel(np.array(x, dtype=object))
        return w * sum(inputs)

    (finding,) = lint(model, X, [0.0, 0.0], loss=mse)
    assert finding.check == "inputs that are not scaled"


@pytest.mark.parametrize("passes", [1, 2, 5])
@pytest.mark.parametrize("reduced", ["mean", "sum"])
@pytest.mark.parametrize("backend", ["numpy", "eager"])
def test_gradients_of_several_backward_passes_are_a_forgotten_zero_grad(passes, reduced, backend):
    model = MLP(2, [4, 2], seed=0)
    loss = compiled(lambda x, y: cross_entropy(model(x), y), backend=backend)
    for _ in range(passes):
        getattr(loss, reduced)(DATA.X, DATA.y).backward()
    findings = lint(model, DATA.X, DATA.y)
    if passes == 1:
        assert not findings
    else:
        (finding,) = findings
        assert finding.check == "forgotten zero_grad?"
        assert finding.number == pytest.approx(passes)
        assert f"{passes} times" in finding.what


def test_gradients_of_another_batch_or_of_earlier_numbers_may_be_there():
    model = MLP(2, [4, 2], seed=0)
    loss = compiled(lambda x, y: cross_entropy(model(x), y))
    loss.mean(DATA.X[:30], DATA.y[:30]).backward()
    assert not lint(model, DATA.X, DATA.y)
    SGD(model.parameters(), learning_rate=0.1).step()
    assert not lint(model, DATA.X[:30], DATA.y[:30])


class Careless(Module):
    """Draws whenever it is called, from all that there is."""

    def __init__(self):
        self.generator, self.w = np.random.default_rng(0), Parameter(1.0)

    def __call__(self, xs):
        return self.w * (xs[0] + self.generator.random() + random.random() + np.random.random())


def test_draws_are_taken_back():
    model = Careless()

    def state():
        drawn = model.generator.bit_generator.state, random.getstate()
        return *drawn, np.random.get_state()[1].tolist(), np.random.get_state()[2]

    before = state()
    lint(model, DATA.X, DATA.y, loss=mse)
    assert state() == before


def test_nothing_changes():
    model = Sequential(MLP(2, [4, 4], seed=0), Dropout(0.5, seed=1), MLP(4, [2], seed=2)).train()
    draws = model.parts[1].generator.bit_generator
    Adam(model.parameters()).zero_grad()
    cross_entropy(model([1.0, 2.0]), 1).backward()
    no_grad_yet = MLP(2, [2], seed=0)
    before = (
        [(p.data, p.grad, p.has_grad) for p in model.parameters()],
        draws.state,
        [module.training for module in model.modules()],
        random.getstate(),
        np.random.get_state()[1].tolist(),
    )
    lint(model, DATA.X, DATA.y)
    lint(no_grad_yet, DATA.X, DATA.y)
    assert before == (
        [(p.data, p.grad, p.has_grad) for p in model.parameters()],
        draws.state,
        [module.training for module in model.modules()],
        random.getstate(),
        np.random.get_state()[1].tolist(),
    )
    assert not any(p.has_grad for p in no_grad_yet.parameters())


def test_of_many_examples_a_sample_is_looked_at_and_said():
    data = moons(1000)
    assert (
        str(lint(MLP(2, [4, 2], seed=0), data.X, data.y)) == "no findings, on 256 of 1,000 examples"
    )
    many_operands = MLP(2, [70, 70, 2], seed=0)
    findings = lint(many_operands, data.X, data.y)
    assert 20 <= findings.examples < 40


def test_any_function_can_be_looked_at():
    w = Parameter(1.0, label="w")
    assert not lint(lambda xs: w * xs[0], DATA.X, DATA.y, loss=mse)
    assert not lint(
        MLP(2, [1], seed=0).__call__, DATA.X, DATA.y, loss=lambda out, y: (out - y) ** 2
    )


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((MLP, DATA.X, DATA.y), TypeError, "the model is the class MLP"),
        ((MLP(2, [2]), DATA), TypeError, r"lint\(\) needs the targets too: lint\(model, data.X"),
        ((MLP(2, [2]), DATA.X, DATA.y, "mse"), TypeError, "the loss must be a function"),
        ((MLP(3, [2]), DATA.X, DATA.y), ValueError, "takes 3 inputs, 2 came"),
        ((MLP(2, [2]), DATA.X, DATA.y[:3]), ValueError, "60 examples and y has 3 targets"),
        ((MLP(2, [1]), DATA.X, DATA.y), ValueError, "wants a list of outputs"),
        ((lambda x: softmax(MLP(2, [2])(x)), DATA.X, DATA.y), ValueError, "last step is a softmax"),
    ],
)
def test_what_fit_would_not_train_is_the_same_error(arguments, error, said):
    with pytest.raises(error, match=said):
        lint(*arguments)
