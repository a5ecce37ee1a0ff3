from functools import partial

import numpy as np
import pytest

from autograd import log, no_grad
from nn import SGD, Adam, Parameter
from tests.viz.plots.test_figure import cut
from viz.plots import hill, optimizer_paths


def bowl(x, y):
    return x**2 + 3 * y**2


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def small(f=bowl, *arguments, **settings):
    return hill(f, *arguments, resolution=15, **settings).axes[0]


def labels(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def arrows(axes):
    """What is drawn of each arrow: points of shape (n, 2), of which it begins at the first."""
    assert not any(arrow.get_clip_on() for arrow in axes.patches)
    axes.figure.draw_without_rendering()
    paths = [arrow.get_path() for arrow in axes.patches]
    return [path.vertices[path.codes != path.CLOSEPOLY] for path in paths]


def test_an_arrow_points_along_the_gradient():
    axes = small(gradient_at=[(1.0, 1.0), (-1.0, 0.5)])
    assert labels(axes) == ["gradient (2, 6) at (1, 1)", "gradient (-2, 3) at (-1, 0.5)"]
    for arrow, slope in zip(arrows(axes), [(2.0, 6.0), (-2.0, 3.0)], strict=True):
        away = arrow[2] - arrow[0]
        assert away / np.linalg.norm(away) == pytest.approx(np.array(slope) / np.linalg.norm(slope))


@pytest.mark.parametrize("scale", [1.0, 0.07, 300.0])
def test_lines_of_equal_height_are_at_round_numbers(scale):
    axes = small(lambda x, y: scale * (8 - x**2 + x * y - 1.5 * y**2))
    lines = axes.collections[-1].levels
    assert 8 <= len(lines) <= 18
    apart = np.diff(lines)
    assert apart == pytest.approx(apart[0])
    assert float(f"{apart[0]:.3e}".partition("e")[0]) in (1.0, 2.0, 2.5, 5.0)
    assert lines / apart[0] == pytest.approx(np.round(lines / apart[0]), abs=1e-6)


def test_lines_of_equal_height_stay_whole_and_their_numbers_stand_out():
    axes = small(lambda x, y: x + 0 * y)
    assert axes.texts
    assert all(label.get_path_effects() for label in axes.texts)
    for path in axes.collections[-1].get_paths():
        assert len(path.to_polygons(closed_only=False)) == 1


def test_lines_of_equal_height_are_drawn_also_of_small_differences_high_up():
    lines = small(lambda x, y: 1e9 + 1e-6 * x + 0 * y).collections[-1].levels
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("between", "settings"),
    [
        ((-2, 2), {"gradient_at": [(1.8, 0.0), (0.5, 0.5)]}),
        ((-2, 2), {}),
        (((-1, 1), (-100, 100)), {}),
        (((-100, 100), (-1, 1)), {"gradient_at": [(99.0, 0.5)]}),
    ],
)
def test_every_arrow_is_seen_also_beside_the_frame_and_where_the_axes_differ(between, settings):
    axes = small(bowl, between, **settings)
    drawn = arrows(axes)
    assert len(drawn) == len(settings.get("gradient_at", range(81)))
    sides = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
    longest = max((np.ptp(arrow, axis=0) / sides).max() for arrow in drawn)
    assert 0.07 < longest < 0.2
    assert cut(axes.figure) < 1.0


def test_as_many_gradients_are_named_as_can_be_told_apart():
    axes = small(gradient_at=np.linspace((-2, -1), (2, 1), 20))
    assert len(arrows(axes)) == 20
    assert len(labels(axes)) == 9
    assert labels(axes)[-1] == "and 12 more"


def test_arrows_all_over_stay_within_the_frame():
    assert max(np.abs(arrow).max() for arrow in arrows(small())) < 2.0


def test_without_recording_gradients_are_the_same():
    with no_grad():
        inside = small(gradient_at=(1.0, 1.0)), paths({"SGD": partial(SGD, learning_rate=0.1)})
    outside = small(gradient_at=(1.0, 1.0)), paths({"SGD": partial(SGD, learning_rate=0.1)})
    assert [*map(labels, inside)] == [*map(labels, outside)]


def test_without_points_arrows_stand_all_over_where_there_is_a_height():
    assert len(arrows(small())) == 81
    half = small(lambda x, y: log(x) + y)
    starts = [arrow[0, 0] for arrow in arrows(half)]
    assert min(starts) > 0


def test_a_path_begins_at_a_ring_and_ends_at_a_star():
    axes = small(path=[(1, 1), (0, 0.5), (0, 0)])
    walked, ring, star = axes.lines
    assert walked.get_xydata().tolist() == [[1, 1], [0, 0.5], [0, 0]]
    assert ring.get_xydata().tolist() == [[1, 1]]
    assert star.get_xydata().tolist() == [[0, 0]]
    assert star.get_marker() == "*"


@pytest.mark.parametrize(
    "f",
    [
        rosenbrock,
        lambda x, y: 0 * x + 1,
        lambda x, y: 2.0,
        lambda x, y: 1 / (x * y),
        lambda x, y: log(-x * x - y * y - 1),
    ],
    ids=["walls", "a plane", "a number", "poles", "no height anywhere"],
)
def test_landscapes_of_any_kind_are_drawn(f):
    small(f).figure.draw_without_rendering()


