"""What is needed to turn instructions into statements: buffers, views of rows, and memory."""

from __future__ import annotations

import math
from bisect import bisect, insort
from collections.abc import Sequence

import numpy as np

from autograd.compiler.instructions import Program, Rows, Storage
from autograd.compiler.lowering.shapes import Places, common_shape, strides
from autograd.compiler.statements import Apply, Copy, Statement, Take
from autograd.compiler.views import BATCH, Buffer, BufferKind, Operand, View, broadcast, whole
from autograd.operation import Operation

_COLUMNS: dict[Storage, int] = {
    "values": BATCH, "weights": 1, "theta": 1, "constants": 1, "indices": BATCH
}  # fmt: skip
_WITH_GRADIENTS: tuple[Storage, ...] = ("values", "weights", "theta")
_KINDS: dict[Storage, BufferKind] = {"theta": "vector", "constants": "table"}


class Builder:
    """The statements of a program so far, and views of what they have computed.

    What is read in an order in which it does not lie is gathered, once.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.statements: list[Statement] = []
        self.numbers = {storage: self._buffer(storage, "") for storage in _COLUMNS}
        self.numbers["constants"].content = np.array(program.constants)
        self.gradients = {storage: self._buffer(storage, "grad_") for storage in _WITH_GRADIENTS}
        for storage, buffer in self.gradients.items():
            buffer.of = self.numbers[storage]
        self.given = [
            Buffer(f"given_{x.name}", math.prod(x.shape), kind="given", integer=x.integer)
            for x in program.arguments
        ]
        # What instructions computed on their way, which their derivatives use again.
        self.known: dict[int, dict[int, Operand]] = {}
        self.located: dict[int, View] = {}
        # The first rows of instructions, in their order, with the last ones and the names.
        self._firsts: dict[Storage, list[int]] = {storage: [] for storage in _COLUMNS}
        self._homes: dict[tuple[Storage, int], tuple[int, str]] = {}
        self._views: dict[tuple[int, tuple[int, ...], bool], tuple[Rows, View]] = {}
        self._gathered: dict[tuple[Storage, tuple[int, ...]], View] = {}

    def _buffer(self, storage: Storage, prefix: str) -> Buffer:
        size, kind = self.program.sizes[storage], _KINDS.get(storage, "memory")
        integer = storage == "indices"
        return Buffer(f"{prefix}{storage}", size, _COLUMNS[storage], kind, integer)

    # -------------------------------------------------------------------------- statements

    def do(self, statement: Statement) -> None:
        self.statements.append(statement)

    def apply(
        self, op: Operation, *operands: Operand, out: View | None = None, name: str = "scratch"
    ) -> Operand:
        """One operation on arrays; into new memory if `out` is not given. Of numbers a number."""
        if out is None and View not in map(type, operands):
            return op.forward(*operands)
        out = out or self.temporary(broadcast(operands), name)
        self.do(Apply(out, op, operands))
        return out

    def copied(self, source: Operand, out: View) -> None:
        self.do(Copy(out, source))

    def temporary(self, shape: Sequence[int], name: str = "scratch") -> View:
        """Memory for intermediate results."""
        *rows, columns = shape if shape[-1] in (BATCH, 1) else (*shape, 1)
        buffer = Buffer(name, math.prod(rows), columns, shared=True)
        return whole(buffer).reshaped(*shape)

    # ------------------------------------------------------------------------------- views

    def home(self, rows: Rows, name: str) -> View:
        """The rows that an instruction writes, which then have its name."""
        insort(self._firsts[rows.storage], rows.places[0])
        self._homes[rows.storage, rows.places[0]] = (rows.places[-1], name)
        return self.read(rows)

    def _name(self, storage: Storage, first: int, last: int, default: str) -> str:
        """After the instruction that wrote the rows; one of several has its number."""
        if storage == "theta" and first == last:
            return f"theta_{first}"
        firsts = self._firsts[storage]
        start = firsts[max(bisect(firsts, first) - 1, 0)] if firsts else -1
        stop, name = self._homes.get((storage, start), (-1, ""))
        if not start <= first <= last <= stop:
            return default
        if (first, last) == (start, stop):
            return name
        return f"{name}_{first - start}" if first == last else f"{name}_part"

    def read(self, rows: Rows, name: str = "operand") -> View:
        """The rows in their order, shape (rows, columns); a row read again and again just once."""
        return self.table(rows, rows.table, name)

    def table(self, rows: Rows, places: Places, name: str = "operand", full: bool = False) -> View:
        """The rows in the shape of `places`, with an axis for the columns behind.

        An axis along which nothing changes has length 1, unless it is to be in `full`. A place of
        -1 is a row of zeros.
        """
        if rows.argument is not None:
            return whole(self.given[rows.argument])
        own = places is rows.table or places.base is rows.table
        key = (id(rows), places.shape, full)
        _, known = self._views.get(key, (rows, None)) if own else (rows, None)
        if known is None:
            lying = self.lying(rows.storage, places, name, full)
            known = lying or self.gathered(rows.storage, places, name)
            if own:
                self._views[key] = (rows, known)  # with the rows, so that no others get their id
        return known

    def matrix(self, rows: Rows, height: int, width: int, name: str) -> View:
        """Numbers of parameters in a matrix, shape (height, width)."""
        view = self.table(rows, rows.table.reshape(height, width), name, full=True)
        return view.arranged(0, 1)

    def together(self, operands: Sequence[Rows], out: Rows, names: str) -> list[Operand]:
        """The operands of an elementwise instruction, and what it writes, in shapes that fit."""
        tables = [rows.table for rows in [*operands, out]]
        shape = common_shape(tables)
        if shape is None:
            gathered = [common_shape([table, tables[-1]]) is None for table in tables]
            lying = [t for t, is_gathered in zip(tables, gathered, strict=True) if not is_gathered]
            shape = common_shape(lying)
            if shape is None:
                shape = (len(out),)
        views: list[Operand] = []
        for rows, table in zip([*operands, out], tables, strict=True):
            number = self._number(rows)
            views.append(
                self.table(rows, table.reshape(shape), names) if number is None else number
            )
        return views

    def _number(self, rows: Rows) -> float | None:
        """The one number that constant rows hold; text tells -0.0 from 0.0."""
        if rows.storage != "constants":
            return None
        numbers = [self.program.constants[i] for i in rows.places]
        return numbers[0] if len({repr(number) for number in numbers}) == 1 else None

    def gradient(self, view: View) -> View | None:
        """Where the gradient of what a view shows lies; None if it does not."""
        for storage, buffer in self.gradients.items():
            if view.buffer is self.numbers[storage]:
                return View(buffer, view.start, view.shape, view.strides, f"grad_{view.name}")
        return None

    def gradient_of(self, rows: Rows) -> View:
        """Where the gradient of rows that lie together lies."""
        view = self.gradient(self.read(rows))
        assert view is not None
        return view

    def lying(
        self, storage: Storage, places: Places, name: str = "operand", full: bool = False
    ) -> View | None:
        """As `table`, but None for rows that do not lie in this order."""
        steps, first, last = strides(places), int(places.flat[0]), int(places.flat[-1])
        if steps is None or min(steps) < 0 or first < 0:
            return None
        shape = tuple([n if step else 1 for n, step in zip(places.shape, steps, strict=True)])
        if full and shape != places.shape:
            return None
        buffer, known = self.numbers[storage], self._name(storage, first, last, name)
        return View(buffer, first, (*shape, buffer.columns), (*steps, 0), known)

    def gathered(self, storage: Storage, places: Places, name: str) -> View:
        """As `table`, of rows that are copied there once, wherever they lie."""
        key = (storage, tuple(places.ravel().tolist()))
        if key not in self._gathered:
            source = self.numbers[storage]
            self._gathered[key] = self.taken(whole(source), key[1], f"{name}_gathered", False)
        return whole(self._gathered[key].buffer).reshaped(*places.shape, _COLUMNS[storage])

    def taken(self, source: View, rows: Sequence[int], name: str, shared: bool = True) -> View:
        """These rows of a whole buffer, in new memory; nothing for -1."""
        columns = source.buffer.columns
        if source.buffer.kind == "table":
            content = source.buffer.content[list(rows)]
            return whole(Buffer(name, len(rows), columns, "table", content=content))
        absent = tuple(i for i, row in enumerate(rows) if row < 0)
        source.buffer.zero_row |= bool(absent)
        buffer = Buffer(
            name,
            len(rows),
            columns,
            integer=source.buffer.integer,
            shared=shared,
            absent=absent,
        )
        out = whole(buffer)
        self.do(Take(out, source, tuple(rows)))
        return out
