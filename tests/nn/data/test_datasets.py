import sys

import numpy as np
import pytest

from nn import Dataset, circles, digits, moons, spiral, split, xor


def dataset(X=((1,), (2,)), y=(0, 1), classes=2):
    return Dataset("small", X, y, classes)


def test_digits_are_the_1797_scans():
    scans = digits()
    assert (scans.X.shape, scans.y.shape, scans.classes) == ((1797, 64), (1797,), 10)
    assert (scans.X.min(), scans.X.max()) == (0.0, 16.0)
    assert scans.X.dtype == np.float64
    assert sorted(set(scans.y.tolist())) == list(range(10))


def test_without_scikit_learn_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'chainrule\[sklearn\]'"):
        digits()


@pytest.mark.parametrize(
    ("dataset", "counts"),
    [
        (moons(7), [4, 3]),
        (circles(7), [4, 3]),
        (xor(8), [4, 4]),
        (spiral(10), [4, 3, 3]),
        (spiral(8, 4), [2] * 4),
    ],
    ids=repr,
)
def test_classes_are_of_equal_size(dataset, counts):
    assert np.bincount(dataset.y).tolist() == counts
    assert (dataset.X.shape, dataset.classes) == ((len(dataset), 2), len(counts))


def test_without_noise_the_moons_are_half_circles():
    still = moons(100, noise=0.0)
    centre = np.where(still.y[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    assert np.linalg.norm(still.X - centre, axis=1) == pytest.approx(1.0)
    assert (still.X[still.y == 0, 1] >= 0).all()
    assert (still.X[still.y == 1, 1] <= 0.5).all()


def test_without_noise_the_circles_lie_in_each_other_and_go_all_around():
    still = circles(100, noise=0.0)
    radius = np.where(still.y == 0, 1.0, 0.5)
    assert np.linalg.norm(still.X, axis=1) == pytest.approx(radius)
    for label in (0, 1):
        quadrants = {(x > 0, y > 0) for x, y in still.X[still.y == label].tolist()}
        assert len(quadrants) == 4


def test_xor_is_true_around_the_corners_where_one_of_both_is():
    data = xor(400, noise=0.05)
    corners = data.X.round()
    assert {(*corner, label) for corner, label in zip(corners.tolist(), data.y, strict=True)} == {
        (0.0, 0.0, 0),
        (0.0, 1.0, 1),
        (1.0, 0.0, 1),
        (1.0, 1.0, 0),
    }
    assert (data.X - corners).std() == pytest.approx(0.05, rel=0.1)


@pytest.mark.parametrize("X", [[[1], [2]], np.array([[1], [2]], np.uint8), ((1.0,), (2.0,))])
@pytest.mark.parametrize("y", [[0, 1], (0.0, 1.0), np.array([False, True])])
def test_lists_become_arrays(X, y):
    training, testing = split(dataset(X, y), test=0.5)
    assert sorted([*training.X[:, 0], *testing.X[:, 0]]) == [1.0, 2.0]
    assert (training.X.dtype, training.y.dtype) == (np.float64, np.int64)


def test_arrays_are_not_copied():
    data = moons(5)
    assert np.shares_memory(data.X, Dataset("same", data.X, data.y, 2).X)


def test_without_classes_y_holds_numbers():
    assert dataset(y=[0.5, -1], classes=0).y.tolist() == [0.5, -1.0]


def test_what_is_masked_is_no_class():
    with pytest.raises(TypeError, match="y is a masked array"):
        dataset(y=np.ma.masked_equal([0, 1], 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: moons(1), r"moons\(\) needs 2 examples or more, not 1"),
        (lambda: circles(1), r"circles\(\) needs 2 examples or more, not 1"),
        (lambda: xor(3), r"xor\(\) needs 4 examples or more, not 3"),
        (lambda: spiral(2), r"spiral\(\) needs 3 examples or more, not 2"),
        (lambda: moons(10.0), r"moons\(\) needs a whole number of examples, not 10.0"),
        (lambda: spiral("10"), r"spiral\(\) needs a whole number of examples, not '10'"),
        (lambda: moons(True), r"moons\(\) needs a whole number of examples, not True"),
        (lambda: moons(10, noise=-1), r"noise of moons\(\) is a number from 0 on, not -1"),
        (lambda: moons(10, noise=np.nan), r"noise of moons\(\) is a number from 0 on, not nan"),
        (lambda: circles(10, noise=None), r"noise of circles\(\) is a number from 0 on, not None"),
        (lambda: xor(10, noise=-1), r"noise of xor\(\) is a number from 0 on, not -1"),
        (lambda: spiral(10, noise="0.1"), r"noise of spiral\(\) is a number from 0 on, not '0.1'"),
        (lambda: spiral(10, noise=-0.5), r"noise of spiral\(\) is a number from 0 on, not -0.5"),
        (lambda: spiral(10, classes=3.0), "2 or more classes, not 3.0"),
        (lambda: spiral(10, classes=1), "2 or more classes, not 1"),
        (
            lambda: Dataset("odd", np.zeros((3, 2)), np.zeros(2, int), 2),
            r"a class in y for each example in X: X has the shape \(3, 2\), and y \(2,\)",
        ),
        (lambda: dataset(y=[0, 1, 1]), r"in X: X has the shape \(2, 1\), and y \(3,\)"),
        (lambda: dataset(X=[[1], [2, 3]]), r"X\[1\] has 2 numbers and X\[0\] has 1"),
        (lambda: dataset(X=[1, 2]), "X must be a matrix"),
        (lambda: dataset(X=[[1], ["2"]]), "X must hold numbers and nothing else, not '2'"),
        (
            lambda: dataset(y=["a", "b"]),
            "a Dataset takes classes that are whole numbers .* not 'a'",
        ),
        (lambda: dataset(y=[[0], [1, 0]]), r"a Dataset takes classes .* from 0 on, not \[0\]"),
        (lambda: dataset(y=[0.5, 1]), "a Dataset got the class 0.5 in row 0"),
        (lambda: dataset(y=[0, 1e300]), r"a Dataset got the class 1e\+300 in row 1"),
        (lambda: dataset(y=[0, 2]), "class 2 in row 1: with classes=2, .* from 0 to 1"),
        (lambda: dataset(y=[0.5, None], classes=0), "y has nan in row 1"),
        (lambda: dataset(classes=-1), "classes is how many there are, .* not -1"),
        (lambda: dataset(classes=["a", "b"]), r"classes is how many .* not \['a', 'b'\]"),
    ],
)
def test_errors_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
