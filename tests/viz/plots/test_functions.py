import math

import numpy as np
import pytest
from matplotlib.figure import Figure

import autograd
from autograd import Operation
from viz.plots import activation_functions, function_plot

softsign = Operation(
    "softsign",
    symbol="softsign",
    forward=lambda x: x / (1.0 + abs(x)),
    partials=(lambda x, out: (1.0 - autograd.absolute(out)) * (1.0 - autograd.absolute(out)),),
)


def lines(figure, panel=0):
    """What is drawn, by its name in the legend."""
    drawn = figure.axes[panel].lines
    return {line.get_label(): line for line in drawn if not line.get_label().startswith("_")}


def test_heights_and_derivatives_are_those_of_the_engine():
    drawn = lines(function_plot(autograd.tanh, derivative=True))
    xs = np.asarray(drawn["tanh"].get_xdata())
    assert drawn["tanh"].get_ydata() == pytest.approx(np.tanh(xs))
    assert drawn["tanh'"].get_ydata() == pytest.approx(1 - np.tanh(xs) ** 2)
    assert drawn["tanh"].get_linestyle() != drawn["tanh'"].get_linestyle()


def test_a_tangent_touches_the_curve_with_its_slope():
    axes = function_plot(lambda x: x**3 - x, tangent_at=[1.0, -0.5]).axes[0]
    tangents = [line for line in axes.lines if hasattr(line, "get_slope")]
    assert [line.get_slope() for line in tangents] == [2.0, -0.25]
    assert [line.get_xy1() for line in tangents] == [(1.0, 0.0), (-0.5, 0.375)]
    assert {"slope 2 at 1", "slope -0.25 at -0.5"} < lines(axes.figure).keys()


def test_a_second_curve_in_the_same_place_looks_different_and_both_are_seen():
    figure = function_plot(autograd.tanh, (-1, 1))
    axes = figure.axes[0]
    function_plot(lambda x: 5 * x, (0, 2), name="line", ax=axes)
    first, second = (lines(figure)[name] for name in ("tanh", "line"))
    assert first.get_color() != second.get_color()
    assert first.get_linestyle() != second.get_linestyle()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["tanh", "line"]
    assert axes.get_xlim() == (-1, 2)
    assert axes.get_ylim()[0] < -0.76 < 10 < axes.get_ylim()[1]


def test_in_a_plot_the_names_of_all_curves_stand_above_and_in_a_persons_axes_within():
    def whole_box(axes):
        axes.figure.draw_without_rendering()
        return axes.get_legend().get_window_extent()

    axes = function_plot(autograd.tanh).axes[0]
    function_plot(autograd.sigmoid, ax=axes)
    assert whole_box(axes).y0 >= axes.bbox.y1
    axes = Figure().subplots()
    function_plot(autograd.tanh, derivative=True, ax=axes)
    assert whole_box(axes).y1 <= axes.bbox.y1


def test_a_slope_that_is_zero_but_for_rounding_is_said_to_be_zero():
    figure = function_plot(lambda x: (x - 0.3) ** 2 + 1e-17 * x, tangent_at=0.3)
    assert "slope 0 at 0.3" in lines(figure)


def test_the_number_has_a_name():
    labels = [
        function_plot(autograd.tanh, **s).axes[0].get_xlabel() for s in ({}, {"inputs": ["w"]})
    ]
    assert labels == ["x", "w"]


# A function, from where to where, and where it jumps.
JUMPS = {
    "pole": (lambda x: 1 / x, (-1, 1.1), [0.0]),
    "poles": (autograd.tan, (-4, 4), [-math.pi / 2, math.pi / 2]),
    "floor": (autograd.floor, (-0.5, 2.5), [0.0, 1.0, 2.0]),
    "step": (autograd.step, (-1, 1.1), [0.0]),
    "steep": (lambda x: (100 * x).tanh(), (-4, 4), []),
    "corner": (autograd.absolute, (-4, 4), []),
    "wave": (lambda x: (9 * x).sin(), (-4, 4), []),
    "constant": (lambda x: 3.0, (-4, 4), []),
}


@pytest.mark.parametrize(("f", "between", "jumps"), JUMPS.values(), ids=JUMPS)
def test_a_curve_has_a_gap_where_it_jumps_and_nowhere_else(f, between, jumps):
    line = function_plot(f, between).axes[0].lines[0]
    xs = np.asarray(line.get_xdata())
    gaps = xs[np.isnan(line.get_ydata())]
    step = xs[1] - xs[0]
    found = [x for i, x in enumerate(gaps) if not i or x - gaps[i - 1] > 2 * step]
    assert found == pytest.approx(jumps, abs=1.01 * step)


