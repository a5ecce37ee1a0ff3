"""Buffers: the arrays of an emitted program, and names for the views of them.

Everything that can be made once for a batch size is a declaration here: slices of the buffers,
reshaped and transposed views, scratch arrays. What must be done in every call (gathering rows
that do not lie together) is emitted as a statement.
"""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import arrays
from autograd.compiler.instructions import Program, Rows, Storage
from autograd.compiler.naming import identifier
from autograd.operation import Operation
from autograd.operations import TABLE

# What the source calls by name, besides the operations.
FUNCTIONS: dict[str, Any] = {
    name: getattr(np, name)
    for name in ("add", "arange", "bincount", "copyto", "dot", "empty", "intp", "matmul", "maximum",
                 "minimum", "multiply", "negative", "take", "inf", "nan")
} | {"matrix_view": arrays.matrix_view}  # fmt: skip

_RESERVED = ("theta", "grad_theta", "batch", "forward", "backward", *keyword.kwlist)

# The arrays of numbers and of gradients of each storage, and how many columns they have.
_ARRAYS: dict[Storage, tuple[str, str, str]] = {
    "values": ("values", "grad_values", "batch"),
    "weights": ("weights", "grad_weights", "1"),
    "theta": ("theta", "grad_theta", "1"),
    "indices": ("indices", "", "batch"),
}


