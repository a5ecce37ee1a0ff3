"""Values as pictures in Jupyter: registered with IPython, because `autograd` knows no notebooks.

A Value whose graph is small shows itself as that graph, any other as a line of text.
"""

from __future__ import annotations

import sys
from typing import Any

from autograd import Value
from viz.drawing import draw

SMALL = 60


def svg_of(value: Value) -> str | None:
    """The graph of a Value as SVG; None, which stands for its text, if that is large or fails.

    >>> svg_of(Value(2.0)).startswith("<svg")
    True
    """
    try:
        return draw(value, max_nodes=SMALL).svg
    except Exception:  # the value itself is more important than its picture
        return None


def register(shell: Any = None) -> None:
    """Have IPython show Values as graphs; without a running IPython nothing happens."""
    # Asking for IPython's shell must not be what loads IPython.
    if shell is None and (ipython := sys.modules.get("IPython")):
        shell = ipython.get_ipython()
    if shell is not None and shell.display_formatter is not None:
        shell.display_formatter.formatters["image/svg+xml"].for_type(Value, svg_of)
