import functools
import math
import re
import subprocess
import sys

import numpy as np
import pytest

from autograd import Value, dot
from nn import (
    MLP,
    SGD,
    Adam,
    Module,
    Parameter,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    fit,
    hinge,
    moons,
    mse,
    predict,
)

MOONS = moons(60, seed=1)
SIGNS = 2 * MOONS.y - 1


def numbers(model):
    return [p.data for p in model.parameters()]


def trained(model=None, X=MOONS.X, y=MOONS.y, **settings):
    model = model or MLP(2, [8, 2], seed=0)
    history = fit(model, X, y, **{"epochs": 3, "progress": False} | settings)
    return model, history


# ------------------------------------------------------------------------------ what it does


def test_moons_are_learned():
    model = MLP(2, [16, 2], seed=0)
    _, history = trained(model, optimizer=Adam(model.parameters(), 0.05), epochs=100)
    assert history.accuracy[-1] == 1.0
    assert history.loss[-1] < 0.05 < history.loss[0]


def largest(outputs):
    return outputs.argmax(axis=1) == MOONS.y


def positive(outputs):
    return (outputs > 0) == (MOONS.y == 1)


def each_positive(outputs):
    return (outputs > 0) == (np.eye(2)[MOONS.y] == 1)


@pytest.mark.parametrize(
    ("loss", "outputs", "y", "right"),
    [
        (cross_entropy, 2, MOONS.y, largest),
        (cross_entropy, 2, np.eye(2)[MOONS.y], largest),
        (hinge, 1, SIGNS, positive),
        (binary_cross_entropy_with_logits, 1, MOONS.y, positive),
        (binary_cross_entropy_with_logits, 2, np.eye(2)[MOONS.y], each_positive),
    ],
)
def test_a_loss_for_classes_has_an_accuracy(loss, outputs, y, right):
    model, history = trained(MLP(2, [8, outputs], seed=0), y=y, loss=loss, epochs=30)
    assert history.accuracy[-1] == right(predict(model, MOONS.X)).mean() > 0.8


def test_probabilities_count_as_right_from_one_half():
    model = MLP(2, [8, 1], seed=0)
    _, history = trained(lambda x: model(x).sigmoid(), loss=binary_cross_entropy, epochs=5,
                         optimizer=Adam(model.parameters(), 0.05))  # fmt: skip
    predicted = predict(model, MOONS.X) > 0
    assert history.accuracy[-1] == (predicted == (MOONS.y == 1)).mean() > 0.7


@pytest.mark.parametrize("loss", [mse, lambda score, y: (score - y).absolute()])
def test_a_loss_that_is_not_for_classes_has_no_accuracy(loss):
    held_out = MOONS.X[:5], MOONS.y[:5]
    _, history = trained(MLP(2, [1], seed=0), loss=loss, validation=held_out)
    assert (len(history.loss), len(history.validation_loss)) == (3, 3)
    assert history.accuracy == history.validation_accuracy == []


def test_history_describes_the_model_as_each_epoch_left_it():
    model, history = trained(validation=(MOONS.X[:10], MOONS.y[:10]), epochs=2)
    losses = [
        cross_entropy(model(x), y).data for x, y in zip(MOONS.X.tolist(), MOONS.y, strict=True)
    ]
    assert history.loss[-1] == pytest.approx(np.mean(losses), rel=1e-9)
    assert history.validation_loss[-1] == pytest.approx(np.mean(losses[:10]), rel=1e-9)
    right = predict(model, MOONS.X).argmax(axis=1) == MOONS.y
    assert history.accuracy[-1] == pytest.approx(right.mean())
    assert history.validation_accuracy[-1] == pytest.approx(right[:10].mean())
    lists = history.loss, history.accuracy, history.validation_loss, history.validation_accuracy
    assert [len(numbers) for numbers in lists] == [2, 2, 2, 2]
    assert not history.interrupted


