"""First weights: how they are spread, that a seed gives them again, and what is refused."""

import math
import random

import numpy as np
import pytest

from nn import MLP, Layer, Neuron
from nn.initialization import BY_NAME, normal, uniform

NIN, NOUT = 100, 60

# The variance, and the bound if there is one.
SPREADS = {
    "uniform": (1 / 3, 1.0),
    "normal": (1.0, None),
    "zeros": (0.0, 0.0),
    "glorot": (2 / (NIN + NOUT), math.sqrt(6 / (NIN + NOUT))),
    "glorot_normal": (2 / (NIN + NOUT), None),
    "he": (2 / NIN, math.sqrt(6 / NIN)),
    "he_normal": (2 / NIN, None),
    uniform(0.1): (0.01 / 3, 0.1),
    normal(0.02): (0.0004, None),
}


def test_the_table_is_tested():
    assert BY_NAME.keys() == {name for name in SPREADS if isinstance(name, str)}


@pytest.mark.parametrize(("initialization", "spread"), SPREADS.items())
def test_weights_are_spread_as_the_papers_say(initialization, spread):
    variance, bound = spread
    weights = Layer(NIN, NOUT, initialization=initialization, seed=0).weights
    deviation = math.sqrt(variance)
    assert weights.mean() == pytest.approx(0.0, abs=5 * deviation / math.sqrt(NIN * NOUT))
    assert weights.var() == pytest.approx(variance, rel=0.08)
    if bound is None:  # A normal distribution has 4.6 % beyond two deviations.
        assert (np.abs(weights) > 2 * deviation).mean() == pytest.approx(0.0455, abs=0.01)
    else:
        assert np.abs(weights).max() <= bound
        assert np.abs(weights).max() >= 0.99 * bound


@pytest.mark.parametrize("initialization", [None, *SPREADS])
def test_biases_begin_with_zero(initialization):
    assert not Layer(3, 4, initialization=initialization, seed=0).biases.any()


MAKES = {
    "neuron": lambda **given: Neuron(20, **given),
    "layer": lambda **given: Layer(20, 3, **given),
    "network": lambda **given: MLP(20, [18, 2], **given),
}


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
@pytest.mark.parametrize("initialization", [None, "glorot", "normal", "he_normal"])
def test_a_seed_gives_the_same_weights_again(make, initialization):
    def numbers(seed):
        return [p.data for p in make(seed=seed, initialization=initialization).parameters()]

    assert numbers(0) == numbers(0)
    assert numbers(0) != numbers(1)
    generator = np.random.default_rng(0)
    assert numbers(generator) == numbers(0)
    assert numbers(generator) != numbers(0)  # It has gone on.
    if initialization:
        assert numbers(None) != numbers(None)


def test_without_an_initialization_weights_are_micrograds_and_hes_beyond():
    random.seed(0)
    expected = [random.uniform(-1, 1) for _ in range(16 * 2)]
    random.seed(0)
    assert Layer(16, 2).weights.ravel().tolist() == expected
    generator = np.random.default_rng(0)
    assert MLP(17, [2, 1], seed=0).layers[0].weights.ravel().tolist() == [
        *generator.uniform(-math.sqrt(6 / 17), math.sqrt(6 / 17), 34)
    ]


def test_layers_of_a_network_have_weights_of_their_own():
    first, second = MLP(3, [3, 3], seed=0, initialization="glorot").layers
    assert not (first.weights == second.weights).any()


def test_a_function_gives_the_whole_matrix():
    def orthogonal(nin, nout, generator):
        return np.linalg.qr(generator.normal(size=(nout, nin)))[0]

    weights = Layer(4, 4, initialization=orthogonal, seed=0).weights
    assert weights @ weights.T == pytest.approx(np.eye(4))


def test_weights_may_be_given_as_numbers():
    assert Layer(2, 2, initialization=[[1, 2], [3, 4]]).weights.tolist() == [[1, 2], [3, 4]]
    assert [w.data for w in Neuron(2, initialization=np.array([1, 2])).weights] == [1.0, 2.0]


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
@pytest.mark.parametrize(
    ("initialization", "error", "message"),
    [
        ("gorlot", ValueError, "no initialization 'gorlot': give one of uniform, normal, "),
        ("xavier", ValueError, "no initialization 'xavier': it is called 'glorot' here"),
        ("xavier_normal_", ValueError, "it is called 'glorot_normal' here"),
        ("kaiming_uniform_", ValueError, "it is called 'he' here"),
        ("glorot_uniform", ValueError, "it is called 'glorot' here"),
        (lambda *_: np.zeros((7, 20)), ValueError, r"weights have the shape .*, not \(7, 20\)"),
        (lambda nin, nout, _: np.full((nout, nin), np.nan), ValueError, "are finite, and nan came"),
        (lambda *_: "zeros", TypeError, "first weights are real numbers of shape .* not 'zeros'"),
        (0.5, ValueError, r"first weights have the shape .*, not \(\)"),
    ],
)  # fmt: skip
def test_what_is_no_initialization_is_refused(make, initialization, error, message):
    with pytest.raises(error, match=message):
        make(initialization=initialization)
