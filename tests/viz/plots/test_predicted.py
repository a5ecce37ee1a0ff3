import numpy as np
import pytest

from viz.plots import confusion, misread_digits, predictions


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize(("mistakes", "pictures"), [(0, 0), (1, 1), (7, 7), (30, 25)])
@pytest.mark.parametrize("shape", [(8, 8), (64,), (5, 4)])
def test_the_page_shows_the_misread_digits_up_to_the_limit(mistakes, pictures, shape):
    images, truth = np.zeros((40, *shape)), np.arange(40) % 10
    predicted = np.where(np.arange(40) < mistakes, (truth + 1) % 10, truth)
    figure = misread_digits(images, truth, predicted)
    axes = figure.axes[0]
    assert len(axes.images) == pictures
    assert f"{mistakes} of 40" in axes.get_title()
    assert texts(figure)[0] == ("0 read as 1" if mistakes else "every digit was read right")


@pytest.mark.parametrize(
    ("shape", "message"),
    [((2, 8, 8), "2 images, 3 true classes and 2 predicted"), ((3, 7), r"square, not \(3, 7\)")],
)
def test_the_page_names_what_does_not_fit(shape, message):
    with pytest.raises(ValueError, match=message):
        misread_digits(np.zeros(shape), [1, 2, 3], [1, 2])


def test_a_confusion_matrix_is_coloured_by_the_shares_of_each_row():
    axes = confusion([[5, 5], [0, 0]], classes=["cat", "dog"]).axes[0]
    assert np.asarray(axes.images[0].get_array()).tolist() == [[0.5, 0.5], [0.0, 0.0]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog"]


def test_a_confusion_matrix_of_many_classes_goes_without_numbers():
    assert texts(confusion(np.eye(20, dtype=int)))[0] == "1"
    assert texts(confusion(np.eye(21, dtype=int))) == []


@pytest.mark.parametrize(
    ("matrix", "classes", "message"),
    [
        ([[1, 2]], None, r"shape \(1, 2\) and type int64"),
        ([[0.5]], None, "type float64"),
        ([[-1]], None, "whole numbers from 0 on"),
        (np.zeros((101, 101), int), None, "101 classes are too many"),
        ([[1]], ["a", "b"], "2 names for 1 classes"),
    ],
)
def test_what_is_no_confusion_matrix_is_named(matrix, classes, message):
    with pytest.raises(ValueError, match=message):
        confusion(matrix, classes)


def test_predictions_are_points_beside_the_line_of_exact_ones():
    axes = predictions([1.0, 2.0], [1.5, 2.0]).axes[0]
    assert axes.collections[0].get_offsets().tolist() == [[1.0, 1.5], [2.0, 2.0]]
    assert axes.lines[0].get_xydata().tolist() == [[1.0, 1.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("y", "predicted", "message"),
    [
        ([1.0], [1.0, 2.0], r"\(1,\) and \(2,\) came"),
        ([], [], r"\(0,\) and \(0,\) came"),
        ([1.0], [np.inf], "finite"),
    ],
)
def test_predictions_that_cannot_be_drawn_are_named(y, predicted, message):
    with pytest.raises(ValueError, match=message):
        predictions(y, predicted)
