"""Tables in CSV files: columns of numbers and of categories become arrays to train on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets import Dataset
from nn.data.errors import DataError
from nn.data.readers.columns import Columns
from nn.data.readers.fields import Fields
from nn.data.readers.layout import Layout, of_a_known_table, of_a_new_table
from nn.data.readers.options import (
    HERE,
    Selector,
    Selectors,
    check,
    selectors,
    texts_for_missing,
)
from nn.data.readers.rows import Row, rows
from nn.settings.habits import with_habits

MISSING = ("", "?", "#n/a", "<na>", "n/a", "na", "nan", "none", "null")
AT_A_TIME = 2**12  # fields


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a file, as numbers.

    Attributes:
        name: the file's name, without its ending.
        columns: what the columns are; with it, other files are read in the same way.
        X: the inputs, shape (n, d), float64. A column of numbers is one of them; a column of
            categories is one for each, 1 in that of the row's category and 0 in the others.
        y: the target of each row, shape (n,): numbers, float64, or places in `classes`, int64.
            None if there is none.
    """

    name: str
    columns: Columns
    X: NDArray[np.float64]
    y: NDArray[np.float64] | NDArray[np.int64] | None

    @property
    def names(self) -> list[str]:
        """The name of each column of X, "color=red" for a category."""
        return self.columns.names

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, sorted; none, if the target is a number or not there."""
        return self.columns.classes

    def dataset(self) -> Dataset:
        """The examples and their classes, which `split` takes.

        Raises:
            ValueError: the target is not of classes, or there is none.
        """
        if self.y is None or not self.classes:
            is_there = "holds numbers" if self.y is not None else "is not there"
            raise ValueError(
                f"a Dataset has classes, and the target of {self.name!r} {is_there}: "
                "read_csv(..., target=NAME, categories=[NAME]) takes any column as classes"
            )
        return Dataset(self.name, self.X, self.y.astype(np.int64), len(self.classes))

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        target = ""
        if self.y is not None and self.columns.target is not None:
            kind = f"{len(self.classes)} classes" if self.classes else "numbers"
            target = f", target {self.columns.target.name!r} of {kind}"
        return f"<{self.name}: {len(self):,} rows of {self.X.shape[1]} numbers{target}>"


@with_habits(HERE)
def read_csv(
    path: str | PathLike[str],
    target: Selector | None = None,
    *,
    header: bool | None = None,
    delimiter: str | None = None,
    encoding: str = "utf-8",
    categories: Selectors = (),
    omit: Selectors = (),
    missing: str | Iterable[str] = MISSING,
    columns: Columns | None = None,
) -> Table:
    r"""A table from a file of comma-separated values (RFC 4180).

    Blank lines are skipped; where there is one column only, they are values that are missing.
    A column is of numbers or of categories, as its field in the first row is; where another row has
    the other kind, that row is refused, and so is a missing value.

    Parameters:
        path: the file.
        target: the column to predict, by its name or place (from 0 on; -1 is the last).
        header: whether the first row has the names of the columns. None: it has, if none of its
            fields is a number, or if one that is none stands above one that is.
        delimiter: what stands between fields, one character. None: the comma, semicolon, tab or |
            that parts the first rows into equally many fields, if one does so better than others.
        encoding: of the file; UTF-8 may have a byte order mark.
        categories: columns that hold categories even where these look like numbers.
        omit: columns to leave out, such as names and numbers of rows.
        missing: texts that stand for a missing value, in any case; the empty one always does.
        columns: those of a table that was read before (`table.columns`): the file is read in the
            same way. Its columns may come in any order, with others between them, which are left
            out; the target need not be there.

    Raises:
        DataError: the file cannot be read so; it names file, row (as an editor counts lines) and
            column.
        OSError: there is no such file, or it cannot be opened.

    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "flowers.csv"
    >>> _ = path.write_text("petal,color,species\n1.4,red,setosa\n4.7,blue,versicolor\n")
    >>> flowers = read_csv(path, target="species")
    >>> flowers
    <flowers: 2 rows of 3 numbers, target 'species' of 2 classes>
    >>> flowers.names, flowers.X.tolist()
    (['petal', 'color=blue', 'color=red'], [[1.4, 0.0, 1.0], [4.7, 1.0, 0.0]])
    >>> flowers.y.tolist(), flowers.classes
    ([0, 1], ('setosa', 'versicolor'))
    """
    path = Path(path)
    check(delimiter, header, encoding)
    left_out, absent = selectors("omit", omit), texts_for_missing(missing)
    textual = selectors("categories", categories)
    if columns is not None and not isinstance(columns, Columns):
        raise TypeError(
            "columns must be those of another table, table.columns or Columns.from_dict(...), "
            f"not {columns!r:.80}"
        )
    if columns is not None and (target is not None or header is not None or textual):
        raise ValueError("columns= says what is target, header and category: give it alone")
    with closing(rows(path, delimiter, encoding)) as found:
        first = [*islice(found, 2)]
        if not first:
            raise DataError(f"{path} is empty: there is no row in it")
        if columns is None:
            layout = of_a_new_table(path, first, target, header, textual, left_out, absent)
        else:
            layout = of_a_known_table(path, first[0], columns, left_out)
        count = _read(chain(first[layout.header :], found), layout.read)
    if not count:
        raise DataError(f"{path} has a header, in row {first[0][0]}, and no row below it")
    description = layout.columns(path) if columns is None else columns
    y = layout.target[1].array() if layout.target else None
    return Table(path.stem, description, _inputs(path, count, layout), y)


def _read(found: Iterator[Row], columns: list[tuple[int, Fields]]) -> int:
    """Read all rows, and say how many they are."""
    count, rows_at_a_time = 0, 1
    while some := list(islice(found, rows_at_a_time)):
        count += len(some)
        numbers, texts = zip(*some, strict=True)
        by_column = list(zip(*texts, strict=True))
        rows_at_a_time = 1 + AT_A_TIME // len(by_column)
        for place, fields in columns:
            fields.extend(by_column[place], numbers)
    return count


def _inputs(path: Path, count: int, layout: Layout) -> NDArray[np.float64]:
    widths = [len(fields.column().names) for _, fields in layout.inputs]
    try:
        X = np.zeros((count, sum(widths)))
    except MemoryError:
        raise DataError(
            f"{path}: there is no memory for {count:,} rows of {sum(widths):,} numbers, a category "
            "being one: leave out columns of many categories with omit="
        ) from None
    left = 0
    for (_, fields), width in zip(layout.inputs, widths, strict=True):
        if fields.textual:
            X[np.arange(count), left + fields.array()] = 1.0
        else:
            X[:, left] = fields.array()
        fields.forget()
        left += width
    return X
