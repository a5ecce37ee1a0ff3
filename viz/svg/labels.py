"""Text and numbers as they enter a drawing.

A label is anybody's text, and DOT, Graphviz's labels and XML each have special characters of
their own. `escape` makes any string safe for all three.
"""

from __future__ import annotations

import re

LONGEST = 200
MISSING = "—"

_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile("\r\n|[\t\n\r\x85\u2028\u2029]")


def escape(text: str) -> str:
    r"""Give the text as a Graphviz label on one line, cut after 200 characters.

    >>> print(escape('a & b\n<i>"c\\N"</i>'))
    a &amp; b <i>"c\\N"</i>

    Quotes and angle brackets are left to the `graphviz` package, which quotes the whole label.
    """
    # Cut before anything else, so that a label of a gigabyte costs no more than a short one.
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    text = readable(text)
    text = _LINE_BREAK.sub(" ", text)
    # Graphviz resolves entities and backslash escapes in labels, even in quoted ones.
    return text.replace("&", "&amp;").replace("\\", "\\\\")


def readable(text: str) -> str:
    """The text without the characters that XML does not allow.

    >>> readable("a\\0b")
    'a\ufffdb'
    """
    return _FORBIDDEN_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def number(value: float | None) -> str:
    """Format with four significant digits; a dash stands for a number that is not there.

    >>> [number(x) for x in (0.70710678, -0.000012, 3.0, 123456.0, float("-inf"), None)]
    ['0.7071', '-1.2e-05', '3', '1.235e+05', '-inf', '—']
    """
    return MISSING if value is None else f"{value:.4g}"
