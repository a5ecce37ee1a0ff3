"""How long texts are kept short, how many digits they have, and how signs are said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from viz.svg.texts.labels import DIGITS, MOST_DIGITS, number

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


def telling_apart(before: float, after: float) -> int:
    """The fewest digits, six or more, with which numbers look different if they are.

    >>> telling_apart(1.0, 2.0), telling_apart(65000.0, 65000.0001)
    (6, 9)
    """
    if before == after:
        return DIGITS
    counts = range(DIGITS, MOST_DIGITS)
    return next((n for n in counts if number(before, n) != number(after, n)), MOST_DIGITS)


def said(text: str) -> str:
    """The text with words for signs, which are often left out when it is read aloud.

    >>> said("y = w * x is -6")
    'y is w times x is minus 6'
    """
    text = re.sub(r"(?<!\w)-(?=[\w(])", "minus ", text)
    for sign, word in _WORDS.items():
        text = text.replace(sign, word)
    return text
