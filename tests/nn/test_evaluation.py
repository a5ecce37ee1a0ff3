"""How good a model is: losses, accuracies, which class is taken for which, and on k folds."""

import sys

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Adam,
    Confusion,
    EarlyStopping,
    InterruptionWarning,
    MinMaxScaler,
    Parameter,
    Sequential,
    StandardScaler,
    binary_cross_entropy_with_logits,
    confusion_matrix,
    cross_entropy,
    cross_validate,
    evaluate,
    fit,
    hinge,
    k_folds,
    moons,
    mse,
    predict,
)

MOONS = moons(30, seed=0)


def itself(x):
    """A model whose outputs are its inputs; evaluating needs no parameters."""
    return [0.0 + each for each in x]


# ---------------------------------------------------------------------------------- evaluate


def test_an_evaluation_has_loss_accuracy_outputs_and_confusion():
    X, y = [[2.0, 0.0], [3.0, 1.0], [0.0, 1.0], [1.0, 4.0]], [0, 1, 1, 1]
    found = evaluate(itself, X, y)
    losses = [cross_entropy(x, c).data for x, c in zip(X, y, strict=True)]
    assert found.loss == pytest.approx(np.mean(losses))
    assert (found.accuracy, found.score) == (0.75, 0.75)
    assert found.outputs.tolist() == X
    assert found.confusion.matrix.tolist() == [[1, 0], [1, 2]]


@pytest.mark.parametrize(
    ("loss", "y", "matrix"),
    [
        (hinge, [1, -1, 1, -1], [[1, 1], [1, 1]]),
        (binary_cross_entropy_with_logits, [1, 0, 0, 0], [[2, 1], [0, 1]]),
    ],
)
def test_losses_of_two_classes_have_a_confusion_too(loss, y, matrix):
    found = evaluate(lambda x: 1.0 * x[0], [[2.0], [1.0], [-1.0], [-2.0]], y, loss=loss)
    assert found.confusion.matrix.tolist() == matrix


def test_a_loss_that_is_not_for_classes_has_only_itself():
    found = evaluate(lambda x: 1.0 * x[0], [[2.0], [1.0]], [1.0, 1.0], loss=mse)
    assert (found.loss, found.accuracy, found.confusion) == (0.5, None, None)
    assert found.score == 0.5
    assert repr(found) == "loss 0.5"


def test_classes_have_names_in_the_report():
    report = repr(evaluate(itself, np.eye(2), [0, 1], names=["cat", "dog"]))
    assert report.splitlines()[0] == "loss 0.3133, accuracy 100.0%"
    assert report.splitlines()[-1].split() == ["dog", "100.0%", "100.0%", "1", "0", "1"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"names": ["cat"]}, ValueError, "2 classes apart, and there are 1 names"),
        ({"y": [0, 2]}, ValueError, r"y has 2 in row 1: the model has 2 outputs"),
        ({"model": MLP}, TypeError, r"the model is the class MLP: make one of it, as MLP\(...\)"),
        ({"loss": "mse"}, TypeError, "say loss=mse, the function itself"),
        ({"backend": "cc"}, ValueError, "backend must be"),
    ],
)
def test_what_does_not_fit_is_an_error(arguments, error, message):
    arguments = {"model": itself, "X": np.eye(2), "y": [0, 1]} | arguments
    with pytest.raises(error, match=message):
        evaluate(**arguments)


# --------------------------------------------------------------------------------- confusion


def test_rows_are_actual_classes_and_columns_predicted_ones():
    assert confusion_matrix([1, 1, 0], [0, 1, 0], classes=3).tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
    ]


def test_the_matrix_precision_and_recall_are_those_of_scikit_learn():
    from sklearn import metrics

    rng = np.random.default_rng(0)
    predicted, actual = rng.integers(4, size=(2, 100))
    found = Confusion(confusion_matrix(predicted, actual), list("abcd"))
    assert np.array_equal(found.matrix, metrics.confusion_matrix(actual, predicted))
    precision, recall, _, _ = metrics.precision_recall_fscore_support(actual, predicted)
    assert found.precision == pytest.approx(precision)
    assert found.recall == pytest.approx(recall)
    assert found.accuracy == pytest.approx(metrics.accuracy_score(actual, predicted))


