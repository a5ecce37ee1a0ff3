"""`draw`: a graph as a picture that shows itself in Jupyter and saves itself to a file."""

from __future__ import annotations

import os
import webbrowser
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from autograd import AnomalyError
from viz.arguments import check_arguments
from viz.graphs.checking.checked import compose_checked
from viz.graphs.detail import Detail, pictured
from viz.graphs.marking.highlighted import mark_paths
from viz.graphs.marking.marks import mark_not_finite, mark_roots
from viz.graphs.marking.stale import mark_stale
from viz.graphs.selection import MAX_NODES
from viz.saving import checked_folder, replace
from viz.svg.dot import Coloring, Direction, Written, write
from viz.svg.dressing import dress
from viz.svg.errors import RenderingError
from viz.svg.fitting import fitted
from viz.svg.rendering import render
from viz.svg.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd import Value
    from autograd.compiler.function import Compiled
    from nn.module import Module


class Drawing:
    """A drawn graph: DOT source, and an SVG as soon as one is asked for.

    >>> from autograd import Value
    >>> drawing = draw(Value(2.0, label="x"))
    >>> drawing
    <Drawing of 1 node>
    >>> drawing.svg.startswith("<svg")
    True
    """

    def __init__(
        self, written: Written, nodes: int, theme: Theme = "auto", caption: str = ""
    ) -> None:
        self.dot = written.source
        self.nodes = nodes
        self.caption = caption
        self._written, self._theme = written, theme

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, free of scripts and links; `RenderingError` if it fails."""
        return dress(render(self.dot), self._written.dresses, self._theme, self._written.title)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an `.svg`, `.dot`, `.png` or `.pdf` file, by the suffix, and give its path.

        PNG and PDF need Graphviz's program `dot` on the PATH. The file is complete or not
        there: an older one is replaced at once, and only if nothing went wrong.

        Raises:
            ValueError: the suffix is another.
            OSError: the file cannot be written, `FileNotFoundError` if its folder is missing.
            RenderingError: the picture cannot be made.
        """
        path = checked_folder(path)
        match path.suffix.lower():
            case ".svg":
                content = self.svg.encode()
            case ".dot" | ".gv":
                content = self.dot.encode()
            case ".png":
                content = render(self.dot, "png")
            case ".pdf":
                content = render(self.dot, "pdf")
            case suffix:
                raise ValueError(
                    f"{path.name!r}: a drawing is saved as .svg, .dot, .png or .pdf, "
                    f"not as {suffix!r}"
                )
        replace(path, content)
        return path

    def show(self) -> Path:
        """Open it in the system's browser, from a new `.svg` file whose path is given back.

        Raises:
            RenderingError: the picture cannot be made, or there is no browser to show it.
        """
        with NamedTemporaryFile("wb", prefix="graph-", suffix=".svg", delete=False) as file:
            file.write(self.svg.encode())
        if not webbrowser.open(Path(file.name).as_uri()):
            raise RenderingError(
                f"there is no browser here to show the drawing: it is in {file.name}; save(path) "
                "writes it elsewhere, and in a notebook it shows itself"
            )
        return Path(file.name)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        try:
            return {"image/svg+xml": fitted(self.svg), "text/plain": repr(self)}
        except RenderingError as error:
            return {"text/plain": f"{self!r}, not shown: {error}"}

    def __repr__(self) -> str:
        of = "boxes" if self.caption else "node" if self.nodes == 1 else "nodes"
        return f"<Drawing of {self.nodes:,} {of}{': ' * bool(self.caption)}{self.caption}>"


def draw(
    what: Value | Iterable[Value] | Module | Compiled | AnomalyError,
    direction: Direction = "LR",
    *,
    detail: Detail = None,
    color_by: Coloring = "kind",
    partials: bool = False,
    highlight: Value | Iterable[Value] | None = None,
    depth: int | None = None,
    check: bool = False,
    theme: Theme = "auto",
    max_nodes: float = MAX_NODES,
) -> Drawing:
    """Draw the graph that a Value was computed from, or a network. Neither is changed.

    Inputs are ellipses, parameters boxes with a double border, constants bare, operations
    round boxes with their symbol. `grad —` says that no gradient was computed, `grad 0` that
    it was and is zero. Where the order of operands matters, small numbers on the edges tell it.
    Between neurons an edge is a weight: broader with its size, orange and whole above zero, blue
    and dashed below. Boxes that are alike fold into one, which says how many (×) and the range of
    their numbers.
    A box with a result in it has a thick border, one with a number that is not finite a fill of its
    own; an edge whose weight is not finite has a colour of its own and is the broadest. A number or
    a gradient that no longer follows from the numbers of the graph is "(stale)", and its border
    dashed, as is that of a box with such a node inside; but what a compiled function gave is taken
    as it is, since it does not keep the numbers that it was computed from. The pointer on a box
    shows all digits, on an edge the local derivative.

    Parameters:
        what: a Value, an iterable of Values, or a module of `nn`: that is drawn with its present
            weights, for an example without numbers, and as it is in evaluation. Or a compiled
            function, which is drawn as it was written and as it runs; or an `AnomalyError`, of
            which it is shown where it began. What has no effect on one of these is an error.
        direction: where the arrows point: "LR" (left to right), "TB", "RL" or "BT".
        detail: how closely to look: "layers", a box for each outermost scope with its shape and
            Euclidean norms; "neurons", a column of them for each layer; "values", each node; or
            "products", n-ary nodes (`dot`, ...) opened into the operations that they stand for. Or
            a number, to which depth of scopes there is one box for each: 0 is "values", 1 "layers",
            and more is the same where no scope is inside of another, as in an MLP; or a function
            that says of a scope whether it is one box. None is the finest of the first three that
            can be read, and the drawing says so.
        color_by: "kind", or "gradient": blue below zero, orange above, the colour of the paper
            at zero, and a dashed border where none was computed. Of several it is the one farthest
            from zero.
        partials: write the local derivative on every edge.
        highlight: a Value that the drawn one depends on, or several: the paths of the chain rule
            that lead to it are painted, the largest few stronger, and their sum is told.
        depth: leave out what is more than so many edges away from the root.
        check: set each gradient beside a numeric one, and mark those that disagree; graphs of up
            to 300 nodes are then drawn value by value unless another detail is asked for.
        theme: "light", "dark", or "auto": as the reader's screen is.
        max_nodes: the largest graph that is drawn.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> drawing = draw(x * x)
    >>> drawing.dot.count("n0 -> n1")
    2
    >>> from nn import MLP
    >>> draw(MLP(3, [4, 4, 1], seed=0))
    <Drawing of 12 boxes: 61 nodes drawn as neurons; detail='values' draws every node>

    Raises:
        TooManyNodesError: at this detail there would be more boxes than allowed; the message says
            what to do.
        TypeError, ValueError: an argument is wrong, or has no effect on what is drawn; or it cannot
            be known what a module takes.
    """
    check_arguments(
        what,
        theme,
        direction=direction,
        detail=detail,
        color_by=color_by,
        partials=partials,
        highlight=highlight,
        depth=depth,
        max_nodes=max_nodes,
    )
    picture = (compose_checked if check else pictured)(what, detail, depth, max_nodes)
    partials = partials or isinstance(what, AnomalyError)
    mark_roots(picture, picture.roots)
    mark_not_finite(picture)
    mark_stale(picture)
    if highlight is not None:
        mark_paths(picture, picture.roots, highlight)
    written = write(picture, direction=direction, color_by=color_by, partials=partials)
    return Drawing(written, len(picture.boxes), theme, picture.caption)
