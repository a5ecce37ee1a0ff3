"""The numbers of a forward and a backward pass, one event after the other, gathered aside.

The events do what `backward()` does: the same products and sums in the same order, so the numbers
are the same to the last bit. No node is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from autograd import Value
from autograd.graph import recorded_order

Phase = Literal["forward", "backward"]


class Change(NamedTuple):
    """A number that appears, or grows.

    Attributes:
        node: whose number it is.
        name: "data" or "grad".
        before: the number until then; None if there was none.
        after: the number from then on.
        kept: whether the number before is no part of this pass: a leaf held it already.
    """

    node: Value
    name: Literal["data", "grad"]
    before: float | None
    after: float
    kept: bool = False


class Known(NamedTuple):
    """The number and the gradient of a node, as far as they are known: else None."""

    data: float | None
    grad: float | None


class Event(NamedTuple):
    """What happens at once: a node is computed, the pass begins, a node passes its gradient on.

    Attributes:
        node: the node at work.
        places: to which of its operands it passes, or would if their partials were not None.
        changes: the numbers that appear; of a passing one for each place, None where none does.
        gradient: what the node passes on; None in the forward pass, and if nothing reached it.
    """

    phase: Phase
    node: Value
    places: tuple[int, ...]
    changes: tuple[Change | None, ...]
    gradient: float | None = None


def forward(values: Iterable[Value]) -> list[Event]:
    """The nodes are computed, operands before results; leaves have their numbers already."""
    return [
        Event("forward", node, (), (Change(node, "data", None, node.data),))
        for node in values
        if node.operands
    ]


class Holdings(NamedTuple):
    """What leaves hold before a pass, and what they are known to hold after it."""

    before: Mapping[Value, float]
    after: Mapping[Value, float]


def holdings(root: Value) -> Holdings:
    """What the leaves hold before the pass from the root that is to be shown.

    If the graph shows the gradients of this very pass already, leaves are taken to have held
    what is left without it, and hold afterwards what they hold now. Else the pass is to come.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> holdings(y).before[x], holdings(x * x).before[x]
    (0.0, 6.0)
    """
    order = recorded_order(root)
    alone = _Pass({})
    alone.walk(root, order)
    leaves = {x: total for x, total in alone.sums.items() if not x.operands}
    if _was_made(order or [root], alone.sums, leaves):
        before = {x: _without(total, x.grad) for x, total in leaves.items()}
        return Holdings(before, {x: x.grad for x in leaves})
    return Holdings({x: x.grad for x in leaves if x.has_grad}, {})


def backward(root: Value, held: Holdings) -> list[Event]:
    """The gradient goes from the root to the leaves, as `root.backward()` has it go.

    Leaves add it to what they hold.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> [change.after for event in backward(y, holdings(y)) for change in event.changes]
    [1.0, 3.0, 6.0]
    """
    return _ending(_Pass(held.before).walk(root, recorded_order(root)), dict(held.after))


class _Pass:
    """The walk of `autograd.differentiation.propagate`, with what happens on the way.

    Parameters:
        held: the gradients that leaves hold before.
    """

    def __init__(self, held: Mapping[Value, float]) -> None:
        self.held = held
        self.sums: dict[Value, float] = {}
        self.shown: dict[Value, float | None] = {**held}

    def walk(self, root: Value, order: Sequence[Value]) -> list[Event]:
        events = [Event("backward", root, (), (self._add(root, 1.0),), 1.0)]
        for node in reversed(order):
            passing = [
                place
                for place, (x, partial) in enumerate(zip(node.operands, node.partials, strict=True))
                if partial is not None or x.kind != "constant"
            ]
            if node not in self.sums:
                reached = [node, *(node.operands[place] for place in passing)]
                changes = tuple(self._reach(x) for x in reached if x is node or not x.operands)
                events.append(Event("backward", node, (), changes))
                continue
            assert node.op is not None
            # The many operands of an n-ary operation get theirs at once.
            for places in [passing] if node.op.nary else [[place] for place in passing]:
                changes = tuple(self._pass(node, place) for place in places)
                events.append(Event("backward", node, tuple(places), changes, self.sums[node]))
        return events

    def _pass(self, node: Value, place: int) -> Change | None:
        operand, partial = node.operands[place], node.partials[place]
        if partial is None:
            return None if operand.operands else self._reach(operand)
        return self._add(operand, partial * self.sums[node])

    def _add(self, node: Value, contribution: float) -> Change:
        first = node not in self.sums
        total = self.sums[node] = self.sums.get(node, 0.0) + contribution
        before = self.shown.get(node)
        after = total if node.operands else self.held.get(node, 0.0) + total
        self.shown[node] = after
        return Change(node, "grad", before, after, kept=first and bool(before))

    def _reach(self, node: Value) -> Change | None:
        """The root depends on the node, and its slope is 0 as far as is known."""
        return None if node in self.sums else self._add(node, 0.0)


def _was_made(
    nodes: Sequence[Value], found: Mapping[Value, float], leaves: Mapping[Value, float]
) -> bool:
    """Whether the graph shows this pass: no node another gradient, no leaf one set to 0 since."""
    if not all(node.has_grad and _same(node.grad, found[node]) for node in nodes):
        return False
    return all(x.has_grad and (x.grad != 0.0 or total == 0.0) for x, total in leaves.items())


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _without(part: float, whole: float) -> float:
    return 0.0 if _same(part, whole) else whole - part


def _ending(events: list[Event], final: dict[Value, float]) -> list[Event]:
    """The events with the last number of each leaf as it is, which a difference may not restore."""
    for i in reversed(range(len(events))):
        changes = list(events[i].changes)
        for k in reversed(range(len(changes))):
            if (change := changes[k]) and change.node in final:
                changes[k] = change._replace(after=final.pop(change.node))
        events[i] = events[i]._replace(changes=tuple(changes))
    return events
