"""A graph once more, with the simpler operations in it that n-ary ones stand for."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value, topological_order
from autograd.context import changed
from autograd.value import record
from viz.graphs.levels.opening import inner_nodes


def opened(root: Value) -> Value:
    """The root of a graph that computes the same from the same leaves, without n-ary operations.

    Nodes that have none before them are those of the graph itself, which is not changed.

    >>> from autograd import dot
    >>> ws, xs = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)]
    >>> [node.op.symbol for node in opened(dot(ws, xs)).operands]
    ['*', '*']
    """
    twins: dict[Value, Value] = {}
    for node in topological_order(root):
        twin = _of_operands(node, [twins[x] for x in node.operands])
        *_, twins[node] = [twin, *inner_nodes(twin)]
        if twins[node] is not node:
            twins[node].label, twins[node].scope = node.label, node.scope
    return twins[root]


def _of_operands(node: Value, operands: Sequence[Value]) -> Value:
    """The node, or one of the same operation if its operands are others."""
    if node.op is None or all(x is y for x, y in zip(operands, node.operands, strict=True)):
        return node
    # Recorded even inside `no_grad`, and seen by nobody who watches the graph being built.
    with changed(recording=True, scope=node.scope, watcher=None, tracer=None):
        return record(node.op, operands)
