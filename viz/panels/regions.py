"""Regions of the plane: which class a model takes each point of a grid for, by what margin.

Between the points of the grid, the region of a class is where its margin, negative at the points
of other classes, is above zero; for two classes that is where their scores meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = list[tuple[float, float]]
UNKNOWN = -1  # the class of a point where the model gives NaN


class Regions(NamedTuple):
    """What a model makes of a grid, row by row from the top.

    Attributes:
        classes: shape (side, side), whole numbers from 0 on, or `UNKNOWN`.
        margins: shape (side, side), from 0 (as well another class) to 1.
    """

    classes: NDArray[np.int8]
    margins: NDArray[np.float32]

    def present(self) -> list[int]:
        """The classes that some point has."""
        return [int(i) for i in np.unique(self.classes) if i != UNKNOWN]

    def heights(self, index: int) -> NDArray[np.float32]:
        """The margin of a class, negative where it is another."""
        own = self.classes == index
        heights: NDArray[np.float32] = np.where(own, self.margins, -self.margins)
        heights[self.classes == UNKNOWN] = -1.0
        return heights


def areas(heights: NDArray[Any], level: float) -> Iterator[Points]:
    """Polygons that cover where the heights, interpolated, are above a level, in steps of the grid.

    Those of the squares that are whole are joined along their rows ("marching squares", Lorensen
    and Cline, 1987, in two dimensions).

    >>> list(areas(np.array([[1.0, -1.0], [1.0, -1.0]]), 0.0))
    [[(0, 0), (0.5, 0.0), (0.5, 1.0), (0, 1)]]
    """
    above = np.asarray(heights, float) - level
    inside = above > 0.0
    whole = inside[:-1, :-1] & inside[:-1, 1:] & inside[1:, 1:] & inside[1:, :-1]
    some = inside[:-1, :-1] | inside[:-1, 1:] | inside[1:, 1:] | inside[1:, :-1]
    for row, column in np.argwhere(some & ~whole).tolist():
        yield _part(above, row, column)
    for row in range(len(whole)):
        padded = np.concatenate([[False], whole[row], [False]])
        for start, end in np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2).tolist():
            yield [(start, row), (end, row), (end, row + 1), (start, row + 1)]


def outline(heights: NDArray[Any]) -> Iterator[Points]:
    """The pieces of the line where the heights, interpolated, are zero."""
    inside = np.asarray(heights) > 0.0
    count = sum(part.astype(int) for part in (inside[:-1, :-1], inside[:-1, 1:],
                                              inside[1:, 1:], inside[1:, :-1]))  # fmt: skip
    for row, column in np.argwhere((count > 0) & (count < 4)).tolist():
        crossings = [p for p in _part(heights, row, column) if not _is_corner(p)]
        yield from (crossings[i : i + 2] for i in range(0, len(crossings) - 1, 2))


def _part(above: NDArray[Any], row: int, column: int) -> Points:
    """The part of a square of the grid where it is above zero."""
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    values = [float(above[y, x]) for x, y in corners]
    part: Points = []
    for i, ((x, y), value) in enumerate(zip(corners, values, strict=True)):
        if value > 0.0:
            part.append((x, y))
        (next_x, next_y), following = corners[(i + 1) % 4], values[(i + 1) % 4]
        if (value > 0.0) != (following > 0.0):
            share = value / (value - following)
            part.append((x + share * (next_x - x), y + share * (next_y - y)))
    return part


def _is_corner(point: tuple[float, float]) -> bool:
    return all(isinstance(place, int) for place in point)
