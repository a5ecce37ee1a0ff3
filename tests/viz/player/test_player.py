"""The player in a browser: buttons, slider, keys, fingers and links lead to the right frames."""

import math
import re

from playwright.sync_api import expect

from viz.svg.texts.labels import data_line, grad_line

TEXTS = "Array.from(document.querySelectorAll('.picture text'), x => x.textContent)"
LAST = 12


def texts(page):
    """All that is written in the picture."""
    return page.evaluate(TEXTS)


def place(page):
    return page.locator(".place").inner_text()


def step(number):
    return f"Step {number} of {LAST}"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_numbers_at_the_end_are_those_of_the_graph(opened, walked):
    press(opened, "End")
    for name, node in walked.data["nodes"].items():
        value = walked.picture.boxes[int(name[1:])].value
        assert node["name"] == walked.names[value]
        shown = [opened.locator(f"#{name} .{role}").text_content() for role in ("data", "grad")]
        assert shown == [data_line(value.data), grad_line(value.grad)]
    assert texts(opened) == re.findall(r"<text[^>]*>([^<]*)</text>", walked.svg)


ALONG = """([button, times]) => {
    const seen = [];
    for (let i = 0; i < times; i++) {
        document.querySelector(button).click();
        seen.push(Array.from(document.querySelectorAll(".picture text"), x => x.textContent));
    }
    return seen;
}"""


def test_forward_and_back_are_the_same_frames(opened):
    forward = [texts(opened), *opened.evaluate(ALONG, ["button.forward", LAST - 1])]
    assert "data ?" in forward[0]
    assert "data ?" not in forward[-1]
    assert len({tuple(frame) for frame in forward}) == LAST
    assert opened.evaluate(ALONG, ["button.back", LAST - 1]) == forward[-2::-1]
    for frame in (5, 1, 4, 11, 0):
        opened.locator(".slider").fill(str(frame))
        assert texts(opened) == forward[frame]


def test_hovering_tells_the_numbers_at_the_end_and_not_before(opened):
    opened.hover("#n4")
    assert opened.locator(".picture .node > title").count() == 0
    opened.click("button.last")
    opened.hover("#n4")
    assert "data 0.5" in opened.locator("#n4 > title").text_content()


def test_it_plays_to_the_end_and_then_from_the_beginning(page, address):
    page.clock.install(time=0)
    page.goto(address)
    page.clock.pause_at(3600)  # from here on, time is what the test makes of it
    button = page.locator("button.play")
    button.click()
    assert button.get_attribute("aria-label") == "Pause"
    page.clock.run_for(2100)
    assert place(page) == step(3)
    page.locator(".speed select").select_option("4")
    page.clock.run_for(300)
    assert place(page) == step(4)
    button.click()
    page.clock.run_for(5000)
    assert place(page) == step(4)
    button.click()
    page.clock.run_for(5000)
    assert place(page) == step(LAST)
    assert button.get_attribute("aria-label") == "Play"
    button.click()
    page.clock.run_for(260)
    press(page, "Escape")
    page.clock.run_for(5000)
    assert place(page) == step(2)


