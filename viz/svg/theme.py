"""The style sheets of drawings: light, dark, or as the reader's screen is.

They say in CSS what the tables of `viz.svg.style` say to Graphviz. All selectors begin with the
theme's own class, because a browser applies the style sheet of an SVG within a page to all of the
page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from viz.svg import style

Theme = Literal["light", "dark", "auto"]

# Colours of the tables, and what stands for them on a dark screen.
DARK = {
    style.PAPER: "#111827",
    style.INK: "#e5e7eb",
    style.LINE: "#8492a6",
    style.QUIET: "#a9b4c4",
    style.PALE: "#64748b",
    "#475569": "#a3b1c4",
    "#3f7d58": "#6fbf8f",
    "#e6f4ea": "#16352a",
    "#3b5f99": "#8fb4f2",
    "#e5edfa": "#1b2f52",
    "#e9edf2": "#2b3648",
    "#f6f1e7": "#332d20",
    "#7326b8": "#cf9dff",
    "#f3e8ff": "#3c1f5e",
    "#8a5a00": "#fcd34d",
    "#fde68a": "#574005",
    "#500724": "#fdf2f8",
    "#9d174d": "#f9a8d4",
    "#b91c1c": "#f87171",
    "#c2571a": "#f59e6a",
    "#2f6fae": "#7fb2e5",
}
_DARK_SHADES = style.shades(DARK[style.PAPER], "#2563a8", "#a3481c")
DARK |= {style.SHADES[name]: dark for name, dark in _DARK_SHADES.items()}

_WORDS = {"fillcolor": "fill", "color": "stroke", "penwidth": "stroke-width"}
_DASHES = {"dashed": "5 3", "dotted": "1 4"}

Rule = tuple[str, dict[str, str]]  # a selector within the drawing, and what it sets


def _shape(selector: str, look: style.Attributes) -> Rule:
    sets = {_WORDS[name]: value for name, value in look.items() if name in _WORDS}
    for word in look.get("style", "").split(","):
        if word in _DASHES:
            sets["stroke-dasharray"] = _DASHES[word]
    return selector, sets


def _edge(mark: str, look: style.Attributes) -> Rule:
    words = {"color": "color", "penwidth": "stroke-width"}
    return f".edge{mark}", {words[name]: value for name, value in look.items() if name in words}


def _text(selector: str, look: style.Attributes, **more: str) -> Rule:
    colour = {"fill": look["fontcolor"]} if "fontcolor" in look else {}
    return selector, colour | {name.replace("_", "-"): value for name, value in more.items()}


def _rules() -> Iterable[Rule]:
    """Of equally strong ones, the later counts. Without ">", which XML writes as an entity."""
    yield _text("", {}, font="12px Helvetica,Arial,sans-serif", text_anchor="middle")
    yield "&:not(.wide)", {"max-width": "100%", "height": "auto"}
    yield _shape(".paper", {"fillcolor": style.PAPER, "color": "none"})
    yield _shape(".cluster path", style.OPENED | {"fillcolor": "none"})
    yield _shape(".node :not(text)", style.NODE)
    # The line of an edge and its head have the colour of the edge, and its breadth: Graphviz leaves
    # room for a head with a border as broad.
    yield _edge("", style.EDGE)
    yield ".edge path", {"fill": "none", "stroke": "currentColor"}
    yield ".edge polygon", {"fill": "currentColor", "stroke": "currentColor"}
    yield _text("text", style.NODE, white_space="pre", stroke="none")
    halo = {"paint_order": "stroke", "stroke_width": "5", "stroke": style.PAPER}
    yield _text(".cluster text", style.OPENED, font_size="11px", **halo)
    yield _text("text.caption", style.GRAPH, font_size="11px", text_anchor="start")
    yield _text("text.name", {}, font_weight="700")
    yield _text("text.symbol", {"fontcolor": style.SYMBOL}, font_weight="700", font_size="13px")
    yield _text("text.note", {}, font_size="11px")
    yield _text("text.code", {}, font=f"10px {style.CODE},monospace", text_anchor="start")
    yield _text("text.grad", {"fontcolor": style.QUIET}, font_size="11px")
    yield _text("text.stale", {}, font_style="italic")
    yield _text(".edge text", style.EDGE, font_size="9px", **halo)
    yield _text(".tinted text", style.NODE)
    for table in (style.KINDS, style.GRADIENTS, style.MARKS):
        for name, look in table.items():
            yield _shape(f".node.{name} :not(text)", look)
            yield _text(f".node.{name} text", look)
    for name, look in style.PARAMETER_MARKS.items():
        yield _shape(f".node.parameter.{name} :not(text)", look)
    yield ".node.node polygon+polygon", {"fill": "none"}  # the outer of two borders
    yield ".nan text,.infinite text", {"font-weight": "700"}
    for table in (style.WEIGHTS, style.EDGE_MARKS):
        for name, look in table.items():
            yield _edge(f".{name}", look)
            yield _shape(f".edge.{name} path", {"style": look.get("style", "")})


def _sheet(theme: Theme, rules: Iterable[Rule]) -> str:
    lines = []
    for selectors, sets in rules:
        scoped = ",".join(_scoped(theme, each) for each in selectors.split(","))
        if sets:
            lines.append(f"{scoped}{{{';'.join(map(':'.join, sets.items()))}}}")
    return "\n".join(lines)


def _scoped(theme: str, selector: str) -> str:
    """A selector within the drawing; one that begins with & is of the drawing itself."""
    return f".chainrule-{theme} {selector}".replace(" &", "").rstrip()


def _dark(rules: Iterable[Rule], others: bool) -> Iterable[Rule]:
    """The same rules in dark colours, without what sets no colour if `others` is false."""
    for selector, sets in rules:
        colours = {name: DARK[value] for name, value in sets.items() if value in DARK}
        yield selector, (sets | colours if others else colours)


_AUTO = f"""{_sheet("auto", _rules())}
@media (prefers-color-scheme:dark){{
{_sheet("auto", _dark(_rules(), others=False))}
}}"""

SHEETS: dict[Theme, str] = {
    "light": _sheet("light", _rules()),
    "dark": _sheet("dark", _dark(_rules(), others=True)),
    "auto": _AUTO,
}


def check_theme(theme: str) -> None:
    """Raise `ValueError` if there is no such theme.

    >>> check_theme("dark")
    """
    if not isinstance(theme, str) or theme not in SHEETS:
        raise ValueError(f"theme={theme!r}: it is one of {', '.join(map(repr, SHEETS))}")
