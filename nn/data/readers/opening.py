"""Files of text are opened in their encoding; whose bytes are not of it is named by row."""

from __future__ import annotations

import codecs
from functools import partial
from pathlib import Path
from typing import NoReturn, TextIO

from nn.data.errors import DataError

LONGEST_LINE = 2**24  # characters; a file of many more without a line break is no table
BEGINNINGS = {
    b"PK\x03\x04": "a spreadsheet or a zip archive: export it as CSV, in UTF-8",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"\xff\xfe": "in UTF-16: save it as UTF-8, or say encoding='utf-16'",
    b"\xfe\xff": "in UTF-16: save it as UTF-8, or say encoding='utf-16'",
}


def opened(path: Path, encoding: str, errors: str = "strict") -> TextIO:
    """The file, to be read as text with the ends of lines that it has.

    Raises:
        ValueError: there is no such encoding.
    """
    try:
        if codecs.lookup(encoding).name == "utf-8":
            encoding = "utf-8-sig"  # the same, but for the mark at the beginning
        return path.open(encoding=encoding, errors=errors, newline="")
    except LookupError:
        raise unknown(encoding) from None


def unknown(encoding: str) -> ValueError:
    """The error for what is no encoding of texts."""
    return ValueError(f"encoding must be one of texts that Python knows, not {encoding!r:.80}")


def refuse_bytes(path: Path, encoding: str, error: UnicodeDecodeError) -> NoReturn:
    """Name the row whose bytes cannot be decoded; the error's own place counts from anywhere."""
    row, byte = _first_wrong(path, encoding) or ("", error.object[error.start])
    why = kind(path) or "in another encoding (say encoding='latin-1'?), or no table"
    raise DataError(f"{path}{row}: the byte 0x{byte:02x} is not {error.encoding}: this is {why}")


def _first_wrong(path: Path, encoding: str) -> tuple[str, int] | None:
    """The row of the first byte that is not of the encoding, and the byte, if they can be told."""
    if not path.is_file():  # A pipe is read once.
        return None
    try:
        with opened(path, encoding, errors="surrogateescape") as file:
            for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), 1):
                for character in line:
                    if "\udc80" <= character <= "\udcff":
                        return f", row {number}", ord(character) - 0xDC00
    except UnicodeError:  # Some have no place for what is wrong, such as UTF-16.
        pass
    return None


def kind(path: Path) -> str:
    """What a file is that is no such text; "" if its first bytes do not tell."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for begin, kind in BEGINNINGS.items() if start.startswith(begin)), "")