KEYS = [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", LAST)]
KEYS += [("ArrowRight", LAST), ("Home", 1), ("ArrowLeft", 1), ("x", 1)]


def test_keys_lead_to_the_same_step_wherever_the_focus_is(opened):
    for focused in ("body", ".slider", "button.forward", ".place", ".rule"):
        opened.locator(focused).focus()
        for key, number in KEYS:
            press(opened, key)
            assert place(opened) == step(number), (focused, key)
    for key in ("Control+ArrowRight", "Alt+End"):  # keys of the browser stay its own
        press(opened, key)
        assert place(opened) == step(1)


def test_all_keys_are_listed_and_the_list_is_closed_by_escape(opened):
    opened.locator("button.forward").focus()
    press(opened, "?")
    listed = opened.locator("dialog dt").all_inner_texts()
    assert listed == ["→", "←", "Home", "End", "Space", "i", "o", "p", "f", "?", "Esc"]
    assert all(opened.locator("dialog dd").all_inner_texts())
    press(opened, "ArrowRight", "Escape")  # nothing moves behind it
    assert not opened.locator("dialog").is_visible()
    assert place(opened) == step(1)
    assert opened.evaluate("document.activeElement.className") == "forward"


SEEN = """() => {
    const all = (name) => Array.from(document.querySelectorAll(name));
    const text = (name) => all(name)[0].textContent;
    return {
        at: all(".picture .at").map(x => x.id).join(),
        edges: all(".picture .lit").map(x => x.id),
        phase: text(".phase"), title: text(".head .title"), rule: text(".rule"),
        say: text("[aria-live=polite].sentence"),
        slider: all(".slider")[0].getAttribute("aria-valuetext"),
    };
}"""


def test_node_at_work_and_its_edges_are_lit_and_the_rule_is_told(opened, data):
    for number, frame in enumerate(data["frames"], 1):
        seen = opened.evaluate(SEEN)
        assert seen.pop("slider") == step(number)
        assert seen.pop("say") == f"{step(number)}, {frame['say']}"
        assert seen == {name: frame[name] for name in seen}
        press(opened, "ArrowRight")


def test_node_at_work_is_seen_without_colours(opened):
    width = "x => parseFloat(getComputedStyle(x.querySelector('path, ellipse')).strokeWidth)"
    dashes = "x => getComputedStyle(x.querySelector('path')).strokeDasharray"
    animation = "x => getComputedStyle(x.querySelector('path')).animationName"
    assert opened.locator("#n2").evaluate(width) > 2 * opened.locator("#n4").evaluate(width)
    assert opened.locator("#e0").evaluate(dashes) != opened.locator("#e4").evaluate(dashes)
    # What moves in it does so only for those who do not mind.
    assert opened.locator("#e0").evaluate(animation) == "flow"
    opened.emulate_media(reduced_motion="reduce")
    assert opened.locator("#e0").evaluate(animation) == "none"


def test_neuron_is_one_step_or_many(opened):
    assert opened.locator(".head .unit").inner_text() == "in neuron h"
    press(opened, "o")
    assert opened.locator("text=Over neurons").get_attribute("aria-pressed") == "true"
    # Where it was on, there it goes on: the rest of the neuron h.
    press(opened, "ArrowRight")
    assert place(opened) == step(3)
    assert opened.locator(".head .title").inner_text() == "neuron h: 3 steps"
    assert opened.locator(".rule").inner_text().count("\n") == 2
    assert opened.locator(".picture .within").count() == 3
    for number in (4, 5, 6, 7, 12):
        press(opened, "ArrowRight")
        assert place(opened) == step(number)
    folded = texts(opened)
    press(opened, "ArrowLeft")
    assert place(opened) == step(7)
    press(opened, "o", *["ArrowRight"] * 4)
    assert place(opened) == step(11)
    press(opened, "ArrowRight")
    assert texts(opened) == folded


def test_link_opens_at_its_step_and_follows_the_reader(opened, address):
    opened.goto(address + "#step=5")
    assert place(opened) == step(5)
    press(opened, "ArrowRight")
    assert opened.locator(".place").get_attribute("href") == "#step=6"
    opened.wait_for_url("**#step=6")
    opened.reload()
    assert place(opened) == step(6)
    for other, shown in [("99", LAST), ("3", 3), ("x", 3), ("0", 1)]:
        opened.evaluate("number => { location.hash = `#step=${number}`; }", other)
        expect(opened.locator(".place")).to_have_text(step(shown))


SWIPE = """([across, down]) => {
    const target = document.querySelector(".caption");
    const finger = (x, y) => new Touch({identifier: 1, target, clientX: x, clientY: y});
    const touch = (name, f) => target.dispatchEvent(new TouchEvent(name, {
        bubbles: true, touches: name === "touchstart" ? [f] : [], changedTouches: [f]}));
    touch("touchstart", finger(200, 300));
    touch("touchend", finger(200 + across, 300 + down));
}"""


def test_finger_moves_the_frames(opened):
    moves = [((-80, 5), 2), ((-80, 0), 3), ((80, 0), 2), ((-80, 70), 2), ((-10, 0), 2)]
    for move, number in moves:
        opened.evaluate(SWIPE, list(move))
        assert place(opened) == step(number), move


def test_targets_are_large_enough_for_fingers_on_a_phone(opened):
    opened.emulate_media(reduced_motion="reduce")
    opened.set_viewport_size({"width": 360, "height": 640})
    for button in opened.locator("button:visible, select:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    # The picture, too wide by now, follows the node at work.
    press(opened, "o", "ArrowRight", "ArrowRight")
    box = opened.locator("#n6").bounding_box()
    assert math.isclose(box["y"] + box["height"] / 2, 110, abs_tol=70)
    assert 0 <= box["x"] <= 360 - box["width"]
