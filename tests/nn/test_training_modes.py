"""`fit` steps in training mode and measures in evaluation mode, wherever a model's modules are."""

from functools import partial

import numpy as np
import pytest

from autograd.compiler.programs import Programs
from nn import (
    MLP,
    SGD,
    Dropout,
    Module,
    Sequential,
    evaluate,
    fit,
    moons,
    predict,
)
from nn.mode import Modes
from tests.backends import each_backend

MOONS = moons(40, seed=0)


class Spying(Module):
    """A line of one weight that notes the modes in which it was called, compiled or not."""

    def __init__(self):
        self.net = MLP(2, [2], seed=0)
        self.seen = []

    def __call__(self, x):
        list.append(self.seen, self.training)
        return self.net(x)


class Held:
    """An object of a person's own around a module."""

    def __init__(self, net):
        self.net = net

    def logits(self, x):
        return self.net(x)


HIDDEN = {
    "itself": lambda net: net,
    "a bound method": lambda net: net.__call__,
    "a lambda": lambda net: lambda x: net(x),
    "a partial": lambda net: partial(lambda which, x: which[0](x), [net]),
    "an object's method": lambda net: Held(net).logits,
    "a default": lambda net: lambda x, nets={"only": net}: nets["only"](x),
    "a Sequential": lambda net: Sequential(net, lambda xs: xs),
}


@each_backend
@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_nothing_is_dropped_where_examples_are_measured(hide, backend):
    dropping = Sequential(MLP(2, [8], seed=0), Dropout(0.5, seed=0), MLP(8, [2], seed=1))
    model = hide(dropping)
    history = fit(model, MOONS.X, MOONS.y, epochs=2, progress=False, backend=backend,
                  optimizer=SGD(dropping.parameters(), 0.1),
                  validation=(MOONS.X[:9], MOONS.y[:9]))  # fmt: skip
    assert not dropping.parts[1].training
    measured = evaluate(dropping.eval(), MOONS.X, MOONS.y)
    assert history.loss[-1] == pytest.approx(measured.loss, rel=1e-12)
    held_out = evaluate(dropping, MOONS.X[:9], MOONS.y[:9])
    assert history.validation_loss[-1] == pytest.approx(held_out.loss, rel=1e-12)


@each_backend
def test_steps_are_taken_with_dropout(backend):
    weights = {}
    for rate in (0.0, 0.5):
        model = Sequential(MLP(2, [8], seed=0), Dropout(rate, seed=0), MLP(8, [2], seed=1))
        fit(model, MOONS.X, MOONS.y, epochs=1, progress=False, backend=backend)
        weights[rate] = [p.data for p in model.parameters()]
    assert weights[0.0] != weights[0.5]


def test_a_model_trains_at_steps_and_is_used_else():
    model, seen = Spying(), []

    def spy(progress):
        seen.append((progress.event, progress.model.training))

    fit(model, MOONS.X, MOONS.y, epochs=1, batch_size=40, progress=False, backend="eager",
        callbacks=[spy])  # fmt: skip
    assert seen == [("begin", False), ("step", True), ("epoch", False), ("end", False)]
    count = len(MOONS)
    assert model.seen == [False] + [True] * count + [False] * count  # tried, a step, measured


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("event", ["begin", "step", "epoch", "end"])
@pytest.mark.filterwarnings("ignore::nn.InterruptionWarning")
def test_a_model_is_there_to_be_used_however_training_ends(event, error):
    model = Sequential(MLP(2, [2], seed=0), Dropout(0.5, seed=0))

    def stumble(progress):
        if progress.event == event:
            stumbled.append(event)
            if len(stumbled) == 1:
                raise error

    stumbled = []
    try:
        fit(model, MOONS.X, MOONS.y, epochs=1, progress=False, callbacks=[stumble])
    except ValueError:
        assert error is ValueError
    assert stumbled
    nothing_has_changed = (event, error) == ("begin", ValueError)
    assert {module.training for module in model.modules()} == {nothing_has_changed}


def test_both_programs_are_kept(monkeypatch):
    made = []
    new = Programs._new
    monkeypatch.setattr(Programs, "_new", lambda self, *rest: made.append(self) or new(self, *rest))
    counts = []
    for epochs in (1, 6):
        made.clear()
        model = Sequential(MLP(2, [4], seed=0), Dropout(0.5, seed=0), MLP(4, [2], seed=1))
        fit(model, MOONS.X, MOONS.y, epochs=epochs, progress=False, batch_size=20)
        counts.append(len(made))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("work", [predict, lambda model, X: evaluate(model, X, MOONS.y).outputs])