def test_shares_of_nothing_are_nan_and_shown_as_a_dash():
    found = Confusion(np.array([[2, 0, 1], [0, 0, 0], [0, 0, 0]]), ["a", "b", "c"])
    assert np.isnan(found.precision[1])
    assert np.isnan(found.recall[1:]).all()
    assert repr(found).splitlines()[2].split() == ["b", "-", "-", "0", "0", "0", "0"]


@pytest.mark.parametrize(
    ("predicted", "actual", "classes", "message"),
    [
        ([0, 1], [0], None, r"both of shape \(n,\), not \(2,\) and \(1,\)"),
        ([[0]], [[0]], None, r"not \(1, 1\) and \(1, 1\)"),
        ([0, -1], [0, 1], None, "predicted has -1 in row 1: a class is a whole number from 0 to 1"),
        ([0, 1], [0, 2], 2, "actual has 2 in row 1"),
        ([0, 0.5], [0, 1], 2, "predicted has 0.5 in row 1"),
    ],
)
def test_a_confusion_matrix_takes_classes(predicted, actual, classes, message):
    with pytest.raises(ValueError, match=message):
        confusion_matrix(predicted, actual, classes)


# -------------------------------------------------------------------------- cross-validation


def make_model():
    return MLP(2, [2], seed=0)


def by_hand(k, stratify=False, scaler=None, seed=0, **settings):
    scores = []
    folds = k_folds(MOONS.y if stratify else 30, k=k, seed=seed, stratify=stratify)
    for training, test in folds:
        X, tested = MOONS.X[training], MOONS.X[test]
        if scaler:
            fitted = scaler().fit(X)
            X, tested = fitted.transform(X), fitted.transform(tested)
        model = make_model()
        fit(model, X, MOONS.y[training], progress=False, **settings)
        scores.append((predict(model, tested).argmax(axis=1) == MOONS.y[test]).mean())
    return scores


@pytest.mark.parametrize(
    "settings",
    [
        {"k": 3},
        {"k": 2, "stratify": True, "epochs": 2},
        {"k": 2, "scaler": StandardScaler, "batch_size": 4, "epochs": 2},
        {"k": 2, "seed": 3, "scaler": MinMaxScaler, "epochs": 2},
    ],
)
def test_each_fold_is_scored_by_a_model_that_did_not_learn_from_it(settings):
    given = settings | ({"scaler": settings["scaler"]()} if "scaler" in settings else {})
    found = cross_validate(make_model, MOONS.X, MOONS.y, **given)
    expected = by_hand(**settings)
    assert found.scores == expected
    assert found.name == "accuracy"
    assert found.mean == pytest.approx(np.mean(expected))
    assert found.deviation == pytest.approx(np.std(expected))
    assert repr(found).startswith(f"accuracy {np.mean(expected):.1%} ± {np.std(expected):.1%} in ")


def test_without_accuracy_the_loss_is_the_score():
    found = cross_validate(lambda: MLP(2, [1], seed=0), MOONS.X, MOONS.y, k=2, loss=mse, epochs=1)
    assert found.name == "loss"
    assert found.scores == [evaluation.loss for evaluation in found.evaluations]
    assert [len(history) for history in found.histories] == [1, 1]


def test_an_optimizer_is_made_for_the_parameters_of_each_model():
    made = []

    def optimizer(parameters):
        made.append(SGD(parameters, 0.5))
        return made[-1]

    cross_validate(make_model, MOONS.X, MOONS.y, k=3, optimizer=optimizer, epochs=1)
    assert [each.steps for each in made] == [1, 1, 1]


def test_callbacks_are_copied_for_each_fold():
    stopping = EarlyStopping(patience=1, watch="loss", least_change=100.0)
    found = cross_validate(make_model, MOONS.X, MOONS.y, k=2, epochs=9, callbacks=[stopping])
    assert [len(history) for history in found.histories] == [2, 2]


