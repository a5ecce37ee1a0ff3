"""Compiled methods, and Values that a compiled function makes itself."""

import copy
import sys

import numpy as np
import pytest

from autograd import (
    AnomalyError,
    CompilationError,
    Operation,
    Value,
    compiled,
    detect_anomaly,
    gradient,
)
from autograd.compiler.batches import BatchProgram
from autograd.compiler.graph import Argument
from nn import MLP, Module, Parameter, mse
from tests.compiler.comparing import record_function

X, Y = np.random.default_rng(0).normal(size=(4, 2)), np.array([0.5, -1.0, 2.0, 0.0])


class Regression(Module):
    def __init__(self, seed: int) -> None:
        self.net = MLP(2, [3, 1], seed=seed)

    @compiled
    def loss(self, x, y):
        return mse(self.net(x), y)


def eager(model: Regression) -> float:
    return float(np.mean([mse(model.net(x), y).data for x, y in zip(X, Y, strict=True)]))


def test_a_method_reads_the_parameters_of_its_instance():
    one, other = Regression(1), Regression(2)
    for model in (one, other, one):
        assert model.loss.mean(X, Y).data == pytest.approx(eager(model), rel=1e-12)


def test_a_method_is_compiled_once_for_each_instance():
    model = Regression(1)
    model.loss.mean(X, Y)
    program = model.loss.program
    model.loss.mean(X, Y)
    assert model.loss.program is program
    other = Regression(1)
    other.loss.mean(X, Y)
    assert other.loss.program is not program


def test_a_copied_instance_has_a_method_of_its_own():
    model = Regression(1)
    before = model.loss.mean(X, Y).data
    twin = copy.deepcopy(model)
    twin.net.layers[1].neurons[0].bias.data += 1.0
    assert twin.loss.mean(X, Y).data == pytest.approx(eager(twin), rel=1e-12)
    assert model.loss.mean(X, Y).data == before


def test_a_value_made_inside_is_a_constant_of_the_program():
    w = Value(2.0, label="w")

    def weighted(x):
        result = Value(0.0)  # not a parameter, although it looks like one from outside
        for part in x:
            result = result + part * w
        return result

    function = compiled(weighted)
    assert function.mean(X).operands == (w,)
    np.testing.assert_allclose(function(X), 2.0 * X.sum(axis=1), rtol=1e-12)


def test_a_gradient_with_respect_to_a_value_made_inside():
    def slope(x):
        t = Value(3.0)
        return gradient((t * x).exp(), t)

    points = np.array([0.1, 0.2])
    np.testing.assert_allclose(compiled(slope)(points), points * np.exp(3.0 * points), rtol=1e-12)


def test_the_gradient_of_arguments_reads_each_parameter_in_its_place():
    slope, offset = Parameter(2.0), Parameter(0.0)
    f = lambda x: offset.exp() + slope * x[0]  # noqa: E731
    made = BatchProgram("line", record_function(f, [Argument("x", (1,), False)]))
    assert made.runner.theta.tolist() == [0.0, 2.0]  # in the vector that both were packed into
    assert made.of_inputs().emitted.program.parameters == [slope, offset]  # in one of its own
    value, gradients = made.of_inputs().at_a_point([np.array([[3.0]])])
    assert (value, gradients[0].tolist()) == (7.0, [2.0])


# ------------------------------------------------------------------------ ways to be a method


class Base:
    def __init__(self):
        self.w = Value(2.0)

    @compiled
    def loss(self, x):
        return self.w * x[0]


class Derived(Base):
    @compiled
    def loss(self, x):
        return super().loss(x) + 100.0


def test_a_method_of_the_base_does_not_take_the_place_of_the_derived():
    model = Derived()
    for _ in range(3):
        assert model.loss(X) == pytest.approx(2.0 * X[:, 0] + 100.0)
    assert super(Derived, model).loss(X) == pytest.approx(2.0 * X[:, 0])
    assert model.loss(X) == pytest.approx(2.0 * X[:, 0] + 100.0)


class Slotted:
    __slots__ = ("w",)

    def __init__(self, w):
        self.w = Value(w)

    @compiled
    def loss(self, x):
        return self.w * x[0]


def test_a_class_with_slots_has_compiled_methods():
    one, other = Slotted(2.0), Slotted(3.0)
    for _ in range(2):
        assert one.loss(X) == pytest.approx(2.0 * X[:, 0])
        assert other.loss(X) == pytest.approx(3.0 * X[:, 0])
    assert one.loss.program is one.loss.program


class Kinds:
    factor = 2.0

    @compiled
    @classmethod
    def of_the_class(cls, x):
        return cls.factor * x[0]

    @compiled
    @staticmethod
    def of_nobody(x):
        return 3.0 * x[0]

    @compiled(backend="eager")
    def eager(self, x):
        return self.factor * x[0] if x[0] > 0 else x[0]


class OtherKinds(Kinds):
    factor = 5.0


