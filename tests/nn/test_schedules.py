"""The learning rate is a number, or a function of the step."""

import numpy as np
import pytest

from nn import SGD, Adam, Optimizer, Parameter


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
