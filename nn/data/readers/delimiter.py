"""What stands between the fields of a CSV file, if nobody says."""

from __future__ import annotations

import csv
from contextlib import suppress
from functools import partial
from pathlib import Path

from nn.data.errors import DataError

DELIMITERS = ",;\t|"


# Strict, since a forgotten quotation mark would make one field of the rest of the file.
fields_of = partial(csv.reader, strict=True, skipinitialspace=True)


def delimiter_of(path: Path, lines: list[str]) -> str:
    """That which parts most of these lines, the first ones, into equally many fields.

    The csv module's Sniffer is not asked: it takes a letter for the delimiter of a single column.

    Raises:
        DataError: several do so equally well, as in 1,5;2,5.
    """
    found = {delimiter: _rows(lines, delimiter) for delimiter in DELIMITERS}
    alike = {delimiter: _as_the_first(rows) for delimiter, rows in found.items()}
    most = max(alike.values())
    if not most:  # There is one column.
        return DELIMITERS[0]
    best = [delimiter for delimiter in DELIMITERS if alike[delimiter] == most]
    best = [delimiter for delimiter in best if not _parts_quotations(found[delimiter])] or best
    if len(best) == 1:
        return best[0]
    parted = " and ".join(f"{delimiter!r} into {len(found[delimiter][0])}" for delimiter in best)
    raise DataError(
        f"{path}: what stands between fields cannot be told, since several part the first rows "
        f"into equally many, {parted}: say which, as delimiter={best[-1]!r}, or put fields that "
        "have the other in them in quotation marks"
    )


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # It is said when the row is read.
        rows.extend(row for row in fields_of(lines, delimiter=delimiter) if row)
    return rows


def _as_the_first(rows: list[list[str]]) -> int:
    """How many rows have as many fields as the first; 0 if it has but one."""
    if not rows or len(rows[0]) == 1:
        return 0
    return sum(len(row) == len(rows[0]) for row in rows)


def _parts_quotations(rows: list[list[str]]) -> bool:
    """Whether a field has one half of a quotation in it."""
    return any(field.count('"') % 2 for row in rows for field in row)
