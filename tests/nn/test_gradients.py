"""Gradients of all parameters at once, of some, and of one: the same, in whatever order."""

import copy
import functools
import random
import threading

import numpy as np
import pytest

from autograd import Value, compiled
from autograd.compiler.lending import Lent
from nn import MLP, SGD, Adam, Module, Optimizer, Parameter
from nn.parameters.vector import ParameterVector

X = np.random.default_rng(0).normal(size=(6, 3))


class Weighted(Module):
    """`w . x`, squared, with Parameters that share a vector, or with plain Values that do not."""

    def __init__(self, kind):
        self.weights = [kind(w) for w in (0.5, -1.0, 2.0)]
        self.loss = compiled(lambda x: self(x) ** 2)
        self.part = compiled(lambda x: (self.weights[0] * x[0]).tanh())
        self.vector = ParameterVector(self.weights)

    def __call__(self, x):
        return sum(w * xi for w, xi in zip(self.weights, x, strict=True))


def backward(model):
    model.loss.mean(X).backward()


def backward_of_a_part(model):
    model.part.mean(X).backward()


def backward_of_two(model):
    first, second = model.loss.mean(X[:2]), model.loss.mean(X[2:])
    first.backward()
    second.backward()


def backward_of_a_sum(model):
    (model.loss.mean(X) * 3.0 + model.part.mean(X)).backward()


def eager_backward(model):
    model([1.0, 2.0, 3.0]).backward()


def evaluate(model):
    model.loss.mean(-X)


def zero_grad(model):
    model.vector.forget_grad()


def zero_grad_of_two(model):
    ParameterVector(model.weights[1:]).forget_grad()


def forget_one(model):
    model.weights[1].forget_grad()


def set_one(model):
    model.weights[2].grad = 7.0


def look_at_one(model):
    model.weights[0].grad  # noqa: B018


def step(model):
    SGD(model.weights, 0.125).step()


def step_of_two(model):
    SGD(model.weights[::2], 0.125).step()


def move(model):
    if isinstance(model.weights[0], Parameter):
        Parameter.pack([Parameter(1.0), *model.weights])


ACTIONS = [
    backward, backward_of_a_part, backward_of_two, backward_of_a_sum, eager_backward, evaluate,
    zero_grad, zero_grad, zero_grad_of_two, forget_one, set_one, look_at_one, step, step_of_two,
    move,
]  # fmt: skip


def state(model):
    return [number for w in model.weights for number in (w.data, w.grad, float(w.has_grad))]


def numbers(model):
    return [w.data for w in model.weights]


@pytest.mark.parametrize("seed", range(40))
def test_a_vector_is_as_single_values_whatever_is_done(seed):
    """Values have their gradients each by itself, so they are what is right."""
    actions = random.Random(seed).choices(ACTIONS, k=12)
    ours, single = Weighted(Parameter), Weighted(Value)
    for i, action in enumerate(actions):
        action(ours)
        action(single)
        if random.Random(seed * 100 + i).random() < 0.5:  # Looking is an action too.
            names = [action.__name__ for action in actions[: i + 1]]
            assert state(ours) == pytest.approx(state(single), rel=1e-12, abs=1e-12), names
    assert ours.vector.grad == pytest.approx(single.vector.grad, rel=1e-12, abs=1e-12)
    assert state(ours) == pytest.approx(state(single), rel=1e-12, abs=1e-12)


def test_gradients_that_were_forgotten_are_none_and_read_as_zero():
    model = Weighted(Parameter)
    for _ in range(3):
        backward(model)
        for _ in range(2):
            model.vector.forget_grad()
            assert model.vector.grad.tolist() == [0.0, 0.0, 0.0]
            assert [(w.grad, w.has_grad) for w in model.weights] == [(0.0, False)] * 3


def test_an_evaluation_between_backward_and_step_does_not_change_the_step():
    plain, evaluated = Weighted(Parameter), Weighted(Parameter)
    for model in (plain, evaluated):
        zero_grad(model)
        backward(model)
        if model is evaluated:
            evaluate(model)
        step(model)
    assert state(plain) == state(evaluated)


def test_a_step_leaves_the_gradients_as_they_are():
    model = Weighted(Parameter)
    for action in (zero_grad, backward):
        action(model)
    before = model.vector.grad.tolist()
    step(model)
    assert any(before)
    assert model.vector.grad.tolist() == before
    assert [w.grad for w in model.weights] == before


@pytest.mark.parametrize("first", [zero_grad, eager_backward])
@pytest.mark.parametrize("then", [evaluate, zero_grad, backward, eager_backward, set_one])
def test_gradients_that_a_person_keeps_stay_as_they_are(first, then):
    model = Weighted(Parameter)
    first(model)
    backward(model)
    kept = {"array": model.vector.grad, "copy": copy.deepcopy(model.weights)}
    gradients = [w.grad for w in model.weights]
    for action in (then, evaluate, zero_grad, backward):
        action(model)
    assert kept["array"].tolist() == gradients
    assert [w.grad for w in kept["copy"]] == gradients


