"""Dependence: what a node's number depends on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from autograd.compiler.graph import Node


class Dependence(IntEnum):
    """What a node's number depends on: nothing, the parameters, the example."""

    CONSTANT = 0
    PARAMETERS = 1
    EXAMPLE = 2


_LEAVES = {
    "constant": Dependence.CONSTANT,
    "parameter": Dependence.PARAMETERS,
    "input": Dependence.EXAMPLE,
    "random": Dependence.EXAMPLE,
}


def dependences(nodes: Sequence[Node]) -> list[Dependence]:
    """For each node what it depends on."""
    result: list[Dependence] = []
    for node in nodes:
        if node.kind == "operation":
            result.append(max((result[i] for i in node.operands), default=Dependence.CONSTANT))
        else:
            result.append(_LEAVES[node.kind])
    return result
