"""Where the numbers of a program lie in the memory of its machine code.

`lanes` holds a row of numbers for each row that has a column for every example: those of one
block, `stride` numbers apart. `singles` holds what has one column.
"""

from __future__ import annotations

from autograd.compiler.machine.expressions import number
from autograd.compiler.views import BATCH, Buffer, View


class Arena:
    """Places for buffers, given when they are first asked for.

    Attributes:
        lanes: how many rows there are with a column for each example.
        singles: how many numbers that are the same for all.
        tables: the text of the constants.
    """

    def __init__(self) -> None:
        self.lanes = self.singles = 0
        self.tables: list[str] = []
        self._rows: dict[Buffer, int] = {}
        self._names: dict[object, str] = {}

    def row(self, buffer: Buffer) -> int:
        """The first row of a buffer, or the place of its first number."""
        if buffer not in self._rows:
            rows = buffer.rows + buffer.zero_row
            if buffer.columns == BATCH:
                self._rows[buffer], self.lanes = self.lanes, self.lanes + rows
            else:
                self._rows[buffer], self.singles = self.singles, self.singles + rows
        return self._rows[buffer]

    def base(self, view: View) -> str:
        """A pointer to the first element of a view, without its lane."""
        buffer = view.buffer
        if buffer.kind == "vector":
            return _plus(buffer.name, view.start)
        if buffer.kind == "table":
            return _plus(self.table(buffer, buffer.content.tolist()), view.start)
        if buffer.columns == BATCH:
            return f"(lanes + {self.row(buffer) + view.start} * stride)"
        return _plus("singles", self.row(buffer) + view.start)

    def table(self, key: object, numbers: list[float]) -> str:
        """The name of constants."""
        if key not in self._names:
            self._names[key] = f"table_{len(self._names)}"
            kind = "double" if any(type(x) is float for x in numbers) else "Count"
            texts = [number(x) if kind == "double" else str(x) for x in numbers]
            self.tables.append(
                f"static const {kind} {self._names[key]}[] = {{{', '.join(texts)}}};"
            )
        return self._names[key]


def has_lanes(view: View) -> bool:
    """Whether a view has a column for each example."""
    return view.buffer.columns == BATCH


def _plus(pointer: str, places: int) -> str:
    return f"({pointer} + {places})" if places else pointer
