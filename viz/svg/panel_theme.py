"""The style sheets of panels, the pictures of a training: light, dark, or as the screen is.

The light colours stand at the elements themselves, so that a picture without its style sheet, as
some pages show it, is whole; a sheet says only what is otherwise in the dark.
"""

from __future__ import annotations

from viz.colors import INK, QUIET
from viz.svg.theme import Theme

FONT = "Helvetica,Arial,sans-serif"
GROUND = "#ffffff"
LINE = "#cbd5e1"

_LIGHT = f"""
.panels .name {{ fill: {INK} }}
.panels .note {{ fill: {QUIET} }}
"""

_DARK = """
.THEME .name { fill: #e2e8f0 }
.THEME .note { fill: #a3b1c6 }
.THEME .ground { fill: #0f172a }
.THEME .line { stroke: #3b4a61 }
.THEME .border { stroke: #94a3b8 }
.THEME .rim { stroke: #0f172a }
.THEME :is(.curve, .ahead, .dot, .edges, .examples, .sample) { filter: brightness(1.3) }
"""

PANEL_SHEETS: dict[Theme, str] = {
    "light": _LIGHT,
    "dark": _LIGHT + _DARK.replace("THEME", "panels-dark"),
    "auto": _LIGHT
    + "@media (prefers-color-scheme: dark) {"
    + _DARK.replace("THEME", "panels-auto")
    + "}\n",
}
