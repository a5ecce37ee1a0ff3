import math

import numpy as np
import pytest

from viz.plots.predicted.classes import labels_of, read

AXIS = np.linspace(0.0, 1.0, 30)
POINTS = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
ABOVE, BELOW = 29 * 30, 29  # the corners that are farthest from the diagonal


def diagonal(points):
    return points[:, 1] > points[:, 0]


def height(points):
    """A score: how far a point is above the diagonal."""
    return points[:, 1] - points[:, 0]


def probability(points):
    return 1 / (1 + np.exp(-5 * height(points)))


def reading(predict, y, threshold=None):
    labels = labels_of(np.asarray(y).astype(int) if np.asarray(y).dtype == bool else np.asarray(y))
    return read(predict(POINTS), len(POINTS), labels, threshold)


# What predict() gives, the classes of y, the threshold.
READINGS = {
    "classes": (lambda p: diagonal(p).astype(int), [1, 0], None),
    "truth values": (diagonal, [1, 0], None),
    "a column": (lambda p: diagonal(p)[:, None].astype(int), [1, 0], None),
    "scores of each class": (lambda p: 7 * p, [1, 0], None),
    "probabilities of each class": (
        lambda p: np.stack([1 - probability(p), probability(p)], axis=1),
        [1, 0],
        None,
    ),
    "a list": (lambda p: diagonal(p).tolist(), [1, 0], None),
    "classes as floats": (lambda p: diagonal(p).astype(float), [1, 0], None),
    "logits": (height, [1, 0], None),
    "a column of logits": (lambda p: height(p)[:, None], [1, 0], None),
    "infinite logits": (lambda p: height(p) * math.inf ** diagonal(p), [1, 0], None),
    "logits, true and false": (height, [True, False], None),
    "probabilities": (probability, [1, 0], 0.5),
    "saturated": (lambda p: np.sign(height(p)), [1, 0], 0),
    "whole scores": (lambda p: np.ceil(5 * height(p)).astype(int), [1, 0], 0),
}
SIGNS = {
    "signs": (lambda p: np.where(diagonal(p), 1, -1), [1, -1], None),
    "signs as floats": (lambda p: np.where(diagonal(p), 1.0, -1.0), [1, -1], None),
    "truth values of signs": (diagonal, [1, -1], None),
    "a hinge": (height, [1, -1], None),
    "a threshold": (lambda p: height(p) + 7, [1, -1], 7),
    "zeros and ones": (lambda p: diagonal(p).astype(int), [1, -1], 0.5),
}


@pytest.mark.parametrize(("predict", "y", "threshold"), READINGS.values(), ids=READINGS)
def test_classes_and_scores_are_read(predict, y, threshold):
    predicted = reading(predict, y, threshold).predicted
    assert (predicted[ABOVE], predicted[BELOW]) == (1, 0)
    inside = POINTS[:, 1] != POINTS[:, 0]
    assert ((predicted == 1) == diagonal(POINTS))[inside].all()


@pytest.mark.parametrize(("predict", "y", "threshold"), SIGNS.values(), ids=SIGNS)
def test_signs_are_classes_too(predict, y, threshold):
    predicted = reading(predict, y, threshold).predicted
    assert (predicted[ABOVE], predicted[BELOW]) == (1, -1)


def test_the_classes_of_y_need_not_follow_each_other():
    assert set(reading(height, [7, 2.5]).predicted) == {7, 2.5}


CASES = READINGS | SIGNS
SCORED = [name for name in CASES if reading(*CASES[name]).shares.shape[1]]


@pytest.mark.parametrize("name", SCORED)
def test_the_class_of_a_point_has_the_largest_share_and_shares_sum_to_one(name):
    predicted, among, shares = reading(*CASES[name])
    assert among[shares.argmax(axis=1)].tolist() == predicted.tolist()
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert shares.min() >= 0.0


def test_of_classes_alone_it_is_not_known_how_sure_they_are():
    assert set(CASES) - set(SCORED) == {
        *("classes", "truth values", "a column", "a list", "classes as floats"),
        *("signs", "signs as floats", "truth values of signs"),
    }


def test_probabilities_are_shares_as_they_are_and_logits_by_their_softmax():
    p = probability(POINTS)
    of_probabilities = reading(*READINGS["probabilities of each class"]).shares
    assert of_probabilities[:, 1] == pytest.approx(p)
    assert reading(lambda q: 5 * height(q), [1, 0]).shares[:, 1] == pytest.approx(p)
    two = reading(lambda q: np.stack([0 * height(q), 5 * height(q)], axis=1), [1, 0]).shares
    assert two[:, 1] == pytest.approx(p)


def test_a_threshold_of_probabilities_lies_halfway_between_the_classes():
    shares = read([0.0, 0.04, 0.2, 0.2**0.5, 1.0], 5, np.array([0, 1]), 0.2).shares
    assert shares[:, 1] == pytest.approx([0.0, 0.25, 0.5, 0.5**0.5, 1.0])


UNREADABLE = {
    "probabilities": (
        lambda p: 1 / (1 + np.exp(-height(p))),
        [1, 0],
        None,
        "from 0 to 1 for each point: say threshold=0.5 if they are probabilities",
    ),
    "one score for three classes": (
        height,
        [0, 1, 2],
        None,
        "tells two classes apart, and y has 3",
    ),
    "one score for one class": (height, [1], None, "tells two classes apart, and y has 1"),
    "scores of other classes": (
        lambda p: p,
        [1, -1],
        None,
        "2 scores for each point, so the classes are 0 to 1, but y has -1",
    ),
    "a threshold for several scores": (
        lambda p: p,
        [1, 0],
        0.5,
        "threshold=0.5 is for one score, and predict.. gave 2",
    ),
    "NaN": (lambda p: height(p) * math.nan, [1, 0], None, "what predict.. gave .* NaN is among"),
    "NaN in one score": (
        lambda p: np.where(p > p.mean(), p, math.nan),
        [1, 0],
        None,
        "NaN is among",
    ),
    "whole scores": (
        lambda p: np.ceil(5 * height(p)).astype(int),
        [1, 0],
        None,
        "gave -5, and the classes of y are 0, 1: .* threshold=0 if it gives scores",
    ),
    "zeros for signs": (
        lambda p: diagonal(p).astype(int),
        [1, -1],
        None,
        "gave 0, and the classes of y are -1, 1",
    ),
    "numbers without end": (
        lambda p: np.arange(len(p)),
        [1, 0],
        None,
        "what predict.. gave has 900 different numbers, from 0 to 899: too many to be classes",
    ),
    "targets that are no classes": (
        height,
        np.linspace(0, 1, 101),
        None,
        "y has 101 different numbers, from 0 to 1: too many",
    ),
    "NaN in y": (height, [math.nan, 1.0], None, "y must be numbers, and NaN is among them"),
    "names": (
        lambda p: np.full(len(p), "left"),
        [1, 0],
        None,
        "what predict.. gave must be numbers",
    ),
    "names in y": (height, ["left", "right"], None, "y must be numbers, not of type <U5"),
    "a threshold that is none": (height, [1, 0], math.nan, "finite number, not nan"),
}


@pytest.mark.parametrize(
    ("predict", "y", "threshold", "message"), UNREADABLE.values(), ids=UNREADABLE
)
def test_what_has_no_right_reading_is_refused(predict, y, threshold, message):
    with pytest.raises(ValueError, match=message):
        reading(predict, y, threshold)


def test_predictions_of_the_wrong_shape_are_named():
    with pytest.raises(ValueError, match=r"shape \(3,\) for 900 points"):
        reading(lambda points: [1, 2, 3], [0, 1])
