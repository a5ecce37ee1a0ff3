"""How long texts are kept short, and how signs are said."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 60  # characters of a formula
MOST_LINES = 6

_WORDS = {" - ": " minus ", " + ": " plus ", " * ": " times ", " / ": " over ", " = ": " is "}


def chained(parts: Sequence[str]) -> str:
    """Equal things with "=" between them, each once.

    >>> chained(["y = -x", "-3", "-3"])
    'y = -x = -3'
    """
    return " = ".join(dict.fromkeys(parts))


def few(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines, or the first of them and how many more there are.

    >>> few("abcdefgh")
    ('a', 'b', 'c', 'd', 'e', 'and so for 3 more')
    """
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    rest = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], f"and so for {rest:,} more")


def shortened(formula: str) -> str:
    """The beginning and the end of a long sum or call.

    >>> shortened(" + ".join(f"w{i} * x{i}" for i in range(100)))
    'w0 * x0 + w1 * x1 + … + w99 * x99'
    """
    terms = re.split(r"(?<= \+ )|(?<=, )", formula)
    if len(formula) <= LONGEST or len(terms) < 4:
        return formula
    first, second, *_, last = terms
    separator = ", " if second.endswith(", ") else " + "
    return f"{first}{second}…{separator}{last}"


def said(text: str) -> str:
    """The text with words for signs, which are often left out when it is read aloud.

    >>> said("y = w * x is -6")
    'y is w times x is minus 6'
    """
    text = re.sub(r"(?<!\w)-(?=[\w(])", "minus ", text)
    for sign, word in _WORDS.items():
        text = text.replace(sign, word)
    return text
