"""What is to be seen at once in a picture: its results, and numbers that are none."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from autograd import Value
from viz.graphs.picture import LEAVES, Box, Picture, nodes_of


def mark_roots(picture: Picture, roots: Iterable[Value]) -> None:
    """Mark the boxes "root" that have a result in them which the drawing is of; inputs are none.

    Where no box has one, as in a program, results are the boxes that no other uses.

    >>> from viz.graphs.picture import compose
    >>> x = Value(2.0)
    >>> y = x * x
    >>> mark_roots(picture := compose([x, y]), [x, y])
    >>> [box.marks for box in picture.boxes]
    [set(), {'root'}]
    """
    wanted = {root for root in roots if root.operands}
    computed = [box for box in picture.boxes if box.kind not in LEAVES]
    used = {id(picture.boxes[edge.source]) for box in picture.boxes for edge in box.edges}
    results = [box for box in computed if not wanted.isdisjoint((*nodes_of(box), *box.inside))]
    for box in results or [box for box in computed if id(box) not in used]:
        box.marks.add("root")


def mark_not_finite(picture: Picture) -> None:
    """Mark the boxes "nan" or "infinite" in which there is such a number or gradient.

    >>> from viz.graphs.picture import compose
    >>> x = Value(float("inf"))
    >>> mark_not_finite(picture := compose([x, x - x]))
    >>> [box.marks for box in picture.boxes]
    [{'infinite'}, {'nan'}]
    """
    for box in picture.boxes:
        box.marks |= not_finite(_numbers(box, picture.numberless))


def _numbers(box: Box, numberless: bool) -> list[float]:
    several = (*box.nodes, *box.inside)
    nodes = [x for x in several if x.kind == "parameter" or not numberless]
    return numbers_of(nodes) + [x for x in (box.data, box.grad) if x is not None]


def numbers_of(nodes: Collection[Value]) -> list[float]:
    """Their numbers, and the gradients that were computed.

    >>> numbers_of([Value(2.0)])
    [2.0]
    """
    return [x.data for x in nodes] + [x.grad for x in nodes if x.has_grad]


def not_finite(numbers: Iterable[float]) -> set[str]:
    """The mark for some numbers: of a NaN among them; else of an infinity; else none.

    >>> not_finite([1.0, float("-inf")]), not_finite([2.0])
    ({'infinite'}, set())
    """
    found = [x for x in numbers if not math.isfinite(x)]
    if not found:
        return set()
    return {"nan"} if any(map(math.isnan, found)) else {"infinite"}


def gradient_of(box: Box) -> float | None:
    """The gradient by which a box is coloured: of several the one farthest from zero, if any.

    >>> from viz.graphs.picture import compose
    >>> gradient_of(Box("input", grad=2.0)), gradient_of(Box("input", nodes=[Value(1.0)]))
    (2.0, None)
    """
    if box.grad is not None:
        return box.grad
    grads = [x.grad for x in box.nodes if x.has_grad]
    return max(filter(math.isfinite, grads), key=abs, default=math.nan) if grads else None