def test_folds_in_several_processes_give_the_same():
    import joblib

    settings = {"k": 2, "epochs": 1, "scaler": StandardScaler(), "optimizer": Adam}
    one_by_one = cross_validate(make_model, MOONS.X, MOONS.y, **settings)
    with joblib.parallel_config(backend="threading"):
        together = cross_validate(make_model, MOONS.X, MOONS.y, n_jobs=2, **settings)
    assert together.scores == one_by_one.scores


def test_what_goes_to_another_process_can_be_pickled():
    cloudpickle = pytest.importorskip("cloudpickle")
    found = cross_validate(make_model, MOONS.X, MOONS.y, k=2, epochs=1)
    again = cloudpickle.loads(cloudpickle.dumps(found))
    assert (again.scores, again.histories) == (found.scores, found.histories)


def test_joblib_is_asked_for_only_by_n_jobs(monkeypatch):
    monkeypatch.setitem(sys.modules, "joblib", None)
    cross_validate(make_model, MOONS.X, MOONS.y, k=2, epochs=1)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'chainrule\[sklearn\]'"):
        cross_validate(make_model, MOONS.X, MOONS.y, k=2, epochs=1, n_jobs=2)


MODEL = make_model()
WRONG = {
    "a model": ({"make_model": MODEL}, TypeError, "takes a function that makes a new model"),
    "the same model": ({"make_model": lambda: MODEL}, ValueError, "the same parameters twice"),
    "no parameters": ({"make_model": lambda: itself}, TypeError, "has to make a Module"),
    "an optimizer": (
        {"optimizer": SGD([Parameter(1.0)])},
        TypeError,
        "takes a function of the parameters that makes an optimizer",
    ),
    "a class of scalers": ({"scaler": StandardScaler}, TypeError, r"such as StandardScaler\(\)"),
    "a history": ({"history": None}, TypeError, "each fold is a training of its own"),
    "one fold": ({"k": 1}, ValueError, "2 or more folds"),
    "NaN": ({"X": MOONS.X * np.nan}, ValueError, "X has nan in row 0"),
    "fewer targets": ({"y": MOONS.y[:-1]}, ValueError, "30 examples and y has 29 targets"),
    "a class that needs arguments": (
        {"make_model": MLP},
        TypeError,
        r"calls make_model without arguments, and <class .*MLP'> needs some: give .*lambda: MLP",
    ),
    "a rate": ({"lr": 0.1}, TypeError, r"cross_validate\(\) has no lr=: say optimizer=lambda"),
    "scikit-learn's k": ({"n_splits": 3}, TypeError, "cross_validate.* has no n_splits=: say k="),
    "fit's names": ({"verbose": 1}, TypeError, "cross_validate.* has no verbose=: say progress="),
    "no name at all": ({"zzz": 1}, TypeError, r"has no zzz=: it takes X, .*epochs, k, .*stratify"),
}


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_cross_validated_is_refused(wrong, error, message):
    arguments = {"make_model": make_model, "X": MOONS.X, "y": MOONS.y, "k": 2, "epochs": 1} | wrong
    with pytest.raises(error, match=message):
        cross_validate(**arguments)


def test_a_class_without_arguments_makes_models():
    class Net(Sequential):
        def __init__(self):
            super().__init__(MLP(2, [2], seed=0))

    assert len(cross_validate(Net, MOONS.X, MOONS.y, k=2, epochs=1).scores) == 2


def test_one_interrupt_ends_all_folds():
    begun = []

    class Pressing:  # Callbacks are copied for each fold.
        def __call__(self, progress):
            if progress.event == "begin":
                begun.append(progress.model)
            if progress.event == "epoch" and len(begun) == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), pytest.warns(InterruptionWarning):
        cross_validate(make_model, MOONS.X, MOONS.y, k=3, epochs=2, callbacks=[Pressing()])
    assert len(begun) == 2
