"""Ctrl-C ends a training at any place, and what there is of it is whole."""

import sys
import warnings
from pathlib import Path

import pytest

import nn
from autograd.locking import moving
from nn import (
    MLP,
    SGD,
    Adam,
    History,
    InterruptionWarning,
    LinearDecay,
    Optimizer,
    Parameter,
    clip_by_norm,
    fit,
    hinge,
    moons,
)
from nn.training.steps import Steps
from tests.nn.interrupting import Interrupter

MOONS = moons(30, seed=1)
SIGNS = 2.0 * MOONS.y - 1.0


def numbers(model):
    return [p.data for p in model.parameters()]


def interrupted(model, optimizer, **settings):
    settings = {"epochs": 3, "batch_size": 10, "progress": False} | settings
    with pytest.warns(InterruptionWarning) as caught:
        history = fit(model, MOONS.X, SIGNS, loss=hinge, optimizer=optimizer,
                      validation=(MOONS.X[:5], SIGNS[:5]), **settings)  # fmt: skip
    [warning] = caught
    return history, warning


class Impatient(SGD):
    """Presses Ctrl-C in a step, before or after it has moved the parameters."""

    def __init__(self, parameters, at, before=False):
        super().__init__(parameters, 0.1)
        self.at, self.before = at, before
        self.seen = [self.vector.data.tolist()]

    def step(self):
        if self.before and len(self.seen) == self.at:
            raise KeyboardInterrupt
        super().step()
        self.seen.append(self.vector.data.tolist())
        if not self.before and len(self.seen) == self.at + 1:
            raise KeyboardInterrupt


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("at", "epochs"), [(1, 0), (3, 0), (4, 1), (9, 2)])
def test_an_interrupt_returns_the_history_and_leaves_a_whole_step(at, epochs, before):
    model = MLP(2, [3, 1], seed=0)
    optimizer = Impatient(model.parameters(), at, before)
    history, _ = interrupted(model, optimizer)
    assert numbers(model) == optimizer.seen[-1]
    assert len(history.loss) == len(history.validation_accuracy) == epochs
    assert history.interrupted


def test_the_warning_says_where_training_was_and_points_at_the_call():
    model = MLP(2, [3, 1], seed=0)
    _, warning = interrupted(model, Impatient(model.parameters(), at=5))
    assert str(warning.message) == "training was interrupted in epoch 2 of 3, step 2"
    assert warning.filename == __file__


def test_a_training_that_nobody_interrupts_says_so():
    model = MLP(2, [1], seed=0)
    assert not fit(model, MOONS.X, SIGNS, loss=hinge, epochs=1, progress=False).interrupted


def test_an_interrupted_step_that_led_to_infinity_is_taken_back():
    model = MLP(2, [3, 1], seed=0)
    optimizer = Impatient(model.parameters(), at=5)
    optimizer.change = lambda gradient: gradient * (1e999 if len(optimizer.seen) == 5 else -0.1)
    interrupted(model, optimizer)
    assert numbers(model) == optimizer.seen[4]


class Watched(SGD):
    """Keeps the parameters that each whole step left."""

    def __init__(self, parameters):
        super().__init__(parameters, 0.1)
        self.seen = [self.vector.data.tolist()]

    def step(self):
        super().step()
        self.seen.append(self.vector.data.tolist())


def run_with(interrupter, model, optimizer):
    before = sys.gettrace()
    sys.settrace(interrupter)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InterruptionWarning)
            return fit(model, MOONS.X[:4], SIGNS[:4], loss=hinge, optimizer=optimizer, epochs=2,
                       backend="eager", batch_size=2, validation=(MOONS.X[:5], SIGNS[:5]),
                       progress=False)  # fmt: skip
    finally:
        sys.settrace(before)


