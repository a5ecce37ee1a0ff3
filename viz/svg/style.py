"""What the boxes and edges of a drawing look like, in Graphviz's words and light colours.

Kinds are told apart by shape first and by colour second, so that a drawing can be read in
greyscale: inputs are ellipses, parameters have a double border, constants none, operations
round corners, and what stands for several nodes a thick or a dotted border. Marks are told by
borders and by light against dark. The style sheets of `viz.svg.theme` are made of these tables.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from viz.graphs.picture import Kind
from viz.svg.mixing import mixed

Attributes = dict[str, str]

FONT = "Helvetica,Arial,sans-serif"
CODE = "Courier"
INK = "#1e293b"
LINE = "#64748b"
PALE = "#94a3b8"
PAPER = "#ffffff"
QUIET = "#526075"
SYMBOL = "#3b5f99"

GRAPH: Attributes = {
    "bgcolor": PAPER,
    "fontcolor": QUIET,
    "fontname": FONT,
    "fontsize": "11",
    "nodesep": "0.2",
    "pad": "0.12",
    "ranksep": "0.45",
}
DOWNWARDS: Attributes = {"newrank": "true", "rankdir": "TB", "ranksep": "0.3"}
NODE: Attributes = {
    "color": LINE,
    "fillcolor": PAPER,
    "fontcolor": INK,
    "fontname": FONT,
    "fontsize": "12",
    "margin": "0,0",  # the room around the text is in each box's own size
    "penwidth": "1",
    "shape": "box",
    "style": "filled",
}
EDGE: Attributes = {
    "arrowsize": "0.6",
    "color": LINE,
    "fontcolor": QUIET,
    "fontname": FONT,
    "fontsize": "9",
    "labelangle": "32",
    "labeldistance": "1.4",
    "penwidth": "1",
}
OPENED: Attributes = {
    "color": PALE,
    "fontcolor": QUIET,
    "fontsize": "12.5",  # more than it is shown in, as browsers show it wider than Graphviz thinks
    "labeljust": "l",
    "labelloc": "t",
    "margin": "10",
    "style": "rounded,dashed",
}
KINDS: dict[Kind, Attributes] = {
    "input": {"shape": "ellipse", "color": "#3f7d58", "fillcolor": "#e6f4ea"},
    "parameter": {"peripheries": "2", "color": "#3b5f99", "fillcolor": "#e5edfa"},
    "constant": {"shape": "ellipse", "color": "none", "fillcolor": "#e9edf2"},
    "operation": {"style": "rounded"},
    "neuron": {"style": "rounded", "color": "#475569"},
    "layer": {"style": "rounded", "penwidth": "2.5", "fillcolor": "#f6f1e7"},
    "statement": {"fontname": CODE, "fontsize": "10", "margin": "0.1,0.06", "height": "0"},
    "omission": {"shape": "plaintext", "fontcolor": QUIET, "style": ""},
}
# In this order: what comes later is drawn over what came before.
MARKS: dict[str, Attributes] = {
    "path": {"penwidth": "2.5", "color": "#7326b8", "fillcolor": "#f3e8ff"},
    "strong": {"penwidth": "4.5"},
    "stale": {"style": "dashed"},
    "infinite": {"penwidth": "1.5", "color": "#8a5a00", "fillcolor": "#fde68a"},
    "nan": {"penwidth": "1.5", "color": "#500724", "fillcolor": "#9d174d", "fontcolor": PAPER},
    "root": {"penwidth": "3", "color": INK},
    "wrong": {"penwidth": "4", "color": "#b91c1c"},
}
# Two borders as heavy as one.
PARAMETER_MARKS: dict[str, Attributes] = {"wrong": {"penwidth": "2"}}
# Told apart also by the colour-blind: orange lines are whole and blue ones are dashed.
EDGE_MARKS: dict[str, Attributes] = {
    "omitted": {"style": "dashed"},
    "folded": {"style": "dotted"},
    "positive": {"color": "#c2571a"},
    "negative": {"color": "#2f6fae", "style": "dashed"},
    "infinite": {"penwidth": "4.5", "color": "#8a5a00"},
    "nan": {"penwidth": "4.5", "color": "#9d174d"},
    "path": {"penwidth": "2.5", "color": "#7326b8", "arrowsize": "0.9"},
    "strong": {"penwidth": "4.5", "arrowsize": "1.3"},
    "wrong": {"penwidth": "3", "color": "#b91c1c", "arrowsize": "1"},
    "becomes": {"style": "dashed", "minlen": "0", "weight": "3"},
    "order": {"style": "invis", "weight": "10"},
}

# Gradients and weights in steps; gradients from the ground at zero to the deepest of each hue.
STEPS = 5
NO_GRADIENT = "no-gradient"


def shades(ground: str, below: str, above: str) -> dict[str, str]:
    """A fill for each step of a gradient, by the name of its look.

    >>> list(shades("#ffffff", "#0000ff", "#ff0000").items())[:2]
    [('zero', '#ffffff'), ('below1', '#ccccff')]
    """
    found = {"zero": ground}
    for name, hue in (("below", below), ("above", above)):
        found |= {f"{name}{step}": mixed(ground, hue, step / STEPS) for step in range(1, STEPS + 1)}
    return found


SHADES = shades(PAPER, "#6ba8d6", "#f0936b")
GRADIENTS: dict[str, Attributes] = {NO_GRADIENT: {"style": "dashed", "fillcolor": PAPER}} | {
    name: {"fillcolor": fill} for name, fill in SHADES.items()
}
WEIGHTS: dict[str, Attributes] = {
    f"weight{step}": {
        "penwidth": f"{0.7 * step - 0.2:.1f}",
        "arrowsize": f"{0.4 + 0.12 * step:.1f}",
    }
    for step in range(1, STEPS + 1)
}


def gradient_mark(gradient: float | None, largest: float) -> str:
    """The name of the look for a gradient: deeper with its size, blue below zero, orange above.

    >>> [gradient_mark(gradient, 4.0) for gradient in (None, 0.0, -4.0, 1.0)]
    ['no-gradient', 'zero', 'below5', 'above3']
    """
    if gradient is None:
        return NO_GRADIENT
    if not math.isfinite(gradient) or not gradient or not largest:
        return "zero"
    # The square root lets small gradients show beside large ones.
    return f"{'below' if gradient < 0 else 'above'}{_step(math.sqrt(abs(gradient) / largest))}"


def weight_marks(weight: float, largest: float) -> set[str]:
    """The names of the looks for a weight: broader with its size, and its sign.

    >>> sorted(weight_marks(-2.0, 4.0)), weight_marks(0.0, 4.0)
    (['negative', 'weight3'], {'weight1'})
    """
    size = abs(weight) / largest if largest and math.isfinite(weight) else 1.0
    signs = {"negative"} if weight < 0 else {"positive"} if weight > 0 else set()
    return {f"weight{_step(size)}"} | signs


def _step(share: float) -> int:
    return min(STEPS, max(1, math.ceil(STEPS * share)))


def merged(*looks: Attributes) -> Attributes:
    """One look of several: the later attribute wins, but styles, as of corners, add up.

    >>> merged({"style": "rounded", "penwidth": "1"}, {"style": "dashed", "penwidth": "2"})
    {'style': 'rounded,dashed', 'penwidth': '2'}
    """
    whole: Attributes = {}
    for look in looks:
        for name, value in look.items():
            both = name == "style" and whole.get(name) and value
            whole[name] = f"{whole[name]},{value}" if both else value
    return whole


def node_look(kind: Kind, marks: Collection[str]) -> Attributes:
    """What Graphviz is told about a box of this kind, with these marks.

    >>> node_look("operation", {"root"})
    {'style': 'filled,rounded', 'penwidth': '3', 'color': '#1e293b'}
    """
    ground = {} if KINDS[kind].get("style") == "" else {"style": NODE["style"]}
    looks = [look for mark, look in (GRADIENTS | MARKS).items() if mark in marks]
    if kind == "parameter":
        looks += [look for mark, look in PARAMETER_MARKS.items() if mark in marks]
    return merged(ground, KINDS[kind], *looks)


def edge_look(marks: Collection[str]) -> Attributes:
    """What Graphviz is told about an edge with these marks."""
    return merged(*(look for mark, look in (WEIGHTS | EDGE_MARKS).items() if mark in marks))