def test_both_directions_may_have_ends_of_their_own():
    axes = small(bowl, ((0, 1), (5, 50)))
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 1), (5, 50))


@pytest.mark.parametrize(
    ("f", "settings", "error", "message"),
    [
        (bowl, {"between": (1, 1)}, ValueError, "between is from a lower to a higher"),
        (bowl, {"between": ((0, 1), (1, 0))}, ValueError, r"between\[1\] is from a lower"),
        (bowl, {"gradient_at": (1, 2, 3)}, ValueError, r"gradient_at is finite points .* \(3,\)"),
        (bowl, {"path": [(0, np.nan)]}, ValueError, "path is finite points"),
        (bowl, {"resolution": 1}, ValueError, "resolution must be .* from 2 on, not 1"),
        (bowl, {"resolution": 9.0}, ValueError, "resolution must be a whole number"),
        (bowl, {"inputs": "xy"}, TypeError, r"inputs is a tuple of names, such as .* not 'xy'"),
        (bowl, {"inputs": ("x",)}, ValueError, "inputs has 1 names, and 2 are expected"),
        (bowl, {"gradient_at": (1, 3)}, ValueError, r"gradient_at has \(1, 3\), where nothing is"),
        (lambda x, y: log(x) + y, {"gradient_at": (0, 1)}, ValueError, r"no gradient at \(0, 1\)"),
        (lambda x, y: [x, y], {}, TypeError, "the function gives a Value for two Values"),
    ],
)
def test_what_is_no_landscape_is_named(f, settings, error, message):
    with pytest.raises(error, match=message):
        hill(f, **settings)


def paths(optimizers, steps=20, f=bowl, start=(2.0, 1.0), **settings):
    settings = {"steps": steps, "resolution": 15, **settings}
    return optimizer_paths(f, start, optimizers, **settings).axes[0]


def test_a_path_is_that_of_the_optimizer():
    axes = paths({"SGD": partial(SGD, learning_rate=0.1)})
    walked = axes.lines[0].get_xydata()
    x, y = Parameter(2.0), Parameter(1.0)
    optimizer = SGD([x, y], learning_rate=0.1)
    for point in walked:
        assert point.tolist() == [x.data, y.data]
        optimizer.zero_grad()
        bowl(x, y).backward()
        optimizer.step()
    assert len(walked) == 21


def test_each_optimizer_has_a_path_of_its_own_look_and_its_last_height():
    axes = paths({"SGD": partial(SGD, learning_rate=0.1), "$Adam$": Adam})
    looks = {
        (line.get_linestyle(), line.get_color(), line.get_marker()) for line in axes.lines[::3]
    }
    assert len(looks) == 2
    last = bowl(*axes.lines[0].get_xydata()[-1])
    assert labels(axes)[0] == f"SGD: {last:.4g} after 20 steps"
    assert labels(axes)[1].startswith(r"\$Adam\$: ")


def test_a_name_may_begin_with_a_line():
    assert labels(paths({"_mine": Adam}))[0].startswith("_mine: ")


def test_one_that_runs_off_does_not_shrink_the_others():
    alone = paths({"SGD": partial(SGD, learning_rate=0.1)})
    both = paths({"SGD": partial(SGD, learning_rate=0.1), "fast": partial(SGD, learning_rate=1.0)})
    assert both.get_xlim() == alone.get_xlim()


def test_a_path_ends_where_it_leaves_the_finite_numbers():
    with np.errstate(all="ignore"):
        axes = paths({"fast": partial(SGD, learning_rate=1e200)}, between=(-3, 3))
    assert "after 1 step" in labels(axes)[0] or "after 0 steps" in labels(axes)[0]


@pytest.mark.parametrize(
    ("optimizers", "settings", "error", "message"),
    [
        ({}, {}, TypeError, "optimizers is a dict with at least one"),
        (Adam, {}, TypeError, "optimizers is a dict with at least one"),
        ({"Adam": "adam"}, {}, TypeError, r"optimizers\['Adam'\] makes an optimizer"),
        ({"own": Adam([Parameter(1.0)])}, {}, TypeError, r"optimizers\['own'\] makes an optimizer"),
        ({"list": list}, {}, TypeError, r"optimizers\['list'\] makes an optimizer"),
        ({"Adam": Adam}, {"start": (1.0,)}, ValueError, "start is two finite numbers"),
        ({"Adam": Adam}, {"start": (1.0, np.inf)}, ValueError, "start is two finite numbers"),
        ({"Adam": Adam}, {"steps": 0}, ValueError, "steps"),
        ({"Adam": Adam}, {"resolution": 1}, ValueError, "resolution must be a whole number"),
        ({"Adam": Adam}, {"f": lambda x, y: 1.0}, TypeError, "gives a Value for two Values"),
    ],
)
def test_what_cannot_walk_is_named(optimizers, settings, error, message):
    with pytest.raises(error, match=message):
        paths(optimizers, **settings)