class Slow(Lent):
    """A gradient during whose reading another thread has the time to do something."""

    def __init__(self, numbers, action):
        super().__init__(np.array(numbers))
        self.other = threading.Thread(target=action)

    def given_to(self, work):
        self.other.start()
        self.other.join(timeout=0.05)
        return super().given_to(work)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (lambda vector: vector.forget_grad(), [0.0, 0.0]),
        (lambda vector: vector.parameters[0].forget_grad(), [0.0, 2.0]),
        (lambda vector: setattr(vector.parameters[0], "grad", 5.0), [5.0, 2.0]),
    ],
    ids=["all are forgotten", "one is forgotten", "one is set"],
)
def test_who_looks_at_a_gradient_does_not_undo_what_another_thread_does(action, expected):
    vector = ParameterVector([Parameter(1.0), Parameter(1.0)])
    vector.forget_grad()
    slow = Slow([1.0, 2.0], lambda: action(vector))
    vector.parameters[0].theta.add_to_grad(slow)
    vector.parameters[1].grad  # noqa: B018
    slow.other.join()
    assert vector.grad.tolist() == expected


class Remembering(Optimizer):
    """Keeps the gradients that it gets, and asks for others while it computes."""

    def __init__(self, model):
        super().__init__(model.weights, 0.1)
        self.model, self.gradients = model, []

    def change(self, gradient):
        self.model.loss.mean(-10.0 * X)
        self.gradients = [*self.gradients, gradient]
        return -self.learning_rate * gradient


def test_an_optimizer_of_ones_own_may_keep_its_gradients():
    model = Weighted(Parameter)
    optimizer, expected = Remembering(model), []
    for _ in range(3):
        optimizer.zero_grad()
        expected.append(model.loss.value_and_gradient(X)[1].tolist())
        backward(model)
        optimizer.step()
    assert [gradient.tolist() for gradient in optimizer.gradients] == expected


def overridden(weights, kept):
    class Kept(SGD):
        def change(self, gradient):
            kept.append(gradient)
            return super().change(gradient)

    return Kept(weights, 0.125)


def wrapped(weights, kept):
    optimizer = SGD(weights, 0.125)
    original = optimizer.change

    @functools.wraps(original)
    def change(gradient):
        kept.append(gradient)
        return original(gradient)

    optimizer.change = change
    return optimizer


@pytest.mark.parametrize("make", [overridden, wrapped])
def test_a_change_that_was_put_around_that_of_sgd_may_keep_its_gradients_too(make):
    model, kept = Weighted(Parameter), []
    optimizer = make(model.weights, kept)
    optimizer.zero_grad()
    expected = model.loss.value_and_gradient(X)[1].tolist()
    backward(model)
    optimizer.step()
    evaluate(model)
    assert kept[0].tolist() == expected


class Scheduled(SGD):
    """Its learning rate depends on the loss of now."""

    @property
    def learning_rate(self):
        return 0.1 / (1.0 + self.loss.mean(-10.0 * X).data) if self.loss else 0.1

    @learning_rate.setter
    def learning_rate(self, rate):
        self.loss = None


def test_a_loss_that_is_computed_in_the_middle_of_a_step_is_refused_before_anything_changes():
    model = Weighted(Parameter)
    optimizer = Scheduled(model.weights, momentum=0.5)
    zero_grad(model)
    backward(model)
    optimizer.loss, before = model.loss, numbers(model)
    with pytest.raises(RuntimeError, match="called while its last gradient was read"):
        optimizer.step()
    assert numbers(model) == before
    optimizer.loss = compiled(model.loss.function)  # as the message advises
    optimizer.step()
    assert numbers(model) != before


def test_a_loss_that_is_computed_for_the_rate_alone_changes_no_gradient():
    model = Weighted(Parameter)
    optimizer = Scheduled(model.weights)
    zero_grad(model)
    backward(model)
    before, gradient = optimizer.vector.data.copy(), optimizer.vector.grad
    optimizer.loss = model.loss
    rate = optimizer.learning_rate
    optimizer.step()
    assert rate != 0.1
    assert numbers(model) == (before - rate * gradient).tolist()


@pytest.mark.parametrize("make", [SGD, Adam, lambda ps: SGD(ps, momentum=0.9, nesterov=True)])
def test_what_an_optimizer_remembers_does_not_change_with_later_calls(make):
    model = MLP(3, [2, 1], seed=0)
    loss = compiled(lambda x: model(x) ** 2)
    optimizer = make(model.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        loss.mean(X).backward()
        optimizer.step()
    arrays = {name: x for name, x in vars(optimizer).items() if isinstance(x, np.ndarray)}
    before = {name: x.tolist() for name, x in arrays.items()}
    loss.mean(-10.0 * X).backward()
    assert {name: x.tolist() for name, x in arrays.items()} == before
