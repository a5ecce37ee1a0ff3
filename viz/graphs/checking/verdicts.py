"""What numbers say of a gradient: that it is right, that it is wrong, or that they cannot tell.

The number of a node is changed a little, and what depends on it is computed again: finite
differences (`autograd.differences`) then tell the slope, and how wrong that may be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from autograd import Value
from autograd.differences import compared
from autograd.graph import topological_order
from autograd.hindrances import trouble
from viz.graphs.checking.replay import Replay

TOLERANCE = 1e-6
WORK = 40_000  # operations, each computed some forty times, that take about two seconds
LOOKED_AT = 1_000_000  # nodes that are counted to find out how much work there is

Finding = Literal["right", "wrong", "untold"]


class Verdict(NamedTuple):
    """What numbers say of a gradient, and in a word what keeps them from telling."""

    finding: Finding
    numeric: float = math.nan
    why: str = ""


class Judge:
    """Compares the gradients of a graph with numeric ones.

    Gradients are those of a `backward()` of the root, and of several roots those of their sum.
    What was computed by another root's cannot be told from here, nor whether `backward()` was
    called on a root within another one as well.

    Attributes:
        started: the roots from which a backward pass began.
        left_out: the roots that have no gradient; what only they depend on cannot be told.
        is_stale: whether numbers do not follow from those of their operands any more.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> Judge([y]).verdict(x)
    Verdict(finding='right', numeric=6.0, why='')
    """

    def __init__(self, roots: Sequence[Value]) -> None:
        self.replay = Replay(roots)
        numbers = zip(self.replay.order, self.replay.numbers, strict=True)
        self.is_stale = any(not _equal(node.data, now) for node, now in numbers)
        graded = [root for root in dict.fromkeys(roots) if root.has_grad]
        self.left_out = [root for root in roots if root.operands and not root.has_grad]
        users = {x for node in topological_order(*graded) for x in node.operands}
        ends = [root for root in graded if root not in users]
        self.started = [root for root in ends if root.grad == 1.0]
        others = topological_order(*(root for root in ends if root.grad != 1.0))
        reached = {*topological_order(*self.started)}
        self._foreign = {x for x in self.replay.order if x not in reached}.union(others)
        within = [root for root in graded if root in users and root.operands]
        self._ambiguous = {*topological_order(*within)}
        self._shared = self._of_several()

    def _of_several(self) -> set[Value]:
        """The operations that several roots depend on: they keep the gradient of the last pass."""
        if len(self.started) < 2:
            return set()
        reached = Counter(node for root in self.started for node in topological_order(root))
        return {node for node, count in reached.items() if count > 1 and node.operands}

    def affordable(self, nodes: Sequence[Value]) -> list[Value]:
        """As many of the nodes, evenly chosen, as can be judged in about two seconds."""
        nodes = _evenly(nodes, LOOKED_AT // (len(self.replay.order) + 1) / (len(nodes) + 1))
        work = sum(len(self.replay.after(node)) for node in nodes)
        return _evenly(nodes, WORK / (work + 1))

    def verdict(self, node: Value) -> Verdict:
        """What numbers say of the gradient of a node."""
        if node in self._foreign:
            return Verdict("untold", why="of another root")
        if self.replay.is_hidden(node):
            return Verdict("untold", why="compiled")
        found = self._compared(node)
        if found.finding == "wrong" and node in self._shared:
            return Verdict("untold", why="of one root")
        if found.finding == "wrong" and node in self._ambiguous:
            return Verdict("untold", why="of which root")
        return found

    def _compared(self, node: Value) -> Verdict:
        f, grad = self.replay.function_of(node, self.started), node.grad
        point = [self.replay.numbers[self.replay.places[node]]]
        found = compared(f, point, np.array([[grad]]), TOLERANCE)
        right, settled = bool(found.right[0, 0]), bool(found.settled[0, 0])
        numeric, error = float(found.expected[0, 0]), float(found.errors[0, 0])
        if right and settled and numeric != 0.0:
            return Verdict("right", numeric)
        if hindrance := trouble(f, point, 0, 0, settled, None if right else grad):
            return Verdict("untold", numeric, hindrance.kind)
        if right and (error < abs(grad) or grad == 0.0):
            return Verdict("right", numeric)
        if right or not math.isfinite(error):
            return Verdict("untold", numeric, "rounding")
        return Verdict("wrong", numeric)


def _evenly(nodes: Sequence[Value], share: float) -> list[Value]:
    """A share of the nodes, all of them if it is 1 or more."""
    share = min(share, 1.0)
    return [node for i, node in enumerate(nodes) if int((i + 1) * share) > int(i * share)]


def _equal(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-12) or (a != a and b != b)
