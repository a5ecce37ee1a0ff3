"""The style sheets of drawings: light, dark, or as the reader's screen is.

All selectors begin with the theme's own class, because a browser applies the style sheet of an
SVG within a page to all of the page.
"""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark", "auto"]

_BOTH = """
.chainrule .name { font-weight: 600 }
"""

_DARK = """
.THEME > .graph > polygon { fill: #0f172a }
"""

SHEETS: dict[Theme, str] = {
    "light": _BOTH,
    "dark": _BOTH + _DARK.replace("THEME", "chainrule-dark"),
    "auto": _BOTH
    + "@media (prefers-color-scheme: dark) {"
    + _DARK.replace("THEME", "chainrule-auto")
    + "}\n",
}
