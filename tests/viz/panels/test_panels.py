"""Panels: what they are made of stands where the numbers say, and is harmless."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from viz.panels.axes import Scale, around
from viz.panels.curves import Curves, Line
from viz.panels.plane import Plane
from viz.panels.readings import Numbers, Scores
from viz.panels.regions import areas, outline
from viz.panels.writing import svg
from viz.svg.allowed import check_svg


def area_of(polygon):
    following = [*polygon[1:], polygon[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(polygon, following, strict=True)) / 2


SIDE = np.arange(9.0)
SLOPES = {
    "upright": SIDE[None, :] - 3.3 + 0.0 * SIDE[:, None],
    "level": SIDE[:, None] - 3.3 + 0.0 * SIDE[None, :],
    "aslant": SIDE[None, :] + SIDE[:, None] - 8.0,
}


@pytest.mark.parametrize(
    ("name", "share"), [("upright", 4.7 / 8), ("level", 4.7 / 8), ("aslant", 0.5)]
)
def test_the_area_of_a_plane_above_zero_is_exact(name, share):
    assert sum(map(area_of, areas(SLOPES[name], 0.0))) == pytest.approx(share * 64)


@pytest.mark.parametrize("seed", range(3))
def test_the_areas_of_two_classes_are_all_of_the_plane_and_the_line_lies_between(seed):
    scores = np.random.default_rng(seed).normal(size=(64, 2))
    regions = Scores(False)(scores)
    both = [regions.heights(kind) for kind in (0, 1)]
    # In a saddle the two are joined either way, and neither has what is between.
    covered = sum(area_of(polygon) for heights in both for polygon in areas(heights, 0.0))
    assert 0.8 * 49 < covered < 1.2 * 49
    (x, y), *_ = next(outline(both[0]))
    left, top = min(int(x), 6), min(int(y), 6)
    corners = both[0][top : top + 2, left : left + 2]
    assert corners.min() < 0.0 < corners.max()


@pytest.mark.parametrize(
    ("read", "outputs"),
    [
        (Scores(False), [[math.inf, 0.0], [-math.inf, 0.0], [math.nan, 0.0], [1e308, -1e308]]),
        (Scores(True), [[1.0, 0.0], [0.0, 0.0], [0.5, 0.5], [2.0, -1.0]]),
        (Numbers(1.0, 1.0), [1.0, math.inf, -math.inf, math.nan]),
    ],
)
def test_numbers_beyond_all_bounds_are_margins_all_the_same(read, outputs):
    regions = read(np.array(outputs))
    assert np.isfinite(regions.margins).all()
    assert ((regions.margins >= 0.0) & (regions.margins <= 1.0)).all()


@pytest.mark.parametrize("low", [-1e6, -3.7, 0.0, 1e-9, 0.02, 123.0])
@pytest.mark.parametrize("width", [1e-6, 0.9, 7.0, 1e5])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_ticks_are_some_and_within_the_scale(low, width, logarithmic):
    if logarithmic and low <= 0.0:
        return
    scale = Scale(low, low + width, 0.0, 100.0, logarithmic)
    ticks = scale.ticks()
    assert len(ticks) <= 6
    assert len(ticks) == len(set(ticks))
    assert all(-1e-6 <= scale(tick) <= 100.0 + 1e-6 for tick in ticks)
    assert ticks or logarithmic


@pytest.mark.parametrize(
    "numbers",
    [[], [math.nan, math.inf], [0.0], [5.0, 5.0], [-1.0, 3.0], [1e-12, 1e12], [0.0, 1e-300]],
)
@pytest.mark.parametrize("share", [False, True])
def test_all_finite_numbers_have_their_place(numbers, share):
    scale = around(numbers, 0.0, 100.0, share=share)
    assert scale.ticks()
    assert all(-1e-6 <= scale(x) <= 100.0 + 1e-6 for x in numbers if math.isfinite(x) and x <= 1.06)


HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="x',
    "]]>",
    "&lt;&#x41;",
    "\\n\\N",
    "a\nb\tc\x00\x1b\ud800\ufffe",
    "\u202etfel",
    "x" * 10_000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_any_text_is_shown_as_the_text_it_is(text):
    curves = Curves("loss", text, [Line(text, [1, 2], [0.5, 0.25])], 0, 2)
    plane = Plane(np.eye(2), np.array([0.0, 1.0]), Scores(False), np.array([0, 1]), [text, "b"])
    panels = [
        curves.panel(400, 200, at=2),
        plane.panel(400, 300, plane.read(plane.points)),
    ]
    for panel in panels:
        written = svg(panel)
        check_svg(written.encode())
        shown = [x.text or "" for x in ElementTree.fromstring(written).iter() if x.text]
        assert len(text) > 20 or not text.isprintable() or text == "" or text in shown
        assert len(written) < 60_000
