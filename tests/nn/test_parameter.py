"""Parameters share one vector, and look like Values of their own all the while."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Value
from nn import MLP, SGD, Adam, Parameter
from nn.parameters.vector import ParameterVector


def parameters(*numbers):
    return [Parameter(x) for x in numbers]


def data(values):
    return [p.data for p in values]


def test_a_parameter_is_a_leaf_with_its_own_kind():
    w = Parameter(0.5, label="w")
    assert isinstance(w, Value)
    assert (w.kind, w.operands, w.op, w.label) == ("parameter", (), None, "w")
    assert repr(w) == "Parameter(data=0.5, grad=0.0, label='w')"


def test_a_gradient_of_zero_is_told_from_none():
    w = Parameter(2.0)
    assert (w.grad, w.has_grad) == (0.0, False)
    (w * 0.0 * w).backward()
    assert (w.grad, w.has_grad) == (0.0, True)
    w.forget_grad()
    assert (w.grad, w.has_grad) == (0.0, False)


@pytest.mark.parametrize("wrong", ["1", None, 1j, [1.0]], ids=repr)
def test_a_parameter_holds_a_real_number(wrong):
    with pytest.raises(TypeError, match="holds a real number"):
        Parameter(wrong)


def test_packing_keeps_numbers_and_gradients():
    ps = parameters(1.0, 2.0, 3.0)
    (ps[0] * ps[2]).backward()
    vector = ParameterVector(ps)
    assert vector.data.tolist() == [1.0, 2.0, 3.0]
    assert vector.grad.tolist() == [3.0, 0.0, 1.0]
    assert [p.has_grad for p in ps] == [True, False, True]


def test_vector_and_parameters_see_each_others_changes():
    ps = parameters(1.0, 2.0)
    vector = ParameterVector(ps)
    ps[0].data = 10.0
    assert vector.data.tolist() == [10.0, 2.0]
    vector.assign(np.array([5.0, 6.0]))
    assert data(ps) == [5.0, 6.0]
    (ps[0] * ps[1]).backward()
    assert vector.grad.tolist() == [6.0, 5.0]
    vector.forget_grad()
    assert [p.has_grad for p in ps] == [False, False]


def test_a_parameter_that_is_given_twice_counts_once():
    w, b = parameters(1.0, 2.0)
    assert len(ParameterVector([w, b, w])) == 2


def test_vectors_over_overlapping_sets_stay_in_step():
    a, b, c = parameters(1.0, 2.0, 3.0)
    first, second = ParameterVector([a, b]), ParameterVector([c, b])
    assert first.data.tolist() == [1.0, 2.0]
    assert second.data.tolist() == [3.0, 2.0]  # packs all three anew
    first.assign(first.data * 10.0)
    assert second.data.tolist() == [3.0, 20.0]
    second.assign(second.data + 1.0)
    assert data([a, b, c]) == [10.0, 21.0, 4.0]
    assert a.theta is b.theta is c.theta


def test_a_vector_over_some_leaves_the_others_alone():
    ps = parameters(*range(6))
    ParameterVector(ps).data  # noqa: B018 - all in one vector
    some = ParameterVector([ps[4], ps[1]])
    (sum(p * p for p in ps)).backward()
    assert some.grad.tolist() == [8.0, 2.0]
    some.assign(np.array([-4.0, -1.0]))
    some.forget_grad()
    assert data(ps) == [0.0, -1.0, 2.0, 3.0, -4.0, 5.0]
    assert [p.has_grad for p in ps] == [True, False, True, True, False, True]


def test_plain_values_can_be_trained_too():
    vector = ParameterVector([Value(1.0), Parameter(2.0)])
    vector.assign(np.array([3.0, 4.0]))
    assert data(vector.parameters) == [3.0, 4.0]
    (vector.parameters[0] * vector.parameters[1]).backward()
    assert vector.grad.tolist() == [4.0, 3.0]
    vector.forget_grad()
    assert vector.grad.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("wrong", [1.0, Value(1.0) + 1.0, None], ids=["number", "result", "none"])
def test_only_leaves_can_be_trained(wrong):
    with pytest.raises(TypeError, match="only Parameters and leaf Values can be trained"):
        ParameterVector([wrong])


class Interrupted(Value):
    """A Value on whose assignment a person presses Ctrl-C, once."""

    __slots__ = ("_kept", "armed")

    @property
    def _data(self):
        return self._kept

    @_data.setter
    def _data(self, number):
        if getattr(self, "armed", False):
            self.armed = False
            raise KeyboardInterrupt
        self._kept = number


def test_an_interrupted_assignment_to_plain_values_is_whole():
    values = [Value(1.0), Interrupted(2.0), Value(3.0)]
    values[1].armed = True
    with pytest.raises(KeyboardInterrupt):
        ParameterVector(values).assign(np.array([10.0, 20.0, 30.0]))
    assert data(values) == [10.0, 20.0, 30.0]


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda thing: pickle.loads(pickle.dumps(thing))}


@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copied_module_computes_the_same_and_is_independent(copied, activation):
    model = MLP(2, [3, 1], activation, seed=0)
    twin = copied(model)
    before = model([1.0, 2.0]).data
    assert twin([1.0, 2.0]).data == before
    assert repr(twin) == repr(model)
    twin.parameters()[0].data += 1.0
    assert model([1.0, 2.0]).data == before


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copied_modules_keep_what_they_share(copied):
    w = Parameter(1.0)
    first, second = copied([w, w])
    assert first is second
    assert first is not w


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("make", [SGD, Adam, lambda ps: SGD(ps, momentum=0.9)])
def test_a_model_and_its_optimizer_copied_together_go_on_as_the_originals(copied, make):
    model = MLP(2, [3, 1], seed=0)
    optimizer = make(model.parameters())
    step(model, optimizer)
    twin, twin_optimizer = copied((model, optimizer))
    step(model, optimizer)
    step(twin, twin_optimizer)
    assert data(twin.parameters()) == data(model.parameters())
    assert twin_optimizer.vector.parameters[0] is twin.parameters()[0]


def step(model, optimizer):
    optimizer.zero_grad()
    (model([1.0, 2.0]) ** 2).backward()
    optimizer.step()


class Decaying(Parameter):
    __slots__ = ("decay", "unset")


@pytest.mark.parametrize("copied", [copy.copy, *COPIES.values()])
def test_a_kind_of_parameter_of_ones_own_is_copied_as_what_it_is(copied):
    w = Decaying(1.0, "w")
    w.decay, w.grad = 0.5, 3.0
    twin = copied(w)
    assert (type(twin), twin.data, twin.grad, twin.label) == (Decaying, 1.0, 3.0, "w")
    assert twin.decay == 0.5
    twin.data = 2.0
    assert w.data == 1.0


def test_a_vector_is_seen_by_numpy_when_somebody_looks_at_it(monkeypatch):
    made = []
    monkeypatch.setattr(
        np, "frombuffer", lambda *a, f=np.frombuffer, **n: made.append(a) or f(*a, **n)
    )
    parameters = [Parameter(1.0), Parameter(2.0)]
    parameters[0].data += 0.5
    (parameters[0] * parameters[1]).backward()
    assert not made, "a parameter that is used by itself costs no view"
    theta = Parameter.pack(parameters)
    theta.data[1] = 4.0
    assert [p.data for p in parameters] == [1.5, 4.0]
    assert theta.given_grad(np.ndarray.tolist) == [2.0, 1.5]
    assert theta.data is theta.data
    assert len(made) == 3, "those of the common vector"
