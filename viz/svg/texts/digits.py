"""How many digits each box needs, so that a drawing hides no difference that it is about.

Six significant digits are enough to read, but `65000 + 1e-4` would look like its operand then. So
numbers that meet in an operation, its operands and its result, get as many digits as tell them
apart if they differ. Numbers that do not meet may look alike.
"""

from __future__ import annotations

import math
from itertools import combinations

from viz.graphs.picture import Box, Picture
from viz.svg.texts.labels import DIGITS, told_apart

_MANY = 12  # of so many operands only the result is told from each


def digits(picture: Picture) -> list[int]:
    """The number of significant digits for each box's number.

    >>> from autograd import Value
    >>> from viz.svg.texts.labels import number
    >>> from viz.graphs.picture import compose
    >>> x, dx = Value(0.1), Value(1e-9)
    >>> picture = compose([x, dx, x + dx])
    >>> [number(box.data, n) for box, n in zip(picture.boxes, digits(picture))]
    ['0.1', '1e-09', '0.100000001']
    """
    found = [DIGITS] * len(picture.boxes)
    for i, box in enumerate(picture.boxes):
        numbers = dict.fromkeys([i, *(edge.source for edge in box.edges)])
        pairs = combinations(numbers, 2) if len(numbers) <= _MANY else ((i, j) for j in numbers)
        for one, other in pairs:
            needed = _apart(picture.boxes[one], picture.boxes[other])
            found[one], found[other] = max(found[one], needed), max(found[other], needed)
    return found


def _apart(one: Box, other: Box) -> int:
    """The fewest digits that tell the numbers of two boxes apart, if they differ."""
    a, b = one.data, other.data
    if a is None or b is None or a == b or not (math.isfinite(a) and math.isfinite(b)):
        return DIGITS
    return told_apart(a, b)
