import math

import numpy as np
import pytest

from nn import GPT, MLP, Layer, Module, causal_mask
from viz.plots import attention_pattern, confusion, weight_images


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


def test_names_may_be_an_array_and_are_cut_to_the_room_above_an_image():
    axes = weight_images(np.ones((2, 4)), names=np.array(["a", "b" * 30])).axes[0]
    assert [text.get_text() for text in axes.texts] == ["a", "b" * 14 + "…"]


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
        (np.zeros((2, 4)), {"limit": 0}, ValueError, "limit must be .* not 0"),
        (np.zeros((2, 4)), {"limit": 2.5}, ValueError, "limit must be a whole number .* not 2.5"),
        (np.zeros((2, 4)), {"shape": (-2, -2)}, ValueError, r"shape is .* not \(-2, -2\)"),
        (np.zeros((2, 4)), {"shape": 4}, ValueError, r"shape is \(height, width\).* not 4"),
    ],
)
def test_weights_that_make_no_image_are_named(weights, settings, error, message):
    with pytest.raises(error, match=message):
        weight_images(weights, **settings)


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
    "plot",
    [
        lambda names: attention_pattern(np.full((5, 5), 0.2), names),
        lambda names: attention_pattern(np.full((2, 5, 5), 0.2), names),
        lambda names: confusion(np.eye(5, dtype=int), names),
    ],
)
def test_long_names_leave_room_for_what_they_name(plot):
    def width(names):
        figure = plot(names)
        figure.draw_without_rendering()
        return figure.axes[0].get_window_extent().width

    assert width(["x" * 40] * 5) > 0.5 * width("abcde")


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
