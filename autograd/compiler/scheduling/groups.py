"""Groups: operations of one kind that are ready at the same time, and are one instruction."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import operations as ops
from autograd.compiler.graph import Node, reached
from autograd.compiler.instructions import (
    Dots,
    Elementwise,
    Instruction,
    Pick,
    Reduction,
    Rows,
)
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.operands import is_reduction, operand_lists
from autograd.compiler.scheduling.storages import StoredGraph

Kind = tuple[Any, ...]


@dataclass(slots=True)
class Group:
    """Nodes that are one instruction, in the order in which they were recorded."""

    members: list[int]

    def instructions(self, layout: Layout, name: str) -> list[Instruction]:
        nodes = [layout.nodes[i] for i in self.members]
        op = nodes[0].op
        assert op is not None
        # The first lists of all members are one list of rows, and so are the second ones.
        lists = list(zip(*map(operand_lists, nodes), strict=True))
        if op is ops.pick:
            options, indices = layout.rows(lists[0]), layout.indices(lists[1])
            return [Pick(layout.out(self.members), name, options, indices, len(lists[0][0]))]
        rows, lengths = [layout.rows(column) for column in lists], [len(x) for x in lists[0]]
        if op is ops.dot and len({*lengths}) > 1:
            return self._sums_of_products(layout, name, rows, lengths)
        out = layout.out(self.members)
        if op is ops.dot:
            left, right, *bias = rows
            return [Dots(out, name, left, right, lengths[0], bias[0] if bias else None)]
        if is_reduction(nodes[0]):
            return [Reduction(out, name, op, rows[0], lengths)]
        return [Elementwise(out, name, op, rows)]

    def _sums_of_products(
        self, layout: Layout, name: str, rows: list[Rows], lengths: list[int]
    ) -> list[Instruction]:
        """Dots of several lengths."""
        left, right, *bias = rows
        storage = layout.storages[self.members[0]]
        products = layout.more(storage, len(left))
        sums = layout.more(storage, len(lengths)) if bias else layout.out(self.members)
        made: list[Instruction] = [
            Elementwise(products, f"{name}_products", ops.multiply, [left, right]),
            Reduction(sums, name, ops.total, products, lengths),
        ]
        if bias:
            made.append(Elementwise(layout.out(self.members), name, ops.add, [sums, *bias]))
        return made


def groups(graph: StoredGraph) -> list[Group]:
    """The operations, in groups that can run at once, in an order in which they can run."""
    found: dict[tuple[Any, ...], list[int]] = {}
    kinds = _kinds(graph)
    for i, (kind, level) in enumerate(zip(kinds, _levels(graph, kinds), strict=True)):
        if kind is not None:
            found.setdefault((*_time(graph, i, level), kind), []).append(i)
    return [Group(found[key]) for key in sorted(found, key=lambda key: key[:3])]


def _time(graph: StoredGraph, i: int, level: int) -> tuple[bool, int, bool]:
    """When a node is computed: in the order of these."""
    # Picks first: going backward they come last, and then add to gradients that are there.
    return (graph.storages[i] == "values", level, graph.nodes[i].op is not ops.pick)


def _kinds(graph: StoredGraph) -> list[Kind | None]:
    """What the nodes of a group have in common; None for leaves."""
    # Apart, so that what gets no gradient at all is not multiplied with one of 0.
    passed = reached(graph)
    kinds: list[Kind | None] = []
    for i, node in enumerate(graph.nodes):
        if node.op is None:
            kinds.append(None)
            continue
        lists = operand_lists(node)
        choices = len(lists[0]) if node.op is ops.pick else None
        read = (graph.storages[operands[0]] for operands in lists)
        kinds.append((node.op, choices, i in passed, *read))
    return kinds


def _levels(graph: StoredGraph, kinds: Sequence[Kind | None]) -> list[int]:
    """The step at which each operation is computed, from 1 on; 0 for leaves.

    It is the first one possible, unless all of a kind can wait for others of it that come later:
    so the first position of attention, which has nothing to compare, is with the rest again.
    """
    levels = [0] * len(graph.nodes)
    together: dict[tuple[int, Kind, int | None], list[int]] = {}
    for i, (node, kind) in enumerate(zip(graph.nodes, kinds, strict=True)):
        if kind is not None:
            levels[i] = 1 + max(levels[k] for k in node.operands)
            together.setdefault((levels[i], kind, _row(graph, node)), []).append(i)
    read = [max(levels) + 1] * len(levels)  # the first level that reads each node
    later: dict[tuple[Kind, int | None], list[int]] = {}  # levels with a minus, so that they rise
    for key in sorted(together, key=lambda key: key[0], reverse=True):
        members, own = together[key], later.setdefault(key[1:], [])
        latest = bisect_left(own, 1 - min(read[i] for i in members))
        if latest == len(own):
            own.append(-key[0])
        for i in members:
            levels[i] = -own[latest]
            for k in graph.nodes[i].operands:
                read[k] = min(read[k], levels[i])
    return levels


def _row(graph: StoredGraph, node: Node) -> int | None:
    """Of a dot with weights the first of them, by which the row of the matrix is known."""
    weights = node.operands[0]
    return weights if node.op is ops.dot and graph.storages[weights] != "values" else None


def group_name(graph: StoredGraph, members: Sequence[int]) -> str:
    """After the scope and the operation, as `layer0_relu`."""
    scopes = {graph.nodes[i].scope for i in members}
    scope = scopes.pop().replace(".", "_") if len(scopes) == 1 else ""
    op = graph.nodes[members[0]].op
    assert op is not None
    return f"{scope}_{op.name}" if scope else op.name
