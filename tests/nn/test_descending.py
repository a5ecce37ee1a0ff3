"""A step of plain gradient descent: no array for the change, and the same numbers for all that."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import CompilationError, Value, compiled
from autograd.locking import moving
from nn import MLP, SGD, Adam, Parameter, clip_by_norm, mse
from nn.optimizers import Optimizer

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(20, 2)), RANDOM.normal(size=20)
RATE = 0.1


class Formula(Optimizer):
    """Gradient descent as a person would write it, with arrays of its own."""

    def change(self, gradient):
        return -self.rate * gradient


def made():
    model = MLP(2, [4, 1], "tanh", seed=0)
    return model, compiled(lambda x, y: mse(model(x), y))


def once(loss, parameters):
    loss.mean(X, Y).backward()


def twice(loss, parameters):
    once(loss, parameters)
    loss.mean(-X, Y).backward()


def the_same_twice(loss, parameters):
    mean = loss.mean(X, Y)
    mean.backward()
    mean.backward()


def two_before_their_backward(loss, parameters):
    for mean in [loss.mean(X, Y), loss.mean(-X, Y)]:
        mean.backward()


def used_again_before_the_step(loss, parameters):
    once(loss, parameters)
    loss.mean(-X, Y)


def looked_at(loss, parameters):
    once(loss, parameters)
    assert parameters[0].grad != 0.0


def one_set_by_hand(loss, parameters):
    once(loss, parameters)
    parameters[1].grad = 7.0


def none(loss, parameters):
    pass


WAYS = (
    once,
    twice,
    the_same_twice,
    two_before_their_backward,
    used_again_before_the_step,
    looked_at,
    one_set_by_hand,
    none,
)
OF = {
    "all": lambda parameters: parameters,
    "those of a layer": lambda parameters: parameters[:12],
    "some here and there": lambda parameters: parameters[::3],
    "in another order": lambda parameters: parameters[::-1],
}


@pytest.mark.parametrize("of", OF.values(), ids=OF)
@pytest.mark.parametrize("way", WAYS)
def test_steps_are_those_of_the_formula_to_the_last_bit(way, of):
    found = []
    for optimizer in (SGD, Formula):
        model, loss = made()
        parameters = model.parameters()
        steps = optimizer(of(parameters), lambda step: RATE / (1 + step))
        for _ in range(4):
            way(loss, parameters)
            steps.step()
            steps.zero_grad()
        found.append([p.data for p in parameters])
        assert steps.steps == 4
    assert found[0] == found[1]


def test_plain_values_descend_too():
    w = Value(2.0)
    optimizer = SGD([w], RATE)
    (w * w).backward()
    optimizer.step()
    assert w.data == 2.0 - RATE * 4.0


def test_parameters_that_have_moved_to_a_larger_vector_are_found_there():
    model, loss = made()
    optimizer = SGD(model.parameters(), RATE)
    for _ in range(3):
        before = np.array([p.data for p in model.parameters()])
        _, slopes = loss.value_and_gradient(X, Y)
        loss.mean(X, Y).backward()
        optimizer.step()
        assert [p.data for p in model.parameters()] == (before - RATE * slopes).tolist()
        optimizer.zero_grad()
        Parameter.pack([Parameter(1.0), *model.parameters()])


def test_a_rate_and_its_schedule_hold_for_the_next_step():
    w = Parameter(0.0)
    optimizer = SGD([w], RATE)
    for rate in (RATE, 0.5, 0.25, RATE, lambda step: 2.0, 1.0):
        optimizer.learning_rate = rate
        before, w.grad = w.data, 1.0
        optimizer.step()
        assert w.data == before - (rate(0) if callable(rate) else rate)


@pytest.mark.parametrize(
    "settings", [{"momentum": 0.5}, {"clipping": clip_by_norm(0.5)}], ids=["momentum", "clipping"]
)
def test_momentum_and_clipping_change_the_step(settings):
    a, b = Parameter(1.0), Parameter(1.0)
    plain, other = SGD([a], RATE), SGD([b], RATE, **settings)
    for p, optimizer in ((a, plain), (b, other)):
        for _ in range(2):
            p.grad = 1.0
            optimizer.step()
    assert a.data != b.data


def test_a_step_in_a_compiled_function_is_refused_and_moves_nothing():
    w = Parameter(2.0)
    optimizer = SGD([w], RATE)
    optimizer.step()
    w.grad = 1.0

    def f(x):
        optimizer.step()
        return w * x

    with pytest.raises(CompilationError, match=r"assigning \.data"):
        compiled(f).mean(np.ones(3))
    assert (w.data, optimizer.steps) == (2.0, 1)


# --------------------------------------------------------------- others at the same time


def test_steps_in_several_threads_all_count():
    parameters = [Parameter(0.0) for _ in range(5000)]  # so many that NumPy lets others run
    optimizers = [SGD(parameters, 1.0)] * 2 + [SGD(parameters, 2.0)]
    for p in parameters:
        p.grad = 1.0

    def work(optimizer):
        for _ in range(100):
            optimizer.step()

    threads = [threading.Thread(target=work, args=(optimizer,)) for optimizer in optimizers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {p.data for p in parameters} == {-400.0}


STEP = tuple(
    str(Path(nn.__file__).parent / file)
    for file in ("optimizers/descent.py", "parameters/vector.py", "parameters/theta.py")
)


def stepped(at):
    """A step, and at one of its lines what a signal handler does: another step, twice as far."""
    parameters = [Parameter(0.0), Parameter(0.0)]
    optimizer, lines = SGD(parameters, 1.0), 0
    for p in parameters:
        p.grad = 1.0
    for _ in range(2):  # after which it has all that it needs
        optimizer.step()

    def line(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        if event == "line" and lines == at:
            sys.settrace(None)
            for p in parameters:
                p.grad = 2.0
            optimizer.step()
            for p in parameters:
                p.grad = 1.0
        return line

    sys.settrace(lambda frame, *_: line if frame.f_code.co_filename in STEP else None)
    try:
        optimizer.step()
    finally:
        sys.settrace(None)
    return [p.data for p in parameters], lines


def test_a_signal_handler_that_makes_a_step_during_a_step_does_not_mix_them():
    alone, lines = stepped(at=0)
    assert alone == [-3.0, -3.0]
    assert lines > 10
    for at in range(1, lines + 1):
        assert stepped(at)[0] == [-5.0, -5.0], at
    assert not moving._is_owned()


def test_a_schedule_that_moves_the_parameters_elsewhere_loses_no_step():
    parameters = [Parameter(1.0), Parameter(2.0)]

    def schedule(step):
        Parameter.pack([Parameter(0.0), *parameters])
        return 0.5

    sgd, adam = SGD(parameters, schedule), Adam(parameters, schedule)
    for optimizer in (sgd, sgd, adam, adam):
        for p in parameters:
            p.grad = 1.0
        before = [p.data for p in parameters]
        optimizer.step()
        assert [p.data for p in parameters] == pytest.approx([x - 0.5 for x in before], abs=1e-6)
