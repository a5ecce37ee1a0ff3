"""Values as pictures in Jupyter: registered with IPython, because `autograd` knows no notebooks.

A Value shows itself as its graph, as closely as that can be read; if it is too large for that, as
the part near it. Where nothing can be drawn it is a line of text.
"""

from __future__ import annotations

import sys
from typing import Any

from autograd import Value
from viz.drawing import Drawing, draw
from viz.graphs.selection import TooManyNodesError
from viz.svg.fitting import fitted

LARGEST = 100
NEAR = (3, 2, 1)  # edges from the value


def svg_of(value: Value) -> str | None:
    """The graph of a Value as SVG; None, which stands for its text, if that fails.

    >>> svg_of(Value(2.0)).startswith("<svg")
    True
    """
    try:
        return fitted(_readable(value).svg)
    except Exception:  # the value itself is more important than its picture
        return None


def _readable(value: Value) -> Drawing:
    try:
        return draw(value, max_nodes=LARGEST)
    except TooManyNodesError:
        pass
    for depth in NEAR:
        try:
            return draw(value, depth=depth, max_nodes=LARGEST)
        except TooManyNodesError as error:
            refused = error
    raise refused


def register(shell: Any = None) -> None:
    """Have IPython show Values as graphs; without a running IPython nothing happens."""
    # Asking for IPython's shell must not be what loads IPython.
    if shell is None and (ipython := sys.modules.get("IPython")):
        shell = ipython.get_ipython()
    if shell is not None and shell.display_formatter is not None:
        shell.display_formatter.formatters["image/svg+xml"].for_type(Value, svg_of)
