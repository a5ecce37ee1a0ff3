"""What read_csv is told: checked before a file is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nn.settings.counts import is_whole

Selector = str | int
Selectors = Selector | Iterable[Selector]

# What pandas and others call the arguments, and what says the same here.
HERE = {
    "sep": "delimiter",
    "separator": "delimiter",
    "na_values": "missing",
    "label": "target",
    "drop": "omit",
    "usecols": "say omit=, the columns to leave out",
    "index_col": "say omit=, the columns to leave out",
    "dtype": "numbers are float64; columns that are none are named in categories=",
    "decimal": "numbers are written as 1234.5; change the file",
}


def check(delimiter: Any, header: Any, encoding: Any) -> None:
    """Raise TypeError or ValueError for what can be none of them."""
    if delimiter is not None and (
        not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n\0'
    ):
        raise ValueError(
            "delimiter must be one character, and none that quotes or ends lines, "
            f"not {delimiter!r:.80}"
        )
    if header is not None and not isinstance(header, bool):
        raise ValueError(f"header must be True, False or None, not {header!r:.80}")
    if not isinstance(encoding, str):
        raise TypeError(f"encoding is the name of one, such as 'utf-8', not {encoding!r:.80}")


def selectors(what: str, given: Any) -> list[Selector]:
    """Columns as a list; one alone is a list of one.

    Raises:
        TypeError: it is nothing that can be listed.
    """
    if isinstance(given, str) or is_whole(given):
        return [given]
    try:
        return list(given)
    except TypeError:
        raise TypeError(
            f"{what} is a list of names or places of columns, such as {what}=['id'] or [0], "
            f"not {given!r:.80}"
        ) from None


def texts_for_missing(given: Any) -> list[str]:
    """The texts as a list; one alone is a list of one.

    Raises:
        TypeError: there is something else in it, such as a number.
    """
    texts = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    for text in texts:
        if not isinstance(text, str):
            example = f"missing=['{text}']" if is_whole(text) else "missing=['-999']"
            raise TypeError(
                f"missing is a list of the texts that stand for a missing value, such as {example} "
                f"(or [] for none but the empty one), not {given!r:.80}"
            )
    return texts
