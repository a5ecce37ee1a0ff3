"""Compiled methods, and Values that a compiled function makes itself."""

import copy
import functools
import re
import sys
import warnings

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
    no_grad,
    uniform,
)
from autograd.compiler.batches import BatchProgram
from autograd.compiler.graph import Argument
from nn import MLP, SGD, Module, Parameter, mse
from tests.backends import each_backend, needs_compiler
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
    assert made.of_inputs().program.parameters == [slope, offset]  # in one of its own
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


@pytest.mark.parametrize("backend", ["torch", "", None, 1])
def test_an_unknown_backend_is_refused(backend):
    with pytest.raises(ValueError, match=r"backend must be .numpy., .c. or .eager., not"):
        compiled(lambda x: x, backend=backend)


@pytest.mark.parametrize("backend", ["numpy", "c", "eager"])
def test_a_backend_in_the_place_of_the_function_is_told_where_it_belongs(backend):
    way_out = re.escape(f"takes a function, not {backend!r}: a backend is given by its name")
    with pytest.raises(TypeError, match=way_out):
        compiled(backend)
    with pytest.raises(TypeError, match=r"takes a function, not 'loss'$"):
        compiled("loss")


@needs_compiler
def test_what_runs_a_function_is_decided_when_it_is_compiled(monkeypatch):
    f = compiled(lambda x: 2.0 * x, backend="c")
    with monkeypatch.context() as without, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        without.setenv("CC", "no-such-compiler")
        f(np.ones(3))
    for call in (f, f.mean, f.sum):
        call(np.ones(4))
        assert 'a NumPy program, since CC="no-such-compiler" cannot be run' in repr(f)
    again = compiled(f.function, backend="c")
    again(np.ones(3))
    assert repr(again).endswith(": machine code>")


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


CUBE = np.array([1.0, 2.0])
K = Value(3.0)


@each_backend
def test_a_gradient_inside_is_the_same_wherever_it_runs(backend):
    f = compiled(lambda x: gradient(x**3, x), backend=backend)
    g = compiled(lambda x: gradient(K * K * x, K), backend=backend)
    with no_grad():
        values = [f(CUBE).tolist(), g(CUBE).tolist(), f.mean(CUBE).data]
    assert values == [[3.0, 12.0], [6.0, 12.0], 7.5]
    with detect_anomaly():
        assert [f(CUBE).tolist(), g(CUBE).tolist(), f.mean(CUBE).data] == values
    assert compiled(lambda y: f.mean(CUBE) * y)(np.ones(1)).tolist() == [7.5]


def test_parameters_are_in_the_order_of_first_use_wherever_it_runs():
    net, h = Regression(1).net, Value(2.0) * 3.0
    functions = {
        "a network": lambda x: net(x) ** 2,
        "a result": lambda x: h * x[0] + Value(1.0) * K,
    }
    for function in functions.values():
        batched, eager_one = compiled(function), compiled(function, backend="eager")
        expected = batched.value_and_gradient(X)
        with no_grad():
            found = eager_one.value_and_gradient(X)
        assert list(map(id, eager_one.parameters)) == list(map(id, batched.parameters))
        assert found[1] == pytest.approx(expected[1], rel=1e-9)
        watched = compiled(function)
        with detect_anomaly():
            assert watched.value_and_gradient(X)[1] == pytest.approx(expected[1], rel=1e-9)
        watched.value_and_gradient(X)
        assert list(map(id, watched.parameters)) == list(map(id, batched.parameters))


def test_parameters_of_a_module_are_those_that_it_has_now():
    model = Regression(1)
    model.extra = []
    model.loss.value_and_gradient(X, Y)
    model.extra.append(Parameter(3.0))
    assert model.loss.parameters == model.parameters()
    assert len(model.loss.value_and_gradient(X, Y)[1]) == len(model.parameters())


WRONG = [
    np.array([1 + 2j]), np.array(["2020-01-01"], dtype="datetime64[D]"), np.array([None]), ["7"],
    np.ma.masked_array([1.0], [True]),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@each_backend
def test_what_is_no_real_number_is_refused_wherever_it_runs(wrong, backend):
    f = compiled(lambda x: x[0] * x[0], backend=backend)
    with pytest.raises(TypeError, match=r"x must be an array of real numbers|x is a masked array"):
        f.value_and_gradient_at(wrong)


@each_backend
@pytest.mark.parametrize("result", ["3", None, {}, object()], ids=repr)
def test_a_result_that_is_no_number_is_refused_wherever_it_runs(result, backend):
    with pytest.raises(CompilationError, match="returns Values or nested lists of them"):
        compiled(lambda x: result, backend=backend)(X)


def swap(function):
    @functools.wraps(function)
    def swapped(a, b):
        return function(b, a)

    return swapped


@swap
def difference(b, a):
    return b - 2.0 * a


def test_keywords_are_those_of_the_function_that_is_called():
    one, ten = np.array([1.0]), np.array([10.0])
    assert compiled(difference)(a=one, b=ten).tolist() == [difference(a=1.0, b=10.0)]


def test_keywords_of_any_text_in_functions_of_numbers():
    f = compiled(lambda **named: sum(named.values()))
    names = {"a b": 1.0, "x-1": 2.0, "x²": 3.0, "ﬁ": 4.0, "fi": 5.0}
    value, slopes = f.value_and_gradient_at(**names)
    assert (value, slopes) == (15.0, (1.0,) * 5)


def test_a_gradient_of_no_arguments_is_refused():
    for backend in ("numpy", "eager"):
        with pytest.raises(TypeError, match="takes no arguments"):
            compiled(lambda: K * K, backend=backend).value_and_gradient_at()


def test_a_loss_that_ignores_the_parameters_has_the_gradient_zero():
    class Ignoring(Module):
        def __init__(self, backend):
            self.w = Parameter(1.0)
            self.loss = compiled(self.of_example, backend=backend)

        def of_example(self, x):
            return x[0] * 2.0

    for backend in ("numpy", "eager"):
        value, slopes = Ignoring(backend).loss.value_and_gradient(X)
        assert (value, slopes.tolist()) == (pytest.approx(2.0 * X[:, 0].mean()), [0.0])


def test_an_operation_of_many_operands():
    product = Operation(
        "product",
        symbol="prod",
        forward=lambda *xs: float(np.prod(xs)),
        partials=lambda xs, out: [out / x for x in xs],
    )
    ones = np.full((2, 70), 1.5)
    assert compiled(lambda x: product(*x))(ones) == pytest.approx([1.5**70] * 2)


def test_random_numbers_are_drawn_once_for_a_call_of_numbers():
    eagerly, quick = np.random.default_rng(0), np.random.default_rng(0)
    f = compiled(lambda x: uniform(quick) / x)
    assert [f(0.0), f(1.0)] == [uniform(eagerly).data * np.inf, uniform(eagerly).data]


def test_steps_of_an_optimizer_are_no_part_of_a_compiled_function():
    w = Parameter(1.0)
    optimizer = SGD([w], learning_rate=0.1)
    w.grad = 1.0

    def f(x):
        optimizer.step()
        return w * x[0]

    with pytest.raises(CompilationError, match=r"assigning .data of 'w'|a Value without a label"):
        compiled(f)(X)
    assert w.data == 1.0
