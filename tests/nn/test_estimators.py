import importlib
import pickle
import sys
from collections import Counter

import numpy as np
import pytest
import sklearn.neural_network
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from nn import (
    L2,
    MLP,
    InterruptionWarning,
    StepDecay,
    cross_entropy,
    predict,
)
from nn.estimators import MLPClassifier, MLPRegressor
from nn.estimators.training import Training
from nn.training.running import Running
from tests.nn.estimating import BOTH, data, quick, unfinished

PEER = {
    MLPClassifier: sklearn.neural_network.MLPClassifier,
    MLPRegressor: sklearn.neural_network.MLPRegressor,
}


@pytest.fixture(scope="module")
def flowers():
    """Standardised measures of flowers, and the names of their species."""
    iris = load_iris()
    return StandardScaler().fit_transform(iris.data), iris.target_names[iris.target]


# ----------------------------------------------------------------------- scikit-learn's conventions

# What these want is not there: pandas, and a setting of the environment.
NOT_HERE = {
    "check_array_api_input",
    "check_classifier_data_not_an_array",
    "check_regressor_data_not_an_array",
}


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_every_check_of_scikit_learn_passes(kind):
    estimator = quick(kind, hidden_layer_sizes=(8,), max_iter=20, learning_rate_init=0.05)
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    statuses = Counter(result["status"] for result in results)
    assert statuses["passed"] >= 50
    assert {r["check_name"] for r in results if r["status"] != "passed"} <= NOT_HERE
    assert statuses.keys() <= {"passed", "skipped"}


def test_they_are_what_scikit_learn_takes_them_for():
    assert is_classifier(MLPClassifier())
    assert is_regressor(MLPRegressor())


@pytest.mark.parametrize("kind", BOTH)
def test_settings_have_scikit_learns_names_and_defaults(kind):
    theirs = PEER[kind]().get_params()
    ours = kind().get_params()
    assert ours.pop("backend") == "numpy"  # which is ours alone
    assert {name: theirs[name] for name in ours} == ours


def test_without_scikit_learn_the_import_names_the_command(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("nn.estimators")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'chainrule\[sklearn\]'"):
        importlib.import_module("nn.estimators")


# ---------------------------------------------------------------------- it learns as theirs does


@unfinished
@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize(
    ("kind", "classes"), [(MLPClassifier, 3), (MLPClassifier, 2), (MLPRegressor, 2)]
)
def test_steps_are_those_of_scikit_learn(kind, classes, activation, solver, monkeypatch):
    X, y = data(kind, classes)
    settings = {
        "activation": activation,
        "solver": solver,
        "alpha": 0.3,
        "shuffle": False,
        "batch_size": 25,  # and a last one of 10
        "max_iter": 5,
        "learning_rate_init": 0.01,
        "hidden_layer_sizes": (4, 3),
        "epsilon": 1e-14,  # which Adam's two forms add at different places
    }
    first = quick(kind, **settings | {"learning_rate_init": 1e-300, "max_iter": 1}).fit(X, y)
    numbers = iter([(weights, np.zeros(weights.shape[1])) for weights in first.coefs_])
    monkeypatch.setattr(PEER[kind], "_init_coef", lambda *_: next(numbers))
    theirs = PEER[kind](**settings).fit(X, y)
    ours = quick(kind, **settings).fit(X, y)
    for mine, other in zip(
        ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_, strict=True
    ):
        np.testing.assert_allclose(mine, other, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=1e-9)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-5)
    assert ours.out_activation_ == theirs.out_activation_
    for name in ("n_iter_", "n_layers_", "n_outputs_", "t_"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_alpha_is_the_penalty_that_the_engine_differentiates():
    model = MLP(3, [4, 2], seed=0)
    training = Training(model, cross_entropy, np.random.default_rng(0))
    training.shrinkage.set_strength(0.3)
    added = training.shrinkage(np.zeros(len(training.vector)))
    penalty = L2(weights=0.15)(model)
    penalty.backward()
    assert training.shrinkage.penalty == pytest.approx(penalty.data, rel=1e-12)
    np.testing.assert_allclose(added, training.vector.grad, rtol=1e-12)


@unfinished
def test_a_schedule_may_be_the_learning_rate():
    X, y = data(MLPClassifier)
    schedule = StepDecay(0.1, every=1, factor=1e-300)  # one step, and then as good as none
    model = quick(MLPClassifier, learning_rate_init=schedule, alpha=0.0).fit(X, y)
    first, second, third = clone(model).fit(X, y).loss_curve_
    assert first != second == pytest.approx(third, rel=1e-12)


# ------------------------------------------------------------------------------ what they predict


@unfinished
def test_classes_may_be_names(flowers):
    X, species = flowers
    model = quick(MLPClassifier).fit(X, species)
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert set(model.predict(X)) <= set(species)
    assert model.score(X, species) == np.mean(model.predict(X) == species)


@unfinished
@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_those_that_the_network_was_trained_to_give(classes):
    X, y = data(MLPClassifier, classes)
    model = quick(MLPClassifier, alpha=0.0, shuffle=False).fit(X, y)
    probabilities = model.predict_proba(X)
    assert probabilities.shape == (60, classes)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-14)
    np.testing.assert_array_equal(model.predict(X), probabilities.argmax(axis=1))
    log_probabilities = model.predict_log_proba(X)
    np.testing.assert_allclose(log_probabilities, np.log(probabilities), atol=1e-12)
    model.partial_fit(X, y)  # one batch, whose loss is that of the network before
    assert model.loss_ == pytest.approx(-log_probabilities[np.arange(60), y].mean(), rel=1e-12)


