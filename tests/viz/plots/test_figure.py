import subprocess
import sys
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure

import viz
from nn import MLP, Adam, History, RateCurve
from viz import plots
from viz.colors import COLORS, DARK, LIGHT, MARKERS, PALETTES, marker
from viz.plots.looks import over
from viz.plots.text import plain
from viz.svg.mixing import channels

ROOT = Path(__file__).parents[3]
X = np.array([[0.0, 1.0], [1.0, 0.0]])

# Every plot, on something that has one panel.
PLOTS = {
    "activation_functions": ("tanh",),
    "activation_histograms": (MLP(2, [3, 2], seed=0), X),
    "attention_pattern": ([[1.0, 0.0], [0.5, 0.5]],),
    "confusion": ([[5, 1], [0, 6]],),
    "decision_boundary": (lambda points: points[:, 0] - 0.5, X, [0, 1]),
    "distribution": ([0, 1, 1],),
    "function_plot": (lambda x: x * x,),
    "gradient_histograms": (MLP(2, [3, 2], seed=0), X, [0, 1]),
    "hill": (lambda x, y: x * y,),
    "images": (np.eye(4)[None], ["a four"]),
    "learning_rate_curve": (RateCurve(np.array([0.1, 1.0]), np.array([2.0, 1.0])),),
    "misread_digits": (np.eye(4)[None], [1], [2]),
    "optimizer_paths": (lambda x, y: x * x + y, (1.0, 1.0), {"Adam": Adam}),
    "predictions": ([1.0, 2.0], [1.5, 2.5]),
    "regression_line": (lambda points: points, [0.0, 1.0], [0.0, 1.5]),
    "running_means": ([0.0, 1.0, 0.0],),
    "training_curves": (History(loss=[2.0, 1.0]),),
    "weight_images": (np.eye(4),),
}


COARSE = {name: {"resolution": 10} for name in ("decision_boundary", "hill", "optimizer_paths")}


def drawn(name, **settings):
    return getattr(plots, name)(*PLOTS[name], **COARSE.get(name, {}), **settings)


def test_the_table_has_every_plot():
    assert sorted(PLOTS) == plots.__all__


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_a_figure_in_its_theme_as_wide_as_a_notebook_and_nothing_is_cut(name):
    figure = drawn(name, theme="dark")
    assert cut(figure) < 1.0
    assert isinstance(figure, Figure)
    assert figure.get_size_inches()[0] <= 9.05
    assert to_hex(figure.get_facecolor()) == DARK.background
    for axes in figure.axes:
        assert to_hex(axes.title.get_color()) == DARK.ink
        assert to_hex(axes.xaxis.label.get_color()) == DARK.quiet


def cut(figure):
    """By how many pixels something stands out of the figure."""
    figure.draw_without_rendering()
    drawn, page = figure.get_tightbbox().extents * figure.dpi, figure.bbox.extents
    return max(*(page[:2] - drawn[:2]), *(drawn[2:] - page[2:]))


LONG = "x" * 100
CROWDED = {
    "confusion": ("confusion", [np.full((11, 11), 12345), [LONG] * 11], {}),
    "boundary": (
        "decision_boundary",
        [lambda points: (points[:, 0] * 30).astype(int) % 30, X, [0, 1]],
        {"classes": [LONG] * 30, "inputs": (LONG, LONG), "resolution": 40},
    ),
    "optimizers": (
        "optimizer_paths",
        [lambda x, y: x * x + y, (1.0, 1.0), {f"{i}{LONG}": Adam for i in range(5)}],
        {"inputs": (LONG, LONG), "resolution": 10, "steps": 2},
    ),
    "function": (
        "function_plot",
        [lambda x: x],
        {"tangent_at": range(4), "name": LONG, "inputs": (LONG,)},
    ),
    "gradients": (
        "hill",
        [lambda x, y: x * x + y],
        {"gradient_at": np.linspace((-2, -1), (2, 1.5), 20), "resolution": 10},
    ),
    "attention": ("attention_pattern", [np.full((2, 9, 9), 1 / 9), [LONG] * 9], {}),
    "weights": ("weight_images", [np.eye(81)[:20]], {}),
}


@pytest.mark.parametrize(("name", "arguments", "settings"), CROWDED.values(), ids=CROWDED)
def test_nothing_is_cut_where_there_is_much(name, arguments, settings):
    assert cut(getattr(plots, name)(*arguments, **settings)) < 1.0


def test_a_legend_stands_above_the_factor_of_the_ticks():
    figure = plots.regression_line(lambda X: X, [0.0, 1.0], [0.0, 5e7])
    figure.draw_without_rendering()
    (axes,) = figure.axes
    factor = axes.yaxis.get_offset_text()
    assert factor.get_text()
    assert not axes.get_legend().get_window_extent().overlaps(factor.get_window_extent())


@pytest.mark.parametrize("theme", PALETTES)
def test_what_is_told_apart_is_in_the_palettes_colours(theme):
    figure = drawn("training_curves", theme=theme)
    assert figure.axes[0].lines[0].get_color() == PALETTES[theme].colors[0]


def test_a_plot_shows_itself_in_jupyter():
    assert drawn("training_curves")._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_in_an_axes_of_a_persons_own_changes_nothing_else_of_the_figure(name, axes):
    figure = axes.figure
    own, other = figure.axes
    size, kept = figure.get_size_inches().tolist(), other.get_children()
    assert drawn(name, ax=own) is figure
    assert own.has_data() or own.texts
    assert figure.axes == [own, other]
    assert not other.has_data()
    assert other.get_children() == kept
    assert figure.get_size_inches().tolist() == size
    assert to_hex(figure.get_facecolor()) == "#ffffff"
    assert not figure.legends
    assert figure.get_suptitle() == ""


