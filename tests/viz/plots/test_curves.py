import math
from itertools import pairwise

import numpy as np
import pytest

from nn import History
from viz.plots import training_curves

FALLING = [2.0, 1.0, 0.5]
NAN, INF = math.nan, math.inf


def curves(axes):
    """The names of the lines that are drawn."""
    return [line.get_label() for line in axes.lines if not line.get_label().startswith("_")]


PANELS = {
    "loss": (History(loss=FALLING), {"Loss": ["training", "best: epoch 3"]}),
    "validation": (
        History(loss=FALLING, validation_loss=[1.0, 0.5, 0.7], accuracy=[0.1, 0.2, 0.3]),
        {"Loss": ["training", "validation", "best: epoch 2"], "Accuracy": ["training"]},
    ),
    "penalty": (
        History(loss=FALLING, penalty=FALLING, learning_rate=[0.1] * 3),
        {"Loss": ["training", "best: epoch 3"], "Penalty": []},
    ),
    "rates": (
        History(loss=FALLING, learning_rate=[0.1, 0.1, 0.01]),
        {"Loss": ["training", "best: epoch 3"], "Learning rate": []},
    ),
    "one epoch": (
        History(loss=[1.0], accuracy=[0.5]),
        {"Loss": ["training"], "Accuracy": ["training"]},
    ),
    "no epochs": (History(), {"Loss": []}),
    "nothing finite": (History(loss=[NAN, INF, NAN]), {"Loss": ["training", "not finite"]}),
}


@pytest.mark.parametrize(("history", "panels"), PANELS.values(), ids=PANELS)
def test_there_is_a_panel_for_each_measure_and_a_line_for_each_set(history, panels):
    figure = training_curves(history)
    assert {axes.get_title(): curves(axes) for axes in figure.axes} == panels


def test_epochs_count_from_one():
    line = training_curves(History(loss=FALLING)).axes[0].lines[0]
    assert list(line.get_xdata()) == [1, 2, 3]
    assert list(line.get_ydata()) == FALLING


def test_the_best_epoch_is_the_one_that_the_history_says():
    history = History(loss=FALLING, validation_loss=[1.0, 0.5, 0.7])
    ring = training_curves(history).axes[0].lines[-1]
    assert ring.get_xydata().tolist() == [[history.best, 0.5]]


def test_what_is_not_finite_is_a_gap_with_a_cross_and_what_stands_alone_a_point():
    axes = training_curves(History(loss=[4.0, INF, 2.0, NAN])).axes[0]
    line, points, crosses, _ = axes.lines
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, True]
    assert points.get_xydata().tolist() == [[1.0, 4.0], [3.0, 2.0]]
    assert list(crosses.get_xdata()) == [2, 4]


def test_between_what_a_logarithm_leaves_out_stand_points_and_no_ring_is_named_there():
    axes = training_curves(History(loss=[1.0, 0.0, 0.5, 0.0, 0.25, 0.0]), log=True).axes[0]
    _, points = axes.lines
    assert points.get_xydata().tolist() == [[1.0, 1.0], [3.0, 0.5], [5.0, 0.25]]
    assert curves(axes) == ["training"]


@pytest.mark.parametrize("epochs", [10_000, 100_000])
def test_of_many_epochs_the_numbers_do_not_stand_on_each_other(epochs):
    figure = training_curves(History(loss=[1.0] * epochs, accuracy=[1.0], penalty=[1.0]))
    axes = figure.axes[0]
    figure.draw_without_rendering()
    low, high = axes.get_xlim()
    boxes = [
        label.get_window_extent()
        for label, place in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
        if low <= place <= high
    ]
    assert all(left.x1 + 2 < right.x0 for left, right in pairwise(boxes))


@pytest.mark.parametrize(
    ("losses", "scale"),
    [(FALLING, "log"), ([1.0, 0.0], "log"), ([0.0, -1.0], "linear"), ([NAN, NAN], "linear")],
)
def test_an_axis_is_logarithmic_if_there_is_something_above_zero(losses, scale):
    figure = training_curves(History(loss=losses, accuracy=[0.5, 0.6]), log=True)
    assert [axes.get_yscale() for axes in figure.axes] == [scale, "linear"]
    figure.draw_without_rendering()


def test_in_one_axes_of_a_persons_own_is_the_loss(axes):
    history = History(loss=FALLING, accuracy=FALLING)
    assert training_curves(history, ax=axes) is axes.figure
    assert axes.get_title() == "Loss"


def test_each_panel_may_have_an_axes_of_a_persons_own(axes):
    history = History(loss=FALLING, accuracy=FALLING)
    figure = training_curves(history, ax=axes.figure.axes)
    assert [each.get_title() for each in figure.axes] == ["Loss", "Accuracy"]
    with pytest.raises(ValueError, match="this plot has 1 panels, and ax has 2"):
        training_curves(History(loss=FALLING), ax=axes.figure.axes)


def test_what_is_no_history_is_named():
    with pytest.raises(TypeError, match=r"the History that fit\(\) gave, not \[1.0\]"):
        training_curves([1.0])
