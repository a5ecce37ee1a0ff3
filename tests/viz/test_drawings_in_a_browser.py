"""Drawings as a browser shows them: what fits, what is seen, and in which colours."""

import math
import re
from urllib.parse import quote

import pytest

import nn
from autograd import Value
from viz import draw
from viz.svg import style
from viz.svg.theme import DARK

# For each box the room between its outline and its texts, in points; for each text its size.
MEASURE = """() => [...document.querySelectorAll(".node")].map(node => {
    const shape = node.querySelector("path, polygon:last-of-type, ellipse");
    const texts = [...node.querySelectorAll("text")].map(text => text.getBBox());
    if (!shape || !texts.length) return 1;
    const box = shape.getBBox();
    return Math.min(...texts.map(t => Math.min(
        t.x - box.x, box.x + box.width - t.x - t.width,
        t.y - box.y + 2, box.y + box.height - t.y - t.height + 2)));
})"""
COLOURS = """() => [".paper", ".input ellipse", ".data", ".grad", ".root path"].map(
    selector => getComputedStyle(document.querySelector(selector)).fill)"""
LOOKS = """() => [...document.querySelectorAll("text")].map(text => {
    const style = getComputedStyle(text);
    return [text.getAttribute("class"), style.fontWeight, style.fontSize, style.fontStyle,
            style.stroke == "none" || text.closest(".edge") != null];
})"""


def neuron() -> Value:
    w, x, b = Value(-3.0, label="a rather long name"), Value(2.0, label="x"), Value(6.5, label="W")
    y = (w * x + b).tanh() - math.pi * 1e-7
    y.label = "WWWWWWWWMMMMMMMM"
    y.backward()
    x.data = 3.0
    return y


def show(page, *drawings):
    page.set_content("".join(f"<p>{drawing.svg}</p>" for drawing in drawings))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_no_text_leaves_its_box(page):
    model = nn.MLP(2, [3, 1], seed=0)
    y = model([Value(1.0, "x0"), Value(1e-9, "x1")])
    y.backward()
    show(page, draw(neuron()), draw(neuron(), "TB", partials=True), draw(y, detail="values"))
    rooms = page.evaluate(MEASURE)
    assert len(rooms) > 30
    assert min(rooms) >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_themes_are_what_the_screen_or_the_person_says(page, scheme):
    page.emulate_media(color_scheme=scheme)
    light = [style.PAPER, style.KINDS["input"]["fillcolor"], style.INK, style.QUIET, style.PAPER]
    dark = [DARK[colour] for colour in light]
    expected = {"light": light, "dark": dark, "auto": dark if scheme == "dark" else light}
    for theme, colours in expected.items():
        show(page, draw(neuron(), theme=theme))
        assert page.evaluate(COLOURS) == list(map(rgb, colours))


def test_two_themes_on_one_page_do_not_disturb_each_other(page):
    show(page, draw(neuron(), theme="dark"), draw(neuron(), theme="light"))
    papers = page.evaluate(
        "() => [...document.querySelectorAll('.paper')].map(x => getComputedStyle(x).fill)"
    )
    assert papers == [rgb(DARK[style.PAPER]), rgb(style.PAPER)]


def test_lines_of_a_box_are_told_apart_by_weight_size_and_slant(page):
    show(page, draw(neuron(), partials=True))
    looks = {role: tuple(rest) for role, *rest in page.evaluate(LOOKS)}
    assert all(plain for *_, plain in looks.values())
    assert looks["name"][:2] == ("700", "12px")
    assert looks["symbol"][:2] == ("700", "13px")
    assert looks["data"][:2] == ("400", "12px")
    assert looks["grad"][:2] == ("400", "11px")
    assert looks["grad stale"] == ("400", "11px", "italic", True)
    assert len(set(looks.values())) >= 5


def row(length: int) -> Value:
    x = Value(0.5, label="x")
    for _ in range(length):
        x = x.tanh()
    return x


@pytest.mark.parametrize(("length", "fits"), [(2, True), (6, True), (60, False)])
@pytest.mark.parametrize("embedded", ["inline", "img"])
def test_a_drawing_fits_to_its_page_with_its_proportions_unless_it_is_much_too_wide(
    page, length, fits, embedded
):
    svg = draw(row(length), detail="values").svg
    image = f'<img style="max-width: none" src="data:image/svg+xml,{quote(svg)}">'
    shown = svg if embedded == "inline" else image
    page.set_content(f'<div style="width: 500px; overflow: auto">{shown}</div>')
    page.wait_for_function("[...document.images].every(image => image.complete)")
    width, height = page.evaluate(
        """() => (box => [box.width, box.height])(
            document.querySelector("div > *").getBoundingClientRect())"""
    )
    asked = [float(x) for x in re.search(r'width="(\d+)pt" height="(\d+)pt"', svg).groups()]
    if embedded == "inline":
        assert (width <= 500) == fits
    assert width / height == pytest.approx(asked[0] / asked[1], rel=0.02)
