"""Drawings in a notebook's column, where front ends show them as images of their own size."""

import re

COLUMN = 620.0  # points, which are 827 pixels
SMALLEST = 0.7  # What would have to be made smaller than that stays as it is, and is scrolled.
_SIZE = re.compile(r'(?<= width=")(\d+(?:\.\d+)?)(pt" height=")(\d+(?:\.\d+)?)(?=pt")')


def fitted(svg: str) -> str:
    """The drawing, and if it is a little wider than a notebook's column, as wide as that.

    >>> fitted('<svg width="775pt" height="100pt">')
    '<svg width="620pt" height="80pt">'
    >>> fitted('<svg width="1000pt" height="100pt">')
    '<svg width="1000pt" height="100pt">'
    """
    found = _SIZE.search(svg, 0, svg.find(">"))
    if not found or not COLUMN < float(found[1]) <= COLUMN / SMALLEST:
        return svg
    size = f"{COLUMN:g}{found[2]}{float(found[3]) * COLUMN / float(found[1]):g}"
    return svg[: found.start()] + size + svg[found.end() :]
