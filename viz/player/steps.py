"""`steps`: a forward and a backward pass, step by step, in a terminal, a notebook or a browser."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args, overload

from autograd import Value
from viz.graphs.levels.beside import stand_beside
from viz.graphs.levels.units import units
from viz.graphs.picture import Picture, compose
from viz.player.pages.embedding import embedded, frame_height
from viz.player.pages.page import page
from viz.player.walk.frames import Step
from viz.player.walk.naming import names
from viz.player.walk.opening import opened
from viz.player.walk.passes import Holdings, Known, holdings
from viz.player.walk.rules import Speaker
from viz.player.walk.staging import Stage
from viz.player.walk.walkable import nodes_of, walkable
from viz.player.walk.walking import walked
from viz.saving import checked_folder, replace
from viz.svg.dot import write
from viz.svg.dressing import dress
from viz.svg.errors import RenderingError
from viz.svg.rendering import render
from viz.svg.texts.digits import digits
from viz.svg.theme import Theme

Detail = Literal["values", "products"]


class Steps(Sequence[Step]):
    """The steps of a forward and a backward pass, as `steps` makes them: a sequence of `Step`.

    It shows itself in Jupyter as a player, and saves that as a page. The numbers are those at the
    time at which it was made.

    Attributes:
        root: the node whose gradients are computed.
        names: what each node is called, operands before results.
    """

    def __init__(self, values: Sequence[Value], held: Holdings, theme: Theme) -> None:
        self._theme = theme
        found = units(values)
        self.names = names(values)
        self.root = values[-1]
        homes = {node: unit.name for unit in found for node in unit.nodes}
        picture = stand_beside(compose(values), found)
        precise = {
            box.value: count
            for box, count in zip(picture.boxes, digits(picture), strict=True)
            if box.value is not None
        }
        self._steps = walked(Speaker(self.root, self.names, homes, precise), held)
        self._stage = Stage(picture, self.names, precise, found, self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        return self._steps[index]

    def known(self, index: int) -> dict[Value, Known]:
        """What is known after a step: the number and the gradient of each node, or None.

        >>> x = Value(3.0, label="x")
        >>> walk = steps(x * x)
        >>> walk.known(0)[x]
        Known(data=3.0, grad=None)
        >>> walk.known(-1)[x]
        Known(data=3.0, grad=6.0)
        """
        found = dict(self._stage.beginning)
        for step in self._steps[: range(len(self))[index] + 1]:
            for change in step.changes:
                found[change.node] = found[change.node]._replace(**{change.name: change.after})
        return found

    @property
    def title(self) -> str:
        """What is computed, `L = tanh(v2), step by step`."""
        at_root = self._steps[-self._steps[-1].count]
        return f"{at_root.title}, step by step"

    @property
    def picture(self) -> Picture:
        """What is drawn: the graph after the last step."""
        return self._stage.picture

    @cached_property
    def data(self) -> dict[str, Any]:
        """The frames as the player's page has them: names, texts and numbers, ready for JSON."""
        return self._stage.data(self.title)

    @cached_property
    def svg(self) -> str:
        """The picture after the last step, as SVG; `RenderingError` if it cannot be made."""
        written = write(self.picture)
        return dress(render(written.source), written.dresses, self._theme, written.title)

    @cached_property
    def page(self) -> str:
        """The player, one HTML file with everything in it; `RenderingError` as for `svg`."""
        return page("steps", self.title, self.svg, self.data)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the player to an `.html` file, which needs nothing else, and give its path.

        The file is complete or not there: an older one is replaced at once, and only if nothing
        went wrong.

        Raises:
            ValueError: the suffix is another.
            OSError: the file cannot be written, `FileNotFoundError` if its folder is missing.
            RenderingError: the picture cannot be made.
        """
        path = checked_folder(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"{path.name!r}: steps are saved as .html, not as {path.suffix!r}; "
                "a picture without steps is saved by draw(loss).save()"
            )
        replace(path, self.page.encode())
        return path

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        try:
            player = embedded(self.page, self.svg, frame_height(self.svg), self.title)
            return {"text/html": player, "image/svg+xml": self.svg, "text/plain": repr(self)}
        except RenderingError as error:
            return {"text/plain": f"{self!r}, not shown: {error}"}

    def __repr__(self) -> str:
        back = self._steps[-1].count
        return f"<Steps of {self.names[self.root]}: {len(self) - back} forward, {back} backward>"


def steps(loss: Value, *, detail: Detail = "values", theme: Theme = "auto") -> Steps:
    """The computation of a number and of its gradients, step by step. The graph is not changed.

    First the nodes are computed, operands before results; then the gradient goes back from the
    loss, as `loss.backward()` has it go. Leaves add it to what they hold, and what they hold
    already is named: a `zero_grad()` that was forgotten is seen. If the graph shows the gradients
    of this very pass, because `loss.backward()` was called, the steps are those of that pass and
    end in the gradients as they are; else they are those of a pass to come.

    In the rules, dL/dz is the gradient of z, over all paths. What it is multiplied with is a local
    derivative: a formula, or ∂z/∂x where that would be long.

    Parameters:
        loss: the root of a graph of at most 1,000 nodes; not a constant.
        detail: "values", every node by itself; or "products", in which operations on any number
            of operands, such as `dot`, are the products and sums that they stand for. These are
            computed aside, with the numbers as they are now.
        theme: of the picture: "light", "dark", or "auto", as the reader's screen is.

    >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
    >>> for step in steps(w * x):
    ...     print(step)
    forward  1/1  L = w * x = 2 * 3 = 6
    backward 1/3  L.grad: dL/dL = 1
    backward 2/3  w.grad: 0 + dL/dL * x = 0 + 1 * 3 = 3
    backward 3/3  x.grad: 0 + dL/dL * w = 0 + 1 * 2 = 2

    Raises:
        TypeError: it is no Value, or stands for a number that only a compiled function will know.
        ValueError: it is a constant, or a result of a compiled function, which has no steps;
            or an argument is unknown.
        TooManyNodesError: the graph is too large, which is found out before any work.
    """
    for argument, given, known in (("detail", detail, Detail), ("theme", theme, Theme)):
        if given not in get_args(known):
            choices = ", ".join(map(repr, get_args(known)))
            raise ValueError(f"{argument}={given!r}: it is one of {choices}")
    held = holdings(walkable(loss))
    return Steps(nodes_of(opened(loss) if detail == "products" else loss), held, theme)