def test_where_a_function_is_not_finite_there_is_no_derivative_either():
    drawn = lines(function_plot(lambda x: x.log(), (-1, 1), derivative=True))
    below = np.asarray(drawn["f"].get_xdata()) < 0
    assert np.isnan(drawn["f"].get_ydata())[below].all()
    assert np.isnan(drawn["f'"].get_ydata())[below].all()


def test_what_shoots_up_at_a_pole_is_cut_off():
    low, high = function_plot(lambda x: 1 / x).axes[0].get_ylim()
    assert -30 < low < -3
    assert 3 < high < 30


# A function without a pole, from where to where, and its least and greatest height there.
TOWERS = {
    "bell": (lambda x: (-((5 * x) ** 2)).exp(), (-4, 4), 0.0, 1.0),
    "narrow bell": (lambda x: (-((100 * x) ** 2)).exp(), (-4, 4), 0.0, 1.0),
    "late corner": (autograd.relu, (-40, 4), 0.0, 4.0),
    "late step": (lambda x: 100 * (20 * (x - 3.8)).sigmoid(), (-4, 4), 0.0, 98.2),
    "pit": (lambda x: -((-((5 * x) ** 2)).exp()), (-4, 4), -1.0, 0.0),
}


@pytest.mark.parametrize(("f", "between", "least", "most"), TOWERS.values(), ids=TOWERS)
def test_what_towers_without_a_pole_is_seen_to_its_top(f, between, least, most):
    ends = function_plot(f, between).axes[0].get_ylim()
    assert ends == pytest.approx((least, most), abs=0.1 * (most - least))


@pytest.mark.parametrize(
    "f",
    [lambda x: 1 / x, lambda x: x**-2, lambda x: x / (x * x - 2) ** 2, autograd.tan],
    ids=["odd", "even", "irrational", "tangent"],
)
def test_a_pole_is_cut_off_wherever_it_lies_between_the_points(f):
    for shift in (0.0, 0.003):
        low, high = function_plot(lambda x, shift=shift: f(x + shift)).axes[0].get_ylim()
        assert -40 < low < high < 40


def test_a_name_may_begin_with_a_line():
    legend = function_plot(autograd.tanh, name="_f", derivative=True).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["_f", "_f'"]


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "message"),
    [
        ((lambda x: math.sin(x),), {}, TypeError, "take autograd's functions and not math's"),
        ((autograd.tanh, (1, -1)), {}, ValueError, "between is from a lower to a higher"),
        ((autograd.tanh, 3), {}, TypeError, r"between is two numbers, such as \(-3, 3\), not 3"),
        ((autograd.tanh, (0, math.inf)), {}, ValueError, "finite number"),
        ((autograd.tanh,), {"tangent_at": "here"}, TypeError, "tangent_at is a number, or a list"),
        ((autograd.tanh,), {"tangent_at": math.nan}, ValueError, "tangent_at must be finite"),
        (
            (autograd.tanh,),
            {"inputs": "w"},
            TypeError,
            r"inputs is a tuple .* \('size',\), not 'w'",
        ),
        ((autograd.log, (1, 2)), {"tangent_at": 0}, ValueError, "there is no tangent at 0"),
    ],
)
def test_what_cannot_be_drawn_is_named(arguments, settings, error, message):
    with pytest.raises(error, match=message):
        function_plot(*arguments, **settings)


def test_activations_are_names_operations_and_functions():
    given = ["relu", autograd.sigmoid, softsign, lambda x: x * x]
    figure = activation_functions(given)
    assert [axes.get_title() for axes in figure.axes] == ["relu", "sigmoid", "softsign", "<lambda>"]
    for panel in range(len(given)):
        assert lines(figure, panel).keys() == {"value", "derivative"}
    xs = np.asarray(lines(figure, 2)["value"].get_xdata())
    assert lines(figure, 2)["derivative"].get_ydata() == pytest.approx((1 + np.abs(xs)) ** -2.0)


def test_the_customary_activations_have_a_panel_each_and_one_alone_has_one():
    assert len(activation_functions().axes) == 9
    assert len(activation_functions("tanh").axes) == len(activation_functions(softsign).axes) == 1


@pytest.mark.parametrize(
    ("functions", "error", "message"),
    [
        ([], ValueError, "there are no functions"),
        (["rleu"], ValueError, "there is no activation 'rleu'"),
        ([math.sin], TypeError, "an activation gives a Value"),
    ],
)
def test_what_is_no_activation_is_named(functions, error, message):
    with pytest.raises(error, match=message):
        activation_functions(functions)
