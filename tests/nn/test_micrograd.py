"""The recipe of micrograd's demo, on moons: unchanged but for where the classes come from."""

import random

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Neuron


def train(value, mlp, steps):
    """Losses and accuracies of the first steps; `value` and `mlp` are the library's classes."""
    datasets = pytest.importorskip("sklearn.datasets")
    np.random.seed(1337)
    random.seed(1337)
    X, y = datasets.make_moons(n_samples=100, noise=0.1)
    y = y * 2 - 1
    model = mlp(2, [16, 16, 1])
    inputs = [list(map(value, row)) for row in X]
    for k in range(steps):
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        penalty = 1e-4 * sum(p * p for p in model.parameters())
        total_loss = data_loss + penalty
        right = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        yield total_loss.data, sum(right) / len(right)


def test_a_hundred_steps_learn_the_moons():
    *_, (loss, accuracy) = train(Value, MLP, 100)
    assert accuracy == 1.0
    assert loss < 0.02


def test_the_first_steps_are_micrograds():
    engine = pytest.importorskip("micrograd.engine")
    theirs = pytest.importorskip("micrograd.nn")
    expected = list(train(engine.Value, theirs.MLP, 4))
    assert list(train(Value, MLP, 4)) == [pytest.approx(step, rel=1e-9) for step in expected]


@pytest.mark.parametrize("nonlin", [True, False])
def test_a_neuron_is_read_as_micrograds(nonlin):
    theirs = pytest.importorskip("micrograd.nn")
    read = []
    for kind in (Neuron, theirs.Neuron):
        random.seed(1337)
        neuron = kind(3, nonlin=nonlin)
        w, b = neuron.w, neuron.b
        read.append(([x.data for x in w], b.data, neuron.nonlin))
        assert [*w, b] == neuron.parameters()
    assert read[0] == read[1]


@pytest.mark.parametrize("name", ["w", "b", "nonlin"])
def test_micrograds_names_are_read_only(name):
    with pytest.raises(AttributeError, match=name):
        setattr(Neuron(1), name, None)
