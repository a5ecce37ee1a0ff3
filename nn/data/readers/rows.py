"""The rows of a CSV file, as they stand there: lists of texts, and where each begins."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from nn.data.errors import DataError
from nn.data.readers.delimiter import delimiter_of, fields_of
from nn.data.readers.opening import LONGEST_LINE, kind, opened, refuse_bytes, unknown

Row = tuple[int, list[str]]


def rows(path: Path, delimiter: str | None, encoding: str) -> Generator[Row]:
    """The rows of a file that are not blank, one after another, equally long.

    Parameters:
        delimiter: what stands between fields; None to look for it in the first rows.

    Returns:
        For each row the number of its first line, from 1 on, and its fields.

    Raises:
        DataError: the file is no such table; it names the row.
    """
    with opened(path, encoding) as file:
        try:
            yield from _equally_long(path, _parsed(path, file, delimiter))
        except UnicodeDecodeError as error:
            refuse_bytes(path, encoding, error)
        except UnicodeError:  # of an encoding that is of no texts, such as punycode
            raise unknown(encoding) from None


def _parsed(path: Path, file: TextIO, delimiter: str | None) -> Iterator[Row]:
    lines = _lines(path, file)
    first = [*islice(lines, 30)]
    reader = fields_of(chain(first, lines), delimiter=delimiter or delimiter_of(path, first))
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"{path}, row {number}: {error}; look at the quotation marks from there on"
            ) from None
        if fields is None:
            return
        yield number, fields


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), 1):
        if "\0" in line or len(line) == LONGEST_LINE:
            found = "a NUL" if "\0" in line else f"{LONGEST_LINE:,} characters without a line break"
            why = kind(path) or "a binary file, or in UTF-16 (say encoding='utf-16-le'?)"
            raise DataError(f"{path}, row {number}: there is {found}: this is {why}")
        yield line


def _equally_long(path: Path, found: Iterator[Row]) -> Iterator[Row]:
    """The rows without the blank ones, which only a table of several columns may have."""
    first = blank = None
    for number, fields in found:
        if not fields:
            blank = blank or number
        elif first is None:
            first = number, len(fields)
        elif len(fields) != first[1]:
            raise DataError(
                f"{path}, row {number}: it has {len(fields)} fields, and row {first[0]} has "
                f"{first[1]}: all rows must have equally many, and a text with the delimiter in it "
                "stands in quotation marks"
            )
        if blank and first and first[1] == 1:
            raise DataError(
                f"{path}, row {blank}: in a table of one column a blank line is a missing value: "
                "fill it in, or leave the line out"
            )
        if fields:
            yield number, fields
