"""Graph -> boxes and edges: what is drawn, before it is decided how it looks.

A box stands for a node; for the nodes of a neuron or of a layer; for several boxes that are alike;
for one of the simpler operations that an n-ary node is made of; or for what a depth limit left out.
Nothing here changes the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from autograd import Operation, Value
from viz.graphs.levels.opening import inner_gradients, inner_nodes
from viz.graphs.order import order_matters
from viz.graphs.selection import MAX_NODES, refuse
from viz.svg.texts.labels import DIGITS

Kind = Literal[
    "constant", "parameter", "input", "operation", "neuron", "layer", "statement", "omission"
]
LEAVES: tuple[Kind, ...] = ("constant", "parameter", "input")


@dataclass(slots=True)
class Edge:
    """An operand: the number of its box, the local derivative, its place if that matters.

    Attributes:
        count: how many edges it stands for.
        weight: what it multiplies with, between neurons.
        factors: the weights that it stands for.
        hover: what is to be read when the pointer is on it.
        marks: what is to be seen of it, names that `viz.svg.theme` knows.
        stale: whether the gradient of one of those is no longer true.
    """

    source: int
    partial: float | None = None
    position: int | None = None
    count: int = 1
    weight: float | None = None
    factors: tuple[Value, ...] = ()
    hover: str = ""
    marks: set[str] = field(default_factory=set)
    stale: bool = False


class Line(NamedTuple):
    """A line of text in a box, and what it says: "name", "data", "grad", "note", "code" ..."""

    role: str
    text: str


@dataclass(slots=True)
class Box:
    """What is drawn as one.

    Attributes:
        data: of a layer the norm of its parameters, and `grad` that of their gradients. None where
            there is no number to be shown, and no gradient then.
        grad: None where no gradient was computed.
        group: the number of the frame it stands in, such as the opened node it belongs to.
        value: the node it stands for, if it is a single one.
        times: how many that are alike it stands for.
        lines: lines of its own, after the name, the symbol and the numbers.
        grad_digits: how many significant digits of its gradient are shown.
        room: for how many characters there must be room, more than it shows now maybe.
        hover: what is to be read when the pointer is on it, if not name and numbers.
        marks: what is to be seen of it, names that `viz.svg.theme` knows.
        stale: "data" or "grad", if it is no longer true, and what it would be now, if known; or
            "inside", if that is so of a node whose number it does not show.
        nodes: those that it stands for, if they are several.
        inside: other nodes within it: the parameters of a layer, the sum and biases of a neuron.
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
    grad_digits: int = DIGITS
    room: int = 0
    hover: str = ""
    marks: set[str] = field(default_factory=set)
    stale: dict[str, float | None] = field(default_factory=dict)
    nodes: list[Value] = field(default_factory=list)
    inside: list[Value] = field(default_factory=list)


def nodes_of(box: Box) -> list[Value]:
    """The nodes that a box stands for."""
    return box.nodes or ([] if box.value is None else [box.value])


class Column(NamedTuple):
    """Boxes that stand side by side across the direction of the arrows, in this order.

    Attributes:
        title: what is written over them.
        below: whether it goes on where the column before it ends.
    """

    boxes: list[int]
    title: str = ""
    below: bool = False


@dataclass(slots=True)
class Picture:
    """Boxes, operands before results, the titles of the frames around some, and a caption.

    Attributes:
        columns: boxes whose places are given.
        nodes: all that is drawn, operands before results, also those without a box of their own.
        roots: the nodes that were asked for.
        numberless: what is computed has no numbers, only parameters have.
        downwards: it is read so whatever the direction, and its frames stand side by side.
    """

    boxes: list[Box] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    caption: str = ""
    columns: list[Column] = field(default_factory=list)
    nodes: list[Value] = field(default_factory=list)
    roots: list[Value] = field(default_factory=list)
    numberless: bool = False
    downwards: bool = False


