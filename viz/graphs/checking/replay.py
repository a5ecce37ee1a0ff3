"""A graph evaluated again, from the numbers that its leaves have now, or with one of them changed.

Nodes keep what they have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from autograd import Value
from autograd.compiler.results import Result
from autograd.differences import Array, Function
from autograd.graph import topological_order

Step = tuple[int, Callable[..., float], tuple[int, ...]]  # a place, and what is computed there


class Replay:
    """The nodes that some roots depend on, and how each follows from others.

    The mean over a batch that a compiled function gave cannot be computed again, as it does not
    keep the batch: it keeps its number, and what it depends on is hidden.

    Attributes:
        order: the nodes, operands before results.
        places: where each is in it.
        numbers: what they are, computed from the leaves.

    >>> x = Value(3.0)
    >>> replay = Replay([x * x])
    >>> replay.function_of(x, [replay.order[-1]])([5.0]).tolist()
    [25.0]
    """

    def __init__(self, roots: Sequence[Value]) -> None:
        self.order = topological_order(*roots)
        self.places = {node: i for i, node in enumerate(self.order)}
        self.numbers = [node.data for node in self.order]
        self._steps: dict[int, Step] = {}
        self._users: list[list[int]] = [[] for _ in self.order]
        self._hidden: set[int] = set()
        for i, node in enumerate(self.order):
            self._add(i, node)
        self._run(list(self._steps.values()))

    def _add(self, i: int, node: Value) -> None:
        if isinstance(node, Result):
            self._hidden.update(self.places[operand] for operand in node.operands)
        elif node.op is not None and node.operands:
            sources = tuple(self.places[operand] for operand in node.operands)
            self._steps[i] = (i, node.op.forward, sources)
            for source in sources:
                self._users[source].append(i)

    def after(self, node: Value) -> list[int]:
        """The places of the nodes that depend on one, in order, and its own."""
        found, pending = {self.places[node]}, [self.places[node]]
        while pending:
            new = [i for i in self._users[pending.pop()] if i not in found]
            found.update(new)
            pending += new
        return sorted(found)

    def is_hidden(self, node: Value) -> bool:
        """Whether a compiled function's result depends on the node."""
        return not self._hidden.isdisjoint(self.after(node))

    def function_of(self, node: Value, roots: Sequence[Value]) -> Function:
        """The sum of some roots as a function of one number, the node's."""
        place, *after = self.after(node)
        steps = [self._steps[i] for i in after]
        ends = [self.places[root] for root in roots]
        before = [self.numbers[i] for i in (place, *after)]

        def evaluated(point: Sequence[float]) -> Array:
            numbers = self.numbers
            numbers[place] = float(point[0])
            self._run(steps)
            total = sum([numbers[end] for end in ends], 0.0)
            for i, number in zip((place, *after), before, strict=True):
                numbers[i] = number
            return np.array([total])

        return evaluated

    def _run(self, steps: Sequence[Step]) -> None:
        numbers = self.numbers
        for place, forward, sources in steps:
            try:
                numbers[place] = float(forward(*[numbers[i] for i in sources]))
            except Exception:  # An operation of somebody's own may refuse numbers.
                numbers[place] = math.nan
