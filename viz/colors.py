"""The colours of plots, films and live pictures: those of the drawings, and some to tell apart.

Whatever has a colour has a second mark as well: a shape, a marker, dashes or a word, for readers
who see few colours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from viz.svg import style, theme
from viz.svg.mixing import mixed

# As far from each other as they are for most people also for those who lack one kind of cone.
COLORS = ("#3b6fb6", "#df7530", "#42a37e", "#853a6b", "#6f5c1b", "#5095af", "#c55857", "#3b3a85")
ON_DARK = ("#6fa3e8", "#fcb665", "#6ed6af", "#c2609e", "#a68847", "#7dc1d8", "#f48684", "#8c7df4")
MARKERS = "os^DvP*X"


def marker(i: int) -> str:
    """The marker that goes with the i-th colour; it and the colour repeat after 64 together.

    >>> marker(0), marker(7), marker(8)
    ('o', 'X', 's')
    """
    return MARKERS[(i + i // len(MARKERS)) % len(MARKERS)]


class Palette(NamedTuple):
    """What a picture is painted with.

    Attributes:
        background: behind everything.
        ink: of titles, and of what matters most.
        quiet: of axes, ticks and notes.
        frame, grid: of lines that hold a picture together, the second the paler.
        colors: of what is to be told apart, such as classes; eight, each with its marker.
        signs: from the least negative number to the most positive one, the background in the
            middle.
        not_finite: of NaN and infinities.
    """

    background: str
    ink: str
    quiet: str
    frame: str
    grid: str
    colors: tuple[str, ...]
    signs: tuple[str, ...]
    not_finite: str

    def color(self, i: int) -> str:
        """The colour of the i-th of what is told apart; after the eighth they begin anew."""
        return self.colors[i % len(self.colors)]

    def tint(self, color: str, depth: float) -> str:
        """A colour as thin as that over the background, from 0 (background) to 1.

        >>> LIGHT.tint("#000000", 0.5)
        '#808080'
        """
        return mixed(self.background, color, depth)


def _palette(colors: tuple[str, ...], seen: Callable[[str], str]) -> Palette:
    """A palette of these, and of what each colour of the drawings is seen as."""
    background, quiet = seen(style.PAPER), seen(style.QUIET)
    signs = (
        seen(style.EDGE_MARKS["negative"]["color"]),
        seen(style.SHADES["below5"]),
        background,
        seen(style.SHADES["above5"]),
        seen(style.EDGE_MARKS["positive"]["color"]),
    )
    return Palette(
        background=background,
        ink=seen(style.INK),
        quiet=quiet,
        frame=mixed(background, quiet, 0.4),
        grid=mixed(background, quiet, 0.15),
        colors=colors,
        signs=signs,
        not_finite=seen(style.MARKS["nan"]["fillcolor"]),
    )


LIGHT = _palette(COLORS, str)
DARK = _palette(ON_DARK, theme.DARK.__getitem__)
PALETTES: dict[Literal["light", "dark"], Palette] = {"light": LIGHT, "dark": DARK}
