"""The scalar graph of one example, as it is recorded: what the compiler's stages work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from autograd.operation import Operation

NodeKind = Literal["input", "random", "parameter", "constant", "operation"]


@dataclass(slots=True, eq=False)
class Node:
    """One scalar of the graph.

    `content` is the number of a constant, the captured Value of a parameter, the generator of a
    random draw, and (argument, place) of an input.
    """

    kind: NodeKind
    op: Operation | None = None
    operands: tuple[int, ...] = ()
    content: Any = None
    scope: str = ""

    def same(self, other: Node) -> bool:
        """Whether both compute the same, in graphs that are the same up to here."""
        if self.kind != other.kind or self.op is not other.op or self.operands != other.operands:
            return False
        if self.kind == "constant":
            return repr(self.content) == repr(other.content)
        return self.content is other.content or self.kind == "input"


@dataclass(slots=True)
class Argument:
    """What a function gets: its name, the shape for one example, and whether it holds indices."""

    name: str
    shape: tuple[int, ...]
    integer: bool


@dataclass(slots=True, eq=False)
class Graph:
    """Scalar nodes in topological order; operands and outputs are places in `nodes`.

    Of a graph that was made of a recorded one, `stands` has for each node of that one the place of
    what computes the same here: -1 if nothing does, because it is a part of something else.
    """

    nodes: list[Node] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    structure: Any = None  # of the outputs, as nested lists
    stands: list[int] | None = None

    def moved(self, places: Sequence[int]) -> list[int]:
        """`stands` of a graph in which the nodes of this one are at these places."""
        stands = range(len(self.nodes)) if self.stands is None else self.stands
        return [places[i] if i >= 0 else -1 for i in stands]

    def same(self, other: Graph) -> bool:
        """Whether both compute the same from the same Values."""
        return (
            len(self.nodes) == len(other.nodes)
            and (self.outputs, self.structure) == (other.outputs, other.structure)
            and all(map(Node.same, self.nodes, other.nodes))
        )


def needed(graph: Graph) -> list[int]:
    """The places of the nodes that the outputs depend on, in order."""
    alive = [False] * len(graph.nodes)
    for i in graph.outputs:
        alive[i] = True
    for i in range(len(graph.nodes) - 1, -1, -1):
        if alive[i]:
            for k in graph.nodes[i].operands:
                alive[k] = True
    return [i for i, is_alive in enumerate(alive) if is_alive]


def reached(graph: Graph) -> set[int]:
    """The nodes that a gradient of the outputs passes to."""
    found = set(graph.outputs)
    for i in range(len(graph.nodes) - 1, -1, -1):
        op, operands = graph.nodes[i].op, graph.nodes[i].operands
        if op is None or i not in found:
            continue
        if op.nary:
            found.update(operands)
        else:
            found.update(k for n, k in enumerate(operands) if not op.is_flat_in(n))
    return found


def node_text(node: Node) -> str:
    """What a node is called in messages."""
    if node.op is not None:
        return f"{node.op.name}()"
    if node.kind == "parameter":
        return f"the Value {node.content.label!r}" if node.content.label else "a Value"
    return {
        "constant": f"the number {node.content}",
        "random": "a draw of uniform()",
        "input": "a number of the example",
    }[node.kind]
