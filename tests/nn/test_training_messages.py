"""What people bring from elsewhere, and what `fit` makes of it."""

import warnings
from functools import partial

import numpy as np
import pytest

from nn import (
    MLP,
    SGD,
    Adam,
    Module,
    Parameter,
    categorical_cross_entropy,
    cross_entropy,
    evaluate,
    fit,
    moons,
    mse,
    predict,
    softmax,
)
from nn.training.tasks import task

MOONS = moons(40, seed=0)


def trained(model=None, X=MOONS.X, y=MOONS.y, **settings):
    model = model or MLP(2, [2], seed=0)
    return fit(model, X, y, **{"epochs": 1, "progress": False} | settings)


HABITS = {
    "lr": "say optimizer=Adam(model.parameters(), learning_rate=...)",
    "learning_rate": "say optimizer=Adam(model.parameters(), learning_rate=...)",
    "validation_data": "say validation=(X, y)",
    "validation_split": "say validation=(X, y), of examples that split() has set apart",
    "batch": "say batch_size=",
    "verbose": "say progress=True or False",
    "n_epochs": "say epochs=",
    "max_iter": "say epochs=",
    "random_state": "say seed=",
    "weight_decay": "say penalty=L2(weights=...), or optimizer=AdamW(...)",
    "criterion": "say loss=, a function such as mse",
    "early_stopping": "say callbacks=[EarlyStopping(patience=...)]",
    "callback": "say callbacks=",
    "epoch": "say epochs=",
    "optimiser": "say optimizer=",
    "zebra": "it takes X, backend, batch_size, callbacks, epochs, history, loss, model, ",
}


@pytest.mark.parametrize(("name", "way_out"), HABITS.items(), ids=HABITS)
def test_an_argument_of_another_library_is_known(name, way_out):
    model = MLP(2, [2], seed=0)
    before = [p.data for p in model.parameters()]
    with pytest.raises(TypeError) as caught:
        trained(model, **{name: 1})
    assert str(caught.value).startswith(f"fit() has no {name}=: {way_out}")
    assert [p.data for p in model.parameters()] == before


WRONG = {
    "a name of a loss": ({"loss": "mse"}, "not 'mse': say loss=mse, the function itself"),
    "Keras's name of a loss": (
        {"loss": "sparse_categorical_crossentropy"},
        "say loss=cross_entropy, the function itself",
    ),
    "no name of a loss": ({"loss": "nothing"}, "the loss must be a function, not 'nothing'$"),
    "a class of losses": ({"loss": MLP}, "the loss must be a function, not <class"),
    "a name of an optimizer": (
        {"optimizer": "sgd"},
        r"must be one such as SGD\(model.parameters\(\)\), not 'sgd'",
    ),
    "a class of optimizers": ({"optimizer": SGD}, r"one such as SGD\(model.parameters\(\)\)"),
    "a class of models": ({"model": MLP}, r"the model is the class MLP: make one of it"),
    "no targets": ({"y": None}, r"fit\(\) needs the targets too: fit\(model, X, y\)"),
    "a data set": (
        {"X": MOONS, "y": None},
        r"the targets too: fit\(model, data.X, data.y\), of a data set",
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_what_is_meant_is_said(wrong, message):
    with pytest.raises(TypeError, match=message):
        trained(**wrong)


TARGETS = {
    "names of classes": (["left", "right"] * 20, r"classes, y = np.unique\(labels, return_inv"),
    "names of unlike lengths": (["a", "bcd"] * 20, "must hold numbers and nothing else, not 'a'"),
    "names and numbers": (["left", 1] * 20, "must hold numbers and nothing else, not 'left'"),
    "a column": (MOONS.y[:, None], r"of a column of classes give y\[:, 0\]"),
    "a column of lists": (MOONS.y[:, None].tolist(), r"of a column of classes give y\[:, 0\]"),
}


@pytest.mark.parametrize(("y", "message"), TARGETS.values(), ids=TARGETS)
def test_targets_that_are_no_classes_yet_have_a_way_out(y, message):
    with pytest.raises(ValueError, match=message):
        trained(y=y)


class Frame:
    """What is no array, and can be made one, as a data frame of pandas."""

    def __init__(self, content):
        self.content = content

    def __array__(self, dtype=None, copy=None):
        return np.array(self.content, dtype=dtype)


def test_a_data_frame_is_an_array():
    model, same = MLP(2, [2], seed=0), MLP(2, [2], seed=0)
    trained(model, Frame(MOONS.X), Frame(MOONS.y))
    trained(same)
    assert [p.data for p in model.parameters()] == [p.data for p in same.parameters()]


def test_a_data_frame_with_text_in_it_says_which():
    rows = np.array([[0.5, "red"]] * 40, dtype=object)
    with pytest.raises(ValueError, match="X must hold numbers and nothing else, not 'red'"):
        trained(X=Frame(rows))


MASKED = {
    "an array": np.ma.masked_greater(MOONS.X, 1.5),
    "rows in a list": [*MOONS.X[:-1], np.ma.masked_greater(MOONS.X[-1] + 9, 1.5)],
    "a number in a list": [*MOONS.X[:-1].tolist(), [0.5, np.ma.masked]],
}


@pytest.mark.parametrize("X", MASKED.values(), ids=MASKED)
@pytest.mark.parametrize(
    "work",
    [trained, predict, lambda model, X: evaluate(model, X, MOONS.y)],
    ids=["fit", "predict", "evaluate"],
)
def test_what_is_masked_is_refused_wherever_it_is(X, work):
    with pytest.raises(TypeError, match="X is a masked array: leave out what is masked, or fill"):
        work(MLP(2, [2], seed=0), X)


def test_a_masked_array_of_which_nothing_is_masked_is_an_array():
    model = MLP(2, [2], seed=0)
    assert np.array_equal(predict(model, np.ma.array(MOONS.X)), predict(model, MOONS.X))


# ------------------------------------------------------------------- losses with settings


def test_a_partial_of_a_loss_is_that_loss():
    smooth = partial(partial(cross_entropy), label_smoothing=0.1)
    assert task(smooth) == task(cross_entropy)
    history = trained(loss=smooth)
    assert history.accuracy
    plain = trained(loss=cross_entropy)
    assert history.loss != plain.loss


def test_a_partial_of_a_loss_is_named_in_messages():
    net = MLP(2, [2], seed=0)
    smooth = partial(cross_entropy, label_smoothing=0.1)
    with pytest.raises(ValueError, match="but cross_entropy takes logits"):
        trained(lambda x: softmax(net(x)), loss=smooth, optimizer=SGD(net.parameters()))


# ---------------------------------------------------------------------------- by position


class Each(Module):
    """A network at each position."""

    def __init__(self):
        self.net = MLP(1, [8, 3], seed=0)

    def __call__(self, xs):
        return [self.net([x]) for x in xs]


SEQUENCES = np.random.default_rng(0).uniform(-1.0, 1.0, size=(40, 4))
SYMBOLS = np.digitize(SEQUENCES, [-0.4, 0.4])


@pytest.mark.parametrize(
    "y", [SYMBOLS, SYMBOLS.tolist(), np.eye(3)[SYMBOLS]], ids=["array", "lists", "distributions"]
)
def test_a_target_at_each_position_is_learned_with_accuracy_by_position(y):
    model = Each()
    history = trained(model, SEQUENCES, y, optimizer=Adam(model.parameters(), 0.05), epochs=10)
    right = predict(model, SEQUENCES).argmax(axis=-1) == SYMBOLS
    assert history.accuracy[-1] == right.mean() > 0.8
    assert history.loss[-1] < history.loss[0]


def test_positions_are_confused_all_together():
    found = evaluate(Each(), SEQUENCES, SYMBOLS)
    assert found.confusion.matrix.sum() == SYMBOLS.size
    assert found.outputs.shape == (40, 4, 3)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (SYMBOLS[:, :3], r"a class for each example at each position, shape \(40, 4\)"),
        (SYMBOLS[:, 0], r"y has the shape \(40,\)"),
        (SYMBOLS + 1, "y has 3 in row .*, column .*: the model has 3 outputs"),
    ],
)
def test_targets_fit_the_positions(y, message):
    with pytest.raises(ValueError, match=message):
        trained(Each(), SEQUENCES, y)


