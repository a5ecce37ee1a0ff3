"""Text and numbers as they enter a drawing.

A label is anybody's text, and DOT, Graphviz's labels and XML each have special characters of
their own. `escape` makes any string safe for all three.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
MISSING = "—"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
DIGITS, MOST_DIGITS = 6, 17

_LONG = 1e9  # a whole number of more digits is written with an exponent

# What XML does not allow, and what turns the text around it: embeddings, overrides, isolates.
_NOT_READABLE = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_LINE_BREAK = re.compile("\r\n|[\t\n\r\x85\u2028\u2029]")


def escape(text: str) -> str:
    r"""Give the text as a Graphviz label on one line, cut after 200 characters.

    >>> print(escape('a & b\n<i>"c\\N"</i>'))
    a &amp; b <i>"c\\N"</i>

    Quotes and angle brackets are left to the `graphviz` package, which quotes the whole label.
    """
    # Cut before anything else, so that a label of a gigabyte costs no more than a short one.
    text = readable(cut(text))
    text = _LINE_BREAK.sub(" ", text)
    # Graphviz resolves entities and backslash escapes in labels, even in quoted ones.
    return text.replace("&", "&amp;").replace("\\", "\\\\")


def cut(text: str) -> str:
    """The text, or its first 200 characters and an ellipsis.

    >>> cut("x"), len(cut("x" * 1000))
    ('x', 201)
    """
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def kept_in_place(name: str) -> str:
    """A name within a sentence, without an effect on the order of what stands around it.

    One that is written from right to left ends where it began to turn: between two marks that
    cannot be seen.

    >>> kept_in_place("x"), kept_in_place("\u05d0") == "\u200e\u05d0\u200e"
    ('x', True)
    """
    turns = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in name)
    return f"{LEFT_TO_RIGHT}{name}{LEFT_TO_RIGHT}" if turns else name


def readable(text: str) -> str:
    """The text without characters that XML does not allow, or that would turn numbers around.

    >>> readable("a\\0b\u202e")
    'a\ufffdb\ufffd'
    """
    return _NOT_READABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def number(value: float | None, digits: int = DIGITS) -> str:
    """Format with six significant digits, or with more; a dash is a number that is not there.

    Whole numbers below a billion are shown as they are, and 17 digits, the most that a number
    has, as Python shows it.

    >>> [number(x) for x in (0.123456789, -0.000012, 10000.0, 1234567.0, 2.5e9, float("-inf"))]
    ['0.123457', '-1.2e-05', '10000', '1234567', '2.5e+09', '-inf']
    >>> number(None), number(0.1 + 0.2), number(0.1 + 0.2, 17), number(0.3, 17)
    ('—', '0.3', '0.30000000000000004', '0.3')
    """
    if value is None:
        return MISSING
    if value.is_integer() and abs(value) < _LONG:
        return f"{value:.0f}"
    return repr(value) if digits >= MOST_DIGITS else f"{value:.{digits}g}"


def told_apart(one: float | None, other: float | None) -> int:
    """The fewest digits, six or more, with which two numbers look different, if they do.

    >>> told_apart(3.0, 3.000004), told_apart(1.0, 2.0), told_apart(1.0, 1.0 + 1e-15)
    (7, 6, 16)
    """
    counts = range(DIGITS, MOST_DIGITS)
    return next((n for n in counts if number(one, n) != number(other, n)), MOST_DIGITS)


def data_line(data: float | None, digits: int = DIGITS) -> str:
    """The line of a box that tells its number.

    >>> data_line(4.0)
    'data 4'
    """
    return f"data {number(data, digits)}"


def grad_line(grad: float | None, digits: int = DIGITS) -> str:
    """The line of a box that tells its gradient; None is one that was not computed.

    >>> grad_line(None), grad_line(0.0)
    ('grad —', 'grad 0')
    """
    return f"grad {number(grad, digits)}"
