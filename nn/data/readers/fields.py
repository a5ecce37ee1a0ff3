"""The fields of a column, as they are read row by row: numbers, or texts that are categories."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.errors import DataError
from nn.data.readers.columns import Column, in_order, number
from nn.data.readers.notations import is_other_notation

MOST_CATEGORIES = 1000


class Fields:
    """What was read of a column so far, in little memory.

    Parameters:
        path: the file, for messages.
        name: the column's name.
        missing: the texts that stand for a missing value, in small letters.
        known: what the column was in the table whose like is read; None if there is none.
        textual: whether it is of categories; None to take it for what the first row has.
        most: how many categories there may be.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        missing: Collection[str],
        *,
        known: Column | None = None,
        textual: bool | None = None,
        most: int = MOST_CATEGORIES,
    ) -> None:
        self.path, self.name, self.missing = path, name, frozenset(missing)
        self.absent = [x for text in missing if (x := number(text)) is not None and x == x]
        self.known, self.most = known, most
        self.codes = {text: i for i, text in enumerate((known and known.categories) or ())}
        self.textual = textual if known is None else known.categories is not None
        self.declared = self.textual is not None
        self.first = 0
        self.values: array[Any] = array("i" if self.textual else "d")

    def extend(self, texts: Sequence[str], rows: Sequence[int]) -> None:
        """Read more fields, which stand in these rows.

        Raises:
            DataError: a value is missing, is of the wrong kind, or is not a known category.
        """
        if not self.first:
            self._begin(texts[0], rows[0])
        if self.textual:
            self._extend_categories(texts, rows)
        else:
            self._extend_numbers(texts, rows)

    def column(self) -> Column:
        """What the column is, now that all is read."""
        return Column(self.name, in_order(self.codes) if self.textual else None)

    def array(self) -> NDArray[Any]:
        """The numbers, float64, or the places in the sorted categories, int64."""
        if not self.textual:
            return np.array(self.values, dtype=np.float64)
        places = {text: place for place, text in enumerate(in_order(self.codes))}
        order = np.array([places[text] for text in self.codes], dtype=np.int64)
        return order[np.frombuffer(self.values, dtype=np.intc)]

    def forget(self) -> None:
        """Give back the memory of what was read."""
        del self.values[:]

    def _begin(self, text: str, row: int) -> None:
        self.first = row
        if self.textual is None:
            self._check_there(text, row)
            self.textual = number(text) is None
            self.values = array("i" if self.textual else "d")

    def _extend_numbers(self, texts: Sequence[str], rows: Sequence[int]) -> None:
        try:
            new = array("d", map(float, texts))
            if "_" in "".join(texts) or self._is_doubtful(np.frombuffer(new)):
                raise ValueError
        except ValueError:  # Now field by field, to say which it is.
            new = array("d", map(self._number, texts, rows))
        self.values += new

    def _is_doubtful(self, new: NDArray[np.float64]) -> bool:
        """Whether one of these numbers may not stand here."""
        return not np.isfinite(new).all() or any(bool((new == x).any()) for x in self.absent)

    def _extend_categories(self, texts: Sequence[str], rows: Sequence[int]) -> None:
        codes = [*map(self.codes.get, texts, repeat(-1))]
        if -1 in codes:
            codes = [*map(self._code, texts, rows)]
        self.values.extend(codes)

    def _number(self, text: str, row: int) -> float:
        self._check_there(text, row)
        value = number(text)
        if value is None:
            raise self._refused(
                row, f"{text.strip()!r:.80} is not a number{self._way_out(text, row)}"
            )
        if not np.isfinite(value):
            raise self._refused(row, f"{text.strip()!r:.80} is not finite in float64")
        return value

    def _code(self, text: str, row: int) -> int:
        text = text.strip()
        if (code := self.codes.get(text)) is not None:
            return code
        self._check_there(text, row)
        if self.known:
            known = ", ".join(map(repr, [*self.codes][:10]))
            more = ", ..." if len(self.codes) > 10 else ""
            raise self._refused(
                row, f"{text!r:.80} is not one of the {len(self.codes)} known: {known}{more}"
            )
        if not self.declared and (number(text) is not None or is_other_notation(text)):
            raise self._refused(row, f"{text!r:.80} looks like a number{self._way_out(text, row)}")
        if len(self.codes) == self.most:
            raise self._refused(
                row,
                f"{text!r:.80} is one text more than {self.most:,}, too many to be categories: "
                f"leave the column out, omit=[{self.name!r}]",
            )
        return self.codes.setdefault(text, len(self.codes))

    def _way_out(self, text: str, row: int) -> str:
        kind = "texts" if self.textual else "numbers"
        holds = f", and the column holds {kind} from row {self.first} on" * (row > self.first)
        correct = "write numbers as 1234.5" if is_other_notation(text) else "correct it"
        name = f", or say categories=[{self.name!r}] if it is a name" * (not self.known)
        return f"{holds}: {correct}{name}"

    def _check_there(self, text: str, row: int) -> None:
        text = text.strip()
        if text.casefold() in self.missing:
            raise self._refused(
                row,
                f"a value is missing{f' ({text})' if text else ''}: fill it in, or leave the row "
                f"out{', or say missing=[] if this is a name' if text else ''}",
            )

    def _refused(self, row: int, why: str) -> DataError:
        return DataError(f"{self.path}, row {row}, column {self.name!r}: {why}")
