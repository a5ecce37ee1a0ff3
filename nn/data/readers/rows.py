"""The rows of a CSV file, as they stand there: lists of texts, and where each begins."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NoReturn, TextIO

from nn.data.errors import DataError

Row = tuple[int, list[str]]

LONGEST_LINE = 2**24  # characters; a file of many more without a line break is no table
DELIMITERS = ",;\t|"
BEGINNINGS = {
    b"PK\x03\x04": "a spreadsheet or a zip archive: export it as CSV, in UTF-8",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"\xff\xfe": "in UTF-16: save it as UTF-8, or say encoding='utf-16'",
    b"\xfe\xff": "in UTF-16: save it as UTF-8, or say encoding='utf-16'",
}


def rows(path: Path, delimiter: str | None, encoding: str) -> Generator[Row]:
    """The rows of a file that are not blank, one after another, equally long.

    Parameters:
        delimiter: what stands between fields; None to look for it in the first rows.

    Returns:
        For each row the number of its first line, from 1 on, and its fields.

    Raises:
        DataError: the file is no such table; it names the row.
    """
    with _opened(path, encoding) as file:
        try:
            yield from _equally_long(path, _parsed(path, file, delimiter))
        except UnicodeDecodeError as error:
            _refuse_bytes(path, encoding, error)


def _opened(path: Path, encoding: str) -> TextIO:
    try:
        if codecs.lookup(encoding).name == "utf-8":
            encoding = "utf-8-sig"  # the same, but for the mark at the beginning
        return path.open(encoding=encoding, newline="")
    except LookupError:
        raise ValueError(f"encoding must be one that Python knows, not {encoding!r}") from None


def _parsed(path: Path, file: TextIO, delimiter: str | None) -> Iterator[Row]:
    lines = _lines(path, file)
    first = [*islice(lines, 30)]
    # Strict, since a forgotten quotation mark would make one field of the rest of the file.
    reader = csv.reader(
        chain(first, lines),
        delimiter=delimiter or _delimiter(first),
        strict=True,
        skipinitialspace=True,
    )
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
        if fields:
            yield number, fields


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), 1):
        if "\0" in line or len(line) == LONGEST_LINE:
            found = "a NUL" if "\0" in line else f"{LONGEST_LINE:,} characters without a line break"
            kind = _kind(path) or "a binary file, or in UTF-16 (say encoding='utf-16-le'?)"
            raise DataError(f"{path}, row {number}: there is {found}: this is {kind}")
        yield line


def _equally_long(path: Path, found: Iterator[Row]) -> Iterator[Row]:
    first = None
    for number, fields in found:
        if first is None:
            first = number, len(fields)
        elif len(fields) != first[1]:
            raise DataError(
                f"{path}, row {number}: it has {len(fields)} fields, and row {first[0]} has "
                f"{first[1]}: all rows must have equally many, and a text with the delimiter in it "
                "stands in quotation marks"
            )
        yield number, fields


def _delimiter(lines: list[str]) -> str:
    """That which parts most of these lines into equally many fields; of several, into the most.

    The csv module's Sniffer is not asked: it takes a letter for the delimiter of a single column.
    """

    def evidence(delimiter: str) -> tuple[int, int]:
        counts: list[int] = []
        with suppress(csv.Error):  # It is said when the row is read.
            counts.extend(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        alike = counts.count(counts[0]) if counts and counts[0] > 1 else 0
        return alike, counts[0] if alike else 0

    return max(DELIMITERS, key=evidence)


def _refuse_bytes(path: Path, encoding: str, error: UnicodeDecodeError) -> NoReturn:
    """Name the row whose bytes cannot be decoded; the error's own place counts from anywhere."""
    where = f"{path}"
    if "8" in error.encoding:  # Elsewhere a byte that ends lines may be a part of a character.
        with path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), 1):
                try:
                    line.decode(encoding)
                except UnicodeDecodeError as found:
                    where, error = f"{path}, row {number}", found
                    break
    kind = _kind(path) or "in another encoding (say encoding='latin-1'?), or no table"
    byte = f"0x{error.object[error.start]:02x}"
    raise DataError(f"{where}: the byte {byte} is not {error.encoding}: this is {kind}") from None


def _kind(path: Path) -> str:
    """What a file is that is no such text; "" if its first bytes do not tell."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for begin, kind in BEGINNINGS.items() if start.startswith(begin)), "")
