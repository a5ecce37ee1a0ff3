import math

import numpy as np
import pytest

from nn import Layer, RateCurve
from viz.plots import learning_rate_curve, regression_line


def test_the_ring_is_where_the_losses_are_lowest_and_one_bad_batch_does_not_count():
    rates = np.geomspace(1e-4, 1.0, 40)
    losses = 1.0 + np.abs(np.log10(rates) + 2.0)
    losses[[3, 30]] = 50.0, 0.0
    axes = learning_rate_curve(RateCurve(rates, losses)).axes[0]
    [label] = [line.get_label() for line in axes.lines if "lowest" in str(line.get_label())]
    assert float(label.split()[-1]) == pytest.approx(0.01, rel=0.3)
    assert axes.get_xscale() == "log"
    assert axes.get_ylim()[1] < 10


@pytest.mark.parametrize(
    ("curve", "error", "message"),
    [
        ([1.0], TypeError, "learning_rate_range.. gives the curve"),
        (RateCurve(np.ones(1), np.array([math.nan])), ValueError, "no loss of the curve is finite"),
    ],
)
def test_what_is_no_curve_of_rates_is_named(curve, error, message):
    with pytest.raises(error, match=message):
        learning_rate_curve(curve)


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_a_line_goes_where_the_model_says(shape):
    layer = Layer(1, 1, nonlin=False)
    layer.weights, layer.biases = [[2.0]], [1.0]
    axes = regression_line(layer, np.reshape([0.0, 1.0], shape), [1.0, 2.5], residuals=True).axes[0]
    (line,) = axes.lines
    assert line.get_ydata() == pytest.approx(2 * np.asarray(line.get_xdata()) + 1)
    assert "off by 0.25 in the mean" in [t.get_text() for t in axes.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("model", "X", "message"),
    [
        (lambda X: X, [[1.0, 2.0]], r"X is \(n,\) or \(n, 1\)"),
        (lambda X: X, [math.nan], "finite"),
        (lambda X: [1.0, 2.0], [1.0], r"gave the shape \(2,\) for 200 inputs"),
        (Layer(1, 2), [1.0], r"gave the shape \(200, 2\)"),
        (lambda X: X > 0, [1.0], "the model gave no numbers but bool"),
    ],
)
def test_what_is_no_regression_is_named(model, X, message):
    with pytest.raises(ValueError, match=message):
        regression_line(model, X, [1.0])


def test_a_model_is_asked_and_its_input_named_with_a_tuple():
    with pytest.raises(TypeError, match=r"model is a Module, or a function .* not 3"):
        regression_line(3, [1.0], [1.0])
    with pytest.raises(TypeError, match=r"inputs is a tuple .* \('size',\), not 'size'"):
        regression_line(lambda X: X, [1.0], [1.0], inputs="size")


@pytest.mark.parametrize(
    ("at", "said"),
    [(2.0, "off by 0.5 in the mean, of 1 of 2"), (9.0, "off by no finite number")],
)
def test_examples_without_a_prediction_are_not_in_the_mean(at, said):
    def model(X):
        return np.where(at - 0.5 < X, X - 0.5, np.nan)

    axes = regression_line(model, [1.0, 2.0], [1.0, 2.0], residuals=True).axes[0]
    assert axes.get_legend().get_texts()[1].get_text() == said
