"""Runs: elementwise statements in one loop, in which what one writes another reads at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.expressions import expression
from autograd.compiler.machine.loops import Domain, load, store
from autograd.compiler.machine.spans import Marks, Span, read, span, views_read, written
from autograd.compiler.statements import Statement
from autograd.compiler.views import Operand, View

_LONGEST = 64  # statements: more would not find room in registers

Place = tuple[object, int, tuple[int, ...]]  # a buffer, and where elements lie in it


class Run:
    """Statements in one loop.

    Attributes:
        needed: of those whose result is read later too, the numbers in the run.
    """

    def __init__(self, first: Statement) -> None:
        self.domain = Domain.of(first.out.shape)
        self.statements = [first]
        self.needed: set[int] = {0}

    def takes(self, statement: Statement) -> bool:
        """Whether it can be added: what it touches of the others' rows are the same elements."""
        if len(self.statements) == _LONGEST or Domain.of(statement.out.shape) != self.domain:
            return False
        outs = [other.out for other in self.statements]
        touched = [view for other in self.statements for view in other.views()]
        return all(
            self._same_or_apart(view, touched if view is statement.out else outs)
            for view in statement.views()
        )

    def _same_or_apart(self, view: View, others: Sequence[View]) -> bool:
        buffer, start, stop = span(view)
        for other in others:
            if other.buffer is buffer and self._place(other) != self._place(view):
                _, first, last = span(other)
                if start < last and first < stop:
                    return False
        return True

    def _place(self, view: View) -> Place:
        return view.buffer, view.start, self.domain.steps(view)

    def add(self, statement: Statement) -> None:
        self.needed.add(len(self.statements))
        self.statements.append(statement)

    def written(self) -> list[Span]:
        """What is stored."""
        return [x for i in sorted(self.needed) for x in written(self.statements[i])]

    def read(self) -> list[Span]:
        """What is loaded: all that no statement before has written."""
        known: set[Place] = set()
        found: list[Span] = []
        for statement in self.statements:
            views = views_read(statement)
            found += [span(view) for view in views if self._place(view) not in known]
            known.add(self._place(statement.out))
        return found

    def text(self, arena: Arena) -> list[str]:
        """The loop in C."""
        values: dict[Place, str] = {}
        body: list[str] = []

        def named(value: str) -> str:
            body.append(f"Vector x{len(body)} = {value};")
            return f"x{len(body) - 1}"

        def operand(x: Operand) -> str:
            if not isinstance(x, View):
                return load(arena, self.domain, x)
            place = self._place(x)
            if place not in values:
                kind = "(Vector)" if x.buffer.integer else ""
                values[place] = named(f"{kind}{load(arena, self.domain, x)}")
            return values[place]

        for statement in self.statements:
            value = _value(statement, [operand(x) for x in operands(statement)])
            values[self._place(statement.out)] = named(value)
        for statement in [self.statements[i] for i in sorted(self.needed)]:
            value = values[self._place(statement.out)]
            if statement.out.buffer.integer:
                value = f"(Bits){value}"
            body.append(store(arena, self.domain, statement.out, value))
        return self.domain.nest(body)


def operands(statement: Statement) -> Sequence[Operand]:
    """What an elementwise statement reads."""
    if isinstance(statement, kinds.Apply):
        return statement.inputs
    assert isinstance(statement, kinds.Copy)
    return (statement.source,)


def _value(statement: Statement, inputs: Sequence[str]) -> str:
    if isinstance(statement, kinds.Apply):
        return expression(statement.op, inputs)
    return inputs[0]


def is_elementwise(statement: Statement) -> bool:
    """Whether each element of the result comes from one of each operand."""
    if isinstance(statement, kinds.Copy):
        source = statement.source
        return not (isinstance(source, View) and source.buffer.kind == "given")
    return isinstance(statement, kinds.Apply)


def runs(statements: Sequence[Statement]) -> Iterator[Run | Statement]:
    """The statements, those that can share a loop in one."""
    run = None
    for statement in statements:
        elementwise = is_elementwise(statement)
        if run and elementwise and run.takes(statement):
            run.add(statement)
            continue
        if run:
            yield run
        run = Run(statement) if elementwise else None
        if not elementwise:
            yield statement
    if run:
        yield run


Item = Run | Statement


def read_by(item: Item) -> list[Span]:
    """What a run or a statement reads."""
    return item.read() if isinstance(item, Run) else read(item)


def written_by(item: Item) -> list[Span]:
    """What a run or a statement writes."""
    return item.written() if isinstance(item, Run) else written(item)


def drop_unread(items: Sequence[Item], kept: Sequence[Span]) -> None:
    """What nobody reads behind its run is not stored; `kept` is what is read in the end."""
    last = Marks()
    for number, item in enumerate(items):
        last.mark(read_by(item), number)
    last.mark(kept, len(items))
    for number, item in enumerate(items):
        if isinstance(item, Run):
            final = {statement.out: i for i, statement in enumerate(item.statements)}
            item.needed = {
                i
                for out, i in final.items()
                if not has_lanes(out) or last.highest([span(out)]) > number
            }
