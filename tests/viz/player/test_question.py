"""Predict, then reveal: the player asks for a number before it shows it."""

import pytest


@pytest.fixture
def asked(opened):
    """At the first step, asked for the second number, 0.5."""
    opened.keyboard.press("p")
    opened.keyboard.press("ArrowRight")
    return opened


def answer(page, text):
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def state(page):
    return (
        page.locator(".place").inner_text(),
        page.locator("#n4 .data").text_content(),
        page.locator(".verdict").inner_text(),
    )


def test_number_is_asked_for_before_it_is_shown(asked):
    assert state(asked) == ("Step 1 of 12", "data ?", "")
    assert asked.locator(".asked").inner_text() == "v2 = v1 + b?"
    assert asked.locator(".picture .at").get_attribute("id") == "n4"
    assert not asked.locator(".rule").is_visible()
    answer(asked, "0.4")
    assert state(asked) == ("Step 1 of 12", "data ?", "Not 0.4. Try again, or reveal it.")
    answer(asked, "0.5")
    assert state(asked) == ("Step 2 of 12", "data 0.5", "Right: 0.5.")
    assert asked.locator(".rule").is_visible()
    asked.keyboard.press("ArrowRight")
    assert state(asked)[0] == "Step 2 of 12"  # the next question
    asked.get_by_role("button", name="Reveal").click()
    assert state(asked) == ("Step 3 of 12", "data 0.5", "It is 0.462117.")
    asked.keyboard.press("ArrowLeft")
    assert state(asked) == ("Step 2 of 12", "data 0.5", "")


def test_the_key_that_answers_presses_no_button(opened):
    button = opened.get_by_role("button", name="Predict")
    button.click()  # which has the focus when the answer is given
    opened.keyboard.press("ArrowRight")
    opened.keyboard.type("0.5")
    for _ in range(4):
        opened.keyboard.down("Enter")  # and is held
    assert state(opened) == ("Step 2 of 12", "data 0.5", "Right: 0.5.")
    opened.keyboard.up("Enter")
    opened.keyboard.press("Enter")  # on to the next question
    assert opened.locator(".asked").inner_text() == "h = tanh(v2)?"
    assert button.get_attribute("aria-pressed") == "true"


def test_nobody_has_to_answer(asked):
    asked.keyboard.press("Escape")
    assert not asked.locator(".question").is_visible()
    assert state(asked)[0] == "Step 1 of 12"
    assert asked.locator(".picture .at").get_attribute("id") == "n2"
    asked.keyboard.press("ArrowRight")
    asked.locator(".slider").fill("4")
    assert not asked.locator(".question").is_visible()
    assert state(asked)[0] == "Step 5 of 12"
    asked.keyboard.press("p")
    asked.keyboard.press("ArrowRight")
    assert state(asked)[0] == "Step 6 of 12"


def test_playing_waits_for_the_answer_and_goes_on(page, address):
    page.clock.install(time=0)
    page.goto(address)
    page.clock.pause_at(3600)  # from here on, time is what the test makes of it
    page.keyboard.press("p")
    page.keyboard.press("Space")
    page.clock.run_for(9000)
    assert state(page)[0] == "Step 1 of 12"
    answer(page, "0.5")
    assert state(page)[0] == "Step 2 of 12"
    page.clock.run_for(1100)
    assert page.locator(".question").is_visible()


RIGHT = [
    (0.62, "0.62"),
    (0.62, "0,6204"),
    (0.62, "62e-2"),
    (-6, "−6"),
    (0.4621171, ".462"),
    (1234.5, "1230"),
    (0, "0.0004"),
    ("inf", "inf"),
    ("nan", "nan"),
    (1e-30, "1e-30"),
]
WRONG = [
    (0.62, "0.63"),
    (0.62, "-0.62"),
    (0.4621171, "0.461"),
    (1234.5, "1220"),
    (0, "0.01"),
    ("inf", "1e9"),
    ("nan", "0"),
    (1, "one"),
    (1, "  "),
    (1, "1 + 0"),
    (1e-30, "0"),
]


def test_three_digits_are_enough(opened):
    for cases, right in ((RIGHT, True), (WRONG, False)):
        for number, given in cases:
            said = opened.evaluate(
                "([given, shown]) => isRight(given, shown)", [given, str(number)]
            )
            assert said is right, (number, given)
