"""The page of a player: nothing of its owner's texts runs, nothing is asked for, all can use it."""

import base64
import json
import re
import zlib
from importlib.resources import files

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograd import Value
from viz import steps
from viz.player.pages.page import SCRIPTS
from viz.player.pages.page import page as page_of
from viz.svg.texts.labels import readable

HOSTILE = [
    "</script><script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 2'>",
    '"><svg onload=window.hit=3>',
    "<!--<script>",
    "]]>&lt;b&gt;&amp;",
    "\\u003cb\\u003e \\ ' ` ${window.hit = 4} $title",
    "javascript:window.hit=5",
    "a\u2028b\u2029c\u0000d\u202ee",
    "x" * 100_000,
]


def data_of(made):
    """The data in a page."""
    packed = re.search(r'<script type="text/plain" id="player-data">([\w+/=]*)</script>', made)
    return zlib.decompress(base64.b64decode(packed.group(1))).decode()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_the_owner_is_data_in_the_page(text):
    made = page_of("steps", text, "<svg></svg>", {"kind": "steps", "title": text})
    assert made.count("<script") == made.count("</script>") == 2
    assert readable(json.loads(data_of(made))["title"]) == readable(text)


def test_texts_run_no_script_and_are_shown_as_they_are(page, walked, data, tmp_path):
    text = "".join(HOSTILE[:-2])
    data["title"] = data["units"][0] = text
    for node in data["nodes"].values():
        node["name"] = node["symbol"] = text
    for frame in data["frames"]:
        frame |= {"title": text, "rule": text, "say": text}
        frame["set"] = [[node, role, text] for node, role, _ in frame["set"]]
        frame["ask"] = {"question": text, "answer": text}
    file = tmp_path / "hostile.html"
    file.write_text(page_of("steps", text, walked.svg, data), "utf-8")
    page.goto(file.as_uri())
    for key in ("i", "ArrowRight", "p", "ArrowRight"):
        page.keyboard.press(key)
    for place in ("h1", ".head .title", ".rule", ".sentence", ".card h2", "#n2 .data", ".asked"):
        shown = page.locator(place).text_content()
        assert text in shown, place
    assert text in page.locator(".head .unit").text_content()
    page.get_by_role("button", name="Reveal").click()
    assert text in page.locator(".verdict").text_content()
    assert page.evaluate("window.hit") is None
    assert page.locator("img, .stage script, .stage b:not(.title)").count() == 0
    assert page.title() == text.strip()


def test_numbers_that_json_does_not_have_are_named():
    numbers = {"kind": "steps", "frames": [{"ask": {"answer": float("-inf")}}, (float("nan"),)]}
    made = page_of("steps", "", "", numbers)
    assert '"frames":[{"ask":{"answer":"-inf"}},["nan"]]' in data_of(made)


def test_half_a_surrogate_pair_is_written_as_what_can_be_read():
    made = page_of("steps", "a\ud800", "", {"kind": "steps", "title": "b\udfff"})
    assert "<h1>a\ufffd</h1>" in made
    assert '"b\ufffd"' in data_of(made)
    assert made.encode()


def test_page_allows_no_request_and_no_script_but_its_own(opened, played):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', played).group(1)
    assert re.sub(r"sha256-[\w+/=]+", "OURS", policy).split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "script-src 'OURS'",
    ]
    # It runs, so the hash is right; and what is added does not.
    assert opened.locator(".transport").is_visible()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", played)
    for evil in (
        "eval(",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "Function(",
    ):
        assert evil not in played


def test_page_is_light_or_dark_as_its_drawing_is(opened):
    paper = "getComputedStyle(document.body).backgroundColor"
    theme = "name => document.querySelector('.picture svg').setAttribute('class', name)"
    for screen, drawing, colour in [
        ("light", "chainrule-auto", "rgb(255, 255, 255)"),
        ("dark", "chainrule-auto", "rgb(17, 24, 39)"),
        ("light", "chainrule-dark", "rgb(17, 24, 39)"),
        ("dark", "chainrule-light", "rgb(255, 255, 255)"),
    ]:
        opened.emulate_media(color_scheme=screen)
        opened.evaluate(theme, drawing)
        assert opened.evaluate(paper) == colour


def test_page_without_scripts_is_the_picture(chromium, address, walked):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(address)
        texts = page.locator(".picture text").all_text_contents()
        assert texts == re.findall(r"<text[^>]*>([^<]*)</text>", walked.svg)
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
    finally:
        context.close()


CHAIN = """async () => {
    const forward = new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true});
    const times = [];
    for (let i = 0; i < 120; i++) {
        const begin = performance.now();
        document.body.dispatchEvent(forward);
        times.push(performance.now() - begin);
        if (i % 10 === 0) await new Promise(requestAnimationFrame);
    }
    return times.sort((a, b) => a - b);
}"""


def test_step_of_500_nodes_costs_the_script_at_most_4_milliseconds(page, tmp_path):
    """The quickest tenth is looked at, because the computer may be doing other things as well."""
    x = Value(0.5, label="x")
    for i in range(166):
        x = (x * Value(1.01, label=f"w{i}")).tanh()
    walk = steps(x)
    assert 490 < len(walk.data["nodes"]) <= 500
    file = tmp_path / "long.html"
    file.write_text(page_of("steps", walk.title, walk.svg, walk.data), "utf-8")
    page.goto(file.as_uri())
    times = page.evaluate(CHAIN)
    assert page.locator(".place").inner_text().startswith("Step 121 of ")
    assert times[len(times) // 10] < 4
    # It is too large for the window, unless one asks for all of it.
    room = "x => x.scrollWidth - x.clientWidth"
    assert page.locator(".picture").evaluate(room) > 10_000
    page.keyboard.press("f")
    assert page.locator(".picture").evaluate(room) == 0


def test_page_of_100_nodes_is_under_100_kilobytes():
    """All of them single products and sums, which take the most steps: a network of two inputs."""
    x = [Value(0.5, label="x0"), Value(-1.5, label="x1")]
    for layer, width in enumerate((5, 3)):
        x = [
            sum(
                (Value(0.1 * (i + k) - 0.3, label=f"w{layer}{k}{i}") * z for i, z in enumerate(x)),
                Value(0.1, label=f"b{layer}{k}"),
            ).tanh()
            for k in range(width)
        ]
    walk = steps(((x[0] + x[1] + x[2] - 1.0) ** 2).log())
    assert len(walk.data["nodes"]) == 100
    assert len(page_of("steps", walk.title, walk.svg, walk.data).encode()) < 100_000


def test_scripts_enter_the_page_line_by_line_as_they_are_written(played):
    """Also what looks like a comment within a line, such as a regular expression."""
    for name in SCRIPTS["steps"]:
        for line in (files("viz.player.pages") / name).read_text("utf-8").splitlines():
            assert f"{line.strip()}\n" in played or line.strip().startswith("//")


def test_scripts_are_a_few_kilobytes(played):
    script = re.search(r"<script>(.*)</script>", played, re.S).group(1)
    assert 5_000 < len(script.encode()) < 20_000
    assert "//" not in script


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(opened, scheme):
    opened.emulate_media(color_scheme=scheme)
    steps = {
        "first step": "Home",
        "card": "i",
        "last step": "End",
        "over neurons": "o",
        "list of keys": "?",
        "after it": "Escape",
        "to the beginning": "Home",
        "predict": "p",
        "question": "ArrowRight",
    }
    for state, key in steps.items():
        opened.keyboard.press(key)
        if state in ("over neurons", "list of keys", "question"):
            found = Axe().run(opened)
            assert found.violations_count == 0, (state, found.generate_report())
