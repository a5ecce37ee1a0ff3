"""A player in a notebook: exactly one of player and picture is seen, whatever is taken out."""

import re

import pytest
from nbconvert import HTMLExporter
from nbformat import v4

from viz.player.embedding import embedded, frame_height

NOTEBOOK = "<!doctype html><meta charset=utf-8><style>body { margin: 0 }</style>{}<p>below</p>"


@pytest.fixture
def output(played, walked):
    return embedded(played, walked.svg, frame_height(walked.svg), 'relu "of" <it>')


def without_frames(html):
    return re.sub(r"<iframe.*?</iframe>", "", html, flags=re.S)


def without_scripts(html):
    return re.sub(r"&lt;script.*?&lt;/script&gt;", "", html, flags=re.S)


def without_styles(html):
    return re.sub(r'<style>.*?</style>| style="[^"]*"', "", html, flags=re.S)


def as_jupyter_shows_strangers(html):
    """JupyterLab's sanitizer lets neither frames nor style sheets pass, but images with data."""
    return without_styles(without_frames(html)).replace(' sandbox="allow-scripts"', "")


FRAME, IMAGE = "frame", "image"
CASES = {
    "whole": (lambda html: html, FRAME, True),
    "frames stripped": (without_frames, IMAGE, False),
    "scripts stripped": (without_scripts, FRAME, False),
    "both stripped": (lambda html: without_frames(without_scripts(html)), IMAGE, False),
    "not trusted": (as_jupyter_shows_strangers, IMAGE, False),
    "sandbox without scripts": (
        lambda html: html.replace(' sandbox="allow-scripts"', " sandbox"),
        FRAME,
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_of_player_and_picture_is_seen(chromium, output, case, tmp_path):
    change, seen, plays = CASES[case]
    file = tmp_path / "notebook.html"
    file.write_text(NOTEBOOK.replace("{}", change(output)), "utf-8")
    context = chromium.new_context(offline=True)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("img").is_visible() == (seen == IMAGE)
        assert page.locator("iframe").count() == (seen == FRAME)
        if seen == FRAME:
            inside = page.frame_locator("iframe")
            assert inside.locator(".picture #n5").is_visible()
            assert inside.locator(".transport").is_visible() == plays
            data = "data ?" if plays else "data 0.462117"
            assert inside.locator("#n5 .data").text_content() == data
        else:
            assert page.get_by_alt_text('relu "of" <it>').bounding_box()["height"] > 200
    finally:
        context.close()


def test_frame_is_as_high_as_what_is_in_it(page, output, walked):
    page.set_content(NOTEBOOK.replace("{}", output))
    box = page.frame_locator("iframe").locator(".player").bounding_box()
    assert 0 <= frame_height(walked.svg) - box["height"] < 20
    picture = page.frame_locator("iframe").locator(".picture")
    assert picture.evaluate("x => x.scrollHeight - x.clientHeight") == 0


def test_two_players_do_not_disturb_each_other(page, output):
    page.set_content(NOTEBOOK.replace("{}", output + output))
    one, two = (page.frame_locator("iframe >> nth=" + i).locator(".place") for i in "01")
    assert one.get_attribute("href") is None  # a notebook's address is not the player's
    one.click()
    page.keyboard.press("ArrowRight")
    assert (one.inner_text(), two.inner_text()) == ("Step 2 of 12", "Step 1 of 12")
    two.click()
    page.keyboard.press("End")
    assert (one.inner_text(), two.inner_text()) == ("Step 2 of 12", "Step 12 of 12")


def test_notebook_that_nbconvert_published_plays(page, output, walked, tmp_path):
    bundle = {"text/html": output, "image/svg+xml": walked.svg, "text/plain": "steps"}
    cell = v4.new_code_cell("steps(y)", outputs=[v4.new_output("display_data", bundle)])
    exporter = HTMLExporter(mathjax_url="", require_js_url="")
    published, _ = exporter.from_notebook_node(v4.new_notebook(cells=[cell]))
    file = tmp_path / "published.html"
    file.write_text(published, "utf-8")
    page.goto(file.as_uri())
    assert not page.locator("img").is_visible()
    inside = page.frame_locator("iframe")
    inside.locator("button.last").click()
    assert inside.locator("#n0 .grad").text_content() == "grad 1.45372"


def test_picture_whose_size_is_not_known_is_an_error_that_says_so():
    with pytest.raises(ValueError, match="width and height are in points, not '<svg/>'"):
        frame_height("<svg/>")


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(300, 120, 160), (1302, 300, 200 * 1.2), (300, 3000, 480)]
)
def test_large_pictures_are_shown_smaller_and_then_scrolled(width, height, shown):
    svg = f'<svg xmlns="" width="{width}pt" height="{height}pt"></svg>'
    small = '<svg width="3pt" height="0pt"></svg>'
    assert frame_height(svg) - frame_height(small) == shown
