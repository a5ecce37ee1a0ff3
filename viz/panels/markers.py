"""The markers of examples, by which classes are told apart without their colours."""

from __future__ import annotations

from viz.colors import MARKERS
from viz.panels.writing import short

_RADIUS = 3.2  # of a circle, which is drawn from its top
_SHAPES = {
    "o": "a3.2 3.2 0 1 0 .01 0z",
    "s": "m-3-3h6v6h-6z",
    "^": "m0-4 3.8 6.6h-7.6z",
    "D": "m0-4.2 4.2 4.2-4.2 4.2-4.2-4.2z",
    "v": "m0 4 3.8-6.6h-7.6z",
    "P": "m-1.4-4h2.8v2.6h2.6v2.8h-2.6v2.6h-2.8v-2.6h-2.6v-2.8h2.6z",
    "*": "m0-4.6 1.3 3.1 3.3.2-2.5 2.2.8 3.2-2.9-1.7-2.9 1.7.8-3.2-2.5-2.2 3.3-.2z",
    "X": "m-2.4-4.2 2.4 2.4 2.4-2.4 1.8 1.8-2.4 2.4 2.4 2.4-1.8 1.8-2.4-2.4-2.4 2.4-1.8-1.8"
    " 2.4-2.4-2.4-2.4z",
}


def mark(kind: int, x: float, y: float) -> str:
    """The marker of a class as part of a path, around a place.

    >>> mark(1, 10.0, 20.0)
    'M10 20m-3-3h6v6h-6z'
    """
    name = MARKERS[kind % len(MARKERS)]
    return f"M{short(x)} {short(y - _RADIUS if name == 'o' else y)}{_SHAPES[name]}"
