"""Parameters move into a common vector at any time: interrupted, in two threads, or not at all."""

import linecache
import sys
import threading

import numpy as np
import pytest

import nn
from autograd import Value, compiled
from autograd.compiler import batches
from autograd.locking import moving
from nn import MLP, SGD, Parameter
from nn.parameters.vector import ParameterVector

X = np.linspace(-1.0, 1.0, 5)


def interrupted_at_line(number, call):
    """Whether the call was interrupted, before the line of that number in a file of `nn`.

    A `with` is no such line: it is seen again when the lock is about to be released, where Python
    does not look whether somebody pressed Ctrl-C.
    """
    remaining = [number]

    def trace(frame, event, argument):
        if not frame.f_code.co_filename.startswith(nn.__path__[0]):
            return None
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        if event == "line" and not line.startswith("with "):
            if not remaining[0]:
                sys.settrace(None)
                raise KeyboardInterrupt
            remaining[0] -= 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_an_interrupt_while_parameters_move_leaves_all_of_them_trainable():
    number = 0
    while True:
        ps = [Parameter(float(i)) for i in range(6)]
        optimizer = SGD(ps[:4], 0.1)
        f = compiled(lambda x, ps=ps: sum(p * x for p in ps[:4]))
        f.mean(X + 2.0).backward()
        optimizer.zero_grad()
        interrupted = interrupted_at_line(number, lambda ps=ps: SGD(ps[::-1], 0.1).zero_grad())
        for expected in (-0.2, -0.4):
            f.mean(X + 2.0).backward()
            optimizer.step()
            optimizer.zero_grad()
            moved = [p.data - i for i, p in enumerate(ps)]
            assert moved == pytest.approx([expected] * 4 + [0.0] * 2)
        if not interrupted:
            break
        number += 1
    assert number > 50


def test_an_interrupt_while_a_program_is_made_anew_leaves_none_for_other_numbers(monkeypatch):
    a, b = (MLP(2, [3, 1], seed=seed) for seed in range(2))
    f = compiled(lambda x: a([x, 1.0]) ** 2)
    f.mean(X)
    optimizer = SGD([*b.parameters(), *a.parameters()], 0.01)
    optimizer.zero_grad()

    def interrupt(*arguments):
        raise KeyboardInterrupt

    for name in ("lowered", "Runner"):
        with monkeypatch.context() as patch:
            patch.setattr(batches, name, interrupt)
            with pytest.raises(KeyboardInterrupt):
                f.mean(X)
    f.mean(X).backward()
    optimizer.step()
    assert f.mean(X).data == pytest.approx(np.mean([a([x, 1.0]).data ** 2 for x in X]))


def test_a_step_waits_while_parameters_move():
    vector, stepped = ParameterVector([Parameter(1.0)]), threading.Event()

    def step():
        vector.add(np.array([1.0]))
        stepped.set()

    with moving:
        thread = threading.Thread(target=step)
        thread.start()
        assert not stepped.wait(0.05)
        ParameterVector([*vector.parameters, Parameter(2.0)]).forget_grad()  # and not this thread
    thread.join()
    assert vector.parameters[0].data == 2.0


class Frozen(Parameter):
    """One whose gradient is always 0."""

    __slots__ = ()

    @property
    def _grad(self):
        return 0.0

    @_grad.setter
    def _grad(self, gradient):
        pass


class Positive(Parameter):
    """One that is used as its absolute value."""

    __slots__ = ()

    @property
    def _data(self):
        return abs(self.theta._numbers[self.index])

    @_data.setter
    def _data(self, number):
        self.theta._numbers[self.index] = number


@pytest.mark.parametrize("backend", ["numpy", "eager"])
@pytest.mark.parametrize(("kind", "after"), [(Frozen, [-2.0, -2.0]), (Positive, [1.0, -3.0])])
def test_a_subclass_that_keeps_numbers_elsewhere_is_asked(backend, kind, after):
    p, q = kind(-2.0), Parameter(-2.0)
    f = compiled(lambda x: (p + 0.0 * q) * x, backend=backend)
    optimizer = SGD([p], 1.0)
    assert f(np.array([1.0, 2.0])).tolist() == [p.data, 2.0 * p.data]
    f.mean(np.ones(3)).backward()
    optimizer.step()
    assert p.data == after[0]


@pytest.mark.parametrize("change", [np.ones(1), 1.0, None, np.ones((2, 1)), Value(1.0)])
def test_a_change_of_another_shape_moves_nothing(change):
    class Strange(nn.Optimizer):
        def change(self, gradient):
            return change

    ps = [Parameter(1.0), Parameter(2.0)]
    with pytest.raises(ValueError, match="2 parameters are moved by an array of as many numbers"):
        Strange(ps, 0.1).step()
    assert [p.data for p in ps] == [1.0, 2.0]


def test_masked_arrays_are_refused():
    masked = np.ma.array([[1.0], [1e6]], mask=[[False], [True]])
    with pytest.raises(TypeError, match="is a masked array: leave out what is masked"):
        nn.predict(MLP(1, [1], seed=0), masked)
    with pytest.raises(TypeError, match="is a masked array"):
        nn.fit(MLP(1, [1], seed=0), masked, [0.0, 1.0], epochs=1)
