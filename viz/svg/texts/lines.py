"""What is written in a box, and what is read when the pointer is on a box or an edge."""

from __future__ import annotations

from collections.abc import Sequence

from viz.graphs.picture import Box, Edge, Line, Picture, counted
from viz.svg.texts.labels import DIGITS, cut, data_line, grad_line, kept_in_place, number

STALE = "(stale)"
_STALE = "stale, numbers were changed since"
_SHORT = 40  # characters of a name within a sentence
_FEW = 3  # operands that are listed


def lines(box: Box, digits: int = DIGITS) -> list[Line]:
    """The lines of a box, from top to bottom.

    >>> [line.text for line in lines(Box("operation", "y", "*", 4.0, 1.0))]
    ['y', '*', 'data 4', 'grad 1']
    """
    numbers = _numbers(box, digits)
    told = box.lines + numbers if box.kind == "layer" else numbers + box.lines
    return _title(box) + [
        Line(f"{role} stale", f"{text} {STALE}") if role in box.stale else Line(role, text)
        for role, text in told
    ]


def _title(box: Box) -> list[Line]:
    titles = (Line("name", box.label), Line("symbol", box.symbol))
    return [line for line in titles if line.text]


def _numbers(box: Box, digits: int) -> list[Line]:
    if box.data is None:
        return []
    if box.kind == "constant":
        return [Line("data", number(box.data, digits))]
    if box.kind == "layer":  # the norms of its parameters and of their gradients
        return [
            Line("data", f"norm {number(box.data)}"),
            Line("grad", f"grad norm {number(box.grad)}"),
        ]
    return [
        Line("data", data_line(box.data, digits)),
        Line("grad", grad_line(box.grad, box.grad_digits)),
    ]


def box_hover(box: Box) -> str:
    """Name, symbol and lines, with all digits of the numbers.

    >>> print(box_hover(Box("operation", "y", "/", 1 / 3, stale={"data": 0.5})))
    y
    /
    data 0.3333333333333333: stale, numbers were changed since; now it would be 0.5
    grad —: not computed
    """
    if box.hover:
        return "\n".join([box.hover, *_stale_parts(box)])
    # A name is anybody's text: cut, so that what comes after it is still read.
    title = [cut(line.text) for line in _title(box)]
    rest = [line.text for line in box.lines]
    if box.data is None:
        return "\n".join([*title, *rest, *_stale_parts(box)])
    if box.kind == "constant":
        return "\n".join([*title, repr(box.data), *rest])
    grad = "—: not computed" if box.grad is None else repr(box.grad)
    numbers = [
        f"data {box.data!r}{_staleness(box, 'data')}",
        f"grad {grad}{_staleness(box, 'grad')}",
    ]
    return "\n".join(title + numbers + rest)


def _staleness(box: Box, role: str) -> str:
    if role not in box.stale:
        return ""
    now = box.stale[role]
    would = "" if now is None else f"; now it would be {now!r}"
    return f": {_STALE}{would}"


def _stale_parts(box: Box) -> list[str]:
    """For a text that was written before it was known what is stale: a line that says it."""
    if not box.stale:
        return []
    parts = [
        role if now is None else f"{role}, which now would be {now!r}"
        for role, now in box.stale.items()
    ]
    return [f"{_STALE}: {'; '.join(parts)}"]


def edge_hover(picture: Picture, edge: Edge, target: Box) -> str:
    """From what to what an edge leads, and the local derivative.

    >>> w, x = Box("input", "w", data=3.0), Box("input", "x", data=2.0)
    >>> z = Box("operation", "", "*", 6.0, edges=[Edge(0, 2.0), Edge(1, 3.0)])
    >>> edge_hover(Picture([w, x, z]), z.edges[0], z)
    'w → w * x: local derivative 2.0'
    """
    if edge.hover:
        return f"{edge.hover}: {_STALE}" if edge.stale else edge.hover
    ends = f"{called(picture, picture.boxes[edge.source])} → {called(picture, target)}"
    if edge.count > 1:
        return f"{ends}: {edge.count:,} edges"
    return ends if edge.partial is None else f"{ends}: local derivative {edge.partial!r}"


def called(picture: Picture, box: Box) -> str:
    """A box within a sentence: its name, its operation on its operands, or its number."""
    if box.label:
        return short(box.label)
    if box.kind != "operation":
        return number(box.data)
    operands = [_brief(picture.boxes[edge.source]) for edge in box.edges]
    if len(operands) == 2 and not box.symbol.isidentifier():
        return f"{operands[0]} {box.symbol} {operands[1]}"
    if len(operands) > _FEW:
        operands = [f"{len(operands)} operands"]
    return f"{short(box.symbol)}({', '.join(operands)})"


def _brief(box: Box) -> str:
    return short(box.label) if box.label else number(box.data)


def short(name: str) -> str:
    """A name within a sentence: cut, and without an effect on the order of what follows.

    >>> short("x"), len(short("x" * 1000))
    ('x', 41)
    """
    if len(name) > _SHORT:
        name = name[:_SHORT] + "…"
    return kept_in_place(name)


def summary(boxes: Sequence[Box]) -> str:
    """What a picture is of, in a sentence, for those who do not see it.

    >>> summary([Box("input", "x", data=2.0), Box("operation", "y", "exp", 7.4, marks={"root"})])
    'graph of 2 nodes: inputs x; 1 operation; result y'
    """
    parts = []
    for kind in ("input", "parameter"):
        names = [short(box.label) for box in boxes if box.kind == kind and box.label]
        count = sum(box.kind == kind for box in boxes)
        if count:
            listed = 0 < count == len(names) <= 2 * _FEW
            parts.append(f"{kind}s {', '.join(names)}" if listed else counted(kind, count))
    for kind in ("operation", "neuron", "layer"):
        if count := sum(box.kind == kind for box in boxes):
            parts.append(counted(kind, count))
    ends = [box.label or box.symbol for box in boxes if "root" in box.marks]
    results = [short(end) for end in ends if end]
    if results:
        parts.append(f"result{'s' if len(results) > 1 else ''} {', '.join(results[: 2 * _FEW])}")
    steps = sum(box.kind == "statement" for box in boxes)
    of = counted("step", steps) if steps else counted("node", len(boxes))
    title = f"{'program' if steps else 'graph'} of {of}"
    return f"{title}: {'; '.join(parts)}" if parts else title
