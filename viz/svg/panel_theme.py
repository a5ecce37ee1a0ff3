"""The style sheets of panels, the pictures of a training: light, dark, or as the screen is.

The light colours stand at the elements themselves, so that a picture without its style sheet, as
some pages show it, is whole; a sheet says only what is otherwise in the dark.
"""

from __future__ import annotations

from viz.svg import style
from viz.svg.theme import DARK, Theme

INK, QUIET, GROUND, BORDER = style.INK, style.QUIET, style.PAPER, style.LINE
LINE = "#cbd5e1"

_LIGHT = f"""
.panels .name {{ fill: {INK} }}
.panels .note {{ fill: {QUIET} }}
"""

_DARK = f"""
.THEME .name {{ fill: {DARK[INK]} }}
.THEME .note {{ fill: {DARK[QUIET]} }}
.THEME .ground {{ fill: {DARK[GROUND]} }}
.THEME .line {{ stroke: #3b4a61 }}
.THEME .border {{ stroke: {DARK[BORDER]} }}
.THEME .rim {{ stroke: {DARK[GROUND]} }}
.THEME :is(.curve, .ahead, .dot, .edges, .examples, .neuron, .sample) {{ filter: brightness(1.3) }}
"""

PANEL_SHEETS: dict[Theme, str] = {
    "light": _LIGHT,
    "dark": _LIGHT + _DARK.replace("THEME", "panels-dark"),
    "auto": _LIGHT
    + "@media (prefers-color-scheme: dark) {"
    + _DARK.replace("THEME", "panels-auto")
    + "}\n",
}