# ---------------------------------------------------------- a training that makes it worse


def test_a_loss_that_is_much_higher_in_the_end_is_said():
    model = MLP(2, [8, 2], seed=0)
    before = evaluate(model, MOONS.X, MOONS.y).loss
    with pytest.warns(RuntimeWarning, match=r"Lower the learning rate \(it is 30\)") as caught:
        history = trained(model, optimizer=SGD(model.parameters(), 30.0), batch_size=4)
    assert str(caught[0].message).startswith(f"the loss was {before:.4g} before the first epoch")
    assert caught[0].filename == __file__
    assert evaluate(model, MOONS.X, MOONS.y).loss == history.loss[-1] > 2 * before


def test_an_ordinary_training_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained(epochs=2, batch_size=1)


def test_the_first_example_is_tried_once():
    calls = []
    net = MLP(2, [2], seed=0)

    def model(x):
        calls.append(x)
        return net(x)

    with pytest.raises(ValueError, match="depends on none"):
        trained(model, optimizer=SGD(MLP(2, [2]).parameters()))
    assert len(calls) == 1


def test_probabilities_have_their_loss():
    net = MLP(2, [2], seed=0)
    history = trained(lambda x: softmax(net(x)), loss=categorical_cross_entropy,
                      optimizer=SGD(net.parameters()))  # fmt: skip
    assert history.accuracy


@pytest.mark.parametrize(("below_zero", "rate", "risen"), [
    (-100.0, 0.01, False), (-100.0, 3.0, True), (0.0, 0.01, False),
])  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_a_loss_below_zero_is_one_too(below_zero, rate, risen):
    slope = Parameter(1.0)
    fitted = partial(
        fit, lambda x: slope * x[0], [[1.0]], [3.0],
        loss=lambda output, y: mse(output, y) + below_zero,
        optimizer=SGD([slope], rate), epochs=3, progress=False,
    )  # fmt: skip
    if risen:
        with pytest.raises(RuntimeWarning, match="the loss was -96 before the first epoch and is"):
            fitted()
    else:
        history = fitted()
        assert history.loss[-1] < below_zero + 4.0
