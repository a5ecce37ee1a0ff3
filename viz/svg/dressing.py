"""What Graphviz cannot say is added to its SVG: classes, a style sheet, and what hovering tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from viz.svg import style
from viz.svg.allowed import check_svg
from viz.svg.errors import RenderingError
from viz.svg.placing import place
from viz.svg.shortening import shorten
from viz.svg.texts.labels import readable
from viz.svg.theme import SHEETS, Theme

_SVG = "http://www.w3.org/2000/svg"
_LONGEST_HOVER = 2000
_WIDEST = 1500  # points: made to fit a page what is wider could not be read, and scrolls
# Where somebody takes the style sheet away, outlines remain, and can be read.
_WITHOUT_STYLE_SHEET = {
    "fill": "none",
    "font-family": style.FONT,
    "font-size": style.NODE["fontsize"],
    "stroke": style.LINE,
    "stroke-width": ".6",
    "text-anchor": "middle",
}


class Dress(NamedTuple):
    """What an element is to be given.

    Parameters:
        hover: what is to be read when the pointer is on it.
        classes: of the element.
        roles: the classes of its lines of text, in order.
        rounded: whether it is a box with round corners.
    """

    hover: str = ""
    classes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    rounded: bool = False


def dress(svg: bytes, dresses: Mapping[str, Dress], theme: Theme, title: str = "") -> str:
    """The SVG with classes, style sheet and titles; `RenderingError` if it is not harmless.

    Parameters:
        svg: as Graphviz makes it.
        dresses: by the ids of elements.
        title: what the picture shows, in words, for those who do not see it.

    >>> bare = b'<svg xmlns="http://www.w3.org/2000/svg"><g id="n0"><title>n0</title></g></svg>'
    >>> "<title>x</title>" in dress(bare, {"n0": Dress("x")}, "light")
    True
    """
    ElementTree.register_namespace("", _SVG)
    root = _parsed(svg)
    for group in root.iter(f"{{{_SVG}}}g"):
        _dress_one(group, dresses.get(group.get("id", ""), Dress()))
    place(root)
    shorten(root, {name for name, each in dresses.items() if each.rounded})
    wide = " wide" * (_width(root) > _WIDEST)
    root.set("class", f"chainrule chainrule-{theme}{wide}")
    root.set("role", "img")
    root.insert(0, _element("style", SHEETS[theme]))
    if title:
        root.insert(0, _element("title", readable(title)))
    # No text and no attribute has a ">" of its own in XML as it is written here.
    dressed = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    check_svg(dressed.encode())
    return dressed


def _parsed(svg: bytes) -> Element:
    try:
        return ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise RenderingError(f"the SVG is not shown: it is not well-formed ({error})") from error


def _width(root: Element) -> float:
    return float(root.get("width", "0").removesuffix("pt"))


def _element(tag: str, text: str) -> Element:
    element = Element(f"{{{_SVG}}}{tag}")
    element.text = text
    return element


def _dress_one(group: Element, dress: Dress) -> None:
    title = group.find(f"{{{_SVG}}}title")
    if title is not None:
        group.remove(title)
    if dress.hover:
        group.insert(0, _element("title", readable(dress.hover[:_LONGEST_HOVER])))
    if dress.classes:
        group.set("class", " ".join(dress.classes))
    for text, role in zip(group.findall(f"{{{_SVG}}}text"), dress.roles, strict=False):
        text.set("class", role)
    if group.get("class") == "graph":
        _dress_graph(group)


def _dress_graph(group: Element) -> None:
    """Its first polygon is the paper; its text, if any, a caption."""
    for paper in group.findall(f"{{{_SVG}}}polygon")[:1]:
        paper.set("class", "paper")
    for text in group.findall(f"{{{_SVG}}}text"):
        text.set("class", "caption")
    for name, value in _WITHOUT_STYLE_SHEET.items():
        group.set(name, value)
