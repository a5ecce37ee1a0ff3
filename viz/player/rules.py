"""What happens in an event, in words and numbers: `w.grad: 0 + dL/dz * x = 0 + 0.31 * 2 = 0.62`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd import Value
from autograd import operations as ops
from viz.player.formulas import Formula, local_derivatives, of_number, written
from viz.player.naming import slope
from viz.player.passes import Change, Event
from viz.svg.labels import number

LONGEST = 60  # characters of a formula
MOST_LINES = 6


class Rule(NamedTuple):
    """An event as it is told.

    Attributes:
        title: what is at work, `z = w * x`.
        lines: what happens, a line for each number that appears.
        question: what the first of them begins with, `w.grad: 0 + dL/dz * x`.
    """

    title: str
    lines: tuple[str, ...]
    question: str


class Speaker:
    """Tells the events of one graph.

    Parameters:
        names: what its nodes are called.

    >>> from viz.player.passes import forward
    >>> w, x = Value(3.0, label="w"), Value(2.0, label="x")
    >>> y = w * x
    >>> Speaker(y, {w: "w", x: "x", y: "y"}).tell(forward([w, x, y])[0]).lines
    ('y = w * x = 3 * 2 = 6',)
    """

    def __init__(self, root: Value, names: Mapping[Value, str]) -> None:
        self.root, self.names = root, names

    def tell(self, event: Event) -> Rule:
        """The event in words and numbers."""
        if event.phase == "forward":
            return self._computed(event.node)
        if event.places:
            return self._passed(event)
        return self._begun(event) if event.node is self.root else self._unreached(event)

    # -------------------------------------------------------------------------------- forward

    def _computed(self, node: Value) -> Rule:
        assert node.op is not None
        name, result = self.names[node], number(node.data)
        symbols = [Formula(self.names[x], x.data) for x in node.operands]
        text = _shortened(str(written(node.op, symbols, node.data)))
        numbers = _shortened(
            str(written(node.op, [of_number(x.data) for x in node.operands], node.data))
        )
        line = _chain([f"{name} = {text}", numbers, result])
        return Rule(f"{name} = {text}", (line,), f"{name} = {text}")

    # ------------------------------------------------------------------------------- backward

    def _begun(self, event: Event) -> Rule:
        [change] = event.changes
        assert change is not None
        name = self.names[event.node]
        one = slope(name, name)
        if event.node.operands:
            question, line = f"{name}.grad: {one}", f"{name}.grad: {one} = 1"
        else:
            question, line = self._sum(change, Formula(one, 1.0), of_number(1.0))
        return Rule(f"backward from {name}", (line,), question)

    def _unreached(self, event: Event) -> Rule:
        changes = [change for change in event.changes if change]
        lines = [
            f"{self.names[c.node]}.grad: {number(c.after)}, nothing reaches it" for c in changes
        ]
        return Rule(self._title(event.node), _few(lines), lines[0])

    def _passed(self, event: Event) -> Rule:
        node = event.node
        assert event.gradient is not None
        name = self.names[node]
        symbols = [
            x.data if x.kind == "constant" and not x.label else Formula(self.names[x], x.data)
            for x in node.operands
        ]
        slopes = local_derivatives(node, symbols, Formula(name, node.data))
        told = [
            self._line(event, place, change, slopes[place])
            for place, change in zip(event.places, event.changes, strict=True)
        ]
        return Rule(self._title(node), _few([line for _, line in told]), told[0][0])

    def _line(
        self, event: Event, place: int, change: Change | None, derivative: Formula | float | None
    ) -> tuple[str, str]:
        node, operand = event.node, event.node.operands[place]
        partial = node.partials[place]
        if change is None or partial is None:
            known = f"{number(change.after)}, " if change else ""
            line = f"{self.names[operand]}.grad: {known}nothing passes through {_symbol(node)}"
            return line, line
        name, by = self.names[node], self.names[operand]
        if derivative is None or len(str(derivative)) > LONGEST // 2:
            derivative = Formula(slope(name, by), partial)
        assert event.gradient is not None
        passed = Formula(slope(self.names[self.root], name), event.gradient)
        return self._sum(
            change,
            written(ops.multiply, [passed, derivative], 0.0),
            written(ops.multiply, [of_number(event.gradient), of_number(partial)], 0.0),
        )

    def _sum(self, change: Change, words: Formula, numbers: Formula) -> tuple[str, str]:
        """The question and the line for what is added to a gradient."""
        before = of_number(change.before or 0.0)
        there = Formula(f"{before} (there before)", before.number) if change.kept else before
        question = f"{self.names[change.node]}.grad: {written(ops.add, [there, words], 0.0)}"
        total = written(ops.add, [before, numbers], change.after)
        return question, _chain([question, str(total), number(change.after)])

    def _title(self, node: Value) -> str:
        return self._computed(node).title


def _symbol(node: Value) -> str:
    return node.op.symbol if node.op else ""


def _chain(parts: Sequence[str]) -> str:
    """Equal things with "=" between them, each once."""
    return " = ".join(dict.fromkeys(parts))


def _few(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    rest = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], f"and so for {rest:,} more")


def _shortened(text: str) -> str:
    """The beginning and the end of a long sum or call.

    >>> _shortened(" + ".join(f"w{i} * x{i}" for i in range(100)))
    'w0 * x0 + w1 * x1 + … + w99 * x99'
    """
    terms = re.split(r"(?<= \+ )|(?<=, )", text)
    if len(text) <= LONGEST or len(terms) < 4:
        return text
    first, second, *_, last = terms
    separator = ", " if second.endswith(", ") else " + "
    return f"{first}{second}…{separator}{last}"
