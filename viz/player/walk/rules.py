"""What happens in an event, in words and numbers: `w.grad: 0 + dL/dz * x = 0 + 0.31 * 2 = 0.62`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd import Operation, Value
from autograd import operations as ops
from viz.player.walk.formulas import Formula, local_derivatives, of_name, of_number, written
from viz.player.walk.naming import held_together, local_slope, slope, spoken
from viz.player.walk.passes import Change, Event
from viz.player.walk.wording import chained, said, shortened, telling_apart
from viz.svg.texts.labels import DIGITS, number

LONGEST_SLOPE = 30  # of a local derivative, which is called ∂z/∂x otherwise


class Rule(NamedTuple):
    """An event as it is told.

    Attributes:
        title: what is at work, `z = w * x`.
        lines: what happens, a line for each number that appears.
        question: what the first of them begins with, `w.grad: 0 + dL/dz * x`.
        sentence: what comes out, for who listens, `w.grad is 0.62`.
        within: the neuron in which the names are to be understood; "" if that is no matter.
    """

    title: str
    lines: tuple[str, ...]
    question: str
    sentence: str
    within: str = ""


class Speaker:
    """Tells the events of one graph.

    Parameters:
        names: what its nodes are called.
        homes: the names of the neurons that nodes are in.
        digits: how many digits the numbers of nodes have.

    >>> from viz.player.walk.passes import forward
    >>> w, x = Value(3.0, label="w"), Value(2.0, label="x")
    >>> y = w * x
    >>> Speaker(y, {w: "w", x: "x", y: "y"}, {}, {}).tell(forward([w, x, y])[0]).lines
    ('y = w * x = 3 * 2 = 6',)
    """

    def __init__(
        self,
        root: Value,
        names: Mapping[Value, str],
        homes: Mapping[Value, str],
        digits: Mapping[Value, int],
    ) -> None:
        self.root, self.names, self.homes, self.digits = root, names, homes, digits

    def tell(self, event: Event) -> Rule:
        """The event in words and numbers."""
        home = self.homes.get(event.node, "")
        names = {x: self._name(x, home) for x in (self.root, event.node, *event.node.operands)}
        within = spoken(home) if any(name != self.names[x] for x, name in names.items()) else ""
        telling = _Telling(self.root, event, names, self.digits)
        lines, question = telling.told()
        return Rule(telling.title, tuple(lines), question, said(telling.outcome()), within)

    def _name(self, node: Value, home: str) -> str:
        """Within a neuron, what it has is called by the last part of its path."""
        label = str(node.label)
        is_inside = home and label.startswith(f"{home}.")
        return spoken(label[len(home) + 1 :]) if is_inside else self.names[node]


class _Telling:
    """One event, told with names for its node and the operands."""

    def __init__(
        self,
        root: Value,
        event: Event,
        names: Mapping[Value, str],
        digits: Mapping[Value, int],
    ) -> None:
        self.event, self.node, self.names = event, event.node, names
        self.numbers = [of_number(x.data, digits.get(x, DIGITS)) for x in event.node.operands]
        self.number = number(event.node.data, digits.get(event.node, DIGITS))
        self.name = held_together(names[event.node])
        self.slope = slope(names[root], names[event.node])
        self.symbols = [self._symbol(x) for x in event.node.operands]

    def _symbol(self, node: Value) -> Formula:
        if node.kind == "constant" and not node.label:
            return of_number(node.data)
        return of_name(self.names[node], node.data)

    def _grad(self, node: Value) -> str:
        return f"{held_together(self.names[node])}.grad"

    @property
    def title(self) -> str:
        op = self.node.op
        formula = f" = {shortened(str(written(op, self.symbols, self.node.data)))}" if op else ""
        return f"{self.name}{formula}"

    def outcome(self) -> str:
        if self.event.phase == "forward":
            return f"{self.title} is {self.number}"
        changes = [change for change in self.event.changes if change]
        if not changes:
            return "nothing passes"
        listed = [self._grown(change) for change in changes[:2]]
        rest = [f"and {len(changes) - 2:,} more"] if len(changes) > 2 else []
        return ", ".join(listed + rest)

    def _grown(self, change: Change) -> str:
        kept = f" with {number(change.before)} that was there before" if change.kept else ""
        return f"{self._grad(change.node)} is {number(change.after)}{kept}"

    def told(self) -> tuple[list[str], str]:
        """The lines, and the first one without the answer."""
        if self.event.phase == "forward":
            return [self._computed()], self.title
        if self.event.places:
            lines = self._passed()
        elif self.event.gradient is not None:
            lines = [self._begun()]
        else:
            lines = self._unreached()
        return [line for _, line in lines], lines[0][0]

    def _computed(self) -> str:
        op, result = self.node.op, self.node.data
        assert op is not None
        if not _gives(op, [x.number for x in self.numbers], result):
            return f"{self.title} = {self.number}, computed from numbers that were changed since"
        inserted = shortened(str(written(op, self.numbers, result)))
        return chained([self.title, inserted, self.number])

    def _begun(self) -> tuple[str, str]:
        [change] = self.event.changes
        assert change is not None
        if not self.node.operands:
            return self._sum(change, Formula(self.slope, 1.0), of_number(1.0))
        question = f"{self._grad(self.node)}: {self.slope}"
        return question, f"{question} = 1"

    def _unreached(self) -> list[tuple[str, str]]:
        lines = [
            f"{self._grad(change.node)}: {number(change.after)}, nothing reaches it"
            for change in self.event.changes
            if change
        ]
        return [(line, line) for line in lines]

    def _passed(self) -> list[tuple[str, str]]:
        operands = [
            x.data if x.kind == "constant" and not x.label else symbol
            for x, symbol in zip(self.node.operands, self.symbols, strict=True)
        ]
        slopes = local_derivatives(self.node, operands, Formula(self.name, self.node.data))
        return [
            self._line(place, change, slopes[place])
            for place, change in zip(self.event.places, self.event.changes, strict=True)
        ]

    def _line(
        self, place: int, change: Change | None, derivative: Formula | float | None
    ) -> tuple[str, str]:
        """The question and the line for what goes to one operand."""
        operand, partial = self.node.operands[place], self.node.partials[place]
        if change is None or partial is None:
            assert self.node.op is not None
            known = f"{number(change.after)}, " if change else ""
            symbol = spoken(self.node.op.symbol)
            line = f"{self._grad(operand)}: {known}nothing passes through {symbol}"
            return line, line
        assert self.event.gradient is not None
        if isinstance(derivative, float):
            derivative = of_number(partial)
        elif derivative is None or not _is_told(derivative, partial):
            name = local_slope(self.names[self.node], self.names[operand])
            derivative = Formula(name, partial)
        words = written(ops.multiply, [Formula(self.slope, 1.0), derivative], 0.0)
        numbers = written(ops.multiply, [self.event.gradient, partial], 0.0)
        return self._sum(change, words, numbers)

    def _sum(self, change: Change, words: Formula, numbers: Formula) -> tuple[str, str]:
        digits = telling_apart(change.before or 0.0, change.after)
        before = of_number(change.before or 0.0, digits)
        there = Formula(f"{before} (there before)", before.number) if change.kept else before
        question = f"{self._grad(change.node)}: {written(ops.add, [there, words], 0.0)}"
        total = str(written(ops.add, [before, numbers], change.after))
        return question, chained([question, total, number(change.after, digits)])


def _gives(op: Operation, numbers: Sequence[float], result: float) -> bool:
    """Whether the operation gives this result for the numbers that its operands have now."""
    try:
        return _agree(op.forward(*numbers), result)
    except Exception:  # An index that picks nothing, or an operation of anybody's.
        return False


def _is_told(derivative: Formula, recorded: float) -> bool:
    """Whether the formula is short, and of the numbers that the graph was recorded with."""
    return len(derivative.text) <= LONGEST_SLOPE and _agree(derivative.number, recorded)


def _agree(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9) or (a != a and b != b)
