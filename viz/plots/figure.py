"""What the plots have in common: the figure, its colours and its quiet frame."""

from __future__ import annotations

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1e293b"
QUIET = "#64748b"
COLORS = ("#3b6fb6", "#e07b39", "#3f9c6d", "#b4539d", "#8c6d31", "#4d8fa8", "#c2504f", "#7a6fc0")
TINTS = ("#dbe7f6", "#fae3d3", "#dcf0e4", "#f3deee", "#eee6d4", "#dcebf1", "#f6dcdc", "#e5e2f5")
MARKERS = "os^DvP*X"


class Plot(Figure):
    """A figure that shows itself in Jupyter without pyplot."""

    def _repr_png_(self) -> bytes:
        png = BytesIO()
        self.savefig(png, format="png", dpi=110)
        return png.getvalue()


def calm(axes: Axes) -> None:
    """Take the frame back behind what is drawn."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color("#cbd5e1")
    axes.tick_params(colors=QUIET, labelsize=9)
    axes.xaxis.label.set_color(QUIET)
    axes.yaxis.label.set_color(QUIET)


def plain(text: str) -> str:
    """A person's text as it is: in matplotlib's, two dollar signs would begin a formula.

    >>> plain("price in $")
    'price in \\\\$'
    """
    return text.replace("$", r"\$")
