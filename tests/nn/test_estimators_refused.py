"""What estimators refuse, in which words, and that nothing has changed then."""

from math import inf, nan

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from nn import DivergenceError, InterruptionWarning
from nn.estimators import MLPClassifier, MLPRegressor
from nn.training.examples import Examples
from nn.training.running import Running
from tests.nn.estimating import BOTH, data, quick, unfinished

WRONG = {
    "hidden_layer_sizes": (0, "each of hidden_layer_sizes must be a whole number from 1 on"),
    "activation": ("rleu", "there is no activation 'rleu'"),
    "solver": ("lbfgs", "solver must be 'adam' or 'sgd', not 'lbfgs'"),
    "alpha": (-1.0, "alpha must be a finite number from 0 on"),
    "batch_size": (0, "batch_size must be 'auto' or a whole number from 1 on"),
    "learning_rate_init": (0.0, "learning_rate_init must be a finite number above 0"),
    "max_iter": (2.5, "max_iter must be a whole number from 1 on"),
    "shuffle": ("no", "shuffle must be True or False"),
    "random_state": ("seed", "'seed' cannot be used to seed"),
    "tol": (float("nan"), "tol must be a finite number from 0 on"),
    "warm_start": (1, "warm_start must be True or False"),
    "momentum": (1.0, "momentum must be a number from 0 to below 1"),
    "validation_fraction": (1.0, "validation_fraction must be a number between 0 and 1"),
    "beta_1": (True, "beta_1 must be a number from 0 to below 1"),
    "n_iter_no_change": (0, "n_iter_no_change must be a whole number from 1 on"),
    "backend": ("torch", "backend must be 'numpy', 'c' or 'eager', not 'torch'"),
}


@pytest.mark.parametrize("setting", WRONG)
@pytest.mark.parametrize("kind", BOTH)
def test_a_setting_that_is_not_right_is_named_before_anything_is_learned(kind, setting):
    X, y = data(kind, 2)
    value, message = WRONG[setting]
    model = quick(kind, **{setting: value})
    with pytest.raises((ValueError, TypeError), match=message):
        model.fit(X, y)
    with pytest.raises(NotFittedError):
        model.predict(X)


def test_classes_that_were_not_there_at_first_are_named():
    X, y = data(MLPClassifier, 2)
    model = quick(MLPClassifier).partial_fit(X, y, classes=[0, 1])
    before = model.coefs_[0].tolist()
    with pytest.raises(ValueError, match=r"y has 7, which is none of .* \[0, 1\]"):
        model.partial_fit(X, np.where(y == 1, 7, y))
    with pytest.raises(ValueError, match="classes has 2, which is none of"):
        model.partial_fit(X, y, classes=[0, 1, 2])
    assert model.coefs_[0].tolist() == before


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_what_is_masked_is_refused_and_not_read(kind):
    X, y = data(kind, 2)
    masked = np.ma.masked_less(X, 0.0)
    with pytest.raises(TypeError, match="X is a masked array"):
        quick(kind).fit(masked, y)
    with pytest.raises(TypeError, match="y is a masked array"):
        quick(kind).fit(X, np.ma.masked_equal(y, y[0]))
    with pytest.raises(TypeError, match="X is a masked array"):
        quick(kind).fit(X, y).predict(masked)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"hidden_layer_sizes": (5,)}, r"hidden_layer_sizes=\(4,\), and cannot go on with \(5,\)"),
        ({"activation": "tanh"}, "activation='relu', and cannot go on with 'tanh'"),
        ({"solver": "sgd"}, "solver='adam', and cannot go on with 'sgd'"),
        ({"beta_2": 0.9}, "beta_2=0.999, and cannot go on with 0.9: .* call fit"),
    ],
)
@pytest.mark.parametrize("kind", BOTH)
def test_what_cannot_change_while_learning_goes_on_is_named(kind, changed, message):
    X, y = data(kind, 2)
    first = {"classes": [0, 1]} if kind is MLPClassifier else {}
    model = quick(kind).partial_fit(X, y, **first).set_params(**changed)
    before = model.coefs_[0].tolist()
    with pytest.raises(ValueError, match=message):
        model.partial_fit(X, y)
    assert model.coefs_[0].tolist() == before


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_a_warm_start_keeps_the_network_and_begins_with_an_optimizer_as_it_is_now(kind):
    X, y = data(kind, 2)
    model = quick(kind, warm_start=True).fit(X, y)
    model.set_params(solver="sgd", hidden_layer_sizes=[4], shuffle=np.True_).fit(X, y)
    assert len(model.loss_curve_) == 6
    with pytest.raises(ValueError, match="cannot go on with 'tanh'"):
        model.set_params(activation="tanh").fit(X, y)
    assert len(model.set_params(warm_start=False).fit(X, y).loss_curve_) == 3


