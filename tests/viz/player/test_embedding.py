"""A player in a notebook: exactly one of player and picture is seen, whatever is taken out."""

import re

import pytest
from nbconvert import HTMLExporter
from nbformat import v4
from playwright.sync_api import expect

from viz.player.pages.embedding import embedded, frame_height

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


def without_leave(html):
    return html.replace(' sandbox="allow-scripts"', " sandbox")


def same(html):
    return html


CASES = {  # what is done to it; whether the frame is left, and plays
    "whole": (same, True, True),
    "scripts stripped": (without_scripts, True, False),
    "scripts forbidden": (without_leave, True, False),
    "frames stripped": (without_frames, False, False),
    "both stripped": (lambda html: without_frames(without_scripts(html)), False, False),
    "not trusted": (as_jupyter_shows_strangers, False, False),
}


def test_one_of_player_and_picture_is_seen(chromium, output):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    for case, (change, framed, plays) in CASES.items():
        page.set_content(NOTEBOOK.replace("{}", change(output)))
        assert page.locator("img").is_visible() == (not framed), case
        if framed:
            inside = page.frame_locator("iframe")
            assert inside.locator(".picture #n5").is_visible(), case
            data = "data ?" if plays else "data 0.462117"
            expect(inside.locator("#n5 .data")).to_have_text(data)
            assert inside.locator(".transport").is_visible() == plays, case
        else:
            image = page.get_by_alt_text('relu "of" <it>')
            assert image.bounding_box()["height"] > 200, case
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