def test_a_step_goes_down_the_mean_loss_of_its_batch():
    model, twin = MLP(2, [3, 2], seed=0), MLP(2, [3, 2], seed=0)
    trained(model, epochs=1, batch_size=len(MOONS), optimizer=SGD(model.parameters(), 0.1))
    losses = [cross_entropy(twin(x), y) for x, y in zip(MOONS.X, MOONS.y, strict=True)]
    (sum(losses) / len(losses)).backward()
    SGD(twin.parameters(), 0.1).step()
    assert numbers(model) == pytest.approx(numbers(twin), rel=1e-9)


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 60), (7, 9), (60, 1), (1000, 1)])
def test_every_example_is_in_one_batch_of_each_epoch(batch_size, steps):
    class Counting(SGD):
        steps = 0

        def step(self):
            self.steps += 1

    model = MLP(2, [2], seed=0)
    optimizer = Counting(model.parameters())
    trained(model, epochs=2, batch_size=batch_size, optimizer=optimizer)
    assert optimizer.steps == 2 * steps


def test_the_last_batch_counts_its_own_examples():
    """One step of 2 and one of 1: with mse and a bias alone, where each leads is known."""
    offset = Parameter(0.0)
    fit(lambda x: offset + 0.0 * x[0], np.zeros((3, 1)), [6.0, 6.0, 6.0], loss=mse, epochs=1,
        batch_size=2, optimizer=SGD([offset], 0.25), progress=False)  # fmt: skip
    assert offset.data == pytest.approx(4.5)  # half of the way, twice


def test_gradients_from_before_do_not_count():
    clean, stale = MLP(2, [3, 2], seed=0), MLP(2, [3, 2], seed=0)
    sum(p * 1000.0 for p in stale.parameters()).backward()
    assert numbers(trained(clean)[0]) == numbers(trained(stale)[0])


def test_the_same_seed_gives_the_same_bits():
    (first, history), (again, same) = trained(seed=5), trained(seed=5)
    assert numbers(first) == numbers(again)
    assert history == same
    assert numbers(first) != numbers(trained(seed=6)[0])


def test_the_same_seed_gives_the_same_bits_in_another_process():
    program = (
        "from nn import *; data = moons(60, seed=1); model = MLP(2, [8, 2], seed=0);"
        "fit(model, data.X, data.y, epochs=3, progress=False);"
        "print([p.data for p in model.parameters()])"
    )
    run = functools.partial(subprocess.run, capture_output=True, text=True, check=True)
    assert run([sys.executable, "-c", program]).stdout.strip() == str(numbers(trained()[0]))


def test_compiled_and_eager_training_agree():
    held_out = MOONS.X[:7], MOONS.y[:7]
    histories = [trained(backend=b, validation=held_out)[1] for b in ("numpy", "eager")]
    compiled, eager = (history.columns for history in histories)
    assert compiled.keys() == eager.keys() > {"loss", "validation_accuracy"}
    for name, numbers in compiled.items():
        assert numbers == pytest.approx(eager[name], rel=1e-9)


def test_any_function_can_be_trained_by_an_optimizer_that_has_its_parameters():
    weights = [Parameter(0.0), Parameter(0.0)]
    fit(lambda x: dot(weights, x), [[1.0, 0.0], [0.0, 1.0]], [3.0, -2.0], loss=mse, epochs=100,
        optimizer=SGD(weights, 0.2), progress=False)  # fmt: skip
    assert [w.data for w in weights] == pytest.approx([3.0, -2.0])


class Lazy(Module):
    """A line that learns how many inputs it has from the first example."""

    weights = None

    def __call__(self, xs):
        if self.weights is None:
            self.weights = [Parameter(0.0) for _ in xs]
        return dot(self.weights, xs)


@pytest.mark.parametrize("backend", ["numpy", "eager"])
def test_a_model_may_make_its_parameters_when_it_is_first_called(backend):
    model, X = Lazy(), np.eye(2)
    trained(model, X, [3.0, -2.0], loss=mse, epochs=1000, backend=backend)
    assert [w.data for w in model.weights] == pytest.approx([3.0, -2.0], rel=1e-3)


