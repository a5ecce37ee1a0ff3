"""What is to be seen at once in a picture: its results, and numbers that are none."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value
from viz.graphs.picture import Picture


def mark_roots(picture: Picture, roots: Iterable[Value]) -> None:
    """Mark the boxes "root" of the results that a drawing is of; inputs are none.

    >>> from viz.graphs.picture import compose
    >>> x = Value(2.0)
    >>> y = x * x
    >>> mark_roots(picture := compose([x, y]), [x, y])
    >>> [box.marks for box in picture.boxes]
    [set(), {'root'}]
    """
    wanted = set(roots)
    for box in picture.boxes:
        if box.kind in ("operation", "neuron") and box.value in wanted:
            box.marks.add("root")


def mark_not_finite(picture: Picture) -> None:
    """Mark the boxes "nan" or "infinite" whose number or gradient is so.

    >>> from viz.graphs.picture import compose
    >>> x = Value(float("inf"))
    >>> mark_not_finite(picture := compose([x, x - x]))
    >>> [box.marks for box in picture.boxes]
    [{'infinite'}, {'nan'}]
    """
    for box in picture.boxes:
        numbers = [x for x in (box.data, box.grad) if x is not None]
        if any(map(math.isnan, numbers)):
            box.marks.add("nan")
        elif any(map(math.isinf, numbers)):
            box.marks.add("infinite")
