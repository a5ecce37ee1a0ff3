"""Chainrule's pictures of graphs. Once imported, a Value shows itself as its graph in Jupyter."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd import installation as installation
from autograd.origin import belongs_to_library
from viz.display import register
from viz.drawing import Drawing, draw
from viz.graphs.selection import TooManyNodesError
from viz.player.steps import Steps, steps
from viz.player.training.film import Film
from viz.player.training.live import Live
from viz.player.walk.frames import Step
from viz.svg.errors import RenderingError

if TYPE_CHECKING:
    from viz import plots as plots

__all__ = [
    "Drawing",
    "Film",
    "Live",
    "RenderingError",
    "Step",
    "Steps",
    "TooManyNodesError",
    "draw",
    "steps",
]

belongs_to_library(__name__)
register()


def __getattr__(name: str) -> Any:
    """`viz.plots`, imported when it is asked for, as it takes matplotlib along (PEP 562)."""
    if name == "plots":
        return import_module("viz.plots")
    message = f"module 'viz' has no attribute {name!r}"
    raise AttributeError(message, name=name, obj=sys.modules[__name__])  # so Python can suggest one
