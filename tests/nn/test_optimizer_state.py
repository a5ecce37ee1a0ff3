"""What an optimizer remembers can be saved, and another goes on from there to the same bits."""

import numpy as np
import pytest

from nn import SGD, AdaGrad, Adam, AdamW, CosineDecay, Optimizer, Parameter, RMSProp, clip_by_norm

OPTIMIZERS = {
    "SGD": SGD,
    "momentum": lambda ps, rate: SGD(ps, rate, momentum=0.9),
    "Nesterov": lambda ps, rate: SGD(ps, rate, momentum=0.9, nesterov=True),
    "AdaGrad": AdaGrad,
    "RMSProp": RMSProp,
    "RMSProp, centered": lambda ps, rate: RMSProp(ps, rate, momentum=0.5, centered=True),
    "Adam": Adam,
    "AdamW": AdamW,
    "clipped": lambda ps, rate: Adam(ps, rate, clipping=clip_by_norm(0.1)),
}
RATES = {"number": 0.05, "schedule": CosineDecay(0.05, 15, last=0.01)}
START = [1.0, -2.0, 0.5]


def steps(count, parameters, optimizer):
    for _ in range(count):
        a, b, c = parameters
        optimizer.zero_grad()
        (a * a + 10.0 * (b + 0.5 * a) ** 2 + 0.01 * (c - 1.0) ** 4).backward()
        optimizer.step()
    return [p.data for p in parameters]


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_another_optimizer_goes_on_to_the_same_bits(make, rate):
    parameters = [Parameter(x) for x in START]
    whole = steps(20, parameters, make(parameters, rate))
    parameters = [Parameter(x) for x in START]
    first = make(parameters, rate)
    numbers = steps(10, parameters, first)
    again = [Parameter(x) for x in numbers]
    second = make(again, rate)
    second.load_state_dict(first.state_dict())
    assert steps(10, again, second) == whole
    assert second.steps == 20


def test_a_state_is_a_copy_and_has_what_is_remembered_but_no_settings():
    optimizer = Adam([Parameter(x) for x in START])
    state = optimizer.state_dict()
    assert {name: np.shape(x) for name, x in state.items()} == {
        "steps": (),
        "mean": (3,),
        "square": (3,),
    }
    state["mean"][:] = 7.0
    assert optimizer.mean.tolist() == [0.0] * 3
    optimizer.load_state_dict(state)
    state["mean"][:] = 8.0
    assert optimizer.mean.tolist() == [7.0] * 3


def test_an_optimizer_of_ones_own_has_a_state_without_saying_how():
    class Slow(Optimizer):
        def __init__(self, parameters, patience):
            super().__init__(parameters, 0.1)
            self.patience, self.waited, self._last = patience, 0, np.zeros(3)

        def change(self, gradient):
            self.waited += 1
            self._last = gradient
            return -self.rate * gradient * (self.waited > self.patience)

    parameters = [Parameter(x) for x in START]
    optimizer = Slow(parameters, patience=2)
    steps(5, parameters, optimizer)
    assert optimizer.state_dict().keys() == {"steps", "waited", "_last"}
    other = Slow(parameters, patience=2)
    other.load_state_dict(optimizer.state_dict())
    assert (other.waited, other._last.tolist()) == (5, optimizer._last.tolist())


WRONG = {
    "nothing": (None, TypeError, r"Adam takes a state that state_dict\(\) gave, not None"),
    "a name is missing": ({"mean": ...}, ValueError, "has nothing for mean, which Adam remembers"),
    "another's": ({"velocity": np.zeros(3)}, ValueError, "Adam remembers no velocity: is it anoth"),
    "another shape": (
        {"square": np.zeros(4)},
        ValueError,
        r"Adam's square has the shape \(3,\), the state's is \(4,\)",
    ),
    "text": ({"mean": "abc"}, TypeError, "Adam's mean is made of numbers, not 'abc'"),
    "half a step": ({"steps": 1.5}, ValueError, "Adam's steps must be whole, not 1.5"),
    "a step below 0": ({"steps": -1}, ValueError, "Adam's steps are counted from 0 on, not -1"),
    "no number": ({"steps": float("nan")}, ValueError, "Adam's steps must be whole, not nan"),
    "steps in a list": ({"steps": [1]}, ValueError, r"Adam's steps has the shape \(\), the state"),
}


@pytest.mark.parametrize(("change", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_such_state_is_refused_before_anything_changes(change, error, message):
    parameters = [Parameter(x) for x in START]
    optimizer, other = Adam(parameters), Adam(parameters)
    steps(3, parameters, optimizer)
    before = repr(optimizer.state_dict())
    wrong = other.state_dict() | (change or {})
    wrong = {name: content for name, content in wrong.items() if content is not ...}
    with pytest.raises(error, match=message):
        optimizer.load_state_dict(wrong if change else change)
    assert repr(optimizer.state_dict()) == before
