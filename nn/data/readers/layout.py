"""Which columns of a file are read, and as what: decided when its first row is known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nn.data.errors import DataError
from nn.data.readers.columns import Column, Columns, number, twice
from nn.data.readers.fields import MOST_CATEGORIES, Fields
from nn.data.readers.notations import is_other_notation
from nn.data.readers.options import Selector
from nn.data.readers.rows import Row
from nn.settings.counts import is_whole

NO_HEADER = ", or say header=False if this row is like the others"


@dataclass(frozen=True)
class Layout:
    """The columns of a file that are read.

    Attributes:
        inputs: the places of the inputs in a row, and what reads them.
        target: the same of the target, if it is there.
        header: whether the first row has names.
        width: how many columns the file has.
        missing: the texts that stand for a missing value.
    """

    inputs: list[tuple[int, Fields]]
    target: tuple[int, Fields] | None
    header: bool
    width: int
    missing: tuple[str, ...]

    @property
    def read(self) -> list[tuple[int, Fields]]:
        """All that is read."""
        return [*self.inputs, *([self.target] if self.target else [])]

    def columns(self, path: Path) -> Columns:
        """What the columns of this file are, now that all is read.

        Raises:
            DataError: two columns of X would have the same name.
        """
        columns = Columns(
            inputs=tuple(fields.column() for _, fields in self.inputs),
            target=self.target[1].column() if self.target else None,
            header=self.header,
            width=self.width,
            missing=self.missing,
        )
        for name in twice(columns.names):
            raise DataError(
                f"{path}: two columns of X would have the name {name!r}, that of a category among "
                "them: rename a column, or leave one out with omit="
            )
        return columns


def of_a_new_table(
    path: Path,
    first: Sequence[Row],
    target: Selector | None,
    header: bool | None,
    categories: list[Selector],
    omit: list[Selector],
    missing: list[str],
) -> Layout:
    """The layout of a table of which nothing is known but its first two rows and what was said."""
    row, texts = first[0]
    absent = tuple(sorted({"", *(text.strip().casefold() for text in missing)}))
    if header is None:
        header = _has_header(path, first, absent)
    names = _names(texts, header)
    wanted = [] if target is None else [_place(path, "target", target, names)]
    left_out = _places(path, "omit", omit, names)
    textual = _places(path, "categories", categories, names)
    if left_out & set(wanted):
        raise ValueError(f"the target cannot be left out: target={target!r}, omit={omit!r}")
    kept = [place for place in range(len(names)) if place not in left_out]
    _check_names(path, row, [names[place] for place in kept], NO_HEADER)

    def fields(place: int, most: int) -> tuple[int, Fields]:
        kind = True if place in textual else None
        return place, Fields(path, names[place], absent, textual=kind, most=most)

    inputs = [fields(place, MOST_CATEGORIES) for place in kept if place not in wanted]
    targets = [fields(place, sys.maxsize) for place in wanted]
    if not inputs:
        raise DataError(f"{path}, row {row}: there is no column to learn from, but the target")
    return Layout(inputs, targets[0] if targets else None, header, len(names), absent)


def of_a_known_table(path: Path, first: Row, columns: Columns, omit: list[Selector]) -> Layout:
    """The layout of a file whose columns are those of a table that was read before."""
    row, texts = first
    names = _names(texts, columns.header)
    if not columns.header:
        names = _names_without_header(path, first, columns)
    left_out = _places(path, "omit", omit, names)
    needed = {column.name for column in columns.inputs}
    needed |= {columns.target.name} if columns.target else set()
    kept = [i for i, name in enumerate(names) if i not in left_out and name in needed]
    _check_names(path, row, [names[place] for place in kept])
    places = {names[place]: place for place in kept}

    def fields(column: Column) -> tuple[int, Fields]:
        if column.name not in places:
            raise DataError(
                f"{path}, row {row}: there is no column {column.name!r}, "
                f"only {', '.join(map(repr, names))}"
            )
        return places[column.name], Fields(path, column.name, columns.missing, known=column)

    inputs = [fields(column) for column in columns.inputs]
    target = columns.target
    there = fields(target) if target and target.name in places else None
    return Layout(inputs, there, columns.header, len(names), columns.missing)


def _has_header(path: Path, first: Sequence[Row], absent: Collection[str]) -> bool:
    """Whether the first row has names.

    Raises:
        DataError: it depends on what is no number here and may be one to a person, such as 1,5.
    """
    (row, above), *below = first
    under = below[0][1] if below else ()
    if not _is_header(absent, above, under, lambda text: number(text) is None):
        return False
    if not _is_header(absent, above, under, _is_name):
        text = next(text.strip() for text in above if is_other_notation(text))
        raise DataError(
            f"{path}, row {row}: {text!r:.80} is a name, or a number in another notation: if it is "
            "a name, say header=True or change it; numbers are written as 1234.5"
        )
    return True


def _is_name(text: str) -> bool:
    return number(text) is None and not is_other_notation(text)


def _is_header(
    absent: Collection[str],
    first: Sequence[str],
    second: Sequence[str],
    is_name: Callable[[str], bool],
) -> bool:
    """Whether the first row has no number, or has a text above one."""
    if all(map(is_name, first)):
        return True
    return any(
        is_name(above) and above.strip().casefold() not in absent
        for above, below in zip(first, second, strict=False)
        if number(below) is not None
    )


def _names(texts: Sequence[str], header: bool) -> list[str]:
    if header:
        return [text.strip() for text in texts]
    return [f"column {i + 1}" for i in range(len(texts))]


def _names_without_header(path: Path, first: Row, columns: Columns) -> list[str]:
    """The names of columns that have none, of which the target may not be there."""
    row, texts = first
    names = _names([""] * columns.width, header=False)
    if columns.target and len(texts) == columns.width - 1 and columns.target.name in names:
        names.remove(columns.target.name)
    if len(texts) != len(names):
        raise DataError(
            f"{path}, row {row}: it has {len(texts)} fields, and the table that was learned from "
            f"had {columns.width}, with the target"
        )
    return names


def _check_names(path: Path, row: int, names: list[str], way_out: str = "") -> None:
    if "" in names:
        raise DataError(
            f"{path}, row {row}: a column has no name: name it, or leave it out with "
            f"omit=[PLACE]{way_out}"
        )
    for name, count in twice(names).items():
        raise DataError(
            f"{path}, row {row}: {count} columns have the name {name!r}: rename or omit all "
            f"but one{way_out}"
        )


def _places(path: Path, what: str, selectors: list[Selector], names: list[str]) -> set[int]:
    return {_place(path, what, selector, names) for selector in selectors}


def _place(path: Path, what: str, selector: Selector, names: list[str]) -> int:
    if isinstance(selector, str):
        if selector in names:
            return names.index(selector)
    elif not is_whole(selector):
        raise TypeError(f"{what} is the name or the place of a column, not {selector!r:.80}")
    elif -len(names) <= selector < len(names):
        return int(selector) % len(names)
    raise DataError(
        f"{path}: there is no column {selector!r}, as {what} has it, only "
        f"{', '.join(map(repr, names))}"
    )