@pytest.mark.parametrize("kind", BOTH)
def test_too_few_examples_to_stop_early_are_refused(kind):
    X, y = data(kind, 2)
    model = quick(kind, early_stopping=True, validation_fraction=0.01)
    with pytest.raises(ValueError, match="of 60 examples are too few to see when to stop"):
        model.fit(X, y)


def test_one_class_is_nothing_to_learn():
    X, y = data(MLPClassifier, 2)
    with pytest.raises(ValueError, match="there is 1 class, 0: a classifier learns to tell two"):
        quick(MLPClassifier).fit(X, 0 * y)


def test_other_numbers_of_targets_than_at_first_are_refused():
    X, y = data(MLPRegressor, 3)
    model = quick(MLPRegressor).partial_fit(X, y)
    with pytest.raises(ValueError, match="y has 1 numbers for each example, and it began with 2"):
        model.partial_fit(X, y[:, 0])


@pytest.mark.parametrize("kind", BOTH)
def test_partial_fit_does_not_stop_early(kind):
    X, y = data(kind, 2)
    first = {"classes": [0, 1]} if kind is MLPClassifier else {}
    with pytest.raises(ValueError, match="set early_stopping=False"):
        quick(kind, early_stopping=True).partial_fit(X, y, **first)


def test_steps_that_are_too_long_are_said_to_be():
    X, y = data(MLPRegressor, 2)
    model = quick(MLPRegressor, solver="sgd", learning_rate_init=1e9, activation="identity")
    with pytest.raises(DivergenceError, match="Lower the learning rate"):
        model.set_params(max_iter=100).fit(X, y)


# ------------------------------------------------------------------- what raises changes nothing


def learned(model):
    """All that is known of an estimator."""
    known = {name: x for name, x in vars(model).items() if name != "_training"}
    training = model._training
    state = {name: repr(x) for name, x in training.optimizer.state_dict().items()}
    numbers, drawn = training.vector.data.tolist(), training.random.bit_generator.state
    return known | {"state": state, "numbers": numbers, "drawn": drawn}


def too_few(model, X, y):
    model.set_params(early_stopping=True, validation_fraction=0.01).fit(X, y)


def too_long(model, X, y):
    model.set_params(learning_rate_init=1e200, max_iter=9).fit(X, y)


def too_long_going_on(model, X, y):
    too_long(model.set_params(warm_start=True), X, y)


def too_long_for_an_epoch(model, X, y):
    model.learning_rate_init = lambda step: 0.1 if step < 8 else 1e300
    model.set_params(batch_size=6).partial_fit(X, y).partial_fit(X, y)


def interrupted(model, X, y):
    def schedule(step):
        raise KeyboardInterrupt

    model.set_params(learning_rate_init=schedule).partial_fit(X, y)


FAILING = {
    too_few: ValueError,
    too_long: DivergenceError,
    too_long_going_on: DivergenceError,
    too_long_for_an_epoch: DivergenceError,
    interrupted: KeyboardInterrupt,
}


@unfinished
@pytest.mark.parametrize("fail", FAILING)
@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("kind", BOTH)
def test_a_fit_that_raises_leaves_what_was_learned_before(kind, solver, fail):
    X, y = data(kind, 2)
    going_on = "going_on" in fail.__name__ or "partial_fit" in fail.__code__.co_names
    model = quick(kind, activation="identity", solver=solver).fit(X, y)
    others, targets = data(kind, 3)
    other = (X, y) if going_on else (others[:, :2], targets)
    before, settings = learned(model), model.get_params()
    with pytest.raises(FAILING[fail]):
        fail(model, *other)
    after = learned(model.set_params(**settings))
    assert after == before
    assert model.score(X, y) == clone(model).fit(X, y).score(X, y)


@unfinished
@pytest.mark.parametrize("fail", [too_few, too_long])
@pytest.mark.parametrize("kind", BOTH)
def test_a_first_fit_that_raises_leaves_an_estimator_that_is_not_fitted(kind, fail):
    model = quick(kind, solver="sgd", activation="identity")
    with pytest.raises((ValueError, DivergenceError)):
        fail(model, *data(kind, 2))
    assert vars(model).keys() == model.get_params().keys()
    with pytest.raises(NotFittedError):
        model.predict(data(kind, 2)[0])


def test_a_divergence_says_that_the_estimator_is_as_it_was():
    model = quick(MLPRegressor, solver="sgd", activation="identity")
    with pytest.raises(DivergenceError) as raised:
        too_long(model, *data(MLPRegressor, 2))
    assert "the estimator is as it was before" in raised.value.__notes__[0]


