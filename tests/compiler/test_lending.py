"""A gradient lies in the program's buffer until that is needed again, and never changes."""

import copy
import gc
import threading
import weakref

import numpy as np
import pytest

from autograd import Value, compiled, gradient
from autograd.compiler.lending import Lender, Lent
from nn import MLP, SGD, Parameter, mse

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(20, 2)), RANDOM.normal(size=20)
OTHER_X, OTHER_Y = 5.0 * RANDOM.normal(size=(20, 2)), RANDOM.normal(size=20)


def made(hidden=4):
    model = MLP(2, [hidden, 1], "tanh", seed=0)
    return model, compiled(lambda x, y: mse(model(x), y))


# ------------------------------------------------------------------------- a buffer that is lent

USES = {
    "copied": (Lent.copy, [1.0, 2.0, 3.0]),
    "as an array": (np.asarray, [1.0, 2.0, 3.0]),
    "some of it": (lambda lent: lent.at([2, 0]).copy(), [3.0, 1.0]),
    "times a number": (lambda lent: lent * 2.0, [2.0, 4.0, 6.0]),
    "given to a function": (lambda lent: lent.given_to(np.cumsum), [1.0, 3.0, 6.0]),
}


@pytest.mark.parametrize(("use", "expected"), USES.values(), ids=USES)
@pytest.mark.parametrize("overwritten", [False, True])
def test_what_was_lent_is_the_same_after_the_buffer_was_used_again(use, expected, overwritten):
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    lent = lender.lend()
    if overwritten:
        lender.take_back()[:] = np.nan
    assert use(lent).tolist() == expected


def test_what_was_made_of_it_stays_when_the_buffer_is_used_again():
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    lent = lender.lend()
    results = [use(lent) for use, _ in USES.values()]
    lender.take_back()[:] = np.nan
    assert [result.tolist() for result in results] == [expected for _, expected in USES.values()]


def test_each_loan_is_of_its_own_numbers():
    lender = Lender(np.zeros(2))
    loans = []
    for i in range(4):
        lender.take_back()[:] = float(i)
        loans.append(lender.lend())
    assert [loan.copy().tolist() for loan in loans] == [[float(i)] * 2 for i in range(4)]


def test_what_nobody_holds_any_more_is_lent_again_without_a_copy():
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    first = lender.lend()
    inside = [(first,)]  # wherever it is held
    del first
    lender.take_back()[:] = 4.0
    assert inside[0][0].copy().tolist() == [1.0, 2.0, 3.0]
    del inside
    for number in (5.0, 6.0):
        lender.take_back()[:] = number
        assert lender.lend().copy().tolist() == [number] * 3


def test_who_holds_what_an_interrupted_run_has_overwritten_is_not_lent_to_again():
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    kept = lender.lend()
    lender.take_back()[:] = 4.0  # and an interrupt comes before anything is lent
    lender.take_back()[:] = 5.0
    assert lender.lend().copy().tolist() == [5.0] * 3
    assert kept.copy().tolist() == [1.0, 2.0, 3.0]


def test_what_is_lent_dies_with_those_who_hold_it_and_waits_for_no_collector():
    class Noted(np.ndarray):
        """An array that can be watched."""

    vector = np.zeros(3).view(Noted)
    gone = weakref.ref(vector)
    gc.disable()
    try:
        lender = Lender(vector)
        lent = lender.lend()
        del vector, lender
        assert gone() is not None
        del lent
        assert gone() is None
    finally:
        gc.enable()


def test_a_buffer_is_not_written_into_while_somebody_reads_it():
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    writer = threading.Thread(target=lambda: lender.take_back().fill(np.nan))

    def read(vector):
        writer.start()
        writer.join(timeout=0.05)
        return vector.tolist()

    assert lender.lend().given_to(read) == [1.0, 2.0, 3.0]
    writer.join()


def test_who_reads_a_buffer_cannot_have_it_written_into():
    lender = Lender(np.array([1.0, 2.0, 3.0]))
    lent = lender.lend()
    with pytest.raises(RuntimeError, match="called while its last gradient was read"):
        lent.given_to(lambda vector: lender.take_back())
    assert lent.copy().tolist() == [1.0, 2.0, 3.0]
    lender.take_back()[:] = np.nan
    assert lent.copy().tolist() == [1.0, 2.0, 3.0]


