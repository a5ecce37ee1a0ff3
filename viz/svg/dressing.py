"""What Graphviz cannot say is added to its SVG: classes, a style sheet, and what hovering tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from viz.svg.allowed import check_svg
from viz.svg.labels import readable
from viz.svg.theme import SHEETS, Theme

_SVG = "http://www.w3.org/2000/svg"


class Dress(NamedTuple):
    """What an element is to be given.

    Parameters:
        hover: what is to be read when the pointer is on it.
        classes: of the element.
        roles: the classes of its lines of text, in order.
    """

    hover: str = ""
    classes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def dress(svg: bytes, dresses: Mapping[str, Dress], theme: Theme) -> str:
    """The SVG with classes, style sheet and titles; `RenderingError` if it is not harmless.

    >>> bare = b'<svg xmlns="http://www.w3.org/2000/svg"><g id="n0"><title>n0</title></g></svg>'
    >>> "<title>x</title>" in dress(bare, {"n0": Dress("x")}, "light")
    True
    """
    check_svg(svg)
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    root.set("class", f"chainrule chainrule-{theme}")
    for group in root.iter(f"{{{_SVG}}}g"):
        _dress_one(group, dresses.get(group.get("id", ""), Dress()))
    style = ElementTree.Element(f"{{{_SVG}}}style")
    style.text = SHEETS[theme]
    root.insert(0, style)
    dressed = ElementTree.tostring(root, encoding="unicode")
    check_svg(dressed.encode())
    return dressed


def _dress_one(group: ElementTree.Element, dress: Dress) -> None:
    title = group.find(f"{{{_SVG}}}title")
    if title is not None:
        if dress.hover:
            title.text = readable(dress.hover)
        else:
            group.remove(title)
    if dress.classes:
        group.set("class", " ".join(dress.classes))
    for text, role in zip(group.iter(f"{{{_SVG}}}text"), dress.roles, strict=False):
        text.set("class", role)
