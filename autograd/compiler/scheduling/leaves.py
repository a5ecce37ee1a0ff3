"""Leaves: how the numbers of arguments and generators come into their rows, if they need any."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from autograd import operations as ops
from autograd.compiler.instructions import Draw, Instruction, Load
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.matrices import Matrix
from autograd.compiler.scheduling.storages import StoredGraph

# An argument that only matrix products read, in this size or larger, is read where it is.
_LARGE_ARGUMENT = 65


def loads_and_draws(graph: StoredGraph, layout: Layout) -> list[Instruction]:
    """What brings in the numbers that instructions read: one for each argument and generator."""
    instructions: list[Instruction] = []
    in_place = layout.in_place.values()
    for argument, members in _inputs(graph).items():
        if argument not in in_place:
            name = graph.arguments[argument].name
            elements = [graph.nodes[i].content[1] for i in members]
            instructions.append(Load(layout.out(members), name, argument, elements))
    draws: dict[int, tuple[Any, list[int]]] = {}
    for i, node in enumerate(graph.nodes):
        if node.kind == "random":
            draws.setdefault(id(node.content), (node.content, []))[1].append(i)
    for generator, members in draws.values():
        instructions.append(Draw(layout.out(members), "random", generator))
    return instructions


def _inputs(graph: StoredGraph) -> dict[int, list[int]]:
    """The nodes of each argument that are read as numbers, and not as indices alone."""
    read: set[int] = set()
    for node in graph.nodes:
        read.update(node.operands[:-1] if node.op is ops.pick else node.operands)
    inputs: dict[int, list[int]] = {}
    for i, node in enumerate(graph.nodes):
        if node.kind == "input" and i in read:
            inputs.setdefault(node.content[0], []).append(i)
    return inputs


def read_in_place(graph: StoredGraph, matrices: Iterable[Matrix]) -> dict[tuple[int, ...], int]:
    """The large arguments that only matrix products use, and always the whole of them.

    Each is known by its nodes.
    """
    whole = {
        tuple(members): argument
        for argument, members in _inputs(graph).items()
        if len(members) >= _LARGE_ARGUMENT
        and len(members) == math.prod(graph.arguments[argument].shape)
    }
    argument_of = {i: argument for members, argument in whole.items() for i in members}
    read = (k for node in graph.nodes for k in node.operands)
    uses = Counter(argument_of[k] for k in read if k in argument_of)
    for matrix in matrices:
        if len(matrix.positions) == 1 and matrix.inputs[0] in whole:
            uses[whole[matrix.inputs[0]]] -= len(matrix.members) * len(matrix.inputs[0])
    return {members: argument for members, argument in whole.items() if not uses[argument]}
