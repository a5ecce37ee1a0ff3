"""SVG as text: elements, words, and panels side by side on a sheet.

Whatever comes as text is escaped here, so that a label is shown as the text it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, NamedTuple

from viz.svg.panel_theme import GROUND, INK, PANEL_SHEETS, QUIET
from viz.svg.style import FONT
from viz.svg.texts.labels import readable
from viz.svg.theme import Theme

LONGEST = 24  # characters of a label, for which there is room
LONGEST_CAPTION = 140
CAPTION = 28  # pixels
_INKS = {"name": INK, "note": QUIET}


class Panel(NamedTuple):
    """One of the pictures of a training.

    Attributes:
        name: what scripts and style sheets call it.
        says: what is to be seen on it, for who does not see.
    """

    name: str
    says: str
    width: int
    height: int
    content: str


class Placed(NamedTuple):
    """A panel, and where its upper left corner is on a sheet."""

    panel: Panel
    x: int
    y: int


def element(name: str, *content: str, **attributes: object) -> str:
    """An element with this content, which is SVG already; `class_` stands for "class".

    >>> element("g", element("path", d="M0 0"), class_="a & b", stroke_width=2)
    '<g class="a &amp; b" stroke-width="2"><path d="M0 0"/></g>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(readable(str(value)))}"'
        for key, value in attributes.items()
    )
    inside = "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(
    text: str,
    x: float,
    y: float,
    role: Literal["name", "note"] = "note",
    anchor: Literal["start", "middle", "end"] = "start",
    size: int = 11,
    longest: int = LONGEST,
) -> str:
    """A line of text, which begins, has its middle, or ends at x.

    >>> words("<b>", 1, 2)
    '<text class="note" x="1" y="2" font-size="11" fill="#526075">&lt;b&gt;</text>'
    """
    look: dict[str, object] = {} if anchor == "start" else {"text_anchor": anchor}
    look |= {"font_size": size, "fill": _INKS[role]}
    return element("text", escaped(text, longest), class_=role, x=short(x), y=short(y), **look)


def escaped(text: str, longest: int = LONGEST) -> str:
    """The text on one line, cut if it is long, as the content of an element."""
    # Cut before anything else, so that a text of a gigabyte costs no more than a short one.
    text = " ".join(readable(text[: 4 * longest]).split())
    return escape(text if len(text) <= longest else text[:longest] + "…")


def told_apart(names: Sequence[str]) -> list[str]:
    """Names, of which those that would be equal when they are cut have their ends too.

    >>> told_apart(["red", "a very long name of the class 1", "a very long name of the class 2"])
    ['red', 'a very long …the class 1', 'a very long …the class 2']
    """
    cut = [name[:LONGEST] for name in names]
    return [
        f"{name[: LONGEST // 2]}…{name[1 - LONGEST // 2 :]}"
        if len(name) > LONGEST and cut.count(name[:LONGEST]) > 1
        else name
        for name in names
    ]


def short(number: float) -> str:
    """A place on a panel, to a tenth of a pixel.

    >>> short(12.345), short(12.0)
    ('12.3', '12')
    """
    return f"{number:.1f}".removesuffix(".0")


def svg(panel: Panel, theme: Theme = "auto", styled: bool = True) -> str:
    """A panel as a picture of its own; the style sheet may stand in another one of the page."""
    return _framed(panel.content, panel.width, panel.height, panel.says, theme, styled, panel.name)


def sheet(placed: Sequence[Placed], says: str, theme: Theme = "auto") -> str:
    """All of the panels as one picture, what it says below them."""
    width = max(x + panel.width for panel, x, _ in placed)
    height = max(y + panel.height for panel, _, y in placed) + CAPTION
    content = "".join(
        element("g", panel.content, class_=f"panel-{panel.name}", transform=f"translate({x},{y})")
        for panel, x, y in placed
    )
    caption = words(says, 10, height - 9, size=12, longest=LONGEST_CAPTION)
    return _framed(content + caption, width, height, says, theme, True, "sheet")


def _framed(
    content: str, width: int, height: int, says: str, theme: Theme, styled: bool, name: str
) -> str:
    style = element("style", PANEL_SHEETS[theme]) if styled else ""
    ground = element("path", class_="ground", fill=GROUND, d=f"M0 0H{width}V{height}H0z")
    return element(
        "svg",
        style,
        element("title", escape(readable(says))),
        ground,
        content,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"panels panels-{theme} panel-{name}",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        font_family=FONT,
        role="img",
    )
