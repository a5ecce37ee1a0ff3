"""The schedule of a graph: which nodes are one instruction, and in which order.

Nodes that have the same operation, and whose operands are ready at the same time, form a group
and become one instruction on arrays with a row for each node. Dots that share their inputs are
the rows of one matrix; dots of inputs with inputs, as in attention, are the pairs of two lists of
vectors. The rows of a group lie together, in the order in which they were recorded, so that the
next group finds its operands in a row as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd import operations as ops
from autograd.compiler.graph import Graph
from autograd.compiler.instructions import Program
from autograd.compiler.scheduling.groups import Group, group_name, groups
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.leaves import loads_and_draws, read_in_place
from autograd.compiler.scheduling.matrices import Matrix, matrices
from autograd.compiler.scheduling.operands import operand_lists
from autograd.compiler.scheduling.pairs import Pairs, pairs
from autograd.compiler.scheduling.storages import StoredGraph, stored


def scheduled(
    graph: Graph,
    name: str = "result",
    places: Sequence[int] | None = None,
    size: int = 0,
    inputs: bool = False,
) -> Program:
    """The array program of a scalar graph.

    Parameters:
        places: where in a vector of `size` numbers the parameters lie; by default one after the
            other.
        inputs: whether the arguments are to get gradients, and so need rows of their own.
    """
    graph = stored(graph)
    parts = [part for group in groups(graph) for part in _parts(graph, group)]
    layout = Layout(graph, places, size)
    if not inputs:
        layout.in_place = read_in_place(graph, [p for p in parts if isinstance(p, Matrix)])
    instructions = loads_and_draws(graph, layout)
    makers = [-1] * (len(graph.nodes) + 1)  # the last for nodes that are not there
    for part in parts:
        own = name if part.members == graph.outputs else group_name(graph, part.members)
        instructions += part.instructions(layout, own)
        for i in part.members:
            makers[i] = len(instructions) - 1
    return Program(
        instructions,
        outputs=[layout.where(i) for i in graph.outputs],
        structure=graph.structure,
        arguments=graph.arguments,
        parameters=[graph.nodes[i].content for i in layout.parameters],
        sizes=layout.sizes,
        constants=[node.content for node in graph.nodes if node.kind == "constant"],
        index_rows=[graph.nodes[i].content for i in layout.index_rows],
        ones=sorted(layout.ones),
        makers=[makers[i] for i in graph.stands or range(len(graph.nodes))],
    )


def _parts(graph: StoredGraph, group: Group) -> Sequence[Group | Matrix | Pairs]:
    """The group as it is, or what a group of dots is made of: matrices or pairs."""
    node = graph.nodes[group.members[0]]
    if node.op is ops.dot:
        left, right, *bias = (graph.storages[operands[0]] for operands in operand_lists(node))
        if left != "values" and right == "values":
            return matrices(graph, group)
        if (left == "values" or right != "values") and not bias:
            return pairs(graph, group)
    return [group]