@unfinished
def test_logarithms_of_probabilities_are_exact_where_those_are_zero():
    X, y = data(MLPClassifier, 2)
    far = quick(MLPClassifier).fit(X, y).predict_log_proba(1e5 * X)
    assert np.exp(far).min() == 0.0
    assert np.isfinite(far).all()


@unfinished
@pytest.mark.parametrize("targets", [(60,), (60, 1), (60, 2)])
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_a_regressor_predicts_as_many_numbers_as_it_was_given(targets):
    X, y = data(MLPRegressor, 3)
    model = quick(MLPRegressor).fit(
        X, y[:, : targets[-1]].reshape(targets) if len(targets) > 1 else y[:, 0]
    )
    assert model.predict(X).shape == ((60, 2) if targets == (60, 2) else (60,))


@unfinished
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity", "gelu"])
@pytest.mark.parametrize("kind", BOTH)
def test_outputs_are_those_of_the_network_itself(kind, activation):
    X, y = data(kind)
    model = quick(kind, activation=activation, hidden_layer_sizes=(4, 3)).fit(X, y)
    outputs = predict(model.model_, X)
    np.testing.assert_allclose(model._outputs(X), outputs, atol=1e-12)


@unfinished
def test_a_network_without_hidden_layers_is_linear():
    X, y = data(MLPRegressor, 2)
    model = quick(MLPRegressor, hidden_layer_sizes=()).fit(X, y)
    (weights,), (biases,) = model.coefs_, model.intercepts_
    np.testing.assert_allclose(model.predict(X), (X @ weights + biases)[:, 0], rtol=1e-12)


# -------------------------------------------------------------------------------- when they stop


@pytest.mark.parametrize("kind", BOTH)
def test_learning_ends_when_the_loss_gets_no_better(kind):
    X, y = data(kind, 2)
    model = quick(kind, max_iter=100, tol=1.0, n_iter_no_change=3, learning_rate_init=1e-6)
    model.fit(X, y)
    assert model.n_iter_ == 5  # one that is better than none, and more than three that are not
    assert model.loss_curve_[-1] == model.loss_
    assert model.best_loss_ == min(model.loss_curve_)


@pytest.mark.parametrize("kind", BOTH)
def test_that_there_were_too_few_epochs_is_said(kind):
    with pytest.warns(ConvergenceWarning, match="after 3 epochs .* raise max_iter"):
        quick(kind).fit(*data(kind, 2))


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_early_stopping_gives_back_the_weights_that_did_best_on_what_was_held_out(kind):
    X, y = data(kind, 2)
    settings = {"early_stopping": True, "validation_fraction": 0.25, "learning_rate_init": 1.0}
    model = quick(kind, max_iter=12, **settings).fit(X, y)
    best = int(np.argmax(model.validation_scores_)) + 1
    assert best < len(model.validation_scores_) == model.n_iter_
    assert model.best_validation_score_ == max(model.validation_scores_)
    then = quick(kind, max_iter=best, **settings).fit(X, y)
    assert [w.tolist() for w in model.coefs_] == [w.tolist() for w in then.coefs_]


def test_early_stopping_ends_when_the_score_gets_no_better():
    X, y = data(MLPClassifier, 2)
    model = quick(MLPClassifier, max_iter=100, early_stopping=True, tol=2.0, n_iter_no_change=3)
    assert model.fit(X, y).n_iter_ == 5
    assert model.t_ == 5 * 54  # a tenth is held out


def test_an_interrupt_leaves_what_was_learned(monkeypatch):
    X, y = data(MLPClassifier, 2)
    losses = iter([1, 2, 3])
    mean_loss = Running.mean_loss

    def interrupted(self, batch):
        if next(losses) == 3:
            raise KeyboardInterrupt
        return mean_loss(self, batch)

    with pytest.warns(ConvergenceWarning):
        two = quick(MLPClassifier, max_iter=2).fit(X, y)
    monkeypatch.setattr(Running, "mean_loss", interrupted)
    with pytest.warns(InterruptionWarning, match="interrupted"):
        model = quick(MLPClassifier, max_iter=20).fit(X, y)
    assert model.n_iter_ == 2
    assert model.predict(X).tolist() == two.predict(X).tolist()
    assert model.loss_curve_ == two.loss_curve_


