"""Graphviz's SVG in fewer words.

It repeats the font with every text and the colours with every shape, which the style sheet says
once, and writes hundredths of points, which nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.etree.ElementTree import Element

from viz.svg import style

_SVG = "{http://www.w3.org/2000/svg}"
_COORDINATES = ("x", "y", "cx", "cy", "rx", "ry")
_PLACES = (*_COORDINATES, "points", "d", "viewBox", "transform")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CORNER = 6


def shorten(root: Element, rounded: Collection[str]) -> None:
    """Take away what the style sheet says; `rounded` are the ids of boxes with round corners."""
    for group in root.iter(f"{_SVG}g"):
        if group.get("id") in rounded:
            _round_corners(group)
    for element in root.iter():
        if element.tag in (f"{_SVG}svg", f"{_SVG}g"):
            element.text = None
        else:
            _strip(element)
        element.tail = "\n" if element.tag == f"{_SVG}g" else None
        for name, text in element.items():
            if name in _COORDINATES:
                element.set(name, _brief(round(float(text) * 10)))
            elif name == "d" and "C" in text:
                element.set(name, _relative(text))
            elif name in _PLACES:
                element.set(name, _NUMBER.sub(_tenths, text))


def _strip(element: Element) -> None:
    kept = {name: element.attrib[name] for name in ("class", *_PLACES) if name in element.attrib}
    element.attrib.clear()
    element.attrib.update(kept)
    if element.get("class") == "paper":
        element.set("fill", style.PAPER)
        element.set("stroke", "none")
    if points := element.get("points", "").split():
        # A polygon ends where it began.
        element.set("points", " ".join(points[:-1] if points[0] == points[-1] else points))


def _tenths(number: re.Match[str]) -> str:
    return _brief(round(float(number[0]) * 10))


def _brief(tenths: int) -> str:
    """The number without a zero that need not be written.

    >>> _brief(-5), _brief(120), _brief(123)
    ('-.5', '12', '12.3')
    """
    if tenths % 10 == 0:
        return str(tenths // 10)
    whole = str(tenths / 10)
    return whole.replace("0.", ".", 1) if -10 < tenths < 10 else whole


def _relative(curves: str) -> str:
    """The same curves, each of whose points is told from where the curve begins.

    >>> _relative("M10,10C11,10 12,11 12.5,12 13,13 14,14 15,15")
    'M10,10c1,0 2,1 2.5,2 .5,1 1.5,2 2.5,3'
    """
    tenths = [round(float(number) * 10) for number in _NUMBER.findall(curves)]
    points = list(zip(tenths[::2], tenths[1::2], strict=True))
    told = []
    for i, (x, y) in enumerate(points[1:]):
        u, v = points[i - i % 3]
        told.append(f"{_brief(x - u)},{_brief(y - v)}")
    x, y = points[0]
    return f"M{_brief(x)},{_brief(y)}c{' '.join(told)}"


def _round_corners(group: Element) -> None:
    """Graphviz writes a box with round corners as eight curves."""
    for path in group.findall(f"{_SVG}path"):
        path.set("d", _outline(path.get("d", "")))


def _outline(path: str) -> str:
    """The rectangle that the path fills, with round corners.

    >>> _outline("M12,0C12,0 30,20 30,20 40,10 0,10 0,20")
    'M6,0h28q6,0 6,6v8q0,6 -6,6h-28q-6,0 -6,-6v-8q0,-6 6,-6z'
    """
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    left, right = min(numbers[::2]), max(numbers[::2])
    top, bottom = min(numbers[1::2]), max(numbers[1::2])
    r = min(_CORNER, (right - left) / 2, (bottom - top) / 2)
    width, height = round(right - left - 2 * r, 1), round(bottom - top - 2 * r, 1)
    turns = ((r, 0, r, r), (0, r, -r, r), (-r, 0, -r, -r), (0, -r, r, -r))
    corners = [f"q{u:g},{v:g} {x:g},{y:g}" for u, v, x, y in turns]
    sides = (f"h{width:g}", f"v{height:g}", f"h{-width:g}", f"v{-height:g}")
    outline = "".join(side + corner for side, corner in zip(sides, corners, strict=True))
    return f"M{left + r:g},{top:g}{outline}z"
