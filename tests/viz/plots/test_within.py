import math

import numpy as np
import pytest

from nn import (
    GPT,
    MLP,
    Dropout,
    Layer,
    Module,
    RateCurve,
    Sequential,
    causal_mask,
    cross_entropy,
    hinge,
    moons,
    predict,
)
from viz.plots import (
    activation_histograms,
    attention_pattern,
    gradient_histograms,
    learning_rate_curve,
    regression_line,
    weight_images,
)
from viz.plots.training.measuring import gradients_by_layer, outputs_by_layer

DATA = moons(30, seed=0)


def rows(figure):
    """The notes of each row, by its name."""
    lines = [label.get_text().split("\n") for label in figure.axes[0].get_yticklabels()]
    return {name: "".join(notes) for name, *notes in lines}


# ----------------------------------------------------------------------------- activations


def test_outputs_of_layers_are_what_they_give_to_the_next():
    model = MLP(2, [5, 3], seed=0)
    found = outputs_by_layer(model, DATA.X, limit=100)
    assert list(found) == ["layer0", "layer1"]
    hidden = np.maximum(DATA.X @ model.layers[0].weights.T + model.layers[0].biases, 0.0)
    assert np.sort(found["layer0"].numbers) == pytest.approx(np.sort(hidden))
    assert found["layer1"].numbers == pytest.approx(predict(model, DATA.X))


def test_layers_of_other_models_are_known_by_their_scopes():
    parts = Sequential(Layer(2, 3, False), Dropout(0.5), Layer(3, 2, activation="tanh"))
    assert list(outputs_by_layer(parts, DATA.X, 5)) == ["layer0", "layer2"]
    gpt = GPT("abc", context=4, width=4, heads=1, layers=2)
    found = outputs_by_layer(gpt, [[0, 1, 2], [2, 1, 0]], 5)
    assert list(found) == ["embedding", "block0", "block1", "unembedding"]
    assert list(outputs_by_layer(lambda xs: xs[0] * 2, DATA.X, 5)) == ["outputs"]


def test_zeros_and_dead_neurons_are_counted_and_not_drawn():
    model = MLP(2, [4, 1], seed=0)
    model.layers[0].biases = [-100.0, -100.0, 100.0, 100.0]
    figure = activation_histograms(model, DATA.X)
    assert rows(figure) == {"layer0": "50% zero, 2 of 4 dead", "layer1": ""}


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_numbers_are_counted(activation):
    layer = Layer(1, 4, activation=activation)
    layer.weights = [[0.0], [0.0], [0.0], [0.0]]
    layer.biases = [-9.0, 9.0, 0.5, -0.5]
    assert rows(activation_histograms(layer, [[1.0]])) == {"outputs": "50% saturated"}


def test_of_many_examples_some_are_taken_evenly():
    (found,) = outputs_by_layer(lambda xs: xs[0] + 0.0, np.arange(100.0)[:, None], 3).values()
    assert found.numbers.ravel().tolist() == [0.0, 49.0, 99.0]


def test_numbers_that_are_not_finite_are_counted():
    figure = activation_histograms(lambda xs: xs[0].log(), [[0.0], [-1.0], [2.0], [1.5]])
    assert rows(figure) == {"outputs": "50% not finite"}
    figure.draw_without_rendering()


def test_looking_at_a_network_changes_nothing_of_it():
    model = Sequential(Layer(2, 4, seed=0), Dropout(0.5, seed=0), Layer(4, 2, seed=1))
    (model([1.0, 2.0])[0] * 2).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    activation_histograms(model, DATA.X, limit=5)
    gradient_histograms(model, DATA.X, DATA.y)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert model.training


# ------------------------------------------------------------------------------- gradients


def test_gradients_are_those_of_the_mean_loss():
    model = MLP(2, [4, 2], seed=0)
    found = gradients_by_layer(model, DATA.X, DATA.y, cross_entropy)
    for x, y in zip(DATA.X, DATA.y, strict=True):
        (cross_entropy(model(x), int(y)) * (1 / len(DATA.X))).backward()
    assert list(found) == ["layers.0", "layers.1"]
    for gradients, layer in zip(found.values(), model.layers, strict=True):
        assert gradients == pytest.approx([p.grad for p in layer.parameters()])


