"""Ctrl-C ends a training at any place, and what there is of it is whole."""

import linecache
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
    Parameter,
    clip_by_norm,
    fit,
    hinge,
    moons,
    training,
)
from nn.training.steps import Steps

MOONS = moons(30, seed=1)
SIGNS = 2.0 * MOONS.y - 1.0
FOLDER = str(Path(training.__file__).parent)


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


class Interrupter:
    """A tracing function that raises KeyboardInterrupt at one line of the training, counted."""

    def __init__(self, at, places=(FOLDER,)):
        self.at, self.lines, self.places = at, 0, places

    def __call__(self, frame, event, argument):
        return self.line if frame.f_code.co_filename.startswith(self.places) else None

    def line(self, frame, event, argument):
        if event == "line" and self._counts(frame):
            self.lines += 1
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self.line

    def _counts(self, frame):
        """From the beginning of the first epoch; not where a block begins or ends, as Python
        looks for no interrupt between a lock and the block that it is for."""
        if not self.lines and frame.f_code.co_name != "begin":
            return False
        text = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        return not text.lstrip().startswith("with ")


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


class Remembering(Adam):
    """Notes the parameters, and what it remembers, whenever a step begins."""

    def __init__(self, parameters):
        super().__init__(parameters, lambda step: 0.1 / (1 + step), clipping=clip_by_norm(0.1))
        self.begun = []

    def now(self):
        return repr((self.vector.data.tolist(), self.state_dict()))

    def step(self):
        self.begun.append(self.now())
        super().step()


def test_an_interrupt_at_any_line_of_a_step_leaves_parameters_and_memory_of_the_same_step():
    files = ("optimizers/optimizer.py", "optimizers/adaptive.py", "vector.py", "training/steps.py")
    places = tuple(str(Path(nn.__file__).parent / file) for file in files)

    def trained(at):
        a, b = Parameter(1.0), Parameter(-2.0)
        optimizer, interrupter = Remembering([a, b]), Interrupter(at, places)
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
        assert not moving._is_owned(), at