# --------------------------------------------------------------------------------- going on


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_the_same_seed_gives_the_same_bits(kind):
    X, y = data(kind)
    one, two, other = (quick(kind, random_state=seed).fit(X, y).coefs_[0] for seed in (0, 0, 1))
    assert one.tolist() == two.tolist() != other.tolist()


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_each_fit_begins_anew_unless_it_is_told_to_go_on(kind):
    X, y = data(kind)
    model = quick(kind).fit(X, y)
    first = model.loss_curve_
    assert model.fit(X, y).loss_curve_ == first
    model.set_params(warm_start=True).fit(X, y)
    assert len(model.loss_curve_) == 6
    assert model.loss_curve_[:3] == first
    assert model.loss_ < first[-1]
    assert (model.n_iter_, model.t_) == (3, 360)


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_three_times_partial_fit_is_a_fit_of_three_epochs(kind):
    X, y = data(kind)
    first = {"classes": [0, 1, 2]} if kind is MLPClassifier else {}
    model = quick(kind).partial_fit(X, y, **first).partial_fit(X, y).partial_fit(X, y)
    assert model.loss_curve_ == quick(kind).fit(X, y).loss_curve_
    assert (model.n_iter_, model.t_) == (1, 180)


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_partial_fit_compiles_once(kind, monkeypatch):
    X, y = data(kind)
    made = []
    monkeypatch.setattr(Running, "__init__", _counting(Running.__init__, made))
    first = {"classes": [0, 1, 2]} if kind is MLPClassifier else {}
    model = quick(kind).partial_fit(X, y, **first)
    for _ in range(3):
        model.partial_fit(X, y)
    assert len(made) == 1


def _counting(function, calls):
    def counted(*arguments):
        calls.append(arguments)
        return function(*arguments)

    return counted


def test_the_first_partial_fit_is_told_all_classes():
    X, y = data(MLPClassifier)
    model = quick(MLPClassifier)
    with pytest.raises(ValueError, match=r"first partial_fit must be told .*classes=\[...\]"):
        model.partial_fit(X, y)
    model.partial_fit(X[y < 2], y[y < 2], classes=[0, 1, 2])
    assert model.predict_proba(X).shape == (60, 3)


# -------------------------------------------------------------------------- with their tools


@unfinished
def test_they_work_in_pipelines_searches_and_cross_validation(flowers):
    X, species = flowers
    pipeline = make_pipeline(StandardScaler(), quick(MLPClassifier, learning_rate_init=0.1))
    search = GridSearchCV(pipeline, {"mlpclassifier__hidden_layer_sizes": [(2,), (4,)]}, cv=2).fit(
        X, species
    )
    assert search.best_score_ == max(search.cv_results_["mean_test_score"]) > 0.5
    assert search.predict(X[:1])[0] in species
    scores = cross_val_score(search.best_estimator_, X, species, cv=2)
    assert scores.mean() == search.best_score_


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_clones_are_equal_and_have_learned_nothing(kind):
    X, y = data(kind)
    model = quick(kind, learning_rate_init=0.02).fit(X, y)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "loss_curve_")
    assert copy.fit(X, y).predict(X).tolist() == model.predict(X).tolist()


@unfinished
@pytest.mark.parametrize("kind", BOTH)
def test_pickled_ones_predict_the_same_and_go_on_learning_the_same(kind):
    X, y = data(kind)
    model = quick(kind).fit(X, y)
    copy = pickle.loads(pickle.dumps(model))
    assert copy.predict(X).tolist() == model.predict(X).tolist()
    model.partial_fit(X, y)
    copy.partial_fit(X, y)
    assert copy.coefs_[0].tolist() == model.coefs_[0].tolist()
    assert copy.loss_curve_ == model.loss_curve_


@unfinished
def test_a_pickle_is_the_model_and_not_the_graph():
    X, y = data(MLPClassifier)
    model = quick(MLPClassifier, warm_start=True)
    size = len(pickle.dumps(model.fit(X, y)))
    for count in (10, 20, 30):
        model.partial_fit(X[:count], y[:count])  # a program for each size of a batch
    assert len(pickle.dumps(model)) < size + 100
    assert b"compiler" not in pickle.dumps(model)


def test_verbose_prints_a_line_for_each_epoch(capsys):
    X, y = data(MLPClassifier)
    with pytest.warns(ConvergenceWarning):
        model = quick(MLPClassifier, verbose=True).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"Iteration {i}, loss = {loss:.8f}" for i, loss in enumerate(model.loss_curve_, 1)
    ]