def test_parameters_that_the_optimizer_has_not_stay_as_they_are():
    model = MLP(2, [3, 2], seed=0)
    first, last = (numbers(layer) for layer in model.layers)
    trained(model, optimizer=SGD(model.layers[1].parameters(), 0.1))
    assert numbers(model.layers[0]) == first
    assert numbers(model.layers[1]) != last


def test_examples_may_be_nested_lists():
    class Summed(Module):
        def __init__(self):
            self.scale = Parameter(0.0)

        def __call__(self, rows):
            return self.scale * sum(x for row in rows for x in row)

    model = Summed()
    X = np.arange(12.0).reshape(3, 2, 2) / 10
    trained(model, X, X.sum(axis=(1, 2)), loss=mse, optimizer=SGD([model.scale], 0.05), epochs=50)
    assert model.scale.data == pytest.approx(1.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda X, y: (X.tolist(), y.tolist()),
        lambda X, y: (X.astype(np.float32).astype(np.float64), y.astype(np.float64)),
        lambda X, y: ([[Value(x) for x in row] for row in X.tolist()], y.astype(bool)),
        lambda X, y: (np.asfortranarray(X), y.astype(np.uint8)),
    ],
    ids=["lists", "float classes", "Values", "column order"],
)
def test_data_of_any_type_gives_the_same(change):
    X = MOONS.X.astype(np.float32).astype(np.float64)
    given = change(X, MOONS.y)
    assert numbers(trained(X=given[0], y=given[1])[0]) == numbers(trained(X=X)[0])


def test_data_is_not_changed():
    X, y = MOONS.X.copy(), MOONS.y.copy()
    trained(X=X, y=y)
    assert np.array_equal(X, MOONS.X)
    assert np.array_equal(y, MOONS.y)


# --------------------------------------------------------------------------- predictions


@pytest.mark.parametrize("backend", ["numpy", "eager"])
def test_predict_gives_what_the_model_gives(backend):
    one, three = MLP(2, [4, 1], seed=0), MLP(2, [4, 3], seed=0)
    X = MOONS.X[:5]
    assert predict(one, X, backend=backend) == pytest.approx(np.array([one(x).data for x in X]))
    expected = [[score.data for score in three(x)] for x in X]
    assert predict(three, X, backend=backend) == pytest.approx(np.array(expected))


def test_predict_names_the_backends_that_there_are():
    with pytest.raises(ValueError, match="backend must be 'numpy', 'c' or 'eager', not 'cc'"):
        predict(MLP(2, [1]), [[1.0, 2.0]], backend="cc")


def test_predict_wants_numbers():
    with pytest.raises(ValueError, match="X is empty"):
        predict(MLP(2, [1]), [])


# ---------------------------------------------------------------------------- the progress


def test_progress_shows_losses_and_accuracies(capsys):
    trained(progress=True, validation=(MOONS.X[:5], MOONS.y[:5]))
    shown = capsys.readouterr().err
    assert "epoch 3/3: " in shown
    for measure in ("loss=", "accuracy=", "validation="):
        assert measure in shown.splitlines()[-1]


@pytest.mark.parametrize("columns", [{}, {"COLUMNS": "80"}], ids=["a file", "80 columns"])
def test_progress_fits_in_80_columns(capsys, monkeypatch, columns):
    monkeypatch.delenv("COLUMNS", raising=False)
    for name, value in columns.items():
        monkeypatch.setenv(name, value)
    X = 4 * np.eye(2)[MOONS.y]  # two points, so that all is right, and the loss a long number
    model = MLP(2, [16, 2], seed=0)
    trained(model, X, epochs=20, progress=True, validation=(X, MOONS.y), batch_size=4)
    lines = re.split("[\r\n]", capsys.readouterr().err)
    assert max(map(len, lines)) <= 80
    bar, numbers = r"epoch 20/20: \S{8,} \d\d:\d\d", r"loss=\d\.\S{6}"
    last = [line for line in lines if line][-1]
    assert re.fullmatch(rf"{bar}, {numbers}, accuracy=100\.0%, validation=100\.0%", last)


