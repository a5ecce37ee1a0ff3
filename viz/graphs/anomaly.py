"""Where a NaN began: the node of an `AnomalyError`, what it was computed from, and what it led to.

Forward these are some levels of operands; backward also the way that the gradient had come. What
lies farther away is left out.
"""

from __future__ import annotations

import math

from autograd import AnomalyError, Value
from autograd.origin import described
from viz.graphs.picture import Box, Edge, Picture, compose
from viz.graphs.selection import operands, ordered
from viz.svg.texts.lines import box_hover

LEVELS = 3  # of operands
WAY = 2  # nodes before, on the way of a gradient
BREADTH = 6  # operands of one node that are drawn


def compose_anomaly(error: AnomalyError) -> Picture:
    """The neighbourhood in which the anomaly began; the caption is the error's message.

    >>> from autograd import detect_anomaly
    >>> try:
    ...     with detect_anomaly():
    ...         (Value(2.0, label="p") - 2.0).log()
    ... except AnomalyError as error:
    ...     picture = compose_anomaly(error)
    >>> picture.caption
    'log() gave -inf for 0.0'
    >>> [box.label or box.symbol or box.data for box in picture.boxes]
    ['p', 2.0, '-', 'log']

    Raises `ValueError` for an error without a node, such as one that was pickled.
    """
    node = error.node
    if node is None:
        raise ValueError(
            "this AnomalyError has no node that could be drawn: copies and pickles have the "
            "message alone, so draw the error that was raised"
        )
    chosen = _operands_of(error, node) | _way_of(error, node)
    picture = compose(ordered(chosen, chosen.__contains__), max_nodes=math.inf)
    places = {box.value: i for i, box in enumerate(picture.boxes) if box.value is not None}
    _connect(picture, places, error, node)
    for box in picture.boxes:
        if box.value is not None:
            _show(box, box.value, error)
    picture.caption = str(error).partition("\n")[0]
    return picture


def _operands_of(error: AnomalyError, node: Value) -> dict[Value, None]:
    """Some levels of operands, of many those that are most to blame, and the node behind them."""
    levels = [[node]]
    for _ in range(LEVELS):
        levels.append([x for at in levels[-1] for x in _blamed(error, at)])
    return dict.fromkeys(x for level in reversed(levels) for x in level)


def _blamed(error: AnomalyError, node: Value) -> list[Value]:
    """The operands of a node that are drawn: rather what is not finite, and then what is zero."""
    of_error = node is error.node
    given = error.operands if of_error else operands(node)
    found = [x for x in dict.fromkeys(given) if isinstance(x, Value)]

    def innocence(x: Value) -> tuple[bool, bool, bool]:
        return x is not error.operand, math.isfinite(x.data), x.data != 0.0

    chosen = {*sorted(found, key=innocence)[:BREADTH]}
    return [x for x in found if x in chosen]


def _way_of(error: AnomalyError, node: Value) -> dict[Value, None]:
    """The last nodes through which the gradient came to the node, and the constants on the way."""
    way: dict[Value, None] = {}
    frontier = {node}
    for _ in range(WAY):
        users = [x for x in error.gradients if not frontier.isdisjoint(operands(x))]
        frontier = {*users[-BREADTH:]} - way.keys()  # the last that were passed are the nearest
        way |= dict.fromkeys(x for x in users if x in frontier)
    return way | {x: None for user in way for x in operands(user) if x.kind == "constant"}


def _connect(picture: Picture, places: dict[Value, int], error: AnomalyError, node: Value) -> None:
    """Edges to a node made of constants alone, and the mark of the edge where a gradient broke."""
    box = picture.boxes[places[node]]
    if not operands(node):
        box.kind, box.symbol = "operation", node.op.symbol if node.op else ""
        box.edges = [Edge(places[x]) for x in error.operands if x in places]
    if error.operand is not None:
        for edge in box.edges:
            if edge.source == places.get(error.operand):
                edge.marks.add("wrong")


def _show(box: Box, value: Value, error: AnomalyError) -> None:
    """The gradient as far as the pass had come, and for hovering the line of code."""
    if error.gradients:
        box.grad = error.gradients.get(value)
    line: tuple[str, int] | None = getattr(value, "line", None)  # none on a leaf
    if line:
        box.hover = f"{box_hover(box)}\n{described(line)}"
