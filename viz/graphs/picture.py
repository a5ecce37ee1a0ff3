"""Graph -> boxes and edges: what is drawn, before it is decided how it looks.

A box stands for a node; or for all nodes of a scope (collapsing); or for one of the simpler
operations that an n-ary node is made of (opening); or for what a depth limit left out. Nothing
here changes the graph.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations
from random import Random
from typing import Any, Literal, NamedTuple

from autograd import Operation, Value
from viz.graphs.opening import inner_gradients, inner_nodes
from viz.graphs.selection import MAX_NODES, refuse

Kind = Literal["constant", "parameter", "input", "operation", "scope", "statement", "omission"]
Opening = bool | Collection[Value | str]


@dataclass(slots=True)
class Edge:
    """An operand: the number of its box, the local derivative, its place if that matters.

    Attributes:
        count: how many edges it stands for.
        weight: what it multiplies with, between neurons.
        hover: what is to be read when the pointer is on it.
        marks: what is to be seen of it, names that `viz.svg.theme` knows.
        role: "" for what flows along it, "becomes" for what a scalar is compiled to, and "order"
            for what is not seen and only keeps boxes in their order.
    """

    source: int
    partial: float | None = None
    position: int | None = None
    count: int = 1
    weight: float | None = None
    hover: str = ""
    marks: set[str] = field(default_factory=set)
    role: Literal["", "becomes", "order"] = ""


class Line(NamedTuple):
    """A line of text in a box, and what it says: "name", "data", "grad", "note", "code" ..."""

    role: str
    text: str


@dataclass(slots=True)
class Box:
    """What is drawn as one.

    Attributes:
        grad: None where no gradient was computed.
        group: the number of the frame it stands in, such as the opened node it belongs to.
        value: the node it stands for, if it is a single one.
        times: how many that are alike it stands for.
        lines: lines of its own, after the name and the symbol.
        room: for how many characters there must be room, more than it shows now maybe.
        hover: what is to be read when the pointer is on it, if not name and numbers.
        marks: what is to be seen of it, names that `viz.svg.theme` knows.
        notes: more lines, behind all others.
    """

    kind: Kind
    label: str = ""
    symbol: str = ""
    data: float | None = None
    grad: float | None = None
    edges: list[Edge] = field(default_factory=list)
    members: Counter[str] = field(default_factory=Counter)
    group: int | None = None
    value: Value | None = None
    times: int = 1
    lines: list[Line] = field(default_factory=list)
    room: int = 0
    hover: str = ""
    marks: set[str] = field(default_factory=set)
    notes: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Picture:
    """Boxes, operands before results, the titles of the frames around some, and a caption.

    One that is read `downwards` has no other direction, and its frames stand side by side.
    """

    boxes: list[Box] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    caption: str = ""
    downwards: bool = False


def compose(
    values: Iterable[Value],
    *,
    open: Opening = False,
    collapse: int = 0,
    max_nodes: float = MAX_NODES,
) -> Picture:
    """Arrange nodes, which come in topological order, as boxes.

    >>> x = Value(2.0, label="x")
    >>> [(box.label, box.symbol, box.data) for box in compose([x, x * x]).boxes]
    [('x', '', 2.0), ('', '*', 4.0)]
    """
    values = list(values)
    composer = _Composer(open, max_nodes)
    homes = _homes(values, collapse) if collapse else {}
    for value in values:
        if home := homes.get(value):
            composer.collapse(value, home)
        elif not isinstance(value, Value):
            composer.add_vector(value)
        else:
            composer.add(value, value.grad if value.has_grad else None)
    return composer.picture


class _Composer:
    def __init__(self, open: Opening, max_nodes: float) -> None:
        self.picture = Picture()
        self.everything = open is True
        # Values by their identity: `==` would compare their numbers.
        chosen = () if isinstance(open, bool) else open
        self.chosen = {x if isinstance(x, str) else id(x) for x in chosen}
        self.max_nodes = max_nodes
        self.numbers: dict[Value, int] = {}
        self.scopes: dict[str, int] = {}
        self.joined: dict[tuple[int, int], Edge] = {}

    def add(
        self,
        value: Value,
        grad: float | None,
        group: int | None = None,
        within: frozenset[Operation] = frozenset(),
    ) -> None:
        """A box for the node; or, if it is to be opened, for each operation it stands for."""
        inner = self._opened(value, within)
        if not inner:
            symbol = value.op.symbol if value.op and value.kind == "operation" else ""
            box = Box(
                value.kind, str(value.label), symbol, value.data, grad, group=group, value=value
            )
            self._append(value, box)
            return
        assert value.op is not None
        if group is None:
            group = len(self.picture.groups)
            self.picture.groups.append(titled(str(value.label), value.op.symbol))
        grads = inner_gradients(inner, grad)
        for node in inner:
            self.add(node, grads.get(node), group, within | {value.op})
        # The last of them is the node itself, under its own name and with its own number.
        number = self.numbers[value] = self.numbers[inner[-1]]
        box = self.picture.boxes[number]
        box.label, box.data = str(value.label), value.data

    def add_vector(self, vector: Any) -> None:
        """A box for parameters that an operation takes all at once, as compiled functions do."""
        members = Counter(parameter=len(vector.parameters))
        self.numbers[vector] = self._place(Box("scope", "theta", members=members))

    def collapse(self, value: Value, home: str) -> None:
        """Count the node in the box of its scope."""
        if home not in self.scopes:
            self.scopes[home] = self._place(Box("scope", home))
        number = self.numbers[value] = self.scopes[home]
        self.picture.boxes[number].members[value.kind] += 1
        for operand in value.operands:
            source = self.numbers.get(operand)
            if source is not None and source != number:
                self._join(source, number)

    def _append(self, value: Value, box: Box) -> None:
        sources = [self.numbers.get(operand) for operand in value.operands]
        omission = self._place(Box("omission", "…")) if None in sources else None
        number = self.numbers[value] = self._place(box)
        numbered = _order_matters(value.op)
        for position, (source, partial) in enumerate(zip(sources, value.partials, strict=True), 1):
            source = omission if source is None else source
            assert source is not None
            if self.picture.boxes[source].kind in ("scope", "omission"):
                self._join(source, number)
            else:
                box.edges.append(Edge(source, partial, position if numbered else None))

    def _join(self, source: int, target: int) -> None:
        """One edge for all edges between two boxes of which one stands for several nodes."""
        if edge := self.joined.get((source, target)):
            edge.count += 1
            return
        edge = self.joined[source, target] = Edge(source)
        self.picture.boxes[target].edges.append(edge)

    def _place(self, box: Box) -> int:
        self.picture.boxes.append(box)
        if len(self.picture.boxes) > self.max_nodes:
            refuse(self.max_nodes, "boxes")
        return len(self.picture.boxes) - 1

    def _opened(self, value: Value, within: frozenset[Operation]) -> list[Value]:
        op = value.op
        if op is None or op in within:  # an operation within its own expansion would never end
            return []
        if not (self.everything or op.name in self.chosen or id(value) in self.chosen):
            return []
        if any(operand not in self.numbers for operand in value.operands):
            return []
        return inner_nodes(value)


def _homes(values: list[Value], collapse: int) -> dict[Value, str]:
    """The scope that each node is counted in, cut after `collapse` names; "" for none.

    Parameters and constants without a scope belong to the only scope that uses them, if any.
    """
    nodes = [value for value in values if isinstance(value, Value)]
    homes = {node: ".".join(node.scope.split(".")[:collapse]) for node in nodes}
    users: dict[Value, set[str]] = {}
    for node in nodes:
        for operand in node.operands:
            kind = getattr(operand, "kind", None)  # a vector of parameters has none
            if kind in ("parameter", "constant") and not homes.get(operand):
                users.setdefault(operand, set()).add(homes[node])
    for operand, scopes in users.items():
        homes[operand] = scopes.pop() if len(scopes) == 1 else ""
    return homes


def _order_matters(op: Operation | None) -> bool:
    """Whether exchanging the operands changes the result.

    The many operands of n-ary operations are not worth numbering on their edges.
    """
    return op is not None and op.arity is not None and op.arity > 1 and not _symmetric(op)


@lru_cache(maxsize=256)
def _symmetric(op: Operation) -> bool:
    """Found out with numbers, since the table of operations does not say it."""
    operands = op.sample(Random(0))
    # All orders of up to three operands; of more, whose orders are too many, the reversed one.
    orders = permutations(operands) if len(operands) <= 3 else [reversed(operands)]
    result = op.forward(*operands)
    return all(math.isclose(op.forward(*order), result) for order in orders)


def titled(label: str, symbol: str) -> str:
    """What a node is called: `h = tanh`, or `h` or `tanh` if that is all there is."""
    return " = ".join(filter(None, (label, symbol)))
