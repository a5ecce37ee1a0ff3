"""Layout: the rows of the storages, given to nodes so that those read together lie together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from autograd import operations as ops
from autograd.compiler.instructions import Rows, Storage
from autograd.compiler.scheduling.operands import operand_lists
from autograd.compiler.scheduling.storages import StoredGraph


class Layout:
    """Where the nodes of a graph lie.

    Attributes:
        sizes: of the storages.
        parameters: the nodes of kind parameter, in the order of theta.
        index_rows: the inputs that are indices, and the row of each.
        in_place: the nodes of the arguments that are read where they are.
        ones: the rows of "values" that hold 1.

    Parameters:
        places: of the parameters in a theta of `size` numbers; by default one after the other.
    """

    def __init__(self, graph: StoredGraph, places: Sequence[int] | None, size: int) -> None:
        self.nodes, self.storages = graph.nodes, graph.storages
        self.sizes: dict[Storage, int] = dict.fromkeys(get_args(Storage), 0)
        self.in_place: dict[tuple[int, ...], int] = {}
        self.ones: set[int] = set()
        self._ends: set[int] = set()  # last rows of the groups in "values"
        self._places: dict[int, int] = {}
        self.parameters = [i for i, node in enumerate(self.nodes) if node.kind == "parameter"]
        if places is None:
            self.parameters = self._in_order_of_use()
            self._put(self.parameters)
        else:
            self._places.update(zip(self.parameters, places, strict=True))
            self.sizes["theta"] = size
        self._put([i for i, node in enumerate(self.nodes) if node.kind == "constant"])
        picks = [node for node in self.nodes if node.op is ops.pick]
        indices = sorted({node.operands[-1] for node in picks})
        self.index_rows = {i: row for row, i in enumerate(indices)}
        self.sizes["indices"] = len(indices)

    def _in_order_of_use(self) -> list[int]:
        """The parameters: each dot's weights together, and its bias behind them."""
        used: dict[int, None] = {}
        for node in self.nodes:
            if node.op is ops.dot:
                weights, _, *bias = operand_lists(node)
                used.update(dict.fromkeys([*weights, *(k for b in bias for k in b)]))
        in_dots = [i for i in used if self.nodes[i].kind == "parameter"]
        return list(dict.fromkeys([*in_dots, *self.parameters]))

    def _put(self, members: Sequence[int]) -> range:
        storage = self.storages[members[0]] if members else "values"
        first = self.sizes[storage]
        rows = range(first, first + len(members))
        self._places.update(zip(members, rows, strict=True))
        self.sizes[storage] = rows.stop
        return rows

    def where(self, i: int) -> tuple[Storage, int]:
        return self.storages[i], self._places[i]

    def out(self, members: Sequence[int]) -> Rows:
        """New rows for a group."""
        storage, rows = self.storages[members[0]], self._put(members)
        # A spare row behind every group: it can hold the 1 that a bias is multiplied with.
        if storage == "values":
            self._ends.add(rows[-1])
            self.sizes[storage] += 1
        return Rows(storage, rows)

    def more(self, storage: Storage, count: int) -> Rows:
        """New rows that stand for no node."""
        first = self.sizes[storage]
        self.sizes[storage] += count
        return Rows(storage, range(first, first + count))

    def row_behind(self, rows: Rows) -> int | None:
        """The spare row behind a group of which these rows are the end, if they are one."""
        first, last = rows.places[0], rows.places[-1]
        if rows.storage != "values" or rows.argument is not None or last not in self._ends:
            return None
        return last + 1 if list(rows.places) == list(range(first, last + 1)) else None

    def rows(self, lists: Iterable[Sequence[int]]) -> Rows:
        """The rows of some lists of nodes, one list behind the other."""
        members = tuple(i for operands in lists for i in operands)
        if members in self.in_place:
            return Rows("values", range(len(members)), self.in_place[members])
        return Rows(self.storages[members[0]], [self._places[i] for i in members])

    def indices(self, lists: Iterable[Sequence[int]]) -> Rows:
        """The rows of inputs that are used as indices."""
        return Rows("indices", [self.index_rows[i] for operands in lists for i in operands])
