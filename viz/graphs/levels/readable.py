"""What can be read at a notebook's width."""

from __future__ import annotations

from typing import NamedTuple

from viz.graphs.picture import Picture


class Size(NamedTuple):
    """How many boxes and edges there are, or may be, and how many boxes in a row."""

    boxes: int
    edges: int
    length: int


# Tried out: so many boxes stand on some two screens, a dozen in a row are as wide as one, and
# edges between columns may cross where others may not.
READABLE = {"values": Size(40, 80, 12), "neurons": Size(100, 700, 12), "layers": Size(60, 200, 16)}


def is_readable(picture: Picture, level: str) -> bool:
    """Whether a picture at a level of detail is small enough.

    >>> is_readable(Picture(), "values")
    True
    """
    return all(x <= most for x, most in zip(size(picture), READABLE[level], strict=True))


def size(picture: Picture) -> Size:
    """How large a picture is."""
    lengths: list[int] = []
    for box in picture.boxes:
        before = [lengths[edge.source] for edge in box.edges if edge.source < len(lengths)]
        lengths.append(1 + max(before, default=0))
    edges = sum(len(box.edges) for box in picture.boxes)
    return Size(len(picture.boxes), edges, max(lengths, default=0))