def test_gradients_are_noted_with_their_median_and_zeros():
    model = MLP(2, [2, 1], seed=0)
    model.layers[0].biases = [-100.0, -100.0]
    figure = gradient_histograms(model, DATA.X, np.ones(30), loss=hinge)
    assert rows(figure)["layers.0"] == "100% zero"
    assert rows(figure)["layers.1"] == "median 1, 67% zero"
    figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("plot", "arguments", "error", "message"),
    [
        (activation_histograms, (MLP(3, [2]), DATA.X), ValueError, "takes 3 inputs, 2 came"),
        (activation_histograms, (MLP, DATA.X), TypeError, "MLP"),
        (activation_histograms, (lambda x: 1.0, DATA.X), ValueError, "computes nothing of X"),
        (gradient_histograms, (MLP(2, [2]), DATA.X, DATA.X), ValueError, "y"),
        (gradient_histograms, (predict, DATA.X, DATA.y), TypeError, "model is a Module"),
    ],
)
def test_models_and_data_that_do_not_fit_are_named(plot, arguments, error, message):
    with pytest.raises(error, match=message):
        plot(*arguments)


# --------------------------------------------------------------------------------- weights


def test_each_neuron_has_an_image_of_its_weights_on_one_scale():
    model = MLP(6, [4, 2], seed=0)
    axes = weight_images(model, (2, 3), names=["a", "b", "$c$", "d"]).axes[0]
    assert [text.get_text() for text in axes.texts] == ["a", "b", r"\$c\$", "d"]
    for image, weights in zip(axes.images, model.layers[0].weights, strict=True):
        assert np.asarray(image.get_array()).ravel().tolist() == weights.tolist()
        assert image.get_clim() == (-image.norm.vmax, image.norm.vmax)
    assert image.norm.vmax == np.abs(model.layers[0].weights).max()


def test_a_layer_a_matrix_and_a_projection_have_images_too():
    assert len(weight_images(Layer(4, 3)).axes[0].images) == 3
    assert len(weight_images(np.zeros((5, 9))).axes[0].images) == 5
    gpt = GPT("abc", context=4, width=4, heads=1)
    assert len(weight_images(gpt).axes[0].images) == 4


def test_of_many_neurons_the_first_are_shown():
    axes = weight_images(np.ones((200, 4))).axes[0]
    assert (len(axes.images), axes.get_title()) == (64, "64 of 200 neurons")


@pytest.mark.parametrize(
    ("weights", "settings", "error", "message"),
    [
        (MLP(7, [2]), {}, ValueError, r"7 inputs are no image of 2 x 2: .* such as \(1, 7\)"),
        (np.zeros((2, 4)), {"shape": (3, 2)}, ValueError, "4 inputs are no image of 3 x 2"),
        (np.zeros(4), {}, ValueError, r"of shape \(neurons, inputs\)"),
        ([["a"]], {}, ValueError, "a matrix of numbers"),
        (Module(), {}, TypeError, "has no Layer"),
        (np.zeros((2, 4)), {"names": ["a"]}, ValueError, "1 names for 2 neurons"),
        (np.zeros((2, 4)), {"limit": 0}, ValueError, "limit=0"),
    ],
)
def test_weights_that_make_no_image_are_named(weights, settings, error, message):
    with pytest.raises(error, match=message):
        weight_images(weights, **settings)


# ------------------------------------------------------------------------------- attention


def test_what_the_mask_hides_is_crossed_out_and_what_is_seen_has_its_share():
    gpt = GPT("abc", context=4, width=8, heads=2)
    patterns = gpt.patterns([0, 1, 2])[0]
    figure = attention_pattern(patterns, "a\n ")
    figure.draw_without_rendering()
    for axes, pattern in zip(figure.axes, patterns, strict=True):
        crosses = axes.collections[0]
        middles = [path.vertices.mean(axis=0)[::-1].tolist() for path in crosses.get_paths()]
        assert middles == np.argwhere(np.array(causal_mask(3)) < 0).tolist()
        assert [float(text.get_text()) for text in axes.texts] == pytest.approx(
            pattern[pattern > 0].tolist(), abs=0.006
        )
        assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "\\n", "␣"]


@pytest.mark.parametrize(
    ("weights", "tokens", "message"),
    [
        (np.zeros((2, 3)), (), r"shape \(n, n\), or \(heads, n, n\), not \(2, 3\)"),
        (np.zeros((1, 2, 2, 2)), (), r"give those of one layer"),
        ([[2.0]], (), "shares from 0 to 1"),
        ([[math.nan]], (), "shares from 0 to 1"),
        ([[1.0]], "ab", "2 tokens for 1 positions"),
    ],
)
def test_what_is_no_pattern_is_named(weights, tokens, message):
    with pytest.raises(ValueError, match=message):
        attention_pattern(weights, tokens)


# ------------------------------------------------------------------------ rates, regression


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
    ],
)
def test_what_is_no_regression_is_named(model, X, message):
    with pytest.raises(ValueError, match=message):
        regression_line(model, X, [1.0])
