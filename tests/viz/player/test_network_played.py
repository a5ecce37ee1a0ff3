"""A network in the player: too large for its window, hidden at first, and of many lines a step."""

import math

import pytest

from nn import MLP
from viz import steps

PICTURE = ".picture"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
HIDDEN_FRACTION = "x => 1 - x.clientHeight / x.scrollHeight"


@pytest.fixture(scope="module")
def network():
    """Each neuron of the first layer has nine weights and a bias."""
    return steps((MLP(9, [2, 1], seed=0)([1.0] * 9) - 1.0) ** 2)


@pytest.fixture(scope="module")
def address(network, tmp_path_factory):
    return network.save(tmp_path_factory.mktemp("network") / "steps.html").as_uri()


def fit(page):
    return page.get_by_role("button", name="Fit")


def test_a_picture_larger_than_its_box_can_be_fitted_whatever_the_window(opened):
    opened.set_viewport_size({"width": 900, "height": 5000})
    fit(opened).wait_for(state="hidden")
    for height in (900, 600):
        opened.set_viewport_size({"width": 900, "height": height})
        fit(opened).wait_for()
        assert opened.locator(PICTURE).evaluate(HIDDEN_FRACTION) > 0
    fit(opened).click()
    assert opened.locator(PICTURE).evaluate(HIDDEN_FRACTION) == 0
    seen = opened.locator(PICTURE).bounding_box()["height"]
    opened.set_viewport_size({"width": 900, "height": 900})
    opened.evaluate(DRAWN)
    assert opened.locator(PICTURE).bounding_box()["height"] > seen + 290
    assert fit(opened).is_visible()


def test_a_picture_a_little_too_high_shrinks_and_is_seen_whole(opened):
    picture = opened.locator(PICTURE)
    opened.set_viewport_size({"width": 1600, "height": 5000})
    fit(opened).wait_for(state="hidden")
    whole = picture.bounding_box()["height"]
    rest = opened.locator(".player").bounding_box()["height"] - whole
    for scale, is_seen_whole in ((0.8, True), (0.65, True), (0.5, False), (1.1, True)):
        opened.set_viewport_size({"width": 1600, "height": math.ceil(rest + scale * whole)})
        opened.evaluate(DRAWN)
        assert (picture.evaluate(HIDDEN_FRACTION) == 0) == is_seen_whole, scale
        assert fit(opened).is_visible() != is_seen_whole, scale
        drawn = picture.evaluate("x => x.scrollHeight") / whole
        assert drawn == pytest.approx(min(max(scale, 0.6), 1.0), abs=0.01), scale


def test_a_picture_that_was_hidden_follows_the_node_at_work(page, network):
    output = network._repr_mimebundle_()["text/html"]
    page.set_content(f'<div id="cell" hidden>{output}</div>')
    frame = page.frames[1]
    frame.locator(".running").wait_for(state="attached")
    frame.evaluate("document.querySelector('.last').click()")
    page.evaluate("document.getElementById('cell').hidden = false")
    frame.get_by_role("button", name="Fit").wait_for()
    box, node = frame.locator(PICTURE).bounding_box(), frame.locator(".at").bounding_box()
    assert box["y"] <= node["y"]
    assert node["y"] + node["height"] <= box["y"] + box["height"]


def test_the_card_of_a_weight_has_the_line_of_this_weight(opened, network):
    opened.keyboard.press("End")
    value = next(x for x, name in network.names.items() if name.endswith("0.neurons.1.weights.8"))
    id = next(f"n{i}" for i, box in enumerate(network.picture.boxes) if box.value is value)
    opened.locator(f"#{id}").dispatch_event("click")
    [line] = [x for x in opened.locator(".card .item span").all_inner_texts() if ".grad: " in x]
    assert line.startswith("weights.8.grad: 0 + ")


def test_over_neurons_each_number_is_asked_for_when_it_can_be_known(opened):
    opened.keyboard.press("o")
    opened.keyboard.press("p")
    opened.keyboard.press("ArrowRight")
    asked = opened.locator(".asked").inner_text()
    assert asked == "v2 = relu(v1)?"
    opened.get_by_role("button", name="Reveal").click()
    opened.keyboard.press("ArrowRight")
    assert opened.locator(".asked").inner_text().startswith("In layers.0.neurons.1, v3 = weights.0")
    opened.keyboard.press("Escape")
    opened.keyboard.press("p")
    opened.keyboard.press("ArrowRight")
    assert opened.locator(".title").inner_text() == "neuron layers.0.neurons.1: 2 steps"
