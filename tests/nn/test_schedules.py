"""The learning rate is a number, or a function of the step."""

import copy
import pickle

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Adam,
    CosineDecay,
    DivergenceError,
    ExponentialDecay,
    InverseTimeDecay,
    LinearDecay,
    Optimizer,
    Parameter,
    StepDecay,
    WarmUp,
    fit,
    mse,
)


class Recording(Optimizer):
    """Notes the rate and the number of steps before each step."""

    def __init__(self, parameters, learning_rate):
        super().__init__(parameters, learning_rate)
        self.seen = []

    def change(self, gradient):
        self.seen.append((self.steps, self.rate))
        return 0.0 * gradient


def test_a_function_of_the_step_is_asked_for_each_step_from_0_on():
    optimizer = Recording([Parameter(1.0)], lambda step: 0.5 / (1 + step))
    for _ in range(3):
        optimizer.step()
    assert optimizer.seen == [(0, 0.5), (1, 0.25), (2, 0.5 / 3)]
    assert (optimizer.steps, optimizer.rate) == (3, 0.125)


def test_the_learning_rate_may_be_set_anew_between_steps():
    optimizer = Recording([Parameter(1.0)], 0.5)
    for rate in (0.5, 0.25, lambda step: float(step)):
        optimizer.learning_rate = rate
        optimizer.step()
    assert optimizer.seen == [(0, 0.5), (1, 0.25), (2, 2.0)]


def test_a_rate_of_0_moves_nothing():
    w = Parameter(1.0)
    optimizer = Adam([w], lambda step: 0)
    (w * w).backward()
    optimizer.step()
    assert (w.data, optimizer.steps) == (1.0, 1)


@pytest.mark.parametrize("given", [float("nan"), float("inf"), -0.1, None, "0.1", True, [0.1]])
@pytest.mark.parametrize(
    "make", [SGD, Adam, lambda ps, rate: SGD(ps, rate, momentum=0.9)], ids=["SGD", "Adam", "heavy"]
)
def test_a_schedule_that_gives_no_rate_is_refused_before_anything_changes(make, given):
    w = Parameter(1.0)
    optimizer = make([w], lambda step: 0.1 if step < 2 else given)
    (w * w).backward()
    optimizer.step()
    optimizer.step()
    before = repr((optimizer.state_dict(), w.data))
    with pytest.raises(ValueError, match=r"the schedule <.* gives .* for step 2: a"):
        optimizer.step()
    assert repr((optimizer.state_dict(), w.data)) == before


@pytest.mark.parametrize("rate", [np.float32(0.5), np.int64(1), 1])
def test_numbers_of_all_kinds_are_rates(rate):
    assert Recording([Parameter(1.0)], rate).rate == float(rate)
    assert Recording([Parameter(1.0)], lambda step: rate).rate == float(rate)


# What is documented of each: the rates of some steps.
RATES = {
    InverseTimeDecay(0.8, 0.01): {0: 0.8, 100: 0.4, 300: 0.2},
    InverseTimeDecay(0.8, 0.0): {0: 0.8, 10**9: 0.8},
    ExponentialDecay(0.8, 0.5): {0: 0.8, 1: 0.4, 3: 0.1, 10**6: 0.0},
    StepDecay(0.8, 10): {0: 0.8, 9: 0.8, 10: 0.08, 20: 0.008},
    LinearDecay(0.8, 10, last=0.2): {0: 0.8, 5: 0.5, 10: 0.2, 11: 0.2},
    LinearDecay(0.2, 10, last=0.8): {0: 0.2, 5: 0.5, 10: 0.8, 11: 0.8},
    CosineDecay(0.8, 10, last=0.2): {0: 0.8, 5: 0.5, 10: 0.2, 11: 0.2},
    CosineDecay(0.8, 10): {10: 0.0, 1000: 0.0},
    WarmUp(4, 0.5): {0: 0.1, 3: 0.4, 4: 0.5, 1000: 0.5},
    WarmUp(1, InverseTimeDecay(0.8, 0.5)): {0: 0.4, 1: 0.8, 3: 0.4},
    WarmUp(2, WarmUp(1, 0.6)): {0: 0.1, 1: 0.2, 2: 0.3, 3: 0.6},
}


