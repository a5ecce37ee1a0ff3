"""Text that people give, as it is shown in plots."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 40  # characters of a name, of which there may be many beside each other

_LINE_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: Any) -> str:
    """A person's text as it is, on one line, cut after 40 characters.

    In matplotlib's, two dollar signs would begin a formula.

    >>> plain("price in $"), plain("two\\nlines")
    ('price in \\\\$', 'two lines')
    """
    shown = str(text)
    if len(shown) > LONGEST:
        shown = shown[: LONGEST - 1] + "…"
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub(" ", shown))
    return shown.replace("$", r"\$")
