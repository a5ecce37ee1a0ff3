import numpy as np
import pytest

from nn import one_hot


@pytest.mark.parametrize("y", [[0, 2, 1], np.array([0, 2, 1], np.uint8), [0.0, 2.0, 1.0]])
def test_each_row_is_1_at_its_class_and_0_elsewhere(y):
    hot = one_hot(y)
    assert hot.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert hot.dtype == np.float64


def test_classes_that_do_not_occur_have_a_column_if_their_number_is_said():
    assert one_hot([1, 0], classes=4).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]


@pytest.mark.parametrize(
    ("y", "classes", "message"),
    [
        ([0, 3], 3, "the class 3 in row 1: with classes=3, a class is a whole number from 0 to 2"),
        ([0, -1], None, "the class -1 in row 1: a class is a whole number from 0 on"),
        ([0.5], None, "the class 0.5 in row 0: a class is a whole number from 0 on"),
        ([0, np.nan], None, "the class nan in row 1"),
        ([np.inf], None, "the class inf in row 0"),
        ([[0], [1]], None, r"a class for each example, shape \(n,\), not the shape \(2, 1\)"),
        ([], None, r"a class for each example, shape \(n,\), not the shape \(0,\)"),
        (["red", "blue"], None, "not 'red': names, y = np.unique.y, return_inverse=True. numbers"),
        ([[0], [1, 0]], None, r"classes that are whole numbers from 0 on, not \[0\]"),
        ([0, 1], 0, "classes must be a whole number from 1 on, not 0"),
    ],
)
def test_errors_say_what_is_wrong(y, classes, message):
    with pytest.raises(ValueError, match=message):
        one_hot(y, classes)


def test_an_argument_from_elsewhere_is_told_its_name_here():
    with pytest.raises(TypeError, match=r"^one_hot\(\) takes no num_classes=: say classes="):
        one_hot([0, 1], num_classes=2)