@pytest.fixture
def copies(monkeypatch):
    """The names of the methods that have copied a gradient so far."""
    names = []

    def noted(name, method):
        def called(self, *arguments):
            names.append(name)
            return method(self, *arguments)

        return called

    for name in ("keep", "copy", "at"):
        monkeypatch.setattr(Lent, name, noted(name, getattr(Lent, name)))
    return names


def test_the_everyday_step_copies_no_gradient(copies):
    model, loss = made()
    optimizer = SGD(model.parameters(), 0.1)

    def step():
        mean = loss.mean(X, Y)
        mean.backward()
        optimizer.step()
        optimizer.zero_grad()

    step()
    copies.clear()
    for _ in range(5):
        step()
    assert not copies


def test_a_gradient_that_is_still_wanted_is_copied_once(copies):
    _, loss = made()
    kept = loss.mean(X, Y)
    for _ in range(3):
        loss.mean(OTHER_X, OTHER_Y)
    assert copies == ["keep"]
    assert kept.partials


# ----------------------------------------------------------- gradients that a person has kept

KEPT = {
    "value_and_gradient": lambda model, loss: loss.value_and_gradient(X, Y)[1].tolist,
    "its array, in part": lambda model, loss: loss.value_and_gradient(X, Y)[1][2:5].tolist,
    "the result": lambda model, loss: (lambda mean: lambda: mean.partials)(loss.mean(X, Y)),
    "a copied result": lambda model, loss: (lambda mean: lambda: mean.partials)(
        copy.copy(loss.mean(X, Y))
    ),
    "gradient()": lambda model, loss: (lambda slopes: lambda: [slope.data for slope in slopes])(
        gradient(loss.mean(X, Y), model.parameters())
    ),
}


@pytest.mark.parametrize("keep", KEPT.values(), ids=KEPT)
def test_a_gradient_that_is_kept_does_not_change_with_later_calls(keep):
    model, loss = made()
    kept = keep(model, loss)
    before = list(kept())
    for call in (loss.mean, loss.sum, loss.value_and_gradient, loss):
        call(OTHER_X, OTHER_Y)
    loss.mean(OTHER_X, OTHER_Y).backward()
    assert any(before)
    assert list(kept()) == before


@pytest.mark.parametrize("kind", [Parameter, Value])
@pytest.mark.parametrize("batch", [1, 20, 5000])
def test_results_that_wait_for_their_backward_keep_their_own_gradients(kind, batch):
    w = [kind(0.5), kind(-1.0)]
    loss = compiled(lambda x: (w[0] * x[0] + w[1] * x[1]) * w[0])
    inputs = [RANDOM.normal(size=(batch, 2)) for _ in range(3)]
    results = [loss.mean(x) for x in inputs]
    expected = [loss.value_and_gradient(x)[1].tolist() for x in inputs]
    for result, slopes in [*zip(results, expected, strict=True)][::-1]:
        for p in w:
            p.forget_grad()
        result.backward()
        assert [p.grad for p in w] == slopes


def test_a_result_outlives_the_function_and_the_vector_that_it_was_computed_with():
    model, loss = made()
    expected = loss.value_and_gradient(X, Y)[1].tolist()
    result = loss.mean(X, Y)
    Parameter.pack([Parameter(1.0), *model.parameters()])
    loss.mean(OTHER_X, OTHER_Y)
    del loss
    result.backward()
    assert [p.grad for p in model.parameters()] == expected


def test_training_is_the_same_while_another_thread_evaluates():
    histories = []
    for busy in (False, True):
        model, loss = made(hidden=200)  # so large that NumPy lets other threads run
        optimizer = SGD(model.parameters(), 0.01)
        stop = threading.Event()

        def evaluate(loss=loss, stop=stop):
            while not stop.is_set():
                loss.mean(OTHER_X, OTHER_Y)

        other = threading.Thread(target=evaluate)
        if busy:
            other.start()
        try:
            for _ in range(100):
                mean = loss.mean(X, Y)
                mean.backward()
                optimizer.step()
                optimizer.zero_grad()
        finally:
            stop.set()
            if busy:
                other.join()
        histories.append(optimizer.vector.data.tolist())
    assert histories[0] == histories[1]
