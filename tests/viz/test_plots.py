import math
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from nn import MLP, fit, hinge, moons, predict
from viz.plots import decision_boundary, misread_digits, training_curves

ROOT = Path(__file__).parents[2]
CURVE = [2.0, 1.0, 0.5]


def history(loss=CURVE, accuracy=CURVE, validation_loss=(), validation_accuracy=()):
    return SimpleNamespace(
        loss=list(loss),
        accuracy=list(accuracy),
        validation_loss=list(validation_loss),
        validation_accuracy=list(validation_accuracy),
    )


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (history(), {"Loss": 1, "Accuracy": 1}),
        (history(validation_loss=CURVE, validation_accuracy=CURVE), {"Loss": 2, "Accuracy": 2}),
        (history(validation_loss=CURVE, accuracy=()), {"Loss": 2}),
        (history(loss=[1.0], accuracy=[0.5]), {"Loss": 1, "Accuracy": 1}),
        (history(loss=(), accuracy=()), {"Loss": 0}),
        (history(loss=[float("nan")] * 3, accuracy=[float("inf")] * 3), {"Loss": 1, "Accuracy": 1}),
    ],
)
def test_training_curves_have_a_panel_for_each_measure_and_a_line_for_each_set(given, lines):
    figure = training_curves(given)
    assert {axes.get_title(): len(axes.lines) for axes in figure.axes} == lines
    figure.draw_without_rendering()


def test_epochs_count_from_one():
    [line] = training_curves(history(accuracy=())).axes[0].lines
    assert list(line.get_xdata()) == [1, 2, 3]
    assert list(line.get_ydata()) == CURVE


def diagonal(points):
    return points[:, 1] > points[:, 0]


def height(points):
    """A score: how far a point is above the diagonal."""
    return points[:, 1] - points[:, 0]


def shown(predict, y, **settings):
    """The classes in the legend, and which of them is shown above the diagonal and below it."""
    X = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.6]])[: len(y)]
    figure = decision_boundary(predict, X, y, resolution=30, **settings)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    classes = [text.get_text() for text in axes.get_legend().get_texts()]
    plane = np.asarray(axes.collections[0].get_array()).reshape(30, 30)
    return classes, classes[int(plane[-1, 0])], classes[int(plane[0, -1])]


# What predict() gives, the classes of y, the settings.
READINGS = {
    "classes": (lambda p: diagonal(p).astype(int), [1, 0, 1], {}),
    "truth values": (diagonal, [1, 0, 1], {}),
    "a column": (lambda p: diagonal(p)[:, None].astype(int), [1, 0, 1], {}),
    "scores of each class": (lambda p: p, [1, 0, 1], {}),
    "a list": (lambda p: diagonal(p).tolist(), [1, 0, 1], {}),
    "classes as floats": (lambda p: diagonal(p).astype(float), [1, 0, 1], {}),
    "logits": (height, [1, 0, 1], {}),
    "a column of logits": (lambda p: height(p)[:, None], [1, 0, 1], {}),
    "infinite logits": (lambda p: height(p) * math.inf ** diagonal(p), [1, 0, 1], {}),
    "logits, true and false": (height, np.array([True, False, True]), {}),
    "probabilities": (lambda p: 1 / (1 + np.exp(-height(p))), [1, 0, 1], {"threshold": 0.5}),
    "saturated": (lambda p: np.sign(height(p)), [1, 0, 1], {"threshold": 0}),
    "whole scores": (lambda p: np.ceil(5 * height(p)).astype(int), [1, 0, 1], {"threshold": 0}),
}


@pytest.mark.parametrize(("predict", "y", "settings"), READINGS.values(), ids=READINGS)
def test_a_decision_boundary_reads_classes_and_scores(predict, y, settings):
    assert shown(predict, y, **settings) == (["0", "1"], "1", "0")


@pytest.mark.parametrize(
    ("predict", "settings"),
    [
        (lambda p: np.where(diagonal(p), 1, -1), {}),
        (lambda p: np.where(diagonal(p), 1.0, -1.0), {}),
        (diagonal, {}),
        (height, {}),
        (lambda p: height(p) + 7, {"threshold": 7}),
        (lambda p: diagonal(p).astype(int), {"threshold": 0.5}),
    ],
    ids=["classes", "floats", "truth values", "a hinge", "a threshold", "zeros and ones"],
)
def test_signs_are_classes_too(predict, settings):
    assert shown(predict, [1, -1, 1], **settings) == (["-1", "1"], "1", "-1")


def test_the_classes_of_y_need_not_follow_each_other():
    assert shown(height, [7, 2.5, 7]) == (["2.5", "7"], "7", "2.5")


@pytest.mark.parametrize("names", [("_a", "b"), ("a", "_nolegend_"), ("_", "__"), ("$a$", "b$")])
def test_classes_may_have_any_name(names):
    escaped = [name.replace("$", r"\$") for name in names]
    assert shown(height, [1, 0, 1], classes=names) == (escaped, *reversed(escaped))


@pytest.mark.parametrize("kind", [int, float])
def test_a_class_may_be_without_examples(kind):
    classes, above, below = shown(lambda p: np.where(diagonal(p), 2, 0).astype(kind), [1, 0, 1])
    assert (classes, above, below) == (["0", "1", "2"], "2", "0")
    assert shown(lambda p: np.zeros(len(p), dtype=kind), [1, 0, 1])[1:] == ("0", "0")


