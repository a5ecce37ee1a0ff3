"""Numbers as they are not read here, such as 1,5 and 1 000 and (5): known, so as to be refused."""

from __future__ import annotations

import re

_SIGN = "[-+\u00b1\u2010-\u2015\u2212\ufe58\ufe63\uff0b\uff0d]"  # hyphens, dashes, minus signs
_UNIT = "[$%\u00a2-\u00a5\u2030\u20a0-\u20cf\ufe69\uff04\uff05]"  # currencies, percent, per mille
_DIGITS = (
    "[.,\u066b]?\\d[\\d.,'\u2019\u066b\u066c\\s_]*"  # in groups, with any decimal sign
    "([e\u00d7*]\\s?(10)?\\^?[-+\u2212]?\\d+)?(\\s?[/\u2044]\\s?\\d+)?"  # powers, fractions
)
_FRACTION = "\\d*\\s?[\u00bc-\u00be\u2150-\u215e]"
_NUMBER = (
    f"{_SIGN}?\\s?{_UNIT}?\\s?{_SIGN}?({_DIGITS}|{_FRACTION})\\s?{_UNIT}?{_SIGN}?"
    f"|{_SIGN}?0[xob][\\da-f_]+|{_SIGN}?(inf(inity)?|\u221e)"
)
_ANY = re.compile(rf"{_NUMBER}|\(\s*({_NUMBER})\s*\)", re.IGNORECASE)


def is_other_notation(text: str) -> bool:
    """Whether a text that Python does not read as a number looks like one to a person.

    >>> [is_other_notation(text) for text in ("1,5", "12 %", "(5)", "1/2", "\\u22125", "red")]
    [True, True, True, True, True, False]
    """
    return _ANY.fullmatch(text.strip()) is not None
