"""`Linter` says what it finds while a model trains, once of each."""

import sys
import warnings

import numpy as np
import pytest

from autograd import compiled
from nn import MLP, SGD, Linter, cross_entropy, fit, mae, moons, mse

DATA = moons(40)


def said(warned):
    return [str(warning.message).partition(":")[0] for warning in warned]


def own_loop(linter, steps, forgets, penalty=0.0, reduced="mean"):
    """A loop of a person's own, which may forget to forget the gradients."""
    model = MLP(2, [4, 2], seed=0)
    optimizer = SGD(model.parameters(), learning_rate=0.01)
    loss = compiled(lambda x, y: cross_entropy(model(x), y))
    for step in range(steps):
        batch = slice(10 * (step % 4), 10 * (step % 4) + 10)
        if not forgets:
            optimizer.zero_grad()
        value = getattr(loss, reduced)(DATA.X[batch], DATA.y[batch])
        (value + penalty * sum(w * w for w in model.parameters())).backward()
        linter.look(model, DATA.X[batch], DATA.y[batch])
        optimizer.step()


def test_finding_is_a_warning_of_the_line_that_trains_and_comes_once():
    linter = Linter()
    with pytest.warns(RuntimeWarning) as warned:
        fit(
            MLP(2, [4, 2], seed=0),
            100 * DATA.X,
            DATA.y,
            epochs=4,
            callbacks=[linter],
            progress=False,
        )
    assert said(warned) == ["inputs that are not scaled in X"]
    assert warned[0].filename == __file__
    assert [finding.check for finding in linter.findings] == ["inputs that are not scaled"]


def test_what_begins_during_training_is_said_then():
    model = MLP(2, [8, 1], seed=0)
    steep = SGD(model.parameters(), learning_rate=3.0)
    with pytest.warns(RuntimeWarning) as warned:
        fit(
            model,
            DATA.X,
            DATA.y - 5,
            loss=mae,
            optimizer=steep,
            epochs=2,
            callbacks=[Linter()],
            progress=False,
        )
    assert "dead relus in layers.0" in said(warned)


def test_training_is_the_same_to_the_last_bit():
    models = [MLP(2, [4, 2], seed=0) for _ in range(2)]
    for model, callbacks in zip(models, ([], [Linter()]), strict=True):
        fit(model, DATA.X, DATA.y, epochs=3, callbacks=callbacks, progress=False)
    first, second = ([p.data for p in model.parameters()] for model in models)
    assert first == second


def test_another_training_is_looked_at_anew():
    linter, model = Linter(), MLP(1, [1], seed=0)
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="not scaled"):
            fit(
                model,
                [[100.0], [50.0]],
                [0.0, 0.0],
                loss=mse,
                epochs=1,
                callbacks=[linter],
                progress=False,
            )


@pytest.mark.parametrize("reduced", ["mean", "sum"])
def test_forgotten_zero_grad_of_an_own_loop_is_found_at_the_second_step(reduced):
    linter = Linter()
    own_loop(linter, 1, forgets=True, reduced=reduced)
    assert not linter.findings
    with pytest.warns(RuntimeWarning, match="forgotten zero_grad. in the model") as warned:
        own_loop(Linter(), 2, forgets=True, reduced=reduced)
    assert "of this step and of the one before" in str(warned[0].message)
    assert "optimizer.zero_grad()" in str(warned[0].message)


def test_forgotten_zero_grad_is_found_also_later():
    linter = Linter()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        own_loop(linter, 9, forgets=True)
    assert said(warned) == ["forgotten zero_grad? in the model"]  # once
    assert [finding.check for finding in linter.findings] == ["forgotten zero_grad?"]  # at step 8


@pytest.mark.parametrize("penalty", [0.0, 0.1])
@pytest.mark.parametrize("reduced", ["mean", "sum"])
def test_loop_that_forgets_nothing_is_no_finding(penalty, reduced):
    linter = Linter()
    own_loop(linter, 17, forgets=False, penalty=penalty, reduced=reduced)
    assert str(linter.findings).startswith("no findings, on 10 examples\n")
    (unchecked,) = linter.findings.unchecked
    assert unchecked.startswith("dead relus")


def test_one_example_is_too_few_to_warn_of_neurons():
    model = MLP(2, [16, 16, 2], seed=0)
    linter = Linter()  # whose warnings would be errors here
    fit(model, DATA.X[:1], DATA.y[:1], epochs=4, callbacks=[linter], progress=False)
    assert "not checked: dead relus" in str(linter.findings)


def test_batches_that_are_to_add_up_are_a_question():
    model, linter = MLP(2, [4, 2], seed=0), Linter()
    loss = compiled(lambda x, y: cross_entropy(model(x), y))
    for X, y in zip(np.split(DATA.X, 2), np.split(DATA.y, 2), strict=True):
        loss.mean(X, y).backward()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            linter.look(model, X, y)
    (only,) = warned
    assert "forgotten zero_grad?" in str(only.message)
    assert "If no factor of the loss and no batches that add up are meant" in str(only.message)


def test_it_looks_rarely(monkeypatch):
    looks = []
    module = sys.modules[Linter.__module__]
    monkeypatch.setattr(module, "check_all", lambda *given: looks.append(1) or ())
    fit(MLP(2, [2], seed=0), DATA.X, DATA.y, epochs=20, callbacks=[Linter()], progress=False)
    assert len(looks) == 4  # before the first epoch, and after 1, 4 and 16


def test_wrong_arguments_of_a_look_are_the_errors_of_fit():
    with pytest.raises(TypeError, match=r"look\(\) needs the targets too"):
        Linter().look(MLP(2, [2]), DATA.X)
    with pytest.raises(ValueError, match="all numbers must be finite"):
        Linter().look(MLP(2, [2]), np.full((3, 2), np.nan), [0, 1, 0])
