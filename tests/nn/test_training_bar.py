"""The progress bar: what it guesses of the time, and what it shows first."""

import re
import sys
from types import SimpleNamespace

import pytest

from nn import MLP, History, fit, moons
from nn.training.callbacks.bar import ProgressBar

MOONS = moons(20, seed=0)


class Driven:
    """A bar whose clock stands still until it is told."""

    def __init__(self, epochs=2, steps=10, done=0):
        self.now, self.bar = 0.0, ProgressBar()
        history = History(loss=[1.0] * done)
        self.progress = SimpleNamespace(epoch=done + 1, epochs=done + epochs, step=0, steps=steps,
                                        history=history, pictured=False)  # fmt: skip
        self.tell("begin")
        shown = self.shown = self.bar._bar
        shown._time = lambda: self.now
        shown.start_t = shown.last_print_t = 0.0

    def tell(self, event):
        self.progress.event = event
        self.bar(self.progress)

    def step(self, seconds):
        self.now += seconds
        self.progress.step += 1
        self.tell("step")

    def remaining(self):
        return re.search(r"\d\d:\d\d", str(self.shown))[0]


def test_the_first_step_which_compiles_is_not_taken_for_the_others(capsys):
    driven = Driven()
    for seconds in (60.0, 1.0, 1.0):
        driven.step(seconds)
    assert driven.remaining() == "00:17"
    driven.bar.close()
    assert "00:17" in capsys.readouterr().err


@pytest.mark.parametrize("done", [0, 3])
def test_it_shows_the_epoch_from_the_beginning(done, capsys):
    driven = Driven(done=done)
    assert f"epoch {done + 1}/{done + 2}: " in capsys.readouterr().err
    assert driven.shown.n == 10 * done
    driven.bar.close()


def test_it_is_left_where_an_error_came(capsys):
    def fail(progress):
        if progress.event == "epoch":
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fit(MLP(2, [2], seed=0), MOONS.X, MOONS.y, epochs=3, callbacks=[fail])
    assert "epoch 1/3" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("closed", [False, True])
def test_where_there_is_nothing_to_write_to_there_is_no_bar(monkeypatch, tmp_path, closed):
    with open(tmp_path / "stderr", "w") as file:
        pass
    monkeypatch.setattr(sys, "stderr", file if closed else None)
    history = fit(MLP(2, [2], seed=0), MOONS.X, MOONS.y, epochs=2, batch_size=5)
    assert len(history) == 2