def test_one_that_is_interrupted_before_its_first_epoch_has_no_loss(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    X, y = data(MLPClassifier, 2)
    monkeypatch.setattr(Running, "mean_loss", interrupted)
    with pytest.warns(InterruptionWarning):
        model = quick(MLPClassifier).fit(X, y)
    assert (model.loss_, model.best_loss_, model.loss_curve_) == (inf, inf, [])


# ------------------------------------------------------------------------- names and numbers


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": 1}, "takes no lr=: say learning_rate_init="),
        (
            {"learning_rate": "adaptive"},
            "takes no learning_rate=: say learning_rate_init=, a number, or",
        ),
        ({"loss": "squared_error"}, "takes no loss=: it is the cross-entropy of a classifier"),
        ({"epochs": 3}, "takes no epochs=: say max_iter="),
        ({"hiden_layer_sizes": 3}, "takes no hiden_layer_sizes=: say hidden_layer_sizes="),
        ({"nonsense": 3}, "takes no nonsense=: it takes hidden_layer_sizes, activation, "),
    ],
)
@pytest.mark.parametrize("kind", BOTH)
def test_a_name_that_is_not_taken_is_told_what_is_under_the_name_of_the_class(
    kind, settings, message
):
    with pytest.raises(TypeError, match=f"^{kind.__name__} {message}"):
        kind(**settings)


@pytest.mark.parametrize("kind", BOTH)
def test_most_settings_are_given_by_name(kind):
    with pytest.raises(TypeError, match=f"^{kind.__name__} takes .* by name, .*, not 'adam'"):
        kind((4,), "relu", "adam")


class Own(MLPClassifier):
    def __init__(self, width, depth, lr, nonsense):
        super().__init__((width,) * depth, learning_rate_init=lr)


class Open(MLPClassifier):
    def __init__(self, width, **others):
        super().__init__((width,), **others)


def test_a_class_of_a_persons_own_takes_what_it_says():
    assert Own(3, 2, 0.1, nonsense=1).learning_rate_init == 0.1
    assert Open(3, max_iter=7).max_iter == 7
    with pytest.raises(TypeError, match=r"^Own takes no alpha=: it takes width, depth, lr, "):
        Own(3, 2, 0.1, alpha=1)


@pytest.mark.parametrize("sizes", [iter([4]), {4}, {4: 1}, "4", b"4", 4.0, True, None], ids=repr)
@pytest.mark.parametrize("kind", BOTH)
def test_sizes_are_a_list_or_a_single_one(kind, sizes):
    with pytest.raises(ValueError, match="hidden_layer_sizes must be a list of whole numbers"):
        quick(kind, hidden_layer_sizes=sizes).fit(*data(kind, 2))


@pytest.mark.parametrize("classes", [{0, 1}, iter([0, 1]), range(2), np.array([1, 0])], ids=repr)
def test_classes_may_come_in_any_order(classes):
    model = quick(MLPClassifier).partial_fit(*data(MLPClassifier, 2), classes=classes)
    assert model.classes_.tolist() == [0, 1]


@pytest.mark.parametrize(
    "classes", ["01", 3, [], [0, None], [0, nan], ["a", 1], [[0, 1]]], ids=repr
)
def test_classes_that_are_no_names_and_no_numbers_are_refused(classes):
    with pytest.raises(ValueError, match="classes must be a list of all that there will ever be"):
        quick(MLPClassifier).partial_fit(*data(MLPClassifier, 2), classes=classes)


def test_classes_may_be_told_by_other_means_than_they_come():
    X, y = data(MLPClassifier, 2)
    names = np.array(["no", "yes"], dtype=object)[y]
    told = quick(MLPClassifier).partial_fit(X, names, classes=["yes", "no"])
    assert told.classes_.tolist() == ["no", "yes"]
    assert told.loss_ == quick(MLPClassifier).partial_fit(X, y, classes=[0, 1]).loss_


@unfinished
def test_an_example_held_out_whose_output_is_not_finite_is_named():
    X, y = data(MLPRegressor, 2)
    X[:] = np.abs(X)
    model = quick(MLPRegressor, early_stopping=True, solver="sgd", alpha=0.0)
    held_out = model.set_params(learning_rate_init=1e-300).fit(X, y)._split(Examples(X, y))[1]
    row = np.flatnonzero((held_out.X[0] == X).all(axis=1))
    X[row] = 1.7e308
    with pytest.raises(ValueError, match="for row 0 of what is held out is "):
        model.fit(X, y)


@unfinished
@pytest.mark.parametrize("ask", ["predict", "predict_proba", "predict_log_proba", "score"])
@pytest.mark.parametrize(
    ("kind", "classes"), [(MLPClassifier, 2), (MLPClassifier, 3), (MLPRegressor, 2)]
)
def test_an_example_whose_outputs_are_not_finite_is_named(kind, classes, ask):
    X, y = data(kind, classes)
    model = quick(kind).fit(X, y)
    X[7] = 1.7e308 * np.sign(X[7])
    given = (X, y) if ask == "score" else (X,)
    if hasattr(model, ask):
        with pytest.raises(ValueError, match=r"output 0 for row 7 of X .* up to 1.7e\+308"):
            getattr(model, ask)(*given)
