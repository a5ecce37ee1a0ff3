"""Chainrule's pictures of graphs. Once imported, a Value shows itself as its graph in Jupyter."""

from autograd import installation as installation
from viz.display import register
from viz.drawing import Drawing, draw
from viz.graphs.selection import TooManyNodesError
from viz.player.film import Film
from viz.player.frames import Step
from viz.player.live import Live
from viz.player.steps import Steps, steps
from viz.svg.errors import RenderingError

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

register()
