"""The colours of all pictures, on light and on dark, for readers who see few colours too.

Whatever has a colour has a second mark as well: a shape, a marker, dashes or a word.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

INK = "#1e293b"
QUIET = "#64748b"
COLORS = ("#3b6fb6", "#e07b39", "#3f9c6d", "#b4539d", "#8c6d31", "#4d8fa8", "#c2504f", "#7a6fc0")
NEGATIVE, POSITIVE = "#6ba8d6", "#f0936b"  # blue and orange, which nearly everybody can tell apart
NOT_FINITE = "#d8b4fe"
MARKERS = "os^DvP*X"


def marker(i: int) -> str:
    """The marker that goes with the i-th colour; it and the colour repeat after 64 together.

    >>> marker(0), marker(7), marker(8)
    ('o', 'X', 's')
    """
    return MARKERS[(i + i // len(MARKERS)) % len(MARKERS)]


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two, as much of the second as the share says.

    >>> mixed("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255.

    >>> channels("#ff8000")
    (255, 128, 0)
    """
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


class Palette(NamedTuple):
    """What a picture is painted with.

    Attributes:
        background: behind everything.
        ink: of titles, and of what matters most.
        quiet: of axes, ticks and notes.
        frame, grid: of lines that hold a picture together, the second the paler.
        colors: of what is to be told apart, such as classes; eight, each with its marker.
        negative, positive: the far ends of what has a sign.
    """

    background: str
    ink: str
    quiet: str
    frame: str
    grid: str
    colors: tuple[str, ...]
    negative: str
    positive: str

    def color(self, i: int) -> str:
        """The colour of the i-th of what is told apart; after the eighth they begin anew."""
        return self.colors[i % len(self.colors)]

    def tint(self, color: str, depth: float = 0.2) -> str:
        """A colour as thin as that over the background, from 0 (background) to 1.

        >>> LIGHT.tint("#000000", 0.5)
        '#808080'
        """
        return mixed(self.background, color, depth)


LIGHT = Palette(
    background="#ffffff",
    ink=INK,
    quiet=QUIET,
    frame="#cbd5e1",
    grid="#e2e8f0",
    colors=COLORS,
    negative="#1d5a96",
    positive="#b3461b",
)
DARK = Palette(
    background="#0f172a",
    ink="#e2e8f0",
    quiet="#94a3b8",
    frame="#475569",
    grid="#263349",
    colors=(
        *("#6fa3e8", "#f2a065", "#63c293", "#dd8cc9"),
        *("#c8a558", "#75bdd6", "#ea8583", "#aaa0f0"),
    ),
    negative="#9fd0f5",
    positive="#ffbb98",
)
TINTS = tuple(map(LIGHT.tint, COLORS))
PALETTES: dict[Literal["light", "dark"], Palette] = {"light": LIGHT, "dark": DARK}
