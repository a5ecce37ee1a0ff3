"""What the boxes and edges of a drawing look like.

Kinds are told apart by shape first and by colour second, so that a drawing can be read in
greyscale: inputs are ellipses, parameters have a double border, constants none, operations
round corners, and what stands for several nodes a thick or a dotted border.
"""

from __future__ import annotations

import math

from viz.graphs.picture import Kind

Attributes = dict[str, str]

FONT = "Helvetica,Arial,sans-serif"
CODE = "Courier"
INK = "#1e293b"
LINE = "#64748b"

GRAPH: Attributes = {
    "bgcolor": "white",
    "fontname": FONT,
    "fontsize": "11",
    "nodesep": "0.2",
    "ordering": "in",  # operands from top to bottom (or left to right) where the layout can
    "pad": "0.12",
    "ranksep": "0.45",
}
DOWNWARDS: Attributes = {"newrank": "true", "rankdir": "TB", "ranksep": "0.3"}
NODE: Attributes = {
    "color": LINE,
    "fontcolor": INK,
    "fontname": FONT,
    "fontsize": "12",
    "height": "0.3",
    "margin": "0.13,0.06",
    "shape": "box",
    "width": "0.4",
}
EDGE: Attributes = {
    "arrowsize": "0.6",
    "color": LINE,
    "fontcolor": LINE,
    "fontname": FONT,
    "fontsize": "9",
    "labelangle": "32",
    "labeldistance": "1.4",
}
OPENED: Attributes = {
    "color": "#94a3b8",
    "fontcolor": LINE,
    "labeljust": "l",
    "labelloc": "t",
    "margin": "10",
    "style": "rounded,dashed",
}
KINDS: dict[Kind, Attributes] = {
    "input": {
        "shape": "ellipse",
        "margin": "0.03,0.01",
        "style": "filled",
        "color": "#3f7d58",
        "fillcolor": "#e6f4ea",
    },
    "parameter": {
        "peripheries": "2",
        "style": "filled",
        "color": "#3b5f99",
        "fillcolor": "#e5edfa",
    },
    "constant": {
        "shape": "ellipse",
        "margin": "0.02,0.02",
        "style": "filled",
        "color": "none",
        "fillcolor": "#e9edf2",
    },
    "operation": {"style": "filled,rounded", "fillcolor": "white"},
    "neuron": {"style": "filled,rounded", "color": "#475569", "fillcolor": "white"},
    "layer": {"style": "filled,rounded", "penwidth": "2.5", "fillcolor": "#f6f1e7"},
    "statement": {
        "style": "filled",
        "fillcolor": "#f8fafc",
        "fontname": CODE,
        "fontsize": "10",
        "margin": "0.1,0.05",
    },
    "omission": {"shape": "plaintext", "fontcolor": LINE},
}

EDGES: dict[str, Attributes] = {
    "": {},
    "becomes": {"style": "dashed", "minlen": "0", "weight": "3"},
    "order": {"style": "invis", "weight": "10"},
}

# Browsers show Helvetica or Arial about a tenth wider than Graphviz takes it for: so many inches
# more on each side, for every character of the longest line.
_ROOM = 0.0045

NO_GRADIENT: Attributes = {"fillcolor": "white", "style": "filled,dashed"}

_NEGATIVE = (0x6B, 0xA8, 0xD6)
_POSITIVE = (0xF0, 0x93, 0x6B)
_NOT_FINITE = "#d8b4fe"


def margin(kind: Kind, longest: int) -> Attributes:
    """The room around the lines of a box, of which the longest has so many characters.

    >>> margin("operation", 4), margin("operation", 40)
    ({'margin': '0.148,0.06'}, {'margin': '0.31,0.06'})
    """
    if KINDS[kind].get("fontname") == CODE:  # of which all take it for as wide as it is
        return {}
    horizontal, vertical = (NODE | KINDS[kind])["margin"].split(",")
    return {"margin": f"{float(horizontal) + _ROOM * longest:.4g},{vertical}"}


def gradient_color(gradient: float, largest: float) -> str:
    """The fill for a gradient: white at zero, deeper with its size, blue below and orange above.

    >>> gradient_color(0.0, 1.0), gradient_color(-1.0, 1.0), gradient_color(1.0, 1.0)
    ('#ffffff', '#6ba8d6', '#f0936b')
    """
    if not math.isfinite(gradient):
        return _NOT_FINITE
    # The square root lets small gradients show beside large ones.
    depth = math.sqrt(abs(gradient) / largest) if largest else 0.0
    hue = _NEGATIVE if gradient < 0 else _POSITIVE
    return "#" + "".join(f"{round(255 + depth * (channel - 255)):02x}" for channel in hue)
