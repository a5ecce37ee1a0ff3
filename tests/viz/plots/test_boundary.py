import numpy as np
import pytest

from autograd import Operation, compiled
from nn import MLP, fit, hinge, moons
from viz.colors import DARK, LIGHT
from viz.plots import decision_boundary
from viz.plots.predicted.boundary import NAMED
from viz.svg.mixing import channels

X = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.6]]


def height(points):
    """A score: how far a point is above the diagonal."""
    return 5 * (points[:, 1] - points[:, 0])


def diagonal(points):
    return points[:, 1] > points[:, 0]


def drawn(predict=height, y=(1, 0, 1), **settings):
    figure = decision_boundary(predict, X[: len(y)], y, resolution=30, **settings)
    return figure.axes[0]


def names(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def nearest(axes, row, column, palette=LIGHT):
    """Which of the palette's colours a place of the plane is painted with, and how deep."""
    color = np.asarray(axes.images[0].get_array())[row, column].astype(float)
    background = np.array(channels(palette.background))
    away = color - background
    hues = np.array([channels(c) for c in palette.colors]) - background
    hue = int((hues @ away / np.linalg.norm(hues, axis=1)).argmax())
    return hue, round(float(np.linalg.norm(away) / np.linalg.norm(hues[hue])), 2)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_colour_is_that_of_the_class_and_deeper_where_it_is_surer(palette):
    theme = "dark" if palette is DARK else "light"
    axes = drawn(theme=theme)
    (above, far), (below, _) = nearest(axes, -1, 0, palette), nearest(axes, 0, -1, palette)
    assert (above, below) == (1, 0)
    close, near = nearest(axes, 16, 15, palette)
    assert close == 1
    assert near < 0.2 < far


def test_of_classes_alone_a_colour_is_everywhere_as_deep():
    axes = drawn(lambda points: diagonal(points).astype(int))
    depths = {nearest(axes, row, column)[1] for row, column in [(-1, 0), (16, 15), (0, -1), (3, 9)]}
    assert max(depths) - min(depths) <= 0.01


@pytest.mark.parametrize(
    ("predict", "threshold", "level"),
    [
        (height, None, 0.0),
        (lambda p: height(p) + 2, 1.5, -0.5),
        (lambda p: 1 / (1 + np.exp(-height(p))), 0.8, np.log(4.0)),
        (lambda p: np.stack([0 * height(p), height(p)], axis=1), None, 0.0),
    ],
    ids=["a score", "a threshold", "a probability", "two scores"],
)
def test_the_line_is_where_the_score_is_the_threshold(predict, threshold, level):
    axes = drawn(predict, threshold=threshold)
    (line,) = [lines for lines in axes.collections if hasattr(lines, "levels")]
    points = np.concatenate([path.vertices for path in line.get_paths()])
    assert len(points) > 20
    assert height(points) == pytest.approx(level, abs=0.02)


def test_a_plane_of_one_class_has_no_line():
    axes = drawn(lambda points: 1 + np.abs(height(points)))
    assert not [lines for lines in axes.collections if hasattr(lines, "levels")]


def test_a_model_is_enough_with_one_output_or_several():
    data = moons(60, seed=0)
    for outputs, y, settings in [(1, 2 * data.y - 1, {"loss": hinge}), (3, data.y, {})]:
        model = MLP(2, [8, outputs], seed=0)
        fit(model, data.X, y, epochs=20, progress=False, **settings)
        axes = decision_boundary(model, data.X, y, resolution=20).axes[0]
        assert nearest(axes, -1, 0)[0] == 0
        assert nearest(axes, 0, -1)[0] == 1


@pytest.mark.parametrize("given", [("_a", "b"), ("a", "_nolegend_"), ("_", "__"), ("$a$", "b$")])
def test_classes_may_have_any_name(given):
    assert names(drawn(classes=given)) == [name.replace("$", r"\$") for name in given]


@pytest.mark.parametrize("kind", [int, float])
def test_a_class_may_be_without_examples(kind):
    axes = drawn(lambda points: np.where(diagonal(points), 2, 0).astype(kind))
    assert names(axes) == ["0", "1", "2"]
    assert [nearest(axes, *place)[0] for place in [(-1, 0), (0, -1)]] == [2, 0]


def test_of_many_classes_the_legend_names_the_first_and_counts_the_others():
    axes = drawn(lambda points: (20 * points[:, 0]).clip(0, 19).astype(int))
    axes.figure.draw_without_rendering()
    assert names(axes) == [str(i) for i in range(NAMED)]
    assert axes.get_legend().get_title().get_text() == "class\n(and 4 more)"


def test_examples_on_one_line_are_drawn():
    decision_boundary(diagonal, [[1.0, 2.0]], [1], resolution=5).draw_without_rendering()


def test_the_axes_are_called_as_the_inputs_in_drawings():
    axes = drawn()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x0", "x1")


@pytest.mark.parametrize(
    ("X", "y"), [([[1.0, 2.0, 3.0]], [0]), ([[1.0, 2.0]], [0, 1]), (np.zeros((0, 2)), [])]
)
def test_examples_of_the_wrong_shape_are_named(X, y):
    with pytest.raises(ValueError, match=r"X is \(n, 2\) and y is \(n,\)"):
        decision_boundary(diagonal, X, y)


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "message"),
    [
        ((diagonal, [[np.nan, 0.0]], [0]), {}, ValueError, "X must be finite"),
        (
            (diagonal, X, [0, 1, 1]),
            {"resolution": 1},
            ValueError,
            "resolution must be a whole number from 2 on, not 1",
        ),
        (("relu", X, [0, 1, 1]), {}, TypeError, "model is a Module, or a function .* not 'relu'"),
        ((MLP(3, [2]), X, [0, 1, 1]), {}, ValueError, "takes 3 inputs, 2 came"),
    ],
)
def test_what_cannot_be_drawn_is_named(arguments, settings, error, message):
    with pytest.raises(error, match=message):
        decision_boundary(*arguments, **settings)


def test_what_a_model_warns_of_is_said_of_the_line_that_asked_for_the_picture():
    cube = Operation("cube", symbol="^3", forward=lambda x: x**3, partials=(lambda x, _: 3 * x**2,))
    model = compiled(lambda x: cube(x[0]) - x[1], backend="c")
    with pytest.warns(RuntimeWarning, match="cube is an operation of your own") as warned:
        decision_boundary(model, X, [1, 0, 1])
    assert warned[0].filename == __file__
