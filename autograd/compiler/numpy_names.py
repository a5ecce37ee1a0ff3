"""Names in the NumPy source: of buffers, of views, and of what was made at compile time.

Everything that can be made once for a batch size is a declaration: buffers, slices of them,
reshaped and transposed views.
"""

from __future__ import annotations

import keyword
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd import arrays, floats
from autograd.compiler import numpy_views
from autograd.compiler.naming import identifier
from autograd.compiler.views import Buffer, Operand, View, shape_text
from autograd.operation import Operation
from autograd.operations import TABLE

# What the source calls by name, besides the operations.
FUNCTIONS: dict[str, Any] = {
    name: getattr(np, name)
    for name in ("add", "arange", "array", "bincount", "empty", "intp", "matmul", "maximum",
                 "minimum", "multiply", "inf", "nan")
} | {
    "dot": np.ndarray.dot,  # np.dot looks at the types of its arguments first
    "rows_view": arrays.rows_view,
    "masked_matmul": arrays.masked_matmul,
    "LARGEST": floats.LARGEST,
}  # fmt: skip

_RESERVED = ("theta", "grad_theta", "batch", "forward", "backward", *keyword.kwlist)


class Names:
    """Names for all that statements refer to, given when they are first asked for.

    Attributes:
        declarations: the text of what is made for a batch size, and a comment.
        tables: arrays and functions that the source refers to by name.
    """

    def __init__(self) -> None:
        self.declarations: list[tuple[str, str]] = []
        self.tables: dict[str, Any] = {}
        self._names: dict[Hashable, str] = {}
        # Functions keep their names: an array called after one gets a number.
        self._taken: dict[str, int] = dict.fromkeys([*FUNCTIONS, *TABLE, *_RESERVED], 1)

    def fresh(self, hint: str) -> str:
        """A name that is not taken, after what somebody called the thing."""
        return self._numbered(identifier(hint))

    def _numbered(self, name: str) -> str:
        count = self._taken.get(name, 0)
        self._taken[name] = count + 1
        return name if count == 0 else self._numbered(f"{name}_{count}")

    def declare(self, key: Hashable, hint: str, expression: str, comment: str = "") -> str:
        """The name of what `key` stands for, declared when it is first asked for."""
        if key not in self._names:
            self._names[key] = self.fresh(hint)
            self.declarations.append((f"{self._names[key]} = {expression}", comment))
        return self._names[key]

    def table(self, key: Hashable, hint: str, content: Any) -> str:
        """The name of something that was made at compile time."""
        if key not in self._names:
            self._names[key] = self.fresh(hint)
            self.tables[self._names[key]] = content
        return self._names[key]

    def rows(self, hint: str, rows: Sequence[int]) -> str:
        return self.table(("rows", tuple(rows)), hint, np.array(rows, dtype=np.intp))

    def function(self, op: Operation, operands: int) -> str:
        """The name under which the source calls the operation's array function."""
        if TABLE.get(op.name) is op and (op.name not in FUNCTIONS or operands <= 2):
            if op.name not in FUNCTIONS:
                self.tables[op.name] = op.array
            return op.name
        return self.table(op, op.name, op.array)

    def given(self, buffer: Buffer) -> str:
        self._names[buffer] = self.fresh(buffer.name)
        return self._names[buffer]

    def buffer(self, buffer: Buffer) -> str:
        """The name of the array."""
        if buffer.kind == "vector":
            return buffer.name
        if buffer.kind == "table":
            return self.table(buffer, buffer.name, buffer.content[:, None])
        if buffer not in self._names:
            rows = buffer.rows + buffer.zero_row
            dtype = ", dtype=intp" if buffer.integer else ""
            shape = shape_text((rows, buffer.columns))
            name = self.declare(buffer, buffer.name, f"empty({shape}{dtype})")
            if buffer.zero_row:
                why = "what stands where a vector has ended"
                self.declarations.append((f"{name}[{buffer.rows}] = 0.0", why))
        return self._names[buffer]

    def view(self, view: View) -> str:
        """The name of the view."""
        known = self._names.get(view)
        if known:
            return known
        buffer, ordered = view.buffer, numpy_views.base(view)
        if buffer.kind == "given":
            return self.buffer(buffer) + (".T" if ordered else "")
        if ordered:
            inner, axes = ordered
            text = f"{self.view(inner)}.transpose{shape_text(axes)}"
            if axes == (1, 0):
                text = f"{self.view(inner)}.T"
        else:
            text = numpy_views.expression(view, self.buffer(buffer))
            if text == self.buffer(buffer):
                return text
        return self.declare(view, self._hint(view), text, shape_text(view.shape))

    def _hint(self, view: View) -> str:
        """What a view should be called: a gradient after that of which it is."""
        hint, numbers = numpy_views.hint(view), view.buffer.of
        if numbers is not None:
            twin = replace(view, buffer=numbers)
            rows = View(numbers, view.start, (view.places().size, numbers.columns), (1, 0))
            if twin in self._names:
                return f"grad_{self._names[twin]}"
            if rows in self._names:
                return hint.replace(view.name, f"grad_{self._names[rows]}", 1)
        return hint

    def contents(self) -> list[str]:
        """What lies in the tables, a line for each."""
        found = []
        for name, content in self.tables.items():
            if isinstance(content, np.ndarray):
                numbers = content.ravel()
                count = len(numbers)
                shown = numbers.tolist() if count <= 12 else [*numbers[:10].tolist(), "..."]
                shown += numbers[-1:].tolist() if count > 12 else []
                size = f"{count:,} numbers" if count > 1 else "the number"
                found.append(f"# {name}: {size} {', '.join(map(str, shown))}")
        return found

    def operand(self, operand: Operand) -> str:
        if isinstance(operand, View):
            return self.view(operand)
        return repr(float(operand)).replace(repr(floats.LARGEST), "LARGEST")

    def flat(self, buffer: Buffer) -> str:
        """All elements of the array, one behind the other."""
        name = self.buffer(buffer)
        if buffer.kind == "vector":
            return name
        return self.declare(("flat", buffer), f"{name}_flat", f"{name}.reshape(-1)")