@pytest.mark.parametrize(("schedule", "rates"), RATES.items(), ids=map(repr, RATES))
def test_rates_are_those_of_the_formula(schedule, rates):
    optimizer = SGD([Parameter(1.0)], schedule)
    for step, rate in rates.items():
        optimizer.steps = step
        assert optimizer.rate == pytest.approx(rate, rel=1e-14)


@pytest.mark.parametrize("schedule", RATES, ids=repr)
def test_schedules_can_be_read_copied_and_compared(schedule):
    assert eval(repr(schedule)) == schedule
    assert pickle.loads(pickle.dumps(schedule)) == copy.deepcopy(schedule) == schedule
    assert len({schedule, copy.deepcopy(schedule), InverseTimeDecay(9.0, 9.0)}) == 2


def test_the_settings_of_a_schedule_stay():
    schedule = LinearDecay(0.5, 10)
    with pytest.raises(AttributeError, match=r"first of LinearDecay.*: make another Lin"):
        schedule.first = -1.0
    assert schedule == LinearDecay(0.5, 10, last=0) != CosineDecay(0.5, 10)


NO_SCHEDULES = {
    "a first rate of 0": (lambda: CosineDecay(0.0, 10), "first must be above 0 and finite"),
    "no first rate": (lambda: LinearDecay(None, 10), "first must be a number above 0"),
    "a growing one": (lambda: ExponentialDecay(0.1, 1.5), "factor must be above 0, and 1 at most"),
    "a factor of 0": (lambda: StepDecay(0.1, 5, 0.0), "factor must be above 0, and 1 at most"),
    "half a step": (lambda: StepDecay(0.1, 0.5), "every must be a whole number from 1 on"),
    "no steps": (lambda: CosineDecay(0.1, 0), "steps must be a whole number from 1 on, not 0"),
    "a last rate below 0": (lambda: LinearDecay(0.1, 9, -0.1), "last must be from 0 on"),
    "a negative decay": (lambda: InverseTimeDecay(0.1, -1), "decay must be from 0 on and finite"),
    "a class after": (lambda: WarmUp(5, CosineDecay), "what follows a warm-up, .* not <class"),
    "nothing after": (lambda: WarmUp(5, 0.0), "what follows a warm-up, .* above 0"),
    "turned around": (lambda: WarmUp(CosineDecay(0.1, 9), 5), "steps must be a whole number"),
}


@pytest.mark.parametrize(("make", "message"), NO_SCHEDULES.values(), ids=NO_SCHEDULES)
def test_schedules_that_make_no_sense_are_named(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_fit_takes_a_schedule_and_counts_its_batches():
    seen = []

    def schedule(step):
        seen.append(step)
        return 0.1 / (1 + step)

    model = MLP(1, [1], seed=0)
    optimizer = Adam(model.parameters(), schedule)
    fit(model, [[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0], loss=mse, optimizer=optimizer, epochs=2,
        batch_size=2, progress=False)  # fmt: skip
    assert optimizer.steps == 4
    assert set(range(4)) <= set(seen)
    assert seen == sorted(seen)


def test_a_training_that_diverges_says_the_rate_of_that_step():
    model = MLP(1, [1], seed=0)
    optimizer = SGD(model.parameters(), lambda step: 0.001 if step < 3 else 1e300)
    with pytest.raises(DivergenceError, match=r"Lower the learning rate \(it is 1e\+300\)"):
        fit(model, [[1.0]], [1.0], loss=mse, optimizer=optimizer, progress=False)
    assert optimizer.steps == 3


def test_a_schedule_that_ends_ends_the_training_with_the_parameters_as_they_are():
    model = MLP(1, [1], seed=0)
    optimizer = SGD(model.parameters(), lambda step: 0.001 if step < 3 else -1.0)
    with pytest.raises(ValueError, match=r"gives -1\.0 for step 3"):
        fit(model, [[1.0]], [1.0], loss=mse, optimizer=optimizer, progress=False)
    assert optimizer.steps == 3