class Buffers:
    """Declarations, statements and names of a program while it is being emitted."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.declarations: list[tuple[str, str]] = []  # text and comment
        self.statements: list[tuple[str, str]] = []  # of the function that is being emitted
        self.tables: dict[str, Any] = {}  # arrays and functions that the source refers to by name
        self._names: dict[tuple[Any, ...], str] = {}
        # Functions keep their names: an array called after one gets a number.
        self._taken: dict[str, int] = dict.fromkeys([*FUNCTIONS, *TABLE, *_RESERVED], 1)
        self.given = [self.fresh(f"given_{argument.name}") for argument in program.arguments]
        self._scratch: dict[str, list[str]] = {}
        self._lent: list[tuple[str, str]] = []
        self._homes: dict[tuple[Storage, int, int], str] = {}
        sizes = program.sizes
        for storage in ("values", "weights"):
            numbers, gradients, columns = _ARRAYS[storage]
            if sizes[storage]:
                for name in (numbers, gradients):
                    self.declare(name, f"empty(({sizes[storage]}, {columns}))")
        if sizes["indices"]:
            self.declare("indices", f"empty(({sizes['indices']}, batch), dtype=intp)")

    # ------------------------------------------------------------------- names and text

    def fresh(self, hint: str) -> str:
        """A name that is not taken, after what somebody called the thing."""
        return self._numbered(identifier(hint))

    def _numbered(self, name: str) -> str:
        count = self._taken.get(name, 0)
        self._taken[name] = count + 1
        return name if count == 0 else self._numbered(f"{name}_{count}")

    def declare(self, hint: str, expression: str, comment: str = "") -> str:
        name = self.fresh(hint)
        self.declarations.append((f"{name} = {expression}", comment))
        return name

    def once(self, key: tuple[Any, ...], hint: str, expression: str, comment: str = "") -> str:
        """The declared name for what `key` stands for."""
        if key not in self._names:
            self._names[key] = self.declare(hint, expression, comment)
        return self._names[key]

    def table(self, hint: str, content: Any) -> str:
        """A name for an array that was made at compile time."""
        name = self.fresh(hint)
        self.tables[name] = content
        return name

    def table_once(self, key: tuple[Any, ...], hint: str, content: Any) -> str:
        """The name of the table for what `key` stands for."""
        if key not in self._names:
            self._names[key] = self.table(hint, content)
        return self._names[key]

    def function(self, op: Operation, operands: int) -> str:
        """The name under which the source calls the operation's array function."""
        if TABLE.get(op.name) is op and op.name in FUNCTIONS and operands <= 2:
            return op.name
        if TABLE.get(op.name) is op and op.name not in FUNCTIONS:
            self.tables[op.name] = op.array
            return op.name
        return self.table_once(("function", op), op.name, op.array)

    def do(self, statement: str, comment: str = "") -> None:
        self.statements.append((statement, comment))

    def scratch(self, rows: int | str, columns: str, hint: str = "scratch") -> str:
        """An array for intermediate results; valid until `release`."""
        shape = f"({rows}, {columns})"
        free = self._scratch.setdefault(shape, [])
        name = free.pop() if free else self.declare(hint, f"empty({shape})", "")
        self._lent.append((shape, name))
        return name

    def release(self) -> None:
        for shape, name in self._lent:
            self._scratch[shape].append(name)
        self._lent.clear()

    # ---------------------------------------------------------------------------- views

    def home(self, rows: Rows, name: str) -> str:
        """Declare the array that an instruction writes, under the instruction's name."""
        places = rows.places
        self._homes[(rows.storage, places[0], places[-1] + 1)] = name
        return self.read(rows, name)

    def columns(self, rows: Rows) -> str:
        return "1" if rows.storage == "constants" else _ARRAYS[rows.storage][2]

    def slice(self, rows: Rows) -> tuple[int, int, int] | None:
        """Start, stop and step if the rows lie evenly; a step of 0 is one row for all."""
        places = rows.places
        if isinstance(places, range):
            return (places.start, places.stop, places.step)
        if len(places) == 1:
            return (places[0], places[0] + 1, 1)
        steps = np.diff(places)
        if (steps != steps[0]).any() or steps[0] < 0:
            return None
        return (places[0], places[-1] + 1, int(steps[0]))

    def read(self, rows: Rows, hint: str = "operand", contiguous: bool = False) -> str:
        """The name of an array with these rows, shape (rows, columns); gathered if need be."""
        if rows.argument is not None:
            return self.argument(rows.argument)
        if rows.storage == "constants":
            return self._constants(rows, hint, contiguous)
        where = self.slice(rows)
        if where is None or (contiguous and where[2] != 1):
            return self._gathered(rows, hint)
        return self._view(rows.storage, where, 0, hint)

    def repeats(self, rows: Rows) -> bool:
        """Whether all rows are one, which `read` then gives once, to be broadcast."""
        return len(rows) > 1 and rows.argument is None and len(set(rows.places)) == 1

    def argument(self, number: int) -> str:
        return self.given[number]

    def gradient(self, rows: Rows, hint: str = "operand") -> str | None:
        """The name of the gradients of these rows, None if they do not lie evenly."""
        where = self.slice(rows)
        return None if where is None else self._view(rows.storage, where, 1, hint)

    def _view(self, storage: Storage, where: tuple[int, int, int], side: int, hint: str) -> str:
        key = (storage, where, side)
        if key in self._names:
            return self._names[key]
        start, stop, step = where
        span = f"{start}:{stop}" + (f":{step}" if step > 1 else "")
        hint = self._homes.get((storage, start, stop), hint) if step == 1 else hint
        if side and not hint.startswith("grad_"):
            hint = f"grad_{hint}"
        count = len(range(start, stop, step)) if step else 1
        columns = _ARRAYS[storage][2]
        index = f"[{span}, None]" if storage == "theta" else f"[{span}]"
        return self.once(key, hint, _ARRAYS[storage][side] + index, f"({count}, {columns})")

    def _constants(self, rows: Rows, hint: str, contiguous: bool) -> str:
        numbers = [self.program.constants[i] for i in rows.places]
        if not contiguous and len({repr(number) for number in numbers}) == 1:
            return repr(numbers[0])
        key = ("constants", tuple(rows.places))
        return self.table_once(key, f"{hint}_constants", np.array(numbers)[:, None])

    def _gathered(self, rows: Rows, hint: str) -> str:
        key = ("gathered", rows.storage, tuple(rows.places))
        if key not in self._names:
            places = self.table(f"{hint}_rows", np.array(rows.places, dtype=np.intp))
            numbers, _, columns = _ARRAYS[rows.storage]
            shape = f"({len(rows)}, {columns})"
            dtype = ", dtype=intp" if rows.storage == "indices" else ""
            name = self.declare(f"{hint}_gathered", f"empty({shape}{dtype})", shape)
            if rows.storage == "theta":
                self.do(f"take(theta[:, None], {places}, axis=0, out={name}, mode='clip')")
            else:
                self.do(f"{numbers}.take({places}, axis=0, out={name}, mode='clip')", shape)
            self._names[key] = name
        return self._names[key]

    def matrix(self, rows: Rows, height: int, width: int, side: int, hint: str) -> str | None:
        """A (height, width) view of theta or its gradient; None if the rows form no matrix."""
        table = np.asarray(rows.places).reshape(height, width)
        stride = int(table[1, 0] - table[0, 0]) if height > 1 else width
        even = table[0, 0] + stride * np.arange(height)[:, None] + np.arange(width)
        if rows.storage != "theta" or stride < width or (table != even).any():
            return None
        start, array = int(table[0, 0]), _ARRAYS["theta"][side]
        shape = f"({height}, {width})"
        if stride == width:
            expression = f"{array}[{start}:{start + height * width}].reshape{shape}"
        else:
            expression = f"matrix_view({array}, {start}, {shape}, {stride})"
        name = f"grad_{hint}" if side else hint
        return self.once(("matrix", start, height, width, stride, side), name, expression, shape)

    def reshaped(self, name: str, shape: str) -> str:
        """A view of a contiguous array in another shape."""
        return self.once(("reshaped", name, shape), f"{name}_stack", f"{name}.reshape({shape})")

    def transposed(self, name: str, axes: str = "") -> str:
        if name in self.given:
            return f"{name}.T"
        expression = f"{name}.transpose({axes})" if axes else f"{name}.T"
        return self.once(("transposed", name), f"{name}_T", expression)


def segment_ids(lengths: Sequence[int]) -> Any:
    """For each row of an operand list the segment that it belongs to."""
    return np.repeat(np.arange(len(lengths)), lengths)


def segment_starts(lengths: Sequence[int]) -> Any:
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp)
