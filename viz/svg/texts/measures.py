"""How wide text will be, as browsers show Helvetica or Arial, and how large a box is for it.

Boxes grow in steps, so that another digit in a number seldom moves anything.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from viz.svg.texts.labels import LONGEST

SIZE = 12.0  # points, of the text in boxes
LINE_HEIGHT = 14.4
STEP = 20.0  # three digits

# Thousandths of the font's size, of the bold face, which is the wider one.
_DIGIT = 556
_WIDTHS = (
    dict.fromkeys("'", 238)
    | dict.fromkeys(" ,./\\I|ijl", 278)
    | dict.fromkeys("!()-:;[]`ft", 333)
    | dict.fromkeys('*"r{}', 480)
    | dict.fromkeys("#$0123456789?_Jacegknosvxyz", _DIGIT)
    | dict.fromkeys("bdhpqu+<=>~^FLTZ", 611)
    | dict.fromkeys("PESVXY", 667)
    | dict.fromkeys("&ABCDHKNRUw", 722)
    | dict.fromkeys("GOQ", 778)
    | dict.fromkeys("Mm%", 889)
    | dict.fromkeys("W@—…", 1000)
)
_OTHER = 650


def text_width(text: str, size: float = SIZE) -> float:
    """The width in points of a text on one line, which is never wider than that.

    >>> round(text_width("data 2"), 1), round(text_width("漢字"), 1)
    (34.7, 24.0)
    """
    return sum(map(_width, text)) * size / 1000


def _width(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 0 if unicodedata.combining(character) else _OTHER


def box_size(lines: Sequence[str], room: int = 0) -> tuple[float, float]:
    """Width and height in points of lines of text, or of so many characters if that is more.

    >>> box_size(["x", "data 2", "grad 4"]), box_size(["x", "data 25.5", "grad 4"])
    ((40.0, 43.2), (60.0, 43.2))
    """
    widths = [text_width(line[: LONGEST + 1]) for line in lines]
    width = max([*widths, room * _DIGIT * SIZE / 1000])
    return math.ceil(width / STEP) * STEP, len(lines) * LINE_HEIGHT
