"""Text that people give, as it is shown in plots."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 40  # characters of a name, of which there may be many beside each other

_LINE_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


HELD = "\N{WORD JOINER}"  # before a name, until it stands in a legend


def named(text: Any) -> str:
    """A person's text, as a label of what is drawn; `viz.plots.looks.legend` shows it plain.

    Matplotlib leaves out of legends what has a label that begins with "_".
    """
    shown = plain(text)
    return HELD + shown if shown.startswith("_") else shown


def plain(text: Any, longest: int = LONGEST) -> str:
    """A person's text as it is, on one line, cut after so many characters.

    In matplotlib's, two dollar signs would begin a formula.

    >>> plain("price in $"), plain("two\\nlines")
    ('price in \\\\$', 'two lines')
    """
    shown = str(text)
    if len(shown) > longest:
        shown = shown[: longest - 1] + "…"
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub(" ", shown))
    return shown.replace("$", r"\$")
