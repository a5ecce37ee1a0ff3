"""What happens in an event, in words and numbers: `w.grad: 0 + dL/dz * x = 0 + 0.31 * 2 = 0.62`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd import Value
from autograd import operations as ops
from viz.player.formulas import Formula, local_derivatives, of_number, written
from viz.player.naming import slope, spoken
from viz.player.passes import Change, Event
from viz.svg.labels import number

LONGEST = 60  # characters of a formula
LONGEST_SLOPE = 30  # of a local derivative, which is called dz/dx otherwise
MOST_LINES = 6


class Rule(NamedTuple):
    """An event as it is told.

    Attributes:
        title: what is at work, `z = w * x`.
        lines: what happens, a line for each number that appears.
        question: what the first of them begins with, `w.grad: 0 + dL/dz * x`.
        within: the neuron in which the names are to be understood; "" if that is no matter.
    """

    title: str
    lines: tuple[str, ...]
    question: str
    within: str = ""


class Speaker:
    """Tells the events of one graph.

    Parameters:
        names: what its nodes are called.
        homes: the names of the neurons that nodes are in.

    >>> from viz.player.passes import forward
    >>> w, x = Value(3.0, label="w"), Value(2.0, label="x")
    >>> y = w * x
    >>> Speaker(y, {w: "w", x: "x", y: "y"}, {}).tell(forward([w, x, y])[0]).lines
    ('y = w * x = 3 * 2 = 6',)
    """

    def __init__(self, root: Value, names: Mapping[Value, str], homes: Mapping[Value, str]) -> None:
        self.root, self.names, self.homes = root, names, homes

    def tell(self, event: Event) -> Rule:
        """The event in words and numbers."""
        home = self.homes.get(event.node, "")
        names = {x: self._name(x, home) for x in (self.root, event.node, *event.node.operands)}
        within = spoken(home) if any(name != self.names[x] for x, name in names.items()) else ""
        return _Telling(self.root, event, names).rule()._replace(within=within)

    def _name(self, node: Value, home: str) -> str:
        """Within a neuron, what it has is called by the last part of its path."""
        label = str(node.label)
        is_inside = home and label.startswith(f"{home}.")
        return spoken(label[len(home) + 1 :]) if is_inside else self.names[node]


class _Telling:
    """One event, told with names for its node and the operands."""

    def __init__(self, root: Value, event: Event, names: Mapping[Value, str]) -> None:
        self.event, self.node, self.names = event, event.node, names
        self.name = names[event.node]
        self.slope = slope(names[root], self.name)
        self.symbols = [Formula(names[x], x.data) for x in event.node.operands]

    def rule(self) -> Rule:
        if self.event.phase == "forward":
            return self._computed()
        if self.event.places:
            return self._passed()
        return self._begun() if self.event.gradient is not None else self._unreached()

    @property
    def title(self) -> str:
        op = self.node.op
        formula = f" = {_shortened(written(op, self.symbols, self.node.data))}" if op else ""
        return f"{self.name}{formula}"

    def _computed(self) -> Rule:
        op, numbers = self.node.op, [x.data for x in self.node.operands]
        assert op is not None
        result = number(self.node.data)
        if _agree(op.forward(*numbers), self.node.data):
            inserted = _shortened(written(op, [*map(of_number, numbers)], self.node.data))
            line = _chain([self.title, inserted, result])
        else:
            line = f"{self.title} = {result}, computed from numbers that were changed since"
        return Rule(self.title, (line,), self.title)

    def _begun(self) -> Rule:
        [change] = self.event.changes
        assert change is not None
        question = f"{self.name}.grad: {self.slope}"
        if self.node.operands:
            return Rule(self.title, (f"{question} = 1",), question)
        question, line = self._sum(change, Formula(self.slope, 1.0), of_number(1.0))
        return Rule(self.title, (line,), question)

    def _unreached(self) -> Rule:
        changes = [change for change in self.event.changes if change]
        lines = [
            f"{self.names[change.node]}.grad: {number(change.after)}, nothing reaches it"
            for change in changes
        ]
        return Rule(self.title, _few(lines), lines[0])

    def _passed(self) -> Rule:
        operands = [
            x.data if x.kind == "constant" and not x.label else symbol
            for x, symbol in zip(self.node.operands, self.symbols, strict=True)
        ]
        slopes = local_derivatives(self.node, operands, Formula(self.name, self.node.data))
        told = [
            self._line(place, change, slopes[place])
            for place, change in zip(self.event.places, self.event.changes, strict=True)
        ]
        return Rule(self.title, _few([line for _, line in told]), told[0][0])

    def _line(
        self, place: int, change: Change | None, derivative: Formula | float | None
    ) -> tuple[str, str]:
        """The question and the line for what goes to one operand."""
        operand, partial = self.node.operands[place], self.node.partials[place]
        if change is None or partial is None:
            assert self.node.op is not None
            known = f"{number(change.after)}, " if change else ""
            symbol = spoken(self.node.op.symbol)
            line = f"{self.names[operand]}.grad: {known}nothing passes through {symbol}"
            return line, line
        assert self.event.gradient is not None
        if isinstance(derivative, float):
            derivative = of_number(partial)
        elif derivative is None or not _is_told(derivative, partial):
            derivative = Formula(slope(self.name, self.names[operand]), partial)
        words = written(ops.multiply, [Formula(self.slope, 1.0), derivative], 0.0)
        numbers = written(ops.multiply, [self.event.gradient, partial], 0.0)
        return self._sum(change, words, numbers)

    def _sum(self, change: Change, words: Formula, numbers: Formula) -> tuple[str, str]:
        before = of_number(change.before or 0.0)
        there = Formula(f"{before} (there before)", before.number) if change.kept else before
        question = f"{self.names[change.node]}.grad: {written(ops.add, [there, words], 0.0)}"
        total = str(written(ops.add, [before, numbers], change.after))
        return question, _chain([question, total, number(change.after)])


def _is_told(derivative: Formula, recorded: float) -> bool:
    """Whether the formula is short, and of the numbers that the graph was recorded with."""
    return len(derivative.text) <= LONGEST_SLOPE and _agree(derivative.number, recorded)


def _agree(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9) or (a != a and b != b)


def _chain(parts: Sequence[str]) -> str:
    """Equal things with "=" between them, each once."""
    return " = ".join(dict.fromkeys(parts))


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    rest = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], f"and so for {rest:,} more")


def _shortened(formula: Formula) -> str:
    """The beginning and the end of a long sum or call.

    >>> _shortened(Formula(" + ".join(f"w{i} * x{i}" for i in range(100)), 0.0))
    'w0 * x0 + w1 * x1 + … + w99 * x99'
    """
    terms = re.split(r"(?<= \+ )|(?<=, )", formula.text)
    if len(formula.text) <= LONGEST or len(terms) < 4:
        return formula.text
    first, second, *_, last = terms
    separator = ", " if second.endswith(", ") else " + "
    return f"{first}{second}…{separator}{last}"
