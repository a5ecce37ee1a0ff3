"""Operands: the lists that an operation reads, each as the rows of one array."""

from __future__ import annotations

from autograd import operations as ops
from autograd.compiler.graph import Node


def operand_lists(node: Node) -> list[tuple[int, ...]]:
    """The operands of an operation, in the lists that an instruction reads them in.

    Those of a dot are the left side, the right side, and its bias if it has one; those of a pick
    its options and the index. A reduction has one list, any other operation one for each operand.
    """
    op, operands = node.op, node.operands
    if op is ops.dot:
        size = len(operands) // 2
        sides = [operands[:size], operands[size : 2 * size]]
        return [*sides, operands[2 * size :]] if len(operands) % 2 else sides
    if op is ops.pick:
        return [operands[:-1], operands[-1:]]
    return [operands] if is_reduction(node) else [(k,) for k in operands]


def is_reduction(node: Node) -> bool:
    if node.op in (ops.total, ops.maximum, ops.minimum):
        return len(node.operands) > 2  # NumPy has functions of two
    # Any other n-ary operation works on its operands one by one.
    return node.op is ops.logsumexp
