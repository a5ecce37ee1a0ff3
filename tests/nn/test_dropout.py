"""Dropout: what it leaves out, what it draws, and that both modes stay compiled."""

import copy
import math
import pickle

import numpy as np
import pytest

from autograd import Value, compiled
from autograd.compiler import programs
from nn import MLP, Dropout, Layer, Module, Sequential, softmax
from tests.backends import each_backend

ONES = [1.0] * 200


def drawn(dropout, xs=ONES):
    return [float(x) for x in dropout(xs)]


def test_each_number_is_zero_or_divided_by_what_remains():
    assert set(drawn(Dropout(0.2, seed=0))) == {0.0, 1.0 / 0.8}


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@each_backend
def test_the_share_that_is_left_out_is_the_rate(rate, backend):
    dropped = compiled(Dropout(rate, seed=0), backend=backend)(np.ones((100, 40))) == 0.0
    deviation = math.sqrt(rate * (1 - rate) / 4000)
    assert dropped.mean() == pytest.approx(rate, abs=4 * deviation)
    assert not (dropped == dropped[0]).all()  # each example has a mask of its own


def test_the_gradient_passes_what_is_left():
    xs = [Value(float(i)) for i in range(1, 9)]
    ys = Dropout(0.5, seed=0)(xs)
    sum(ys).backward()
    assert [x.grad for x in xs] == [0.0 if y.data == 0.0 else 2.0 for y in ys]
    assert {x.grad for x in xs} == {0.0, 2.0}


@pytest.mark.parametrize("structure", [[[1.0, 2.0], [3.0, 4.0]], Value(3.0), 3.0, np.ones(3)])
def test_it_takes_what_layers_give(structure):
    assert np.shape(Dropout(0.5, seed=0)(structure)) == np.shape(structure)


@pytest.mark.parametrize(
    "idle", [Dropout(0.5, seed=0).eval(), Dropout(0.0, seed=0), Dropout(0, seed=0)]
)
def test_out_of_training_and_at_rate_0_nothing_is_drawn(idle):
    before = idle.generator.bit_generator.state
    xs = [Value(1.0), Value(2.0)]
    assert idle(xs) is xs
    compiled(idle)(np.ones((3, 2)))
    assert idle.generator.bit_generator.state == before


@each_backend
def test_the_same_seed_draws_the_same(backend):
    one, other = (compiled(Dropout(0.5, seed=3), backend=backend) for _ in range(2))
    X = np.ones((5, 8))
    first = one(X)
    assert np.array_equal(first, other(X))
    assert not np.array_equal(first, one(X))


def test_a_generator_is_drawn_from_as_it_is():
    generator = np.random.default_rng(0)
    assert Dropout(0.5, generator).generator is generator


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_goes_on_with_the_same_draws(copied):
    model = Sequential(Dropout(0.5, seed=0))
    drawn(model)
    twin = copied(model)
    later = drawn(model)
    assert drawn(twin) == later
    assert drawn(twin) != later


class OwnNoise(Module):
    """A module of a person's own that reads the mode."""

    def __init__(self):
        self.layer = Layer(2, 1, seed=0)

    def __call__(self, xs):
        return self.layer(xs) * 2.0 if self.training else self.layer(xs)


def with_dropout():
    return Sequential(MLP(2, [4, 3], seed=0), Dropout(0.5, seed=0), Layer(3, 2), softmax)


@pytest.mark.parametrize("make", [with_dropout, OwnNoise])
def test_programs_of_both_modes_are_kept(make, monkeypatch):
    model = make()
    program = compiled(model)
    X = np.ones((3, 2))
    sources = {}
    for training in (True, False):
        model.train(training)
        program(X)
        program(X)
        sources[training] = program.source
    assert sources[True] != sources[False]
    monkeypatch.setattr(programs.Programs, "_new", None)  # called for what is compiled anew
    for training in (True, False, True):
        model.train(training)
        program(X)
        assert program.source == sources[training]


def test_the_rate_is_watched():
    dropout = Dropout(0.5, seed=0)
    program = compiled(dropout)
    program(np.ones((3, 2)))
    dropout.rate = 0.75
    assert set(program(np.ones((20, 20))).ravel()) == {0.0, 4.0}


@pytest.mark.parametrize(
    ("rate", "error", "message"),
    [
        (1.0, ValueError, "the rate of Dropout must be from 0 to below 1, not 1.0"),
        (-0.1, ValueError, "to below 1, not -0.1"),
        (math.nan, ValueError, "to below 1, not nan"),
        ("0.5", TypeError, "the rate of Dropout must be a number from 0 to below 1, not '0.5'"),
        (True, TypeError, "not True"),
        (None, TypeError, "not None"),
    ],
)
def test_the_rate_is_checked(rate, error, message):
    with pytest.raises(error, match=message):
        Dropout(rate)


def test_it_keeps_what_it_was_made_of():
    dropout = Dropout(np.float64(0.25), seed=0)
    assert (dropout.rate, type(dropout.rate), repr(dropout)) == (0.25, float, "Dropout(0.25)")
