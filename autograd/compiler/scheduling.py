"""Scheduling: scalar nodes -> groups of like nodes -> array instructions.

Nodes that have the same operation, and whose operands are ready at the same time, form a group
and become one instruction on arrays with a row for each node. Dots that share their inputs are
the rows of one matrix. The rows of a group lie together, in the order in which they were
recorded, so that the next group finds its operands in a row as well.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd import operations as ops
from autograd.compiler.folding import Dependence, dependences, reached
from autograd.compiler.graph import Graph, Node
from autograd.compiler.instructions import (
    Draw,
    Elementwise,
    Instruction,
    Load,
    MatrixProduct,
    Pick,
    Program,
    Reduction,
    Rows,
    SegmentedDot,
    Storage,
)
from autograd.operation import Operation

# An argument that only matrix products read, in this size or larger, is read where it is.
_LARGE_ARGUMENT = 65

# To bring an operand into the storage where the others are.
_copy = Operation("copy", symbol="copy", forward=lambda x: x, array=np.positive, partials=(1.0,))


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
    return _Scheduler(graph, name, places, size).program(inputs)


@dataclass(slots=True)
class _Matrix:
    """Dots that are one matrix product: the same rows of weights at each of the positions."""

    positions: list[list[int]]


class _Scheduler:
    def __init__(self, graph: Graph, name: str, places: Sequence[int] | None, size: int) -> None:
        self.graph = replace(graph, outputs=list(graph.outputs))
        self.places = None if places is None else iter(places)
        self.nodes = [replace(node) for node in graph.nodes]
        self.depends = dependences(self.nodes)
        self.name = name
        self.sizes: dict[Storage, int] = dict.fromkeys(
            ("values", "weights", "theta", "constants", "indices"), 0
        )
        if places is not None:
            self.sizes["theta"] = size
        self.where: dict[int, tuple[Storage, int]] = {}
        self.index_row: dict[int, int] = {}
        self.instructions: list[Instruction] = []
        self._ends: set[int] = set()  # last rows of the groups in "values"
        self._ones: set[int] = set()
        self._direct: dict[tuple[int, ...], int] = {}

    # ------------------------------------------------------------------------- the whole

    def program(self, inputs: bool) -> Program:
        self._bring_operands_together()
        self._bring_outputs_in()
        parts = [part for group in self._groups() for part in self._parts(group)]
        if not inputs:
            self._find_read_in_place([part for part in parts if isinstance(part, _Matrix)])
        self._place_leaves()
        for part in parts:
            if isinstance(part, _Matrix):
                self._matrix(part.positions)
            else:
                self._schedule(part)
        parameters = [self.nodes[i].content for i in self._parameters()]
        constants = [n.content for n in self.nodes if n.kind == "constant"]
        index_rows = [self.nodes[i].content for i in self.index_row]
        return Program(
            self.instructions,
            [self.where[i] for i in self.graph.outputs],
            self.graph.structure,
            self.graph.arguments,
            parameters,
            self.sizes,
            constants,
            index_rows,
            sorted(self._ones),
        )

    def _storage(self, i: int) -> Storage:
        node = self.nodes[i]
        if node.kind == "parameter":
            return "theta"
        if node.kind == "constant":
            return "constants"
        return "weights" if self.depends[i] is Dependence.PARAMETERS else "values"

    # ------------------------------------------- operands of one instruction in one storage

    def _bring_operands_together(self) -> None:
        """Copies for n-ary operations whose operands would lie in several storages."""
        for i, node in enumerate(list(self.nodes)):
            op = node.op
            if op is None or not _reads_rows_together(node):
                continue
            home: Storage = "weights" if self.depends[i] < Dependence.EXAMPLE else "values"
            size = len(node.operands) // 2
            if op is ops.dot:
                parts = [node.operands[:size], node.operands[size : 2 * size]]
                rest = node.operands[2 * size :]
            elif op is ops.pick:
                parts, rest = [node.operands[:-1]], node.operands[-1:]
            else:
                parts, rest = [node.operands], ()
            together = [self._in_one_storage(part, home) for part in parts]
            node.operands = (*(k for part in together for k in part), *rest)

    def _in_one_storage(self, operands: Sequence[int], home: Storage) -> list[int]:
        storages = {self._storage(k) for k in operands}
        if len(storages) == 1:
            return list(operands)
        if "values" not in storages:
            home = "weights"
        return [k if self._storage(k) == home else self._copy(k, home) for k in operands]

    def _copy(self, i: int, home: Storage) -> int:
        depends = Dependence.EXAMPLE if home == "values" else Dependence.PARAMETERS
        self.nodes.append(Node("operation", _copy, (i,), scope=self.nodes[i].scope))
        self.depends.append(depends)
        return len(self.nodes) - 1

    def _bring_outputs_in(self) -> None:
        """Every output is the row of an example's number, or none is (no example at all)."""
        outputs = self.graph.outputs
        examples = self.graph.arguments or any(self._storage(i) == "values" for i in outputs)
        home: Storage = "values" if examples else "weights"
        self.graph.outputs = [
            i
            if self._storage(i) == home and self.nodes[i].kind == "operation"
            else self._copy(i, home)
            for i in outputs
        ]

    # ---------------------------------------------------------------------------- leaves

    def _place_leaves(self) -> None:
        indices, numbers = self._uses_of_inputs()
        for i in self._parameters():
            if self.places is None:
                self._put(i, "theta")
            else:
                self.where[i] = ("theta", next(self.places))
        loads: dict[int, list[int]] = {}
        draws: dict[int, tuple[Any, list[int]]] = {}
        for i, node in enumerate(self.nodes):
            if node.kind == "constant":
                self._put(i, "constants")
            elif node.kind == "random":
                draws.setdefault(id(node.content), (node.content, []))[1].append(i)
            elif node.kind == "input":
                if i in indices:
                    self.index_row[i] = self.sizes["indices"]
                    self.sizes["indices"] += 1
                if i in numbers:
                    loads.setdefault(node.content[0], []).append(i)
        in_place = set(self._direct.values())
        for argument, members in loads.items():
            if argument not in in_place:
                elements = [self.nodes[i].content[1] for i in members]
                name = self.graph.arguments[argument].name
                self.instructions.append(Load(self._out(members), name, argument, elements))
        for generator, members in draws.values():
            self.instructions.append(Draw(self._out(members), "random", generator))

    def _parameters(self) -> list[int]:
        """The parameters in the order of theta.

        If they have no places yet, each dot's weights come together, and its bias behind them.
        """
        given = [i for i, node in enumerate(self.nodes) if node.kind == "parameter"]
        if self.places is not None:
            return given
        used: list[int] = []
        for node in self.nodes:
            if node.op is ops.dot:
                size = len(node.operands) // 2
                used += [*node.operands[:size], *node.operands[2 * size :]]
        known = set(given)
        return list(dict.fromkeys([*(i for i in used if i in known), *given]))

    def _uses_of_inputs(self) -> tuple[set[int], set[int]]:
        indices: set[int] = set()
        numbers: set[int] = set(self.graph.outputs)
        for node in self.nodes:
            if node.op is ops.pick:
                indices.add(node.operands[-1])
                numbers.update(node.operands[:-1])
            else:
                numbers.update(node.operands)
        return indices, numbers

    def _find_read_in_place(self, matrices: Sequence[_Matrix]) -> None:
        """The large arguments that only matrix products use, and always the whole of them."""
        whole = self._large_arguments()
        argument_of = {i: argument for members, argument in whole.items() for i in members}
        uses = Counter(
            argument_of[k] for node in self.nodes for k in node.operands if k in argument_of
        )
        for matrix in matrices:
            inputs = self._inputs(matrix.positions[0][0])
            if len(matrix.positions) == 1 and inputs in whole:
                uses[whole[inputs]] -= len(matrix.positions[0]) * len(inputs)
        self._direct = {
            members: argument for members, argument in whole.items() if not uses[argument]
        }

    def _large_arguments(self) -> dict[tuple[int, ...], int]:
        """The arguments of which all elements are used, which are many, by their nodes."""
        members: dict[int, list[int]] = {}
        for i, node in enumerate(self.nodes):
            if node.kind == "input":
                members.setdefault(node.content[0], []).append(i)
        return {
            tuple(nodes): argument
            for argument, nodes in members.items()
            if len(nodes) >= _LARGE_ARGUMENT
            and len(nodes) == math.prod(self.graph.arguments[argument].shape)
        }

    def _put(self, i: int, storage: Storage) -> None:
        self.where[i] = (storage, self.sizes[storage])
        self.sizes[storage] += 1

    def _out(self, members: Sequence[int]) -> Rows:
        storage = self._storage(members[0])
        first = self.sizes[storage]
        for i in members:
            self._put(i, storage)
        # A spare row behind every group: it can hold the 1 that a bias is multiplied with.
        if storage == "values":
            self._ends.add(self.sizes[storage] - 1)
            self.sizes[storage] += 1
        return Rows(storage, range(first, first + len(members)))

    def _rows(self, operands: Iterable[int]) -> Rows:
        operands = tuple(operands)
        if operands in self._direct:
            return Rows("values", range(len(operands)), self._direct[operands])
        return Rows(self.where[operands[0]][0], [self.where[i][1] for i in operands])

    # ---------------------------------------------------------------------------- groups

    def _groups(self) -> list[list[int]]:
        """The operations, in groups that can run at once, in an order in which they can run."""
        levels = [0] * len(self.nodes)
        groups: dict[tuple[Any, ...], list[int]] = {}
        topological = self._topological()
        # Apart, so that what gets no gradient at all is not multiplied with one of 0.
        passed = reached(self.nodes, topological, self.graph.outputs)
        for i in topological:
            node = self.nodes[i]
            levels[i] = 1 + max(levels[k] for k in node.operands)
            key = (self.depends[i], levels[i], *self._kind(node), i in passed)
            groups.setdefault(key, []).append(i)
        # Picks first: going backward they come last, and then add to gradients that are there.
        order = sorted(groups, key=lambda key: (key[0], key[1], key[2] != "pick"))
        return [sorted(groups[key]) for key in order]

    def _topological(self) -> list[int]:
        """Operations, operands first: the copies, which were appended, before what reads them."""
        order, done = [], [node.kind != "operation" for node in self.nodes]
        for i, node in enumerate(self.nodes):
            if not done[i]:
                for k in node.operands:
                    if not done[k]:
                        done[k] = True
                        order.append(k)
                done[i] = True
                order.append(i)
        return order

    def _kind(self, node: Node) -> tuple[Any, ...]:
        """What two nodes of a group have in common."""
        operands = node.operands
        if node.op is ops.dot:
            size = len(operands) // 2
            odd = len(operands) % 2
            bias = self._storage(operands[-1]) if odd else None
            return ("dot", self._storage(operands[0]), self._storage(operands[size]), bias)
        if node.op is ops.pick:
            return ("pick", self._storage(operands[0]), len(operands))
        if _reads_rows_together(node):
            return (node.op, self._storage(operands[0]))
        return (node.op, *map(self._storage, operands))

    def _schedule(self, group: list[int]) -> None:
        first = self.nodes[group[0]]
        assert first.op is not None
        if first.op is ops.dot:
            self._segmented(group)
        elif first.op is ops.pick:
            choices = len(first.operands) - 1
            options = self._rows(k for i in group for k in self.nodes[i].operands[:-1])
            indices = [self.index_row[self.nodes[i].operands[-1]] for i in group]
            out, name = self._out(group), self._group_name(group)
            self.instructions.append(Pick(out, name, options, Rows("indices", indices), choices))
        elif _reads_rows_together(first):
            lengths = [len(self.nodes[i].operands) for i in group]
            together = self._rows(k for i in group for k in self.nodes[i].operands)
            out, name = self._out(group), self._group_name(group)
            self.instructions.append(Reduction(out, name, first.op, together, lengths))
        else:
            columns = zip(*(self.nodes[i].operands for i in group), strict=True)
            operands = [self._rows(column) for column in columns]
            out, name = self._out(group), self._group_name(group)
            self.instructions.append(Elementwise(out, name, first.op, operands))

    # ------------------------------------------------------------------------------ dots

    def _parts(self, group: list[int]) -> list[list[int] | _Matrix]:
        """A group that is scheduled as it is, or the matrices of a group of dots."""
        first = self.nodes[group[0]]
        if first.op is not ops.dot:
            return [group]
        if self._storage(group[0]) != "values" or self._storage(first.operands[0]) == "values":
            return [group]  # Parameters with parameters, or examples with examples.
        matrices = self._matrices(group)
        single = [
            m.positions[0][0] for m in matrices if len(m.positions) * len(m.positions[0]) == 1
        ]
        if len(single) < 2:
            return [*matrices]
        rest = [m for m in matrices if len(m.positions) * len(m.positions[0]) > 1]
        return [single, *rest]

    def _matrices(self, group: list[int]) -> list[_Matrix]:
        """The dots of the same inputs as the rows of a matrix, at each position it is used."""
        by_inputs: dict[tuple[int, ...], list[int]] = {}
        for i in group:
            by_inputs.setdefault(self._inputs(i), []).append(i)
        by_weights: dict[tuple[Any, ...], _Matrix] = {}
        for members in by_inputs.values():
            weights = tuple(map(self._weights_and_bias, members))
            by_weights.setdefault(weights, _Matrix([])).positions.append(members)
        return list(by_weights.values())

    def _inputs(self, dot: int) -> tuple[int, ...]:
        operands = self.nodes[dot].operands
        size = len(operands) // 2
        return operands[size : 2 * size]

    def _weights_and_bias(self, i: int) -> tuple[Any, ...]:
        operands = self.nodes[i].operands
        size = len(operands) // 2
        return (operands[:size], operands[2 * size :])

    def _matrix(self, positions: list[list[int]]) -> None:
        members = [i for position in positions for i in position]
        rows = [self.nodes[i].operands for i in positions[0]]
        columns = len(rows[0]) // 2
        inputs = [k for members in positions for k in self._inputs(members[0])]
        product = MatrixProduct(
            out=Rows("values", ()),
            name=self._group_name(members),
            weights=self._rows(k for row in rows for k in row[:columns]),
            inputs=self._rows(inputs),
            bias=self._rows(row[-1] for row in rows) if len(rows[0]) % 2 else None,
            rows=len(rows),
            columns=columns,
            positions=len(positions),
            bias_column=False,
        )
        self._make_bias_a_column(product)
        product.out = self._out(members)
        self.instructions.append(product)

    def _make_bias_a_column(self, product: MatrixProduct) -> None:
        """Let one product do the work of a product and a sum, where the rows lie for it.

        That is so if each bias lies behind its weights in theta, and if the inputs are the end of
        a group, behind which there is the spare row.
        """
        inputs, bias, columns = product.inputs, product.bias, product.columns
        if bias is None or product.positions > 1 or inputs.argument is not None:
            return
        first, last = inputs.places[0], inputs.places[-1]
        if list(inputs.places) != list(range(first, last + 1)) or last not in self._ends:
            return
        if inputs.storage != "values" or not product.weights.storage == bias.storage == "theta":
            return
        starts = product.weights.places[::columns]
        together = [start + i for start in starts for i in range(columns)]
        beside = list(bias.places) == [start + columns for start in starts]
        if list(product.weights.places) == together and beside:
            wide = [start + i for start in starts for i in range(columns + 1)]
            product.weights, product.bias = Rows("theta", wide), None
            product.inputs = Rows("values", range(first, last + 2))
            product.columns, product.bias_column = columns + 1, True
            self._ones.add(last + 1)

    def _segmented(self, group: list[int]) -> None:
        left: list[int] = []
        right: list[int] = []
        lengths = []
        for i in group:
            operands = self.nodes[i].operands
            size = len(operands) // 2
            left += operands[:size]
            right += operands[size : 2 * size]
            lengths.append(size)
        has_bias = len(self.nodes[group[0]].operands) % 2
        bias = self._rows(self.nodes[i].operands[-1] for i in group) if has_bias else None
        left_rows, right_rows = self._rows(left), self._rows(right)
        out, name = self._out(group), self._group_name(group)
        self.instructions.append(SegmentedDot(out, name, left_rows, right_rows, lengths, bias))

    # ----------------------------------------------------------------------------- names

    def _group_name(self, group: list[int]) -> str:
        """After the scope and the operation, as `layer0_relu`; the last one after the function."""
        if group == self.graph.outputs:
            return self.name
        node = self.nodes[group[0]]
        assert node.op is not None
        scopes = {self.nodes[i].scope for i in group}
        scope = scopes.pop().replace(".", "_") + "_" if len(scopes) == 1 else ""
        return (scope if scope != "_" else "") + node.op.name


def _reads_rows_together(node: Node) -> bool:
    """Whether the operands are one list of rows; otherwise each is an array of its own."""
    if node.op in (ops.dot, ops.pick):
        return True
    if node.op in (ops.total, ops.maximum, ops.minimum):
        return len(node.operands) > 2  # NumPy has functions of two
    # Any other n-ary operation works on its operands one by one.
    return node.op is ops.logsumexp
