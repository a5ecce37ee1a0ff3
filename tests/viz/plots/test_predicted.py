import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.colors import to_hex

from viz.colors import LIGHT
from viz.plots import attention_pattern, confusion, images, misread_digits, predictions


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize(("mistakes", "pictures"), [(0, 0), (1, 1), (7, 7), (30, 25)])
@pytest.mark.parametrize("shape", [(8, 8), (64,), (5, 4)])
def test_the_page_shows_the_misread_digits_up_to_the_limit(mistakes, pictures, shape):
    images, truth = np.zeros((40, *shape)), np.arange(40) % 10
    predicted = np.where(np.arange(40) < mistakes, (truth + 1) % 10, truth)
    figure = misread_digits(images, truth, predicted)
    axes = figure.axes[0]
    assert len(axes.images) == pictures
    assert f"{mistakes} of 40" in axes.get_title()
    assert texts(figure)[0] == ("0 read as 1" if mistakes else "every digit was read right")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 8, 8), r"each of 2 images, but \(3,\) and \(2,\) came"),
        ((3, 7), r"square, not \(3, 7\)"),
    ],
)
def test_the_page_names_what_does_not_fit(shape, message):
    with pytest.raises(ValueError, match=message):
        misread_digits(np.zeros(shape), [1, 2, 3], [1, 2])


@pytest.mark.parametrize(
    ("truth", "settings", "message"),
    [
        ([[1], [2], [3]], {}, r"one for each of 3 images, but \(3, 1\) and \(3,\) came"),
        ([1, 2, 3], {"limit": 0}, "limit must be a whole number from 1 on, not 0"),
        ([1, 2, 3], {"limit": -1}, "limit must be a whole number from 1 on, not -1"),
    ],
)
def test_the_page_takes_one_class_for_each_image_and_a_limit(truth, settings, message):
    with pytest.raises(ValueError, match=message):
        misread_digits(np.zeros((3, 8, 8)), truth, [1, 2, 3], **settings)


def test_a_pixel_that_is_no_number_stands_out_and_the_others_are_seen():
    image = np.array([[0.0, 5.0], [np.nan, 2.0]])
    picture = misread_digits(image[None], ["a$"], ["_b" * 20]).axes[0].images[0]
    assert picture.get_clim() == (0.0, 5.0)
    shown = picture.to_rgba(picture.get_array())[..., :3].mean(axis=-1)
    assert shown[0, 0] > shown[1, 1] > shown[0, 1]
    assert to_hex(picture.cmap.get_bad()) == LIGHT.not_finite


def test_captions_are_shown_as_the_text_they_are():
    axes = misread_digits(np.zeros((1, 2, 2)), ["$a$"], ["b" * 30]).axes[0]
    assert axes.texts[0].get_text() == r"\$a\$ read as bbb…"


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: misread_digits(np.eye(4)[None], [1], [2]),
        lambda: confusion([[5, 1], [0, 6]]),
        lambda: attention_pattern([[1.0, 0.0], [0.5, 0.5]]),
    ],
)
def test_the_first_row_is_on_top_whatever_a_person_has_set(drawn):
    with rc_context({"image.origin": "lower", "image.interpolation": "bilinear"}):
        picture = drawn().axes[0].images[0]
    assert (picture.origin, picture.get_interpolation()) == ("upper", "nearest")


def test_a_confusion_matrix_is_coloured_by_the_shares_of_each_row():
    axes = confusion([[5, 5], [0, 0]], classes=["cat", "dog"]).axes[0]
    assert np.asarray(axes.images[0].get_array()).tolist() == [[0.5, 0.5], [0.0, 0.0]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog"]


def test_a_confusion_matrix_of_many_classes_goes_without_numbers():
    assert texts(confusion(np.eye(20, dtype=int)))[0] == "1"
    assert texts(confusion(np.eye(21, dtype=int))) == []


@pytest.mark.parametrize(
    ("matrix", "classes", "message"),
    [
        ([[1, 2]], None, r"shape \(1, 2\) and type int64"),
        ([[0.5]], None, "type float64"),
        ([[-1]], None, "whole numbers from 0 on"),
        (np.zeros((101, 101), int), None, "101 classes are too many"),
        ([[1]], ["a", "b"], "2 names for 1 classes"),
    ],
)
def test_what_is_no_confusion_matrix_is_named(matrix, classes, message):
    with pytest.raises(ValueError, match=message):
        confusion(matrix, classes)


def test_predictions_are_points_beside_the_line_of_exact_ones():
    axes = predictions([1.0, 2.0], [1.5, 2.0]).axes[0]
    assert axes.collections[0].get_offsets().tolist() == [[1.0, 1.5], [2.0, 2.0]]
    assert axes.lines[0].get_xydata().tolist() == [[1.0, 1.0], [2.0, 2.0]]


@pytest.mark.parametrize("y", [np.arange(10.0), 1e6 + np.arange(10), 1e12 + np.arange(10)])
def test_no_two_ticks_have_the_same_number(y):
    figure = predictions(y, y)
    figure.draw_without_rendering()
    ticks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len({*ticks}) == len(ticks) > 2
    assert max(y) > 1e9 or str(int(max(y) - 1)) in ticks


@pytest.mark.parametrize(
    ("y", "predicted", "message"),
    [
        ([1.0], [1.0, 2.0], r"\(1,\) and \(2,\) came"),
        ([], [], r"\(0,\) and \(0,\) came"),
        ([1.0], [np.inf], "finite"),
    ],
)
def test_predictions_that_cannot_be_drawn_are_named(y, predicted, message):
    with pytest.raises(ValueError, match=message):
        predictions(y, predicted)


@pytest.mark.parametrize("shape", [(3, 16), (3, 4, 4), (3, 2, 5)])
def test_images_are_shown_on_one_scale_with_their_names(shape):
    given = np.arange(np.prod(shape), dtype=float).reshape(shape)
    axes = images(given, ["a", "b$", 3], limit=2).axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "a",
        "b\\$",
    ]
    assert axes.get_title() == "2 of 3 images"
    for image, numbers in zip(axes.images, given, strict=False):
        assert image.get_array().ravel().tolist() == numbers.ravel().tolist()
        assert image.get_clim() == (0.0, given.max())


@pytest.mark.parametrize(
    ("given", "names", "said"),
    [
        (np.zeros((2, 15)), [], "shape"),
        (np.zeros((2, 16)), ["a"], "1 names for 2 images"),
        ([["a"]], [], "numbers"),
    ],
)
def test_what_are_no_images_is_said(given, names, said):
    with pytest.raises(ValueError, match=said):
        images(given, names)
