import sys

import numpy as np
import pytest

from nn import Dataset, digits, moons, spiral, split, standardize


def test_digits_are_the_1797_scans():
    pytest.importorskip("sklearn")
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
    ("dataset", "counts"), [(moons(7), [4, 3]), (spiral(10), [4, 3, 3]), (spiral(8, 4), [2] * 4)]
)
def test_classes_are_of_equal_size(dataset, counts):
    assert np.bincount(dataset.y).tolist() == counts
    assert dataset.X.shape == (len(dataset), 2)


def test_without_noise_the_moons_are_half_circles():
    still = moons(100, noise=0.0)
    centre = np.where(still.y[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    assert np.linalg.norm(still.X - centre, axis=1) == pytest.approx(1.0)
    assert (still.X[still.y == 0, 1] >= 0).all()
    assert (still.X[still.y == 1, 1] <= 0.5).all()


@pytest.mark.parametrize(("test", "held_out"), [(0.2, 20), (0.999, 99), (0.001, 1)])
def test_split_parts_the_examples_and_keeps_their_classes(test, held_out):
    whole = moons(100)
    parts = split(whole, test=test)
    assert [len(part) for part in parts] == [100 - held_out, held_out]
    together = {(*x, y) for part in parts for x, y in zip(part.X.tolist(), part.y, strict=True)}
    assert together == {(*x, y) for x, y in zip(whole.X.tolist(), whole.y, strict=True)}


def test_standardize_measures_the_training_part_only():
    training = Dataset("a", np.array([[0.0, 5.0], [2.0, 5.0]]), np.array([0, 1]), 2)
    testing = Dataset("b", np.array([[3.0, 7.0]]), np.array([0]), 2)
    learned, tested = standardize(training, testing)
    assert learned.X.tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    assert tested.X.tolist() == [[2.0, 2.0]]
    assert (tested.name, tested.classes) == ("b", 2)
    assert training.X.tolist() == [[0.0, 5.0], [2.0, 5.0]]


def test_a_constant_column_is_not_blown_up_by_rounding():
    X = np.full((1437, 1), 0.1)
    assert X.std() > 0
    constant = Dataset("constant", X, np.zeros(1437, int), 1)
    learned, tested = standardize(constant, Dataset("new", X[:1] + 1.0, np.zeros(1, int), 1))
    assert not learned.X.any()
    assert tested.X[0, 0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: moons(1), r"moons\(\) needs 2 examples or more, not 1"),
        (lambda: spiral(2), r"spiral\(\) needs 3 examples or more, not 2"),
        (lambda: moons(10.0), r"moons\(\) needs a whole number of examples, not 10.0"),
        (lambda: spiral("10"), r"spiral\(\) needs a whole number of examples, not '10'"),
        (lambda: moons(True), r"moons\(\) needs a whole number of examples, not True"),
        (lambda: moons(10, noise=-1), r"noise of moons\(\) is a number from 0 on, not -1"),
        (lambda: moons(10, noise=np.nan), r"noise of moons\(\) is a number from 0 on, not nan"),
        (lambda: spiral(10, noise="0.1"), r"noise of spiral\(\) is a number from 0 on, not '0.1'"),
        (lambda: spiral(10, noise=-0.5), r"noise of spiral\(\) is a number from 0 on, not -0.5"),
        (lambda: spiral(10, classes=3.0), "2 or more classes, not 3.0"),
        (lambda: spiral(10, classes=1), "2 or more classes, not 1"),
        (lambda: split(moons(10), test=1.0), "above 0 and below 1, not 1.0"),
        (lambda: split(split(moons(2))[0]), r"split\(\) needs 2 examples or more, not 1"),
        (
            lambda: standardize(Dataset("none", np.zeros((0, 2)), np.zeros(0, int), 2)),
            r"standardize\(\) needs 1 examples or more, not 0",
        ),
    ],
)
def test_errors_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda X, y: split(X, y),
        lambda X, y: split((X, y)),
        lambda X, y: standardize(X),
        lambda X, y: standardize(moons(10), X),
    ],
)
def test_arrays_are_refused_and_told_how_to_become_a_data_set(call):
    message = r"takes a Dataset, not .*: make one with Dataset\(name, X, y, classes\)"
    with pytest.raises(TypeError, match=message):
        call(np.zeros((5, 2)), np.zeros(5, int))
