"""Panels of numbers of any size: their labels say them, tell them apart, and are not cut."""

from xml.etree import ElementTree

import numpy as np
import pytest

from viz.panels.axes import Scale, around, label, label_width, labels, widened
from viz.panels.curves import Curves, Line
from viz.panels.plane import SIDE, Plane
from viz.panels.readings import Scores

RANGES = [
    (1e16, 1e16),
    (1.7e18, 1.7e18 + 59.0),
    (-1e308, 1e308),
    (1.0, 1.7e308),
    (5e-324, 1.0),
    (1.7e308, 1.7e308),
    (0.0, 5e-324),
    (0.0, 1e-320),
    (1e-13, 5e-13),
    (-5e199, 5e199),
    (-2e7, 1.5e7),
    (1000000.2, 1000000.6),
    (-0.0005, 0.0001),
    (0.0, 1.0),
]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2e-13, "2e−13"),
        (5e-324, "4.94066e−324"),
        (1.8e300, "1.8e+300"),
        (-0.0, "0"),
        (-0.5, "−0.5"),
    ],
)
def test_a_label_says_its_number_however_small_or_large(number, written):
    assert label(number) == written


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_each_range_has_ticks_within_it_that_are_told_apart(low, high):
    for scale in (Scale(*widened(low, high, 0.12, 0.12), 0.0, 100.0), around([low, high], 0, 100)):
        ticks = scale.ticks()
        assert ticks
        assert len(set(labels(ticks))) == len(ticks)
        assert all(-1e-6 <= scale(x) <= 100.0 + 1e-6 for x in (*ticks, low, high))


def cut(panel):
    """The texts that begin left of the panel."""
    texts = ElementTree.fromstring(f"<g>{panel.content}</g>").iter("text")
    ended = [x for x in texts if x.get("text-anchor") == "end"]
    return [x.text for x in ended if float(x.get("x")) < label_width(x.text)]


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_the_labels_at_the_left_are_not_cut(low, high):
    X = np.array([[0.0, low], [1.0, high]])
    plane = Plane(X, np.array([0.0, 1.0]), Scores(False), np.array([0, 1]), ["a", "b"])
    assert not cut(plane.panel(424, 360, plane.read(plane.points)))
    curves = Curves("loss", "Loss", [Line("training", [1, 2], [low, high])], 0, 2)
    assert not cut(curves.panel(424, 170, at=2))


@pytest.mark.parametrize(("low", "high"), [pair for pair in RANGES if pair[1] != 5e-324])
def test_the_points_of_a_plane_are_finite_and_apart(low, high):
    X = np.array([[low, 0.0], [high, 1.0]])
    plane = Plane(X, np.array([0.0, 1.0]), Scores(False), np.array([0, 1]), ["a", "b"])
    assert len(np.unique(plane.points[:, 0])) == SIDE
    assert np.isfinite(plane.points).all()
