import sys
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from viz.plots import decision_boundary, misread_digits, training_curves

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


PREDICTORS = {
    "classes": lambda points: diagonal(points).astype(int),
    "truth values": diagonal,
    "a column": lambda points: diagonal(points)[:, None].astype(int),
    "scores": lambda points: np.stack([points[:, 0], points[:, 1]], axis=1),
    "a list": lambda points: diagonal(points).tolist(),
    "one class only": lambda points: np.zeros(len(points), dtype=int),
}


@pytest.mark.parametrize("predict", PREDICTORS.values(), ids=PREDICTORS)
def test_a_decision_boundary_takes_classes_or_scores(predict):
    X, y = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.6]]), np.array([1, 0, 1])
    figure = decision_boundary(predict, X, y, resolution=30)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["0", "1"]
    figure.draw_without_rendering()


def test_classes_may_be_any_numbers():
    X, y = [[0.0, 1.0], [1.0, 0.0]], [1, -1]
    figure = decision_boundary(lambda p: np.where(diagonal(p), 1, -1), X, y, resolution=30)
    assert [t.get_text() for t in figure.axes[0].get_legend().get_texts()] == ["-1", "1"]


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
