"""Groups: operations of one kind that are ready at the same time, and are one instruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import operations as ops
from autograd.compiler.graph import reached
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
    """The operations, in groups that can run at once, in an order in which they can run.

    Each runs as early as it can, or as late as it can if that makes fewer groups: the positions
    of a sequence, of which the first has less to do on its way, then meet again.
    """
    early, late = (_grouped(graph, levels) for levels in (_earliest(graph), _latest(graph)))
    return late if len(late) < len(early) else early


def _grouped(graph: StoredGraph, levels: Sequence[int]) -> list[Group]:
    found: dict[tuple[Any, ...], list[int]] = {}
    # Apart, so that what gets no gradient at all is not multiplied with one of 0.
    passed = reached(graph)
    for i, node in enumerate(graph.nodes):
        if node.op is not None:
            key = (*_time(graph, i, levels[i]), *_kind(graph, i), i in passed)
            found.setdefault(key, []).append(i)
    return [Group(found[key]) for key in sorted(found, key=lambda key: key[:3])]


def _earliest(graph: StoredGraph) -> list[int]:
    """For each node one more than for the last of its operands."""
    levels: list[int] = []
    for node in graph.nodes:
        levels.append(1 + max((levels[k] for k in node.operands), default=-1))
    return levels


def _latest(graph: StoredGraph) -> list[int]:
    """For each node one less than for the first that reads it, counted from the end."""
    levels = [0] * len(graph.nodes)
    for i in range(len(graph.nodes) - 1, -1, -1):
        for k in graph.nodes[i].operands:
            levels[k] = min(levels[k], levels[i] - 1)
    return levels


def _time(graph: StoredGraph, i: int, level: int) -> tuple[bool, int, bool]:
    """When a node is computed: in the order of these."""
    # Picks first: going backward they come last, and then add to gradients that are there.
    return (graph.storages[i] == "values", level, graph.nodes[i].op is not ops.pick)


def _kind(graph: StoredGraph, i: int) -> tuple[Any, ...]:
    """What two nodes of a group have in common."""
    node = graph.nodes[i]
    lists = operand_lists(node)
    choices = len(lists[0]) if node.op is ops.pick else None
    return (node.op, choices, *(graph.storages[operands[0]] for operands in lists))


def group_name(graph: StoredGraph, members: Sequence[int]) -> str:
    """After the scope and the operation, as `layer0_relu`."""
    scopes = {graph.nodes[i].scope for i in members}
    scope = scopes.pop().replace(".", "_") if len(scopes) == 1 else ""
    op = graph.nodes[members[0]].op
    assert op is not None
    return f"{scope}_{op.name}" if scope else op.name
