"""`draw`: a graph as a picture that shows itself in Jupyter and saves itself to a file."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from autograd import AnomalyError, Value
from autograd.compiler.function import Compiled
from viz.graphs.anomaly import compose_anomaly
from viz.graphs.checked import mark_wrong
from viz.graphs.detail import Detail, picture_of
from viz.graphs.marks import mark_not_finite, mark_roots
from viz.graphs.picture import Picture
from viz.graphs.selection import MAX_NODES, TooManyNodesError
from viz.graphs.stale import mark_stale
from viz.svg.dot import Coloring, Direction, Written, write
from viz.svg.dressing import dress
from viz.svg.errors import RenderingError
from viz.svg.rendering import render
from viz.svg.theme import Theme

CHECKED_ONE_BY_ONE = 300  # nodes


class Drawing:
    """A drawn graph: DOT source, and an SVG as soon as one is asked for.

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
        path = Path(path)
        if not path.parent.is_dir():
            raise FileNotFoundError(
                errno.ENOENT, f"there is no folder {str(path.parent)!r} to save in", str(path)
            )
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
        _replace(path, content)
        return path

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        try:
            return {"image/svg+xml": self.svg, "text/plain": repr(self)}
        except RenderingError as error:
            return {"text/plain": f"{self!r}, not shown: {error}"}

    def __repr__(self) -> str:
        of = "boxes" if self.caption else "node" if self.nodes == 1 else "nodes"
        return f"<Drawing of {self.nodes:,} {of}{': ' * bool(self.caption)}{self.caption}>"


def draw(
    root: Value | Iterable[Value] | AnomalyError | Compiled,
    direction: Direction = "LR",
    *,
    detail: Detail = None,
    color_by: Coloring = "kind",
    partials: bool = False,
    depth: int | None = None,
    check: bool = False,
    theme: Theme = "auto",
    max_nodes: float = MAX_NODES,
) -> Drawing:
    """Draw the graph that a Value, or several, was computed from. It is not changed.

    Inputs are ellipses, parameters boxes with a double border, constants bare, operations
    round boxes with their symbol. `grad —` says that no gradient was computed, `grad 0` that
    it was and is zero. Where the order of operands matters, small numbers on the edges tell it.

    Parameters:
        root: a Value, or an iterable of Values; a compiled function, which is drawn as it was
            written and as it runs; or an `AnomalyError`, of which it is shown where it began.
        direction: where the arrows point: "LR" (left to right), "TB", "RL" or "BT".
        detail: how closely to look: "layers", "neurons", "values" or "products", which opens n-ary
            nodes (`dot`, ...) into the simpler operations that they stand for; a number, to which
            depth of scopes there is one box for each; or a function that says of a scope whether
            it is one box. None is the finest that can be read, and the drawing says so.
        color_by: "kind", or "gradient": blue below zero, orange above, white at zero, and a
            dashed border where none was computed.
        partials: write the local derivative on every edge.
        depth: leave out what is more than so many edges away from the root.
        check: set each gradient beside a numeric one, and mark those that disagree; graphs of up
            to 300 nodes are then drawn value by value unless another detail is asked for.
        theme: "light", "dark", or "auto": as the reader's screen is.
        max_nodes: the largest graph that is drawn.

    >>> x = Value(3.0, label="x")
    >>> drawing = draw(x * x)
    >>> drawing.dot.count("n0 -> n1")
    2

    Raises `TooManyNodesError` before it does any work on a graph that is larger than allowed.
    """
    picture = _pictured(root, detail, depth, max_nodes, check)
    partials = partials or isinstance(root, AnomalyError)
    mark_roots(picture, picture.roots)
    mark_not_finite(picture)
    mark_stale(picture)
    written = write(picture, direction=direction, color_by=color_by, partials=partials)
    return Drawing(written, len(picture.boxes), theme, picture.caption)


def _pictured(
    what: Value | Iterable[Value] | AnomalyError | Compiled,
    detail: Detail,
    depth: int | None,
    max_nodes: float,
    check: bool,
) -> Picture:
    if check and isinstance(what, AnomalyError | Compiled):
        kind = type(what).__name__
        raise TypeError(f"check=True compares the gradients of Values, and {kind} has none")
    if isinstance(what, AnomalyError):
        return compose_anomaly(what)
    if isinstance(what, Compiled):
        # Here, because it loads the stages of the compiler.
        from viz.graphs.programs import compose_program

        return compose_program(what)
    roots = _roots(what)
    if not check:
        return picture_of(roots, detail, depth, max_nodes)
    try:
        values = "values" if detail is None else detail
        picture = picture_of(roots, values, depth, min(max_nodes, CHECKED_ONE_BY_ONE))
    except TooManyNodesError:
        picture = picture_of(roots, detail, depth, max_nodes)
    mark_wrong(picture, roots, depth)
    return picture


def _roots(root: Value | Iterable[Value]) -> list[Value]:
    roots = list(root) if isinstance(root, Iterable) else [root]
    for value in roots:
        if not isinstance(value, Value):
            raise TypeError(
                f"draw() takes a Value or an iterable of Values, not {type(value).__name__}: "
                f"{value!r:.60}"
            )
    if not roots:
        raise ValueError("draw() of nothing: it needs at least one Value")
    return roots


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        # Nobody has heard of the temporary file.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
