"""Copies and pickles of compiled functions and methods: independent and working, or refused."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Value, compiled
from nn import MLP, Module, Parameter, mse

X, Y = np.random.default_rng(0).normal(size=(4, 2)), np.array([0.5, -1.0, 2.0, 0.0])
WEIGHT = Value(2.0)


@compiled
def weighted(x):
    return WEIGHT * x[0]


class Regression(Module):
    def __init__(self):
        self.net = MLP(2, [3, 1])

    @compiled
    def loss(self, x, y):
        return mse(self.net(x), y)


def eager(model):
    return float(np.mean([mse(model.net(x.tolist()), y).data for x, y in zip(X, Y, strict=True)]))


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


DEEP = {"deepcopy": copy.deepcopy, "pickle": pickled}


@pytest.mark.parametrize("copied", [copy.copy, *DEEP.values()])
def test_a_function_of_a_module_is_found_by_its_name(copied):
    twin = copied(weighted)
    assert twin(X) == pytest.approx(2.0 * X[:, 0])
    assert copied is copy.copy or twin is weighted


@pytest.mark.parametrize("copied", DEEP.values(), ids=DEEP)
def test_a_model_and_its_compiled_method_copied_together(copied):
    model = Regression()
    model.loss.mean(X, Y)
    twin, loss = copied((model, model.loss))
    twin.net.layers[1].neurons[0].bias.data += 1.0
    loss.mean(X, Y).backward()
    assert loss.mean(X, Y).data == pytest.approx(eager(twin), rel=1e-12)
    assert all(p.has_grad for p in twin.parameters())
    assert not any(p.has_grad for p in model.parameters())
    assert model.loss.mean(X, Y).data == pytest.approx(eager(model), rel=1e-12)


@pytest.mark.parametrize("copied", DEEP.values(), ids=DEEP)
def test_a_model_and_itself_compiled_copied_together(copied):
    model = MLP(2, [3, 1])
    f = compiled(model, backend="numpy")
    f.mean(X)
    twin, g = copied((model, f))
    assert g.function is twin
    g.mean(X).backward()
    assert twin.parameters()[-1].grad == 1.0
    assert not any(p.has_grad for p in model.parameters())


def test_a_copied_instance_computes_with_its_own_parameters():
    model = Regression()
    model.loss.mean(X, Y)
    twin = copy.copy(model)
    twin.net = MLP(2, [3, 1])
    assert twin.loss.mean(X, Y).data == pytest.approx(eager(twin), rel=1e-12)
    assert model.loss.mean(X, Y).data == pytest.approx(eager(model), rel=1e-12)


def test_a_function_that_closes_over_a_model_is_not_copied_without_it():
    model = MLP(2, [3, 1])
    f = compiled(lambda x: model(x))
    with pytest.raises(TypeError, match=r"cannot be copied deeply.*compile a function of the copi"):
        copy.deepcopy((model, f))
    assert copy.copy(f)(X) == pytest.approx(f(X))


def test_a_function_that_closes_over_numbers_alone_is_copied():
    factor = 3.0
    twin = copy.deepcopy(compiled(lambda x: factor * x[0]))
    assert twin(X) == pytest.approx(3.0 * X[:, 0])


def test_a_lambda_cannot_be_pickled_and_says_so():
    with pytest.raises(TypeError, match=r"cannot be pickled.*local or a lambda.*Pickle the model"):
        pickle.dumps(compiled(lambda x: x[0]))


def test_a_copy_of_a_result_depends_on_the_copied_parameters():
    a, b = Parameter(1.0), Parameter(2.0)
    Parameter.pack([a, b])
    output = compiled(lambda x: b * x[0]).mean(X)
    twin, other = copy.deepcopy((output, b))
    twin.backward()
    assert (other.grad, b.has_grad) == (pytest.approx(X[:, 0].mean()), False)
    assert twin.operands[0] is other


def test_a_gradient_tells_nothing_about_another_parameter_of_the_vector():
    a, b = Parameter(1.0), Parameter(2.0)
    Parameter.pack([a, b])
    compiled(lambda x: b * x[0]).mean(X).backward()
    assert (a.has_grad, b.has_grad) == (False, True)
    (compiled(lambda x: b * x[0]).mean(X) + a).backward()
    assert (a.grad, b.grad) == (1.0, pytest.approx(2.0 * X[:, 0].mean()))


class Keeper(Module):
    def __init__(self):
        self.p = Parameter(2.0)
        self.loss = compiled(lambda x, model=self: model.p * x[0])


def test_a_function_that_has_a_model_for_a_default_is_not_copied_without_it():
    with pytest.raises(TypeError, match=r"cannot be copied deeply.*default"):
        copy.deepcopy(Keeper())


class OfTheClass:
    @compiled
    @classmethod
    def double(cls, x):
        return 2.0 * x[0]


@pytest.mark.parametrize("copied", DEEP.values(), ids=DEEP)
def test_a_compiled_class_method_is_found_by_its_name(copied):
    assert copied(OfTheClass.double)(X) == pytest.approx(2.0 * X[:, 0])