def compose(
    values: Iterable[Value],
    *,
    opened: bool = False,
    homes: Mapping[Value, Box] | None = None,
    max_nodes: float = MAX_NODES,
) -> Picture:
    """Arrange nodes, which come in topological order, as boxes.

    Parameters:
        opened: whether n-ary nodes are drawn as the simpler operations that they stand for.
        homes: the boxes of the nodes that are drawn as part of one.
        max_nodes: how many boxes there may be; `TooManyNodesError` if there are more.

    >>> x = Value(2.0, label="x")
    >>> [(box.label, box.symbol, box.data) for box in compose([x, x * x]).boxes]
    [('x', '', 2.0), ('', '*', 4.0)]
    """
    composer = Composer(opened, max_nodes)
    homes = homes or {}
    for value in values:
        if home := homes.get(value):
            composer.put(value, home)
        elif not isinstance(value, Value):
            composer.add_vector(value)
        else:
            composer.add(value, value.grad if value.has_grad else None)
    return composer.picture


class Composer:
    """Takes nodes one by one, operands before results.

    Attributes:
        picture: what has come so far.
        numbers: the number of each node's box.
    """

    def __init__(self, opened: bool = False, max_nodes: float = MAX_NODES) -> None:
        self.picture = Picture()
        self.numbers: dict[Value, int] = {}
        self.opened = opened
        self.max_nodes = max_nodes
        self._places: dict[int, int] = {}  # of boxes for several nodes, by their identity
        self._joined: dict[tuple[int, int], Edge] = {}

    def add(
        self,
        value: Value,
        grad: float | None,
        group: int | None = None,
        within: frozenset[Operation] = frozenset(),
    ) -> None:
        """A box for the node; or, if it is to be opened, for each operation it stands for."""
        inner = self._inner(value, within)
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
        self.picture.nodes.append(value)
        number = self.numbers[value] = self.numbers[inner[-1]]
        box = self.picture.boxes[number]
        box.label, box.data, box.value = str(value.label), value.data, value

    def add_vector(self, vector: Any) -> None:
        """A box for parameters that an operation takes all at once, as compiled functions do."""
        lines = [Line("note", counted("parameter", len(vector.parameters)))]
        self.numbers[vector] = self.place(Box("layer", "theta", lines=lines))

    def put(self, value: Value, box: Box) -> None:
        """Count the node in a box of several, which is placed with its first operation."""
        box.members[value.kind] += 1
        self.picture.nodes.append(value)
        if value.op is None and "theta" not in box.marks:  # which nobody else uses
            return
        if id(box) not in self._places:
            self._places[id(box)] = self.place(box)
        number = self.numbers[value] = self._places[id(box)]
        box.nodes.append(value)
        for operand in value.operands:
            source = self.numbers.get(operand)
            if source is not None and source != number:
                self.join(source, number)

    def place(self, box: Box) -> int:
        """The number of the box from now on."""
        self.picture.boxes.append(box)
        if len(self.picture.boxes) > self.max_nodes:
            refuse(self.max_nodes, "boxes")
        return len(self.picture.boxes) - 1

    def join(self, source: int, target: int) -> Edge:
        """One edge for all edges between two boxes of which one stands for several nodes."""
        if edge := self._joined.get((source, target)):
            edge.count += 1
            return edge
        edge = self._joined[source, target] = Edge(source)
        self.picture.boxes[target].edges.append(edge)
        return edge

    def _append(self, value: Value, box: Box) -> None:
        sources = [self.numbers.get(operand) for operand in value.operands]
        omission = self.place(Box("omission", "…")) if None in sources else None
        self.picture.nodes.append(value)
        number = self.numbers[value] = self.place(box)
        numbered = order_matters(value.op)
        for position, (source, partial) in enumerate(zip(sources, value.partials, strict=True), 1):
            source = omission if source is None else source
            assert source is not None
            if self.picture.boxes[source].kind in ("layer", "omission"):
                edge = self.join(source, number)
                edge.position = position if numbered and edge.count == 1 else None
            else:
                box.edges.append(Edge(source, partial, position if numbered else None))

    def _inner(self, value: Value, within: frozenset[Operation]) -> list[Value]:
        """What is drawn in the place of a node that is to be opened; nothing if it stays."""
        if not self.opened or value.op in within:  # one within its own expansion would never end
            return []
        if any(operand not in self.numbers for operand in value.operands):
            return []
        return inner_nodes(value)


def counted(kind: str, count: int) -> str:
    """A number of things, in words.

    >>> counted("parameter", 1), counted("constant", 2000)
    ('1 parameter', '2,000 constants')
    """
    return f"{count:,} {kind}{'' if count == 1 else 's'}"


def titled(label: str, symbol: str) -> str:
    """What a node is called: `h = tanh`, or `h` or `tanh` if that is all there is."""
    return " = ".join(filter(None, (label, symbol)))