def test_progress_without_accuracies_shows_both_losses(capsys):
    trained(MLP(2, [1]), loss=mse, progress=True, validation=(MOONS.X, MOONS.y))
    last = capsys.readouterr().err.splitlines()[-1]
    assert "loss=" in last
    assert "validation=" in last
    assert "accuracy" not in last


def test_without_progress_it_is_silent(capsys):
    trained(progress=False)
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------- errors, before anything has changed


def with_number(number, row, column=None):
    """The moons with another number in one place of X, or of y."""
    data = np.array(MOONS.X if column is not None else MOONS.y, dtype=float)
    data[row if column is None else (row, column)] = number
    return data


class Forward(Module):
    """A line as it is written for PyTorch."""

    def __init__(self):
        self.slope = Parameter(1.0)

    def forward(self, x):
        return self.slope * x[0]


OTHER = MLP(2, [2], seed=3)
WRONG = {
    "no examples": ({"X": [], "y": []}, ValueError, "X is empty: there is nothing to learn from"),
    "no numbers": ({"X": np.zeros((60, 0))}, ValueError, "X is empty"),
    "one number": ({"X": 3.0}, ValueError, "X must be a list of examples, not 3.0"),
    "ragged": (
        {"X": [[1.0, 2.0], [1.0]], "y": [0, 1]},
        ValueError,
        r"X\[1\] has 1 numbers and X\[0\] has 2",
    ),
    "text": ({"X": [["a", "b"]], "y": [0]}, ValueError, r"X must hold numbers and nothing else"),
    "complex": ({"X": MOONS.X * 1j}, ValueError, "X must hold numbers"),
    "names of classes": (
        {"y": ["left"] * 60},
        ValueError,
        "y must hold numbers and nothing else, not 'left'. Number the classes from 0: "
        r"classes, y = np.unique\(labels, return_inverse=True\)$",
    ),
    "an array of names": (
        {"y": np.array(["left", "right"] * 30)},
        ValueError,
        "y must hold numbers and nothing else, not 'left'. Number the classes from 0: "
        r"classes, y = np.unique\(labels, return_inverse=True\)$",
    ),
    "a name among numbers": (
        {"y": [0] * 59 + ["1"]},
        ValueError,
        "not '1'. Number the classes from 0",
    ),
    "an array of objects": (
        {"X": np.array([[0.5, {}]] * 60, dtype=object)},
        ValueError,
        "X must hold numbers and nothing else, not {}$",
    ),
    "numbers for classes": (
        {"y": MOONS.X[:, 0]},
        ValueError,
        "from 0 to 1; for targets that are numbers, say loss=mse",
    ),
    "pairs of numbers for classes": (
        {"y": np.ones((60, 3))},
        ValueError,
        r"shape \(60, 2\); for targets that are numbers, say loss=mse",
    ),
    "nothing": ({"X": None}, ValueError, "X must be a list of examples, not None"),
    "NaN": ({"X": with_number(math.nan, 3, 1)}, ValueError, "X has nan in row 3, column 1"),
    "infinity": ({"X": with_number(-math.inf, 0, 0)}, ValueError, "X has -inf in row 0, column 0"),
    "NaN in y": ({"y": with_number(math.nan, 7)}, ValueError, "y has nan in row 7"),
    "lengths": ({"y": MOONS.y[:-1]}, ValueError, "X has 60 examples and y has 59 targets"),
    "inputs": (
        {"X": np.zeros((60, 3))},
        ValueError,
        r"MLP\(2 -> 2, linear\) takes 2 inputs, 3 came",
    ),
    "class": (
        {"y": with_number(2, 5)},
        ValueError,
        "y has 2.0 in row 5: the model has 2 outputs, so a class is a whole number from 0 to 1",
    ),
    "negative class": ({"y": SIGNS}, ValueError, "y has -1 in row 0: the model has 2 outputs"),
    "half a class": ({"y": with_number(0.5, 9)}, ValueError, "y has 0.5 in row 9"),
    "a column of classes": ({"y": MOONS.y[:, None]}, ValueError, r"y has the shape \(60, 1\)"),
    "one output": (
        {"model": MLP(2, [1])},
        ValueError,
        r"a list of outputs, one for each class, and the model's has the shape \(\)\. .* "
        "for targets that are numbers, say loss=mse",
    ),
    "hinge": ({"loss": hinge}, ValueError, r"y has 0 in row 0: hinge wants -1 and 1"),
    "binary": (
        {"loss": binary_cross_entropy_with_logits, "y": SIGNS},
        ValueError,
        "y has -1 in row 0: the binary cross-entropy wants numbers from 0 to 1",
    ),
    "targets": ({"loss": mse}, ValueError, r"mse\(\) of 2 predictions and 1 targets"),
    "epochs": ({"epochs": 0}, ValueError, "epochs must be a whole number from 1 on, not 0"),
    "batch": ({"batch_size": 2.5}, ValueError, "batch_size must be a whole number from 1 on"),
    "seed": ({"seed": -1}, ValueError, "a seed is a whole number from 0 on"),
    "validation": ({"validation": MOONS.X}, TypeError, r"validation must be a pair \(X, y\)"),
    "validation class": (
        {"validation": (MOONS.X, with_number(7, 1))},
        ValueError,
        "validation y has 7.0 in row 1",
    ),
    "validation inputs": ({"validation": ([[1.0]], [0])}, ValueError, "takes 2 inputs, 1 came"),
    "validation NaN": (
        {"validation": (with_number(math.nan, 2, 0), MOONS.y)},
        ValueError,
        "validation X has nan in row 2, column 0",
    ),
    "another model's optimizer": (
        {"optimizer": SGD(OTHER.parameters())},
        ValueError,
        "depends on none of the optimizer's parameters",
    ),
    "a loss without a graph": (
        {"loss": lambda output, y: Value(output[0].data) - y},
        ValueError,
        r"Or does the model or the loss compute with \.data, float\(\) or math's functions",
    ),
    "a module that is not called": (
        {"model": Forward()},
        TypeError,
        r"Forward cannot be called: define __call__\(self, x\)",
    ),
    "a class of optimizers": (
        {"optimizer": Adam},
        TypeError,
        r"such as Adam\(model.parameters\(\)",
    ),
    "no parameters": (
        {"model": lambda x: x},
        TypeError,
        r"does not say what its parameters are: make it a Module, or give optimizer=",
    ),
    "no model": ({"model": 3}, TypeError, "the model must be a function, not 3"),
    "no backend": (
        {"backend": "torch"},
        ValueError,
        "backend must be 'numpy', 'c' or 'eager', not 'torch'",
    ),
    "a switch": ({"backend": True}, ValueError, "must be 'numpy', 'c' or 'eager', not True"),
    "a list of backends": ({"backend": ["numpy"]}, ValueError, "backend must be"),
    "no loss": ({"loss": "mse"}, TypeError, "the loss must be a function, not 'mse'"),
    "no output": (
        {"model": lambda x: None, "optimizer": SGD(OTHER.parameters())},
        TypeError,
        "a model must give a Value or a list of Values, not None",
    ),
    "a loss that is a number": (
        {"loss": lambda output, y: 1.0},
        TypeError,
        "the loss of an example must be a Value, not 1.0",
    ),
}


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_an_error_and_changes_nothing(wrong, error, message):
    model = MLP(2, [2], seed=0)
    model([1.0, 2.0])[0].backward()
    before = [(p.data, p.grad, p.has_grad) for p in model.parameters()]
    arguments = {"model": model, "X": MOONS.X, "y": MOONS.y, "progress": False} | wrong
    with pytest.raises(error, match=message):
        fit(arguments.pop("model"), arguments.pop("X"), arguments.pop("y"), **arguments)
    assert [(p.data, p.grad, p.has_grad) for p in model.parameters()] == before


def test_errors_of_the_model_say_that_it_was_the_first_example():
    with pytest.raises(ValueError, match="inputs") as caught:
        trained(X=np.zeros((60, 3)))
    assert "the first example, X[0]" in caught.value.__notes__[0]