@pytest.mark.parametrize("training", [True, False])
def test_predicting_and_evaluating_drop_nothing_and_put_back_the_mode(work, training):
    model = Sequential(MLP(2, [2], seed=0), Dropout(0.5, seed=0)).train(training)
    expected = [[x.data for x in model.parts[0](x)] for x in MOONS.X]
    assert work(model, MOONS.X) == pytest.approx(np.array(expected), rel=1e-12)
    assert {module.training for module in model.modules()} == {training}


def test_modes_know_only_who_is_asked():
    model = Sequential(Dropout(0.5, seed=0), MLP(2, [2], seed=0))
    with Modes(training=False) as modes:
        model([1.0, 2.0])
        assert not vars(model.parts[0])["training"]
        modes.switch(training=True)
        assert "training" not in vars(model.parts[0])
    assert all(module.training for module in model.modules())


def test_a_mode_is_true_or_false():
    with pytest.raises(TypeError, match="training is True or False, not 1"):
        Dropout(0.5).training = 1


def test_a_dropout_that_a_callback_adds_is_seen_and_not_measured():
    model = Sequential(MLP(2, [4], seed=0), MLP(4, [2], seed=1))

    def add(progress):
        if progress.event == "epoch" and progress.epoch == 2:
            model.parts = [model.parts[0], Dropout(0.5, seed=0), model.parts[1]]

    history = fit(model, MOONS.X, MOONS.y, epochs=4, progress=False, callbacks=[add])
    assert history.loss[-1] == pytest.approx(evaluate(model, MOONS.X, MOONS.y).loss, rel=1e-12)


# ------------------------------------------------------------------- what a callback says of it


def told(event, work, **settings):
    """Train a network with dropout, and do something at an event of the first epoch."""
    model = Sequential(MLP(2, [4], seed=0), Dropout(0.5, seed=0), MLP(4, [2], seed=1))
    seen = []

    def callback(progress):
        if (progress.event, progress.epoch) == (event, 1):
            seen.append(work(progress))

    fit(model, MOONS.X, MOONS.y, epochs=2, progress=False, callbacks=[callback], **settings)
    return model, seen


@each_backend
def test_a_callback_that_says_eval_at_a_step_drops_nothing_and_draws_nothing(backend):
    def look(progress):
        before = progress.model.parts[1].generator.bit_generator.state
        progress.model.eval()
        outputs = [[x.data for x in progress.model(MOONS.X[0].tolist())] for _ in range(2)]
        assert progress.model.parts[1].generator.bit_generator.state == before
        progress.model.train()
        return outputs

    model, seen = told("step", look, backend=backend)
    assert all(first == second for first, second in seen)
    without, _ = told("step", lambda progress: None, backend=backend)
    assert [p.data for p in model.parameters()] == [p.data for p in without.parameters()]


def test_a_callback_that_says_train_after_an_epoch_sees_dropout():
    def look(progress):
        progress.model.train()
        return {progress.model(MOONS.X[0].tolist())[0].data for _ in range(8)}

    model, [outputs] = told("epoch", look)
    assert len(outputs) > 1
    assert not any(module.training for module in model.modules())


def test_what_a_callback_says_holds_until_all_are_switched():
    model, modes = Sequential(MLP(2, [2], seed=0), Dropout(0.5, seed=0)), []

    def look(progress):
        modes.append((progress.event, progress.epoch, progress.model.parts[1].training))
        if (progress.event, progress.epoch) == ("step", 1):
            progress.model.eval()

    fit(model, MOONS.X, MOONS.y, epochs=2, batch_size=20, progress=False, callbacks=[look])
    assert [mode for event, epoch, mode in modes if event == "step"] == [True, False, True, True]
    assert not any(mode for event, _, mode in modes if event != "step")


def test_a_prediction_in_a_callback_says_nothing_of_the_mode_of_steps():
    def look(progress):
        predict(lambda x: progress.model(x), MOONS.X[:2])
        return progress.model.parts[1].training

    model, seen = told("step", look)
    assert set(seen) == {True}
    without, _ = told("step", lambda progress: None)
    assert [p.data for p in model.parameters()] == [p.data for p in without.parameters()]
