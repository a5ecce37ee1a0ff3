"""What an SVG may have: a short list of harmless elements, and a style sheet only if it is ours."""

from __future__ import annotations

from xml.parsers import expat

from viz.svg.errors import RenderingError
from viz.svg.panel_theme import PANEL_SHEETS
from viz.svg.theme import SHEETS

ELEMENTS = frozenset(
    {"svg", "g", "title", "polygon", "polyline", "ellipse", "path", "text", "style"}
)


def check_svg(svg: bytes) -> None:
    """Raise `RenderingError` unless the SVG is made of harmless elements and attributes only.

    A style sheet is harmless if it is, byte for byte, one of ours.

    >>> check_svg(b"<svg><script/></svg>")
    Traceback (most recent call last):
        ...
    viz.svg.errors.RenderingError: the SVG is not shown: it has a <script> element
    """
    styles: list[str] = []
    within: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if within[-1:] == ["style"]:
            refuse("its style sheet has elements")
        within.append(name)
        if name not in ELEMENTS:
            refuse(f"it has a <{name}> element")
        if name == "style":
            styles.append("")
        for attribute in map(str.lower, attributes):
            if attribute.startswith("on") or attribute.endswith("href") or attribute == "style":
                refuse(f"<{name}> has the attribute {attribute!r}")

    def end(name: str) -> None:
        within.pop()

    def text(content: str) -> None:
        if within[-1:] == ["style"]:
            styles[-1] += content

    def instruction(*_: object) -> None:
        # Document types can define entities; processing instructions can load style styles.
        refuse("it has a document type or a processing instruction")

    def refuse(reason: str) -> None:
        raise RenderingError(f"the SVG is not shown: {reason}")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = instruction
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise RenderingError(f"the SVG is not shown: it is not well-formed ({error})") from error
    if not set(styles) <= {*SHEETS.values(), *PANEL_SHEETS.values()}:
        refuse("it has a style sheet of somebody else")