def test_what_is_no_axes_and_no_theme_is_named():
    with pytest.raises(TypeError, match=r"ax is an Axes of matplotlib, .* not 'left'"):
        drawn("predictions", ax="left")
    with pytest.raises(ValueError, match=r"theme is .light. or .dark., not 'sepia'"):
        drawn("predictions", theme="sepia")


def test_in_a_dark_figure_of_a_persons_own_a_plot_is_dark():
    axes = Figure(facecolor="black").add_subplot()
    drawn("training_curves", ax=axes)
    assert axes.title.get_color() == DARK.ink


def test_an_axes_in_a_dark_figure_is_dark_too_and_one_that_suits_stays_as_it_is():
    axes = Figure(facecolor="black").add_subplot()
    own = Figure(facecolor="black").add_subplot(facecolor="#102030")
    for each in (axes, own):
        drawn("training_curves", ax=each)
    assert to_hex(axes.get_facecolor()) == DARK.background
    assert to_hex(own.get_facecolor()) == "#102030"


def test_a_part_of_a_figure_through_which_it_is_seen_has_its_theme():
    part = Figure(facecolor="black").subfigures(1, 2)[0]
    assert to_rgba(part.get_facecolor())[3] == 0
    axes = part.subplots()
    drawn("training_curves", ax=axes)
    assert axes.title.get_color() == DARK.ink


def test_an_axes_of_another_projection_is_refused_before_anything_is_drawn():
    axes = Figure().add_subplot(projection="polar")
    with pytest.raises(TypeError, match="ax has Axes of the projection 'polar'"):
        drawn("hill", ax=axes)
    assert not axes.has_data()


def test_an_axes_may_be_of_a_part_of_a_figure():
    figure = Figure()
    part = figure.subfigures(1, 2)[0]
    assert drawn("training_curves", ax=part.subplots()) is figure


def run(program, **variables):
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), **variables},
    ).stdout


def test_plots_are_loaded_when_they_are_asked_for_and_leave_pyplot_alone():
    program = (
        "import sys, viz\n"
        "print('matplotlib' in sys.modules)\n"
        "print(viz.plots.__name__, 'matplotlib.pyplot' in sys.modules)\n"
        "from nn import History\n"
        "from matplotlib import pyplot\n"
        "figure, (one, other) = pyplot.subplots(1, 2)\n"
        "print(viz.plots.training_curves(History(loss=[1.0]), ax=other) is figure)\n"
        "viz.plots.training_curves(History(loss=[1.0]))\n"
        "print(pyplot.get_fignums(), pyplot.gca() is other, one.has_data())\n"
    )
    said = run(program, MPLBACKEND="agg").split()
    assert said == ["False", "viz.plots", "False", "True", "[1]", "True", "False"]


def test_a_name_that_viz_does_not_have_is_said():
    with pytest.raises(AttributeError, match="module 'viz' has no attribute 'drow'") as caught:
        _ = viz.drow
    assert (caught.value.name, caught.value.obj) == ("drow", viz)


def test_without_matplotlib_the_message_names_the_extra():
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import viz\n"
        "try: viz.plots\n"
        "except ModuleNotFoundError as error: print(error.name, error)"
    )
    said = run(program)
    assert said.startswith("matplotlib plots need matplotlib, which is not installed")
    assert "pip install 'chainrule[plots]'" in said


# What red, green and blue are to those who lack the first or second kind of cone (Machado,
# Oliveira and Fernandes, 2009).
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def seen(color, eye):
    """A colour in CIELAB, where distances are as great as they look."""
    light = np.clip(np.array(eye) @ (np.array(channels(color)) / 255) ** 2.2, 0, 1)
    to_xyz = [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8729]]
    x, y, z = np.cbrt(np.array(to_xyz) @ light)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_the_colour_blind_can_tell_the_colours_apart(palette, eye):
    colors = [seen(color, eye) for color in palette.colors]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colors, 2)) > 15
    assert min(np.linalg.norm(a - b) for a, b in combinations(colors[:4], 2)) > 20
    negative, below, _, above, positive = (seen(color, eye) for color in palette.signs)
    assert np.linalg.norm(negative - positive) > 50 < np.linalg.norm(below - above)


def test_colour_and_marker_together_are_of_one_class_alone():
    pairs = {(LIGHT.color(i), marker(i)) for i in range(64)}
    assert len(pairs) == 64 == len(COLORS) * len(MARKERS)
    assert len(LIGHT.colors) == len(DARK.colors) == len(MARKERS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b^c {x} \\alpha", "a_b^c {x} \\alpha"),
        ("$x$", r"\$x\$"),
        ("a\r\nb\tc", "a b c"),
        ("a\0b\u202ec\ud800", "a\ufffdb\ufffdc\ufffd"),
        ("x" * 100, "x" * 39 + "…"),
        (7, "7"),
    ],
)
def test_names_are_shown_as_the_text_they_are(text, shown):
    assert plain(text) == shown
    figure = Figure()
    figure.text(0, 0, plain(text))
    figure.draw_without_rendering()


def test_text_on_a_colour_is_in_the_one_that_is_read_better():
    assert over("#ffffff", LIGHT) == over("#ffffff", DARK).replace(DARK.background, LIGHT.ink)
    assert over("#000000", LIGHT) == LIGHT.background
    assert over("#000000", DARK) == DARK.ink
    assert matplotlib.rcParams["text.usetex"] is False