def test_a_network_with_one_output_is_drawn_by_the_sign_of_its_score():
    data = moons(60, seed=0)
    model = MLP(2, [8, 1], seed=0)
    fit(model, data.X, 2 * data.y - 1, loss=hinge, progress=False)
    figure = decision_boundary(partial(predict, model), data.X, 2 * data.y - 1, resolution=20)
    plane = figure.axes[0].collections[0]
    points = plane.get_coordinates()  # of the corners of each point's area
    middles = (points[:-1, :-1] + points[1:, 1:]) / 2
    scores = predict(model, middles.reshape(-1, 2))
    assert np.asarray(plane.get_array()).ravel().tolist() == (scores > 0).astype(int).tolist()


UNREADABLE = {
    "probabilities": (
        lambda p: 1 / (1 + np.exp(-height(p))),
        [1, 0],
        {},
        "from 0 to 1 for each point: say threshold=0.5 if they are probabilities",
    ),
    "one score for three classes": (height, [0, 1, 2], {}, "tells two classes apart, and y has 3"),
    "one score for one class": (height, [1], {}, "tells two classes apart, and y has 1"),
    "scores of other classes": (
        lambda p: p,
        [1, -1],
        {},
        "2 scores for each point, so the classes are 0 to 1, but y has -1",
    ),
    "a threshold for several scores": (
        lambda p: p,
        [1, 0],
        {"threshold": 0.5},
        "threshold=0.5 is for one score, and predict.. gave 2",
    ),
    "NaN": (lambda p: height(p) * math.nan, [1, 0], {}, "what predict.. gave .* NaN is among"),
    "NaN in one score": (
        lambda p: np.where(p > p.mean(), p, math.nan),
        [1, 0],
        {},
        "NaN is among",
    ),
    "whole scores": (
        lambda p: np.ceil(5 * height(p)).astype(int),
        [1, 0],
        {},
        "gave -7, and the classes of y are 0, 1: .* threshold=0 if it gives scores",
    ),
    "zeros for signs": (
        lambda p: diagonal(p).astype(int),
        [1, -1],
        {},
        "gave 0, and the classes of y are -1, 1",
    ),
    "numbers without end": (
        lambda p: np.arange(len(p)),
        [1, 0],
        {},
        "what predict.. gave has 900 different numbers, from 0 to 899: too many to be classes",
    ),
    "targets that are no classes": (
        height,
        np.linspace(0, 1, 101),
        {},
        "y has 101 different numbers, from 0 to 1: too many",
    ),
    "NaN in y": (height, [math.nan, 1.0], {}, "y must be numbers, and NaN is among them"),
    "names": (lambda p: np.full(len(p), "left"), [1, 0], {}, "what predict.. gave must be numbers"),
    "names in y": (height, ["left", "right"], {}, "y must be numbers, not of type <U5"),
    "a threshold that is none": (height, [1, 0], {"threshold": math.nan}, "finite number, not nan"),
}


@pytest.mark.parametrize(
    ("predict", "y", "settings", "message"), UNREADABLE.values(), ids=UNREADABLE
)
def test_what_has_no_right_reading_is_refused(predict, y, settings, message):
    X = np.arange(2 * len(y)).reshape(-1, 2) % 5
    with pytest.raises(ValueError, match=message):
        decision_boundary(predict, X, y, resolution=30, **settings)


def test_examples_on_one_line_are_drawn():
    decision_boundary(diagonal, [[1.0, 2.0]], [1], resolution=5).draw_without_rendering()


@pytest.mark.parametrize(
    ("X", "y"), [([[1.0, 2.0, 3.0]], [0]), ([[1.0, 2.0]], [0, 1]), (np.zeros((0, 2)), [])]
)
def test_examples_of_the_wrong_shape_are_named(X, y):
    with pytest.raises(ValueError, match=r"X is \(n, 2\) and y is \(n,\)"):
        decision_boundary(diagonal, X, y)


def test_predictions_of_the_wrong_shape_are_named():
    with pytest.raises(ValueError, match=r"\(3,\) for 25 points"):
        decision_boundary(lambda points: [1, 2, 3], [[1.0, 2.0]], [1], resolution=5)


@pytest.mark.parametrize(("mistakes", "pictures"), [(0, 0), (1, 1), (7, 7), (30, 25)])
@pytest.mark.parametrize("shape", [(8, 8), (64,), (5, 5)])
def test_the_page_shows_the_misread_digits_up_to_the_limit(mistakes, pictures, shape):
    images, truth = np.zeros((40, *shape)), np.arange(40) % 10
    predicted = np.where(np.arange(40) < mistakes, (truth + 1) % 10, truth)
    figure = misread_digits(images, truth, predicted)
    assert len(figure.axes) == pictures
    assert f"{mistakes} of 40" in figure.get_suptitle()
    if mistakes:
        assert figure.axes[0].get_title() == "0 read as 1"
    figure.draw_without_rendering()


def test_the_page_names_lengths_that_differ():
    with pytest.raises(ValueError, match="2 images, 3 true classes and 2 predicted"):
        misread_digits(np.zeros((2, 8, 8)), [1, 2, 3], [1, 2])


def test_figures_show_themselves_in_jupyter_and_leave_pyplot_alone():
    figure = training_curves(history())
    assert isinstance(figure, Figure)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )


def test_the_axes_of_a_boundary_are_called_as_the_inputs_in_drawings():
    axes = decision_boundary(lambda points: points[:, 0], [[0, 1], [1, 0]], [0, 1]).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x0", "x1")


def test_without_matplotlib_the_message_names_the_extra():
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "try: import viz.plots\n"
        "except ModuleNotFoundError as error: print(error.name, error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("matplotlib plots need matplotlib, which is not installed")
    assert "pip install 'chainrule[plots]'" in said
