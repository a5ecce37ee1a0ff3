"""A backward pass written by hand, as the player is given one."""

import pytest

from autograd import Value
from viz import draw
from viz.player.page import page as page_of

NODES = {
    "n0": ("w", "", []),
    "n1": ("x", "", []),
    "n2": ("", "*", ["n0", "n1"]),
    "n3": ("b", "", []),
    "n4": ("", "+", ["n2", "n3"]),
    "n5": ("y", "tanh", ["n4"]),
}
# phase, at, edges, set, title, rule, unit, the number that is asked for
FRAMES = [
    ("forward", "n2", ["e0", "e1"], {"n2": "data -6"}, "w * x", "w * x = -3 * 2 = -6", 0, -6.0),
    ("forward", "n4", ["e2", "e3"], {"n4": "data 0.5"}, "w * x + b", "-6 + 6.5 = 0.5", 0, 0.5),
    ("forward", "n5", ["e4"], {"n5": "data 0.4621"}, "y = tanh", "= 0.4621", 0, 0.4621171),
    ("backward", "n5", [], {"n5": "grad 1"}, "y", "y.grad: 0 + 1 = 1", -1, None),
    ("backward", "n5", ["e4"], {"n4": "grad 0.7864"}, "y = tanh", "= 0.7864", 0, 0.7864477),
    ("backward", "n4", ["e2", "e3"], {"n2": "grad 0.7864", "n3": "grad 0.7864"}, "+", "x 1", 0, 1),
    ("backward", "n2", ["e0", "e1"], {"n0": "grad 1.573", "n1": "grad -2.359"}, "*", "x", 0, 1.57),
]


def frame(phase, at, edges, changed, title, rule, unit, answer):
    return {
        "phase": phase,
        "at": at,
        "edges": edges,
        "set": [[node, text.split()[0], text] for node, text in changed.items()],
        "title": title,
        "rule": rule,
        "say": f"{phase}: {title}, {rule}",
        "unit": unit,
        "ask": answer and {"question": f"{title}?", "answer": answer, "shown": f"{answer:.4g}"},
    }


@pytest.fixture
def frames():
    """The data of tanh(w * x + b), forward and backward, one neuron."""
    return {
        "kind": "steps",
        "title": "tanh(w * x + b)",
        "nodes": {
            id: {"name": name, "symbol": symbol, "kind": "", "operands": operands, "unit": 0}
            for id, (name, symbol, operands) in NODES.items()
        },
        "units": ["hidden.0"],
        "begin": [[id, "data", "data ?"] for id in ("n2", "n4", "n5")]
        + [[id, "grad", "grad —"] for id in NODES],
        "frames": [frame(*written) for written in FRAMES],
    }


@pytest.fixture
def drawn():
    """Its picture, in the last state."""
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.5, label="b")
    y = (w * x + b).tanh()
    y.label = "y"
    y.backward()
    return draw(y).svg


@pytest.fixture
def played(frames, drawn):
    """Its page."""
    return page_of("steps", frames["title"], drawn, frames)
