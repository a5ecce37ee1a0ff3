from functools import partial

import numpy as np
import pytest

from autograd import log
from nn import SGD, Adam, Parameter
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
    return [text for text in axes.texts if text.get_text() == ""]


def test_an_arrow_points_along_the_gradient():
    axes = small(gradient_at=[(1.0, 1.0), (-1.0, 0.5)])
    assert labels(axes) == ["gradient (2, 6) at (1, 1)", "gradient (-2, 3) at (-1, 0.5)"]
    for arrow, slope in zip(arrows(axes), [(2.0, 6.0), (-2.0, 3.0)], strict=True):
        (x0, y0), (x1, y1) = arrow.xyann, arrow.xy
        away = np.array([x1 - x0, y1 - y0])
        assert away / np.linalg.norm(away) == pytest.approx(np.array(slope) / np.linalg.norm(slope))


def test_without_points_arrows_stand_all_over_where_there_is_a_height():
    assert len(arrows(small())) == 81
    half = small(lambda x, y: log(x) + y)
    starts = [arrow.xyann[0] for arrow in arrows(half)]
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
        (bowl, {"resolution": 1}, ValueError, "resolution=1"),
        (lambda x, y: [x, y], {}, TypeError, "the function gives a Value for two Values"),
    ],
)
def test_what_is_no_landscape_is_named(f, settings, error, message):
    with pytest.raises(error, match=message):
        hill(f, **settings)


def paths(optimizers, steps=20, f=bowl, start=(2.0, 1.0), **settings):
    return optimizer_paths(f, start, optimizers, steps=steps, resolution=15, **settings).axes[0]


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


def test_one_that_runs_off_does_not_shrink_the_others():
    alone = paths({"SGD": partial(SGD, learning_rate=0.1)})
    both = paths({"SGD": partial(SGD, learning_rate=0.1), "fast": partial(SGD, learning_rate=1.0)})
    assert both.get_xlim() == alone.get_xlim()


def test_a_path_ends_where_it_leaves_the_finite_numbers():
    with np.errstate(all="ignore"):
        axes = paths({"fast": partial(SGD, learning_rate=1e200)}, between=(-3, 3))
    assert "after 1 steps" in labels(axes)[0] or "after 0 steps" in labels(axes)[0]


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
        ({"Adam": Adam}, {"f": lambda x, y: 1.0}, TypeError, "gives a Value for two Values"),
    ],
)
def test_what_cannot_walk_is_named(optimizers, settings, error, message):
    with pytest.raises(error, match=message):
        paths(optimizers, **settings)
