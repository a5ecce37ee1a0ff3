"""`draw(check=True)`: the gradient of each node beside a numeric one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograd import AnomalyError, Value
from autograd.compiler.function import Compiled
from viz.graphs.checking.verdicts import Judge, Verdict
from viz.graphs.detail import Detail, pictured, roots_of
from viz.graphs.levels.networks import is_module
from viz.graphs.picture import Box, Line, Picture, nodes_of
from viz.graphs.selection import TooManyNodesError, operands, select
from viz.svg.texts.labels import number, told_apart

ONE_BY_ONE = 300  # nodes


def compose_checked(what: Any, detail: Detail, depth: int | None, max_nodes: float) -> Picture:
    """The graph of some Values, value by value if it is small, with what is wrong marked.

    Raises:
        TypeError: it has no gradients.
    """
    if isinstance(what, AnomalyError | Compiled) or is_module(what):
        kind = type(what).__name__
        raise TypeError(f"check=True compares the gradients of Values, and {kind} has none")
    roots = roots_of(what)
    try:
        values = "values" if detail is None else detail
        picture = pictured(roots, values, depth, min(max_nodes, ONE_BY_ONE))
    except TooManyNodesError:
        picture = pictured(roots, detail, depth, max_nodes)
    mark_wrong(picture, roots, depth)
    return picture


def mark_wrong(picture: Picture, roots: Sequence[Value], depth: int | None = None) -> None:
    """Mark the boxes whose gradient is not what numbers say, and count them in the caption.

    Nodes that have no box of their own, as the weights of neurons, are checked and counted too.

    Parameters:
        roots: what the picture is of.
        depth: how far from a root nodes are checked.

    >>> from viz.graphs.picture import compose
    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> y.backward()  # without a zero_grad between
    >>> mark_wrong(picture := compose([x, y]), [y])
    >>> picture.boxes[0].marks, [line.text for line in picture.boxes[0].lines]
    ({'wrong'}, ['numeric 6'])
    """
    judge = Judge(roots)
    nodes = select(roots, depth=depth, max_nodes=float("inf"))
    computed = [x for x in nodes if x.has_grad and x.kind != "constant"]
    verdicts = {node: judge.verdict(node) for node in judge.affordable(computed)}
    shown = {box.value for box in picture.boxes if box.value in verdicts and box.times == 1}
    for box in picture.boxes:
        if box.value in shown and box.value is not None:
            _note(box, verdicts[box.value])
    inside = [x for x, found in verdicts.items() if found.finding == "wrong" and x not in shown]
    if inside:
        _outline(picture, nodes, inside)
    said = _summary(judge, len(computed), verdicts, len(inside))
    picture.caption = "; ".join(filter(None, [picture.caption, *said]))


def _note(box: Box, verdict: Verdict) -> None:
    if verdict.finding == "wrong":
        box.marks.add("wrong")
        box.grad_digits = told_apart(verdict.numeric, box.grad)
        box.lines.append(Line("note", f"numeric {number(verdict.numeric, box.grad_digits)}"))
    elif verdict.finding == "untold":
        box.lines.append(Line("note", f"numeric — ({verdict.why})"))


def _outline(picture: Picture, nodes: Sequence[Value], inside: Sequence[Value]) -> None:
    """Mark the boxes that hold what is wrong, and count it where the pointer is on them."""
    holders = _holders(picture, nodes)
    counts = Counter(i for node in inside for i in holders.get(node, ()))
    for i, count in counts.items():
        box, said = picture.boxes[i], f"gradients inside that disagree: {count:,}"
        box.marks.add("wrong")
        if box.hover:
            box.hover += f"\n{said}"
        else:
            box.lines.append(Line("note", said))


def _holders(picture: Picture, nodes: Sequence[Value]) -> Mapping[Value, set[int]]:
    """The numbers of the boxes that each node is in: its own, or else those of its users."""
    holders: defaultdict[Value, set[int]] = defaultdict(set)
    for i, box in enumerate(picture.boxes):
        for node in nodes_of(box):
            holders[node].add(i)
    drawn = set(holders)
    for node in reversed(nodes):
        for operand in operands(node):
            if operand not in drawn:
                holders[operand] |= holders[node]
    return holders


def _summary(
    judge: Judge, computed: int, verdicts: Mapping[Value, Verdict], inside: int
) -> Iterator[str]:
    """What was compared, and with which result, part by part."""
    if not computed:
        yield "no gradient to check: call backward() on the root"
        return
    findings = Counter(verdict.finding for verdict in verdicts.values())
    right, wrong, untold = (findings[x] for x in ("right", "wrong", "untold"))
    of = f" of the sum of {len(judge.started)} roots" if len(judge.started) > 1 else ""
    rest = f", {untold:,} cannot be told" if untold else ""
    yield f"gradients{of} beside numeric ones: {right:,} agree, {wrong:,} disagree{rest}"
    if judge.left_out:
        yield "the root has no gradient: call backward() on it, or draw the roots it was called on"
    if inside:
        yield f"{inside:,} that disagree have no box of their own: detail='values' shows them"
    if len(verdicts) < computed:
        yield f"{len(verdicts):,} of {computed:,} were checked, evenly chosen: draw less for all"
    if judge.is_stale:
        yield "some numbers have changed since others were computed from them: compute anew"
    elif wrong and not any(x.operands for x, y in verdicts.items() if y.finding == "wrong"):
        yield "only leaves disagree, as when gradients add up without a zero_grad()"
