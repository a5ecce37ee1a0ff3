"""The learning-rate range test shows which rates are good, and leaves all as it was."""

import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Adam,
    Dropout,
    Parameter,
    Sequential,
    fit,
    learning_rate_range,
    moons,
    mse,
    training,
)
from tests.nn.interrupting import Interrupter

MOONS = moons(50, seed=0)


def network():
    return Sequential(MLP(2, [6], seed=0), Dropout(0.5, seed=0), MLP(6, [2], seed=1))


def state(model, optimizer):
    numbers = [p.data for p in model.parameters()]
    memory = {name: np.copy(x) for name, x in optimizer.state_dict().items()}
    drawn = model.parts[1].generator.bit_generator.state["state"]
    return numbers, memory, drawn, optimizer.learning_rate, [m.training for m in model.modules()]


def test_rates_rise_by_the_same_factor_and_losses_fall_and_rise():
    curve = learning_rate_range(MLP(2, [8, 2], seed=0), MOONS.X, MOONS.y, highest=1e3, steps=60)
    assert len(curve.rates) == len(curve.losses) < 60
    assert curve.rates[0] == pytest.approx(1e-6)
    ratios = curve.rates[1:] / curve.rates[:-1]
    assert ratios == pytest.approx(np.full(len(ratios), 1e9 ** (1 / 59)))
    best = curve.losses.argmin()
    assert curve.losses[best] < curve.losses[0] < curve.losses[-1]
    assert 1e-3 < curve.rates[best] < curve.rates[-1]


def test_losses_are_those_of_the_steps():
    model, X, y = MLP(1, [1], seed=0), [[1.0], [1.0]], [1.0, 1.0]
    w, b = (p.data for p in model.parameters())
    curve = learning_rate_range(model, X, y, loss=mse, optimizer=SGD(model.parameters()),
                                lowest=0.01, highest=0.1, steps=3)  # fmt: skip
    for rate, loss in zip(curve.rates, curve.losses, strict=True):
        error = w + b - 1.0
        assert loss == pytest.approx(error**2)
        w, b = w - rate * 2 * error, b - rate * 2 * error


@pytest.mark.parametrize("make", [SGD, Adam, lambda ps: SGD(ps, lambda step: 0.1, momentum=0.9)])
@pytest.mark.parametrize("highest", [1.0, 1e300])
def test_model_and_optimizer_are_as_they_were(make, highest):
    model = network()
    optimizer = make(model.parameters())
    fit(model, MOONS.X, MOONS.y, optimizer=optimizer, epochs=1, progress=False)
    before = state(model, optimizer)
    learning_rate_range(model, MOONS.X, MOONS.y, optimizer=optimizer, highest=highest, steps=20)
    np.testing.assert_equal(state(model, optimizer), before)


def test_a_training_after_it_is_as_one_without_it():
    models = network(), network()
    learning_rate_range(models[0], MOONS.X, MOONS.y, steps=20)
    for model in models:
        fit(model, MOONS.X, MOONS.y, epochs=1, progress=False)
    first, second = ([p.data for p in model.parameters()] for model in models)
    assert first == second


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_all_as_it_was(error):
    class Impatient(SGD):
        def change(self, gradient):
            if self.steps == 3:
                raise error
            return super().change(gradient)

    model = network()
    optimizer = Impatient(model.parameters())
    before = state(model, optimizer)
    with pytest.raises(error):
        learning_rate_range(model, MOONS.X, MOONS.y, optimizer=optimizer)
    np.testing.assert_equal(state(model, optimizer), before)


def drawn(model):
    return model.generator.bit_generator.state


@pytest.mark.parametrize("backend", ["numpy", "eager"])
@pytest.mark.parametrize("error", [None, KeyboardInterrupt])
def test_what_hides_in_a_function_and_what_is_not_trained_is_as_it_was(backend, error):
    dropout, listed = Dropout(0.5, seed=0), Dropout(0.5, seed=1)
    first, frozen, last = MLP(2, [4], seed=0), Parameter(1.0), MLP(4, [2], seed=1)
    frozen.grad = 3.0
    untouched, trained = last.parameters()[0], first.parameters()[:2]
    trained[1].grad = 5.0

    def model(xs):
        return last([frozen * x for x in [listed][0](dropout(first(xs)))])

    def state():
        kept = [(p.data, p.has_grad, p.grad) for p in (frozen, untouched, *trained)]
        return kept, drawn(dropout), drawn(listed), dropout.training

    class Impatient(SGD):
        def change(self, gradient):
            if error and self.steps == 3:
                raise error
            return super().change(gradient)

    before = state()
    with pytest.raises(error) if error else nullcontext():
        learning_rate_range(model, MOONS.X, MOONS.y, optimizer=Impatient(first.parameters()),
                            steps=5, backend=backend)  # fmt: skip
    assert state() == before


def test_an_interrupt_at_any_line_leaves_all_as_it_was():
    class Pressing(Interrupter):
        def line(self, frame, event, argument):
            self.lines = self.lines or (frame.f_code.co_name == "_before")
            return super().line(frame, event, argument)

    places = tuple(str(Path(training.__file__).parent / file)
                   for file in ("rate_range.py", "snapshot.py"))  # fmt: skip
    model = Sequential(MLP(2, [1], seed=0), Dropout(0.5, seed=0), MLP(1, [2], seed=1))
    optimizer = Adam(model.parameters())
    optimizer.vector.parameters[0].grad = 2.0

    def everything():
        grads = [(p.has_grad, p.grad) for p in model.parameters()]
        return repr((state(model, optimizer), grads, vars(optimizer).keys()))

    def tested(at):
        interrupter, around = Pressing(at, places), sys.gettrace()
        sys.settrace(interrupter)
        try:
            learning_rate_range(model, MOONS.X[:4], MOONS.y[:4], optimizer=optimizer, steps=2,
                                batch_size=2, backend="eager")  # fmt: skip
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(around)
        return interrupter.lines

    before = everything()
    lines = tested(0)
    assert lines > 30
    for at in range(2, lines + 1):
        tested(at)
        assert everything() == before, at


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lowest": 0.0}, "lowest must be above 0"),
        ({"highest": 1e-7}, "the highest rate, 1e-07, must be above the lowest, 1e-06"),
        ({"steps": 1}, "steps must be 2 or more"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1 on"),
        ({"y": MOONS.y + 5}, "y has .* in row 0"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, message):
    arguments = {"X": MOONS.X, "y": MOONS.y} | wrong
    with pytest.raises(ValueError, match=message):
        learning_rate_range(network(), **arguments)
