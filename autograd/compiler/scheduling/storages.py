"""Storages: which one each node lies in, with copies where one list would lie in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from autograd.compiler.graph import Graph, Node
from autograd.compiler.instructions import Storage
from autograd.compiler.scheduling.operands import operand_lists
from autograd.operation import Operation

_LEAVES: dict[str, Storage] = {
    "parameter": "theta", "constant": "constants", "input": "values", "random": "values"
}  # fmt: skip

COPY = Operation("copy", symbol="copy", forward=lambda x: x, array=np.positive, partials=(1.0,))


@dataclass(slots=True, eq=False)
class StoredGraph(Graph):
    """A graph in which every list of operands lies in one storage, as all the outputs do."""

    storages: list[Storage] = field(default_factory=list)  # of each node

    def append(self, node: Node, storage: Storage) -> int:
        self.nodes.append(node)
        self.storages.append(storage)
        return len(self.nodes) - 1

    def common(self, operands: Sequence[int]) -> Storage:
        """Where what is computed from such operands lies."""
        return "values" if any(self.storages[k] == "values" for k in operands) else "weights"

    def together(self, operands: Sequence[int]) -> list[int]:
        """The operands in one storage."""
        if len({self.storages[k] for k in operands}) == 1:
            return list(operands)
        home = self.common(operands)
        return [k if self.storages[k] == home else self.copied(k, home) for k in operands]

    def copied(self, i: int, home: Storage) -> int:
        return self.append(Node("operation", COPY, (i,), scope=self.nodes[i].scope), home)


def stored(graph: Graph) -> StoredGraph:
    """The graph with the storages of its nodes, and with the copies that it needs."""
    result = StoredGraph([], [], graph.arguments, graph.structure)
    places: list[int] = []
    for node in graph.nodes:
        if node.op is None:
            places.append(result.append(node, _LEAVES[node.kind]))
            continue
        operands = tuple(places[k] for k in node.operands)
        moved = Node("operation", node.op, operands, scope=node.scope)
        lists = operand_lists(moved)
        if len(lists) < len(moved.operands):
            moved.operands = tuple(k for part in lists for k in result.together(part))
        places.append(result.append(moved, result.common(moved.operands)))
    result.stands = graph.moved(places)
    outputs = [places[i] for i in graph.outputs]
    # Every output is the row of an example's number, or none is (no example at all).
    home: Storage = "values" if graph.arguments else result.common(outputs)
    for i in outputs:
        is_home = result.storages[i] == home and result.nodes[i].op is not None
        result.outputs.append(i if is_home else result.copied(i, home))
    return result
