"""Legends: what stands for what, in rows at the upper right of a panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unicodedata import east_asian_width

from viz.panels.writing import LONGEST, words

ROW = 18
_LETTER = 6.3  # pixels that a letter of the usual size takes at most, but for wide ones
_APART = 14.0


class Legend:
    """Names with their symbols, as many rows of them as it takes.

    Parameters:
        room: from where to where there is room for them.
        symbol: how wide a symbol is, with the space behind it.

    Attributes:
        height: what the rows after the first take.

    >>> Legend(["training", "validation"], (100.0, 400.0), 30.0).height
    0
    >>> Legend(["a name that is long"] * 4, (100.0, 400.0), 30.0).height
    54
    """

    def __init__(self, names: Sequence[str], room: tuple[float, float], symbol: float) -> None:
        self.symbol, self.end = symbol, room[1]
        self.rows: list[list[tuple[int, str]]] = [[]]
        left = room[1] - room[0]
        for entry in enumerate(names):
            width = self._width(entry[1])
            if self.rows[-1] and width > left:
                self.rows.append([])
                left = room[1] - room[0]
            self.rows[-1].append(entry)
            left -= width
        self.height = ROW * (len(self.rows) - 1)

    def drawn(self, symbol: Callable[[int, float, float], str]) -> list[str]:
        """The names, and before each the symbol of its number, which is drawn at a place."""
        written = []
        for i, row in enumerate(self.rows):
            x, y = self.end + _APART - sum(self._width(name) for _, name in row), 20 + ROW * i
            for number, name in row:
                written += [symbol(number, x, y - 4), words(name, x + self.symbol, y)]
                x += self._width(name)
        return written

    def _width(self, name: str) -> float:
        return self.symbol + width_of(name) + _APART


def width_of(name: str) -> float:
    """About how many pixels a name takes, as it is shown.

    >>> round(width_of("ab"), 1), round(width_of("数"), 1)
    (12.6, 12.6)
    """
    shown = name[: LONGEST + 1]
    return _LETTER * sum(1 + (east_asian_width(letter) in "WF") for letter in shown)
