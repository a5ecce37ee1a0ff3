"""The player in a browser: buttons, slider, keys, fingers and links lead to the right frames."""

import re


def texts(page):
    """All numbers in the picture."""
    return page.locator(".picture text").all_text_contents()


def place(page):
    return page.locator(".place").inner_text()


def test_forward_and_back_are_the_same_frames(opened):
    forward = [texts(opened)]
    for _ in range(6):
        opened.click("button.forward")
        forward.append(texts(opened))
    assert "data ?" in forward[0]
    assert "data ?" not in forward[-1]
    assert len({tuple(frame) for frame in forward}) == 7
    backward = [texts(opened)]
    for _ in range(6):
        opened.click("button.back")
        backward.append(texts(opened))
    assert backward == forward[::-1]
    for step in (5, 1, 4, 6, 0):
        opened.locator(".slider").fill(str(step))
        assert texts(opened) == forward[step]


def test_last_frame_is_the_picture_as_it_was_drawn(opened, drawn):
    opened.click("button.last")
    assert texts(opened) == re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    opened.hover("#n4")
    assert "0.5" in opened.locator("#n4 > title").text_content()
    opened.click("button.first")  # where hovering must not tell what comes
    opened.hover("#n4")
    assert opened.locator(".picture .node > title").count() == 0


def test_it_plays_to_the_end_and_then_from_the_beginning(page, played, tmp_path):
    page.clock.install()
    file = tmp_path / "steps.html"
    file.write_text(played, "utf-8")
    page.goto(file.as_uri())
    button = page.locator("button.play")
    button.click()
    assert button.get_attribute("aria-label") == "Pause"
    page.clock.run_for(2100)
    assert place(page) == "Step 3 of 7"
    page.locator(".speed select").select_option("4")
    page.clock.run_for(300)
    assert place(page) == "Step 4 of 7"
    button.click()
    page.clock.run_for(5000)
    assert place(page) == "Step 4 of 7"
    button.click()
    page.clock.run_for(5000)
    assert place(page) == "Step 7 of 7"
    assert button.get_attribute("aria-label") == "Play"
    button.click()
    page.clock.run_for(260)
    assert place(page) == "Step 2 of 7"


KEYS = [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 7), ("ArrowRight", 7)]
KEYS += [("Home", 1), ("ArrowLeft", 1), ("x", 1)]


def test_keys_lead_to_the_same_step_wherever_the_focus_is(opened):
    for focused in ("body", ".slider", "button.forward", ".place", ".rule"):
        opened.locator(focused).focus()
        for key, step in KEYS:
            opened.keyboard.press(key)
            assert place(opened) == f"Step {step} of 7", (focused, key)


def test_keys_of_the_browser_stay_its_own(opened):
    for key in ("Control+ArrowRight", "Alt+End"):
        opened.keyboard.press(key)
        assert place(opened) == "Step 1 of 7"


def test_all_keys_are_listed_and_the_list_is_closed_by_escape(opened):
    opened.locator("button.forward").focus()
    opened.keyboard.press("?")
    listed = opened.locator("dialog dt").all_inner_texts()
    assert listed == ["→", "←", "Home", "End", "Space", "i", "o", "p", "?", "Esc"]
    assert all(opened.locator("dialog dd").all_inner_texts())
    opened.keyboard.press("ArrowRight")  # nothing moves behind it
    opened.keyboard.press("Escape")
    assert not opened.locator("dialog").is_visible()
    assert place(opened) == "Step 1 of 7"
    assert opened.evaluate("document.activeElement.className") == "forward"


def test_node_at_work_and_its_edges_are_lit_and_the_rule_is_told(opened, frames):
    for step, frame in enumerate(frames["frames"]):
        assert opened.locator(".picture .at").get_attribute("id") == frame["at"]
        lit = opened.locator(".picture .lit").evaluate_all("all => all.map(x => x.id)")
        assert lit == frame["edges"]
        assert opened.locator(".stage").get_attribute("data-phase") == frame["phase"]
        assert opened.locator(".rule").inner_text() == frame["rule"]
        assert opened.locator(".head .title").inner_text() == frame["title"]
        spoken = opened.locator("[aria-live=polite].sentence")
        assert spoken.text_content() == frame["say"]
        assert opened.locator(".slider").get_attribute("aria-valuetext") == f"Step {step + 1} of 7"
        opened.keyboard.press("ArrowRight")


def test_node_at_work_is_seen_without_colours(opened):
    width = "x => parseFloat(getComputedStyle(x.querySelector('path, ellipse')).strokeWidth)"
    dashes = "x => getComputedStyle(x.querySelector('path')).strokeDasharray"
    assert opened.locator("#n2").evaluate(width) > 2 * opened.locator("#n4").evaluate(width)
    assert opened.locator("#e0").evaluate(dashes) != opened.locator("#e4").evaluate(dashes)


def test_neuron_is_one_step_or_many(opened):
    opened.keyboard.press("o")
    assert opened.locator("text=Over neurons").get_attribute("aria-pressed") == "true"
    opened.keyboard.press("ArrowRight")
    # Where it was on, there it goes on: the rest of the neuron, then the root, then the way back.
    assert place(opened) == "Step 3 of 7"
    assert opened.locator(".head .title").inner_text() == "hidden.0: 3 steps"
    assert opened.locator(".rule").inner_text().count("\n") == 2
    assert opened.locator(".picture .within").count() == 3
    opened.keyboard.press("ArrowRight")
    assert place(opened) == "Step 4 of 7"
    opened.keyboard.press("ArrowRight")
    assert place(opened) == "Step 7 of 7"
    folded = texts(opened)
    opened.keyboard.press("ArrowLeft")
    assert place(opened) == "Step 4 of 7"
    opened.keyboard.press("o")
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    assert texts(opened) == folded


def test_link_opens_at_its_step_and_follows_the_reader(opened):
    address = opened.url
    opened.goto(address + "#step=5")
    assert place(opened) == "Step 5 of 7"
    opened.keyboard.press("ArrowRight")
    assert opened.locator(".place").get_attribute("href") == "#step=6"
    opened.wait_for_url("**#step=6")
    opened.reload()
    assert place(opened) == "Step 6 of 7"
    for wrong, shown in [("#step=99", 7), ("#step=0", 1), ("#step=x", 1), ("#other", 1)]:
        opened.goto("about:blank")
        opened.goto(address + wrong)
        assert place(opened) == f"Step {shown} of 7", wrong


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
    for move, step in moves:
        opened.evaluate(SWIPE, list(move))
        assert place(opened) == f"Step {step} of 7", move


def test_targets_are_large_enough_for_fingers(opened):
    opened.set_viewport_size({"width": 360, "height": 640})
    for button in opened.locator("button:visible, select:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_nothing_moves_by_itself_for_those_who_do_not_want_it(opened):
    animation = "x => getComputedStyle(x.querySelector('path')).animationName"
    assert opened.locator("#e0").evaluate(animation) == "flow"
    opened.emulate_media(reduced_motion="reduce")
    assert opened.locator("#e0").evaluate(animation) == "none"
