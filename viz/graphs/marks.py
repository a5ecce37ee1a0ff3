"""What is to be seen at once in a picture: its results, and numbers that are none."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value
from viz.graphs.picture import Picture


def mark_roots(picture: Picture, roots: Iterable[Value]) -> None:
    """Mark the boxes "root" of the results that a drawing is of; inputs are none.

    Where no box stands for a result alone, it is in the boxes that no other uses.

    >>> from viz.graphs.picture import compose
    >>> x = Value(2.0)
    >>> y = x * x
    >>> mark_roots(picture := compose([x, y]), [x, y])
    >>> [box.marks for box in picture.boxes]
    [set(), {'root'}]
    """
    wanted = set(roots)
    computed = [box for box in picture.boxes if box.kind not in ("input", "parameter", "constant")]
    used = {id(picture.boxes[edge.source]) for box in picture.boxes for edge in box.edges}
    results = [box for box in computed if box.value in wanted]
    for box in results or [box for box in computed if id(box) not in used]:
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