def test_an_interrupt_at_any_line_leaves_whole_epochs_and_whole_steps():
    counting = Interrupter(at=0)
    model = MLP(2, [1], seed=0)
    whole = run_with(counting, model, Watched(model.parameters()))
    assert counting.lines > 100
    for at in range(1, counting.lines):  # The last line is that of the return.
        model = MLP(2, [1], seed=0)
        optimizer = Watched(model.parameters())
        history = run_with(Interrupter(at), model, optimizer)
        assert history.interrupted
        assert numbers(model) == optimizer.seen[-1]
        count = len(history.loss)
        for name in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
            assert getattr(history, name) == getattr(whole, name)[:count], (at, name)


class Remembering(Optimizer):
    """Notes the parameters, and what it remembers, whenever a step begins."""

    def __init__(self, parameters, **settings):
        super().__init__(parameters, lambda step: 0.1 / (1 + step), **settings)
        self.begun = []

    def now(self):
        return repr((self.vector.data.tolist(), self.state_dict()))

    def step(self):
        self.begun.append(self.now())
        super().step()


class RememberingAdam(Remembering, Adam):
    pass


class RememberingSGD(Remembering, SGD):
    pass


MAKES = {
    "Adam, clipped": lambda ps: RememberingAdam(ps, clipping=clip_by_norm(0.1)),
    "SGD": RememberingSGD,
    "SGD with momentum": lambda ps: RememberingSGD(ps, momentum=0.9),
}


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_an_interrupt_at_any_line_of_a_step_leaves_parameters_and_memory_of_the_same_step(make):
    files = (
        "optimizers/optimizer.py",
        "optimizers/adaptive.py",
        "optimizers/descent.py",
        "parameters/theta.py",
        "parameters/vector.py",
        "training/steps.py",
    )
    places = tuple(str(Path(nn.__file__).parent / file) for file in files)

    def trained(at):
        a, b = Parameter(1.0), Parameter(-2.0)
        optimizer, interrupter = make([a, b]), Interrupter(at, places)
        steps, before = Steps(optimizer, History()), sys.gettrace()
        sys.settrace(interrupter)
        try:
            steps.begin(1)
            for _ in range(3):
                steps.take(a * a + b * b)
        except KeyboardInterrupt:
            steps.settle()
        finally:
            sys.settrace(before)
        return optimizer, interrupter.lines

    whole, lines = trained(at=0)
    states = [*whole.begun, whole.now()]
    assert len(set(states)) == 4
    for at in range(1, lines):
        assert trained(at)[0].now() in states, at
    assert not moving._is_owned()


def stumbling(error, at):
    def callback(progress):
        if progress.event == "step" and progress.optimizer.steps == at:
            raise error

    return callback


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_a_step_that_moved_nothing_counts_though_it_was_interrupted(optimizer):
    model = MLP(2, [3, 1], seed=0)
    optimizer = optimizer(model.parameters(), LinearDecay(0.1, 3))
    interrupted(model, optimizer, callbacks=[stumbling(KeyboardInterrupt, 5)])
    assert optimizer.rate == 0.0
    assert optimizer.steps == 5


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, RuntimeError])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whatever_ends_a_step_leaves_it_whole(error, when):
    class Ending(Adam):
        def change(self, gradient):
            change = super().change(gradient)
            if self.steps == 4:
                if when == "after":
                    self.vector.add(change)
                raise error
            return change

    model = MLP(2, [3, 1], seed=0)
    optimizer, states = Ending(model.parameters(), 0.1), []

    def keep(progress):
        states.append((numbers(model), repr(optimizer.state_dict())))

    with pytest.raises(error) as caught:
        fit(model, MOONS.X, SIGNS, loss=hinge, optimizer=optimizer, callbacks=[keep],
            progress=False)  # fmt: skip
    now = numbers(model), repr(optimizer.state_dict())
    if when == "before":
        assert now == states[-1]
    assert optimizer.steps == (4 if when == "before" else 5)
    assert "parameters are as the last step left them" in caught.value.__notes__[0]
    assert not model.training
