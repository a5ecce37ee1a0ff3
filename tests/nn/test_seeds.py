"""All that is random takes the same seeds."""

import random

import numpy as np
import pytest

from nn import MLP, Layer, Neuron, circles, fit, k_folds, moons, spiral, split, xor


def numbers(model):
    return [p.data for p in model.parameters()]


def fitted(seed):
    model, data = MLP(2, [2], seed=0), moons(20)
    fit(model, data.X, data.y, epochs=1, batch_size=5, progress=False, seed=seed)
    return numbers(model)


RANDOM = {
    "moons": lambda seed: moons(20, seed=seed).X.tolist(),
    "spiral": lambda seed: spiral(21, seed=seed).X.tolist(),
    "circles": lambda seed: circles(20, seed=seed).X.tolist(),
    "xor": lambda seed: xor(20, seed=seed).X.tolist(),
    "k_folds": lambda seed: [test.tolist() for _, test in k_folds(20, seed=seed)],
    "split": lambda seed: split(moons(20), seed=seed)[0].X.tolist(),
    "Neuron": lambda seed: numbers(Neuron(3, seed=seed)),
    "Layer": lambda seed: numbers(Layer(3, 2, seed=seed)),
    "MLP": lambda seed: numbers(MLP(3, [4, 2], seed=seed)),
    "fit": fitted,
}
each = pytest.mark.parametrize("drawn", RANDOM.values(), ids=RANDOM)


@each
def test_a_whole_number_gives_the_same_each_time(drawn):
    assert drawn(7) == drawn(7) == drawn(np.int64(7)) == drawn(np.uint8(7))
    assert drawn(7) != drawn(8)


@each
def test_numpys_generator_goes_on_from_where_it_is(drawn):
    generator = np.random.default_rng(7)
    assert drawn(generator) == drawn(7)
    assert drawn(generator) != drawn(7)


@each
def test_without_a_seed_it_is_another_each_time(drawn):
    assert drawn(None) != drawn(None)


@each
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (random.Random(0), TypeError),
        (random, TypeError),
        (np.random.RandomState(0), TypeError),
        (True, TypeError),
        (np.True_, TypeError),
        (0.0, TypeError),
        ("0", TypeError),
        ([0], TypeError),
        (-1, ValueError),
        (np.int64(-1), ValueError),
    ],
    ids=repr,
)
def test_anything_else_is_refused(drawn, wrong, error):
    with pytest.raises(error, match="a seed is a whole number from 0 on, a generator such as"):
        drawn(wrong)


def test_without_a_seed_weights_come_from_pythons_global_generator():
    random.seed(3)
    model = MLP(2, [2, 1])
    random.seed(3)
    expected = [random.uniform(-1, 1) for _ in range(2 * 2 + 2)]
    weights = [w.data for layer in model.layers for n in layer.neurons for w in n.weights]
    assert weights == expected


def test_a_seed_leaves_the_global_generators_alone():
    random.seed(3)
    np.random.seed(3)
    before = random.getstate(), np.random.get_state()[1].tolist()
    for drawn in RANDOM.values():
        drawn(0)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
