import math

import numpy as np
import pytest

from autograd import Value
from nn import probability
from viz.plots import distribution, running_means


def bars(figure):
    return {
        round(bar.get_x() + bar.get_width() / 2): float(bar.get_height())
        for bar in figure.axes[0].patches
    }


def test_whole_numbers_have_a_bar_each_with_their_share_and_mass():
    figure = distribution([1, 2, 2, 4], expected=[0.1, 0.2, 0.3, 0.2, 0.1, 0.1])
    assert bars(figure) == {0: 0.0, 1: 0.25, 2: 0.5, 3: 0.0, 4: 0.25, 5: 0.0}
    assert figure.axes[0].lines[0].get_ydata().tolist() == [0.1, 0.2, 0.3, 0.2, 0.1, 0.1]
    of_function = distribution([1, 3], expected=lambda k: k / 10)
    assert of_function.axes[0].lines[0].get_ydata().tolist() == [0.1, 0.2, 0.3]


def test_whole_numbers_that_lie_far_apart_have_bars_and_masses_too():
    axes = distribution([0, 40], expected=[1 / 41] * 41).axes[0]
    assert (len(axes.patches), axes.get_ylabel()) == (41, "share")
    assert axes.lines[0].get_ydata().tolist() == [1 / 41] * 41


@pytest.mark.parametrize("settings", [{}, {"bins": 5}])
def test_of_whole_numbers_a_function_is_asked_at_whole_ones(settings):
    def mass(k):
        assert k == int(k) >= 0
        return 1 / math.factorial(int(k)) if k < 20 else 0.0

    distribution([0, 60, 1000], expected=mass, **settings).draw_without_rendering()
    distribution([0, 60], expected=mass, **settings).draw_without_rendering()


@pytest.mark.parametrize(
    ("samples", "settings", "error", "message"),
    [
        ([0, 1], {"bins": 2, "expected": [0.5, 0.5]}, ValueError, "masses are for bars, and bins="),
        ([0, 1000], {"expected": [1.0]}, ValueError, "masses are for at most 300 bars"),
        ([0, 1], {"expected": 0.5}, TypeError, "expected is a function of a number, or a list"),
    ],
)
def test_masses_that_have_no_bars_are_named(samples, settings, error, message):
    with pytest.raises(error, match=message):
        distribution(samples, **settings)


def test_the_number_of_bins_may_be_of_numpy():
    assert len(distribution([0.5, 1.0], bins=np.int64(4)).axes[0].patches) == 4


def test_other_numbers_have_a_histogram_of_area_one_and_their_density():
    generator = np.random.default_rng(0)
    draws = [probability.uniform(0.0, 4.0, generator) for _ in range(200)]
    axes = distribution(draws, expected=lambda x: 0.25 * (0 <= x < 4)).axes[0]
    area = sum(bar.get_width() * bar.get_height() for bar in axes.patches)
    assert area == pytest.approx(1.0)
    assert set(axes.lines[0].get_ydata()) == {0.0, 0.25}
    assert len(distribution(draws, bins=7).axes[0].patches) == 7


@pytest.mark.parametrize("samples", [[3.0], [2.5] * 4, np.array([0, 1e6]), [Value(0.5), 0.25]])
def test_samples_of_any_kind_are_drawn(samples):
    distribution(samples).draw_without_rendering()
    running_means(samples).draw_without_rendering()


def test_means_settle_at_the_expected_one_in_a_band_that_narrows():
    figure = running_means([[0.0, 1.0, 1.0, 2.0], [4.0, 0.0, 2.0, 2.0]], 1.5, deviation=2.0)
    axes = figure.axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([0.0, 0.5, 2 / 3, 1.0])
    assert axes.lines[1].get_ydata() == pytest.approx([4.0, 2.0, 2.0, 2.0])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(-0.5)
    assert band[band[:, 0] == 4][:, 1].max() == pytest.approx(2.5)


def test_a_band_may_be_wider_and_says_how_wide():
    axes = running_means([0.0, 1.0], 0.5, deviation=2.0, times=1.5).axes[0]
    assert axes.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(3.5)
    assert axes.get_legend_handles_labels()[1][1] == "1.5 · deviation / √n"


def test_means_drawn_over_others_have_their_own_colour_stroke_and_name():
    figure = running_means([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]], name="share")
    axes = figure.axes[0]
    running_means([1.0, 1.0], name="biased", ax=axes)
    first, second, other = axes.lines
    assert first.get_color() == second.get_color() != other.get_color()
    assert first.get_linestyle() != other.get_linestyle()
    assert axes.get_legend_handles_labels()[1] == ["mean of the first n", "biased"]
    assert (axes.get_ylabel(), axes.get_xlim()) == ("share", (1.0, 3.0))


@pytest.mark.parametrize("plot", [distribution, running_means])
@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        ([], ValueError, "samples must be finite numbers, at least one"),
        ([1.0, math.nan], ValueError, "samples must be finite numbers"),
        (["a"], TypeError, "samples are numbers or Values"),
        (3, TypeError, "samples are numbers or Values, not 3"),
        (np.zeros((2, 2, 2)), ValueError, r"samples are of shape \(n,\).*, not \(2, 2, 2\)"),
    ],
)
def test_what_are_no_samples_is_named(plot, samples, error, message):
    with pytest.raises(error, match=message):
        plot(samples)


@pytest.mark.parametrize(
    ("plot", "settings", "message"),
    [
        (distribution, {"bins": 0}, "bins must be a whole number from 1 on, not 0"),
        (distribution, {"bins": True}, "bins must be a whole number from 1 on, not True"),
        (distribution, {"expected": [0.5, 0.5]}, "masses are for whole numbers"),
        (running_means, {"deviation": -1.0}, "deviation is a finite number from 0 on"),
        (running_means, {"times": 0.0}, "times is a finite number above 0, not 0.0"),
    ],
)
def test_settings_that_do_not_fit_are_named(plot, settings, message):
    with pytest.raises(ValueError, match=message):
        plot([0.5, 1.0], **settings)
