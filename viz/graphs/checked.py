"""`draw(check=True)`: the gradient of each node beside a numeric one.

The number of a node is changed a little, and what depends on it is computed again: finite
differences (`autograd.differences`) then tell the slope, and how wrong that may be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from autograd import Value
from autograd.differences import compared, trouble
from autograd.graph import topological_order
from viz.graphs.picture import Box, Line, Picture
from viz.graphs.replay import Replay
from viz.svg.labels import DIGITS, MOST_DIGITS, number

TOLERANCE = 1e-6
WORK = 40_000  # operations, each computed some forty times, that take about two seconds

Finding = Literal["right", "wrong", "untold"]


class Verdict(NamedTuple):
    """What numbers say of a gradient, and in a word what keeps them from telling."""

    finding: Finding
    numeric: float = math.nan
    why: str = ""


def mark_wrong(picture: Picture, roots: Sequence[Value]) -> None:
    """Mark the boxes whose gradient is not what numbers say, and count them in the caption.

    Gradients are those of a `backward()` of the root, and of several roots those of their sum.
    What was computed by another one's cannot be told from here.

    >>> from viz.graphs.picture import compose
    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> y.backward()  # without a zero_grad between
    >>> mark_wrong(picture := compose([x, y]), [y])
    >>> picture.boxes[0].marks, [line.text for line in picture.boxes[0].lines]
    ({'wrong'}, ['numeric 6'])
    """
    check = _Check(roots)
    boxes = [box for box in picture.boxes if check.concerns(box)]
    chosen = check.affordable(boxes)
    verdicts = [check.verdict(box) for box in chosen]
    for box, verdict in zip(chosen, verdicts, strict=True):
        _note(box, verdict)
    said = _summary(check, len(boxes), chosen, verdicts)
    picture.caption = "; ".join(filter(None, [picture.caption, *said]))


class _Check:
    """Compares the gradients of a graph.

    Attributes:
        stale: how many nodes have numbers that do not follow from those of their operands.
        started: the roots from which a backward pass began.
    """

    def __init__(self, roots: Sequence[Value]) -> None:
        self.replay = Replay(roots)
        numbers = zip(self.replay.order, self.replay.numbers, strict=True)
        self.stale = sum(not _equal(node.data, now) for node, now in numbers)
        users = {x for node in self.replay.order for x in node.operands}
        self.roots = [root for root in dict.fromkeys(roots) if root not in users]
        self.started = [root for root in self.roots if root.has_grad and root.grad == 1.0]
        foreign = [root for root in self.roots if root.has_grad and root.grad != 1.0]
        self._foreign = {*topological_order(*foreign)}
        self._shared = self._of_several()

    def _of_several(self) -> set[Value]:
        """The operations that several roots depend on: they keep the gradient of the last pass."""
        if len(self.started) < 2:
            return set()
        reached = Counter(node for root in self.started for node in topological_order(root))
        return {node for node, count in reached.items() if count > 1 and node.operands}

    def concerns(self, box: Box) -> bool:
        """Whether there is a gradient to be looked at."""
        return box.value in self.replay.places and box.grad is not None

    def affordable(self, boxes: Sequence[Box]) -> list[Box]:
        """As many of the boxes, evenly chosen, as can be checked in about two seconds."""
        work = [len(self.replay.after(box.value)) for box in boxes if box.value is not None]
        share = min(WORK / max(sum(work), 1), 1.0)
        return [box for i, box in enumerate(boxes) if int((i + 1) * share) > int(i * share)]

    def verdict(self, box: Box) -> Verdict:
        node, grad = box.value, box.grad
        assert node is not None
        assert grad is not None
        if node in self._foreign:
            return Verdict("untold", why="of another root")
        if self.replay.is_hidden(node):
            return Verdict("untold", why="compiled")
        found = self._compared(node, grad)
        if found.finding == "wrong" and node in self._shared:
            return Verdict("untold", why="of one root")
        return found

    def _compared(self, node: Value, grad: float) -> Verdict:
        f = self.replay.function_of(node, self.started)
        point = [self.replay.numbers[self.replay.places[node]]]
        found = compared(f, point, np.array([[grad]]), TOLERANCE)
        right, settled = bool(found.right[0, 0]), bool(found.settled[0, 0])
        numeric, error = float(found.expected[0, 0]), float(found.errors[0, 0])
        if right and settled and numeric != 0.0:
            return Verdict("right", numeric)
        if hindrance := trouble(f, point, 0, 0, settled):
            return Verdict("untold", numeric, hindrance.kind)
        if right and (error < abs(grad) or grad == 0.0):
            return Verdict("right", numeric)
        if right or not math.isfinite(error):
            return Verdict("untold", numeric, "rounding")
        return Verdict("wrong", numeric)


def _equal(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-12) or (a != a and b != b)


def _note(box: Box, verdict: Verdict) -> None:
    if verdict.finding == "wrong":
        box.marks.add("wrong")
        box.lines.append(Line("note", f"numeric {_unlike(verdict.numeric, box.grad)}"))
    elif verdict.finding == "untold":
        box.lines.append(Line("note", f"numeric — ({verdict.why})"))


def _unlike(numeric: float, grad: float | None) -> str:
    """With as many digits as tell it from the gradient."""
    counts = range(DIGITS, MOST_DIGITS)
    return number(
        numeric, next((n for n in counts if number(numeric, n) != number(grad, n)), MOST_DIGITS)
    )


def _summary(
    check: _Check, concerned: int, chosen: Sequence[Box], verdicts: Sequence[Verdict]
) -> Iterator[str]:
    """What was compared, and with which result, line by line."""
    if not concerned:
        yield "no gradient to check: call backward() on the root"
        return
    findings = Counter(verdict.finding for verdict in verdicts)
    right, wrong, untold = (findings[x] for x in ("right", "wrong", "untold"))
    of = f" of the sum of {len(check.started)} roots" if len(check.started) > 1 else ""
    line = f"gradients{of} beside numeric ones: {right:,} agree, {wrong:,} disagree"
    if untold:
        line += f", {untold:,} cannot be told"
    yield line
    if len(chosen) < concerned:
        yield f"{len(chosen):,} of {concerned:,} were checked, evenly chosen: draw less for all"
    marked = [box.value for box in chosen if "wrong" in box.marks and box.value is not None]
    if check.stale:
        yield "some numbers have changed since others were computed from them: compute anew"
    elif marked and not any(node.operands for node in marked):
        yield "only leaves disagree, as when gradients add up without a zero_grad()"
