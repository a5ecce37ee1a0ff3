"""Matrices: dots of the same inputs are the rows of one matrix, used at one or more positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd.compiler.instructions import Instruction, MatrixProduct, Rows
from autograd.compiler.scheduling.groups import Group
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.operands import operand_lists
from autograd.compiler.scheduling.storages import StoredGraph


@dataclass(slots=True)
class Matrix:
    """Dots that are one matrix product: the same rows of weights at each of the positions.

    Attributes:
        positions: at each the dots, one for each row.
        inputs: at each the vector that all of them are with.
    """

    positions: list[list[int]]
    inputs: list[tuple[int, ...]]

    @property
    def members(self) -> list[int]:
        return [i for dots in self.positions for i in dots]

    def instructions(self, layout: Layout, name: str) -> list[Instruction]:
        weights, _, *bias = zip(
            *(operand_lists(layout.nodes[i]) for i in self.positions[0]), strict=True
        )
        product = MatrixProduct(
            layout.out(self.members),
            name,
            weights=layout.rows(weights),
            inputs=layout.rows(self.inputs),
            bias=layout.rows(bias[0]) if bias else None,
            rows=len(weights),
            columns=len(weights[0]),
            positions=len(self.positions),
            bias_column=False,
        )
        _make_bias_a_column(product, layout)
        return [product]


def matrices(graph: StoredGraph, group: Group) -> list[Matrix | Group]:
    """Dots of weights with inputs as matrices; if several stand alone, these are one group."""
    by_inputs: dict[tuple[int, ...], list[int]] = {}
    for i in group.members:
        by_inputs.setdefault(operand_lists(graph.nodes[i])[1], []).append(i)
    by_weights: dict[Any, Matrix] = {}
    for inputs, dots in by_inputs.items():
        weights = tuple((w, *b) for w, _, *b in (operand_lists(graph.nodes[i]) for i in dots))
        matrix = by_weights.setdefault(weights, Matrix([], []))
        matrix.positions.append(dots)
        matrix.inputs.append(inputs)
    found = by_weights.values()
    alone = [matrix.members[0] for matrix in found if len(matrix.members) == 1]
    if len(alone) < 2:
        return [*found]
    return [Group(alone), *(matrix for matrix in found if len(matrix.members) > 1)]


def _make_bias_a_column(product: MatrixProduct, layout: Layout) -> None:
    """Let one product do the work of a product and a sum, where the rows lie for it.

    That is so if each bias lies behind its weights in theta, and if the inputs are the end of
    a group, behind which there is the spare row.
    """
    weights, bias, columns = product.weights, product.bias, product.columns
    if bias is None or product.positions > 1 or not weights.storage == bias.storage == "theta":
        return
    starts = range(0, len(weights), columns)
    rows = [
        [*weights.places[start : start + columns], last]
        for start, last in zip(starts, bias.places, strict=True)
    ]
    one = layout.row_behind(product.inputs)
    if one is None or any(row != [*range(row[0], row[0] + columns + 1)] for row in rows):
        return
    product.weights, product.bias = Rows("theta", [place for row in rows for place in row]), None
    product.inputs = Rows("values", range(product.inputs.places[0], one + 1))
    product.columns, product.bias_column = columns + 1, True
    layout.ones.add(one)