def test_methods_of_classes_and_static_methods():
    assert Kinds.of_the_class(X) == pytest.approx(2.0 * X[:, 0])
    assert OtherKinds.of_the_class(X) == pytest.approx(5.0 * X[:, 0])
    assert OtherKinds().of_the_class.mean(X).data == pytest.approx(5.0 * X[:, 0].mean())
    assert Kinds.of_nobody(X) == pytest.approx(3.0 * X[:, 0])
    assert Kinds().of_nobody(X) == pytest.approx(3.0 * X[:, 0])
    assert Kinds().eager(X) == pytest.approx(np.where(X[:, 0] > 0, 2.0, 1.0) * X[:, 0])


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python's classmethod binds nothing more")
def test_a_class_method_may_be_compiled_first():
    class Inside:
        @classmethod
        @compiled
        def double(cls, x):
            return 2.0 * x[0]

    assert Inside.double(X) == pytest.approx(2.0 * X[:, 0])
    assert Inside().double.mean(X).data == pytest.approx(2.0 * X[:, 0].mean())


def test_a_method_that_is_set_later_and_set_anew():
    class Plain:
        w = Value(2.0)

    Plain.f = compiled(lambda self, x: self.w * x[0])
    instance = Plain()
    assert instance.f(X) == pytest.approx(2.0 * X[:, 0])
    Plain.f = compiled(lambda self, x: self.w * x[1])
    assert instance.f(X) == pytest.approx(2.0 * X[:, 1])


def test_keyword_arguments():
    @compiled
    def f(x, y=2.0, *, z):
        return x[0] * y - z

    z = np.arange(4.0)
    expected = {
        "default": (f(X, z=z), 2.0 * X[:, 0] - z),
        "all by name": (f(z=z, y=Y, x=X), X[:, 0] * Y - z),
        "by place": (f(X, Y, z=z), X[:, 0] * Y - z),
        "mean": (f.mean(X, z=z).data, (2.0 * X[:, 0] - z).mean()),
        "gradient": (f.value_and_gradient_at(X[0], z=3.0)[1][1], -1.0),
    }
    for found, wanted in expected.values():
        assert found == pytest.approx(wanted)
    for wrong in ({}, {"z": z, "q": z}, {"y": Y, "z": z}):
        with pytest.raises(TypeError, match=r"argument|missing"):
            f(**wrong)
    with pytest.raises(ValueError, match=r"z has 3 examples and x has 4"):
        f(X, z=z[:3])


def test_arguments_have_names_of_their_own():
    f = compiled(lambda argument1, *rest: argument1 * rest[0] + rest[1])
    a, b, c = X[:, 0], X[:, 1], Y
    assert f(a, b, c) == pytest.approx(a * b + c)
    assert f(1.0, 2.0, 3.0) == 5.0


# ------------------------------------------------------------------------------- eager


def test_the_eager_backend_gives_what_the_program_gives():
    model = Regression(1)
    method = Regression.loss.function
    eagerly = compiled(lambda x, y: method(model, x, y), backend="eager")
    batched = compiled(lambda x, y: method(model, x, y))
    assert eagerly(X, Y) == pytest.approx(batched(X, Y), rel=1e-12)
    value, slopes = eagerly.value_and_gradient(X, Y)
    assert value == pytest.approx(batched.value_and_gradient(X, Y)[0], rel=1e-12)
    by_parameter = dict(zip(batched.parameters, batched.value_and_gradient(X, Y)[1], strict=True))
    expected = [by_parameter[p] for p in eagerly.parameters]
    assert slopes == pytest.approx(expected, rel=1e-9)
    assert eagerly.sum(X, Y).data == pytest.approx(batched.sum(X, Y).data, rel=1e-12)
    assert eagerly.mean(X, Y).kind == "operation"


def test_the_eager_backend_may_decide_by_numbers_and_indices():
    table = [1.0, 10.0, 100.0]
    f = compiled(lambda x, i: x[i] * table[i] if x[0] > 0 else x[0], backend="eager")
    i = np.array([0, 1, 1, 0])
    expected = [x[k] * table[k] if x[0] > 0 else x[0] for x, k in zip(X, i, strict=True)]
    assert f(X, i) == pytest.approx(expected)
    with pytest.raises(CompilationError, match='runs with backend="eager"'):
        _ = f.source


@pytest.mark.parametrize("backend", ["c", "", None, 1])
def test_an_unknown_backend_is_refused(backend):
    with pytest.raises(ValueError, match=r"backend must be .numpy. or .eager., not"):
        compiled(lambda x: x, backend=backend)


def test_anomalies_are_found_in_compiled_calls_too():
    f = compiled(lambda x: (x[0] - 1.0).log())
    with detect_anomaly():
        for call in (f, f.mean, f.sum):
            with pytest.raises(AnomalyError, match="log"):
                call(np.ones((2, 1)))
        with pytest.raises(AnomalyError, match="log"):
            f.value_and_gradient_at(np.ones(1))
        with pytest.raises(AnomalyError, match="log"):
            compiled(lambda x: x.log())(0.0)


def test_a_function_that_is_called_while_it_runs_is_refused_and_goes_on():
    reached = []

    def forward(x):
        if not reached:
            reached.append(True)
            with pytest.raises(RuntimeError, match="called while it was running"):
                f(X)
        return x

    calling = Operation("calling", symbol="calling", forward=forward, partials=(1.0,))
    f = compiled(lambda x: calling(x[0]) * 2.0)
    assert f(X) == pytest.approx(2.0 * X[:, 0])
    assert reached
    assert f(X) == pytest.approx(2.0 * X[:, 0])
