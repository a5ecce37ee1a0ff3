"""Loops: what a statement does element by element, and runs of such statements in one loop.

The lanes of a block are the innermost loop, a vector of them at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.expressions import expression, number
from autograd.compiler.machine.phases import span
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Operand, View


@dataclass(frozen=True)
class Domain:
    """The axes of a loop: (length, number) of each but for those of length 1, and the lanes."""

    axes: tuple[tuple[int, int], ...]
    count: int  # of all axes of the shape
    lanes: bool

    @classmethod
    def of(cls, shape: Sequence[int]) -> Domain:
        axes = tuple((n, i) for i, n in enumerate(shape) if n not in (1, BATCH))
        return cls(axes, len(shape), BATCH in shape)

    def steps(self, view: View) -> tuple[int, ...]:
        """How many rows apart the elements of a view are along each axis."""
        view = view.with_axes(self.count)
        return tuple(0 if view.shape[i] == 1 else view.strides[i] for _, i in self.axes)


def is_elementwise(statement: Statement) -> bool:
    """Whether each element of the result comes from one of each operand."""
    if isinstance(statement, kinds.Copy):
        source = statement.source
        return not (isinstance(source, View) and source.buffer.kind == "given")
    return isinstance(statement, kinds.Apply)


Place = tuple[object, int, tuple[int, ...]]


class Run:
    """Elementwise statements that share a loop: what one writes another reads at once.

    Parameters:
        needed: whether what the statement with this number wrote is read after another number.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        self.domain = Domain.of(shape)
        self.lengths = [n for n, _ in self.domain.axes]
        self.statements: list[Statement] = []
        self._written: dict[Place, None] = {}
        self._read: dict[Place, View] = {}

    def place(self, view: View) -> Place:
        return view.buffer, view.start, self.domain.steps(view)

    def takes(self, statement: Statement) -> bool:
        """Whether it can be added: it touches nothing that the others write at another place."""
        if Domain.of(statement.out.shape).lanes != self.domain.lanes:
            return False
        if [n for n in statement.out.shape if n not in (1, BATCH)] != self.lengths:
            return False
        if len(statement.out.shape) != self.domain.count:
            return False
        out = self.place(statement.out)
        before = [view for other in self.statements for view in other.views()]
        for view in statement.views():
            written = [o.out for o in self.statements]
            others = before if view is statement.out else written
            place = out if view is statement.out else self.place(view)
            if any(_overlap(view, o) and self.place(o) != place for o in others):
                return False
        return True

    def text(self, arena: Arena, needed: Callable[[Statement], bool]) -> list[str]:
        """The loop in C."""
        pointers: dict[Place, str] = {}
        values: dict[Place, str] = {}
        body: list[str] = []
        names = iter(range(1000000))

        def address(view: View) -> str:
            return element(arena, self.domain, view)

        def operand(x: Operand) -> str:
            if not isinstance(x, View):
                return f"all({number(x)})"
            place = self.place(x)
            if place not in values:
                values[place] = f"x{next(names)}"
                body.append(f"Vector {values[place]} = {load(x, address(x))};")
            return values[place]

        for statement in self.statements:
            if isinstance(statement, kinds.Copy):
                result = operand(statement.source)
            else:
                assert isinstance(statement, kinds.Apply)
                result = expression(statement.op, [operand(x) for x in statement.inputs])
            name = f"x{next(names)}"
            body.append(f"Vector {name} = {result};")
            values[self.place(statement.out)] = name
        last = {self.place(s.out): s for s in self.statements}
        for place, statement in last.items():
            if needed(statement):
                body.append(store(statement.out, address(statement.out), values[place]))
        return nest(self.domain, body)


def nest(domain: Domain, body: Sequence[str]) -> list[str]:
    """Statements in the loops of a domain."""
    heads = [f"for (Count i{i} = 0; i{i} < {n}; i{i}++)" for n, i in domain.axes]
    if domain.lanes:
        heads.append("for (Count v = 0; v < width; v += WIDTH)")
    lines = [f"{'  ' * k}{head} {{" for k, head in enumerate(heads)]
    lines += [f"{'  ' * len(heads)}{line}" for line in body]
    lines += [f"{'  ' * k}}}" for k in reversed(range(len(heads)))]
    return lines if heads else ["{", *lines, "}"]


def element(arena: Arena, domain: Domain, view: View) -> str:
    """A pointer to the element of a view in the loops of a domain."""
    steps = zip(domain.axes, domain.steps(view), strict=True)
    rows = " + ".join(f"i{i} * {step}" if step > 1 else f"i{i}" for (_, i), step in steps if step)
    base = arena.base(view)
    if has_lanes(view):
        return f"{base}{f' + ({rows}) * stride' if rows else ''} + v"
    return f"{base}{f' + {rows}' if rows else ''}"


def load(view: View, address: str) -> str:
    if has_lanes(view):
        return f"*(const Vector *)({address})"
    return f"all(*({address}))"


def store(view: View, address: str, value: str) -> str:
    if has_lanes(view):
        return f"*(Vector *)({address}) = {value};"
    return f"*({address}) = {value}[0];"


def _overlap(one: View, other: View) -> bool:
    (a, i, j), (b, k, m) = span(one), span(other)
    return a is b and i < m and k < j


def runs(statements: Sequence[Statement]) -> list[Run | Statement]:
    """The statements, those that can share a loop in one."""
    found: list[Run | Statement] = []
    for statement in statements:
        if not is_elementwise(statement):
            found.append(statement)
            continue
        last = found[-1] if found else None
        if not (isinstance(last, Run) and last.takes(statement)):
            last = Run(statement.out.shape)
            found.append(last)
        last.statements.append(statement)
    return found
