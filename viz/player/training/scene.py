"""The panels of a training, side by side: what a film and a live picture have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from viz.panels.curves import Curves, Line
from viz.panels.writing import Panel, Placed, sheet
from viz.player.training.recording import Moment, View
from viz.svg.theme import Theme

if TYPE_CHECKING:
    from nn.training.history import History

WIDTH, GAP = 860, 12
UPPER, LOWER = 360, 210  # heights of the two rows

Columns = Mapping[str, Sequence[float]]  # of a history


@dataclass(frozen=True)
class Scene:
    """What was seen of a training, arranged.

    Parameters:
        columns: the history, an entry for each epoch.
        moments: those whose weights there are, of which the last is shown where one is.
        epochs: where the curves end at the right, if the training goes on.
        width: of all panels together.
    """

    view: View
    columns: Columns
    moments: Sequence[Moment]
    epochs: int = 0
    width: int = WIDTH

    @cached_property
    def curves(self) -> list[Curves]:
        """Those of the losses, of the accuracies if there are any, and of the sizes of parts."""
        last = max(self.epochs, self.moments[-1].epoch)
        losses = [self._line("training", "loss"), self._line("validation", "validation_loss")]
        made = [Curves("loss", "Loss", [x for x in losses if x], 0, last)]
        shares = [self._line("training", "accuracy")]
        shares += [self._line("validation", "validation_accuracy")]
        if known := [line for line in shares if line]:
            made.append(Curves("accuracy", "Accuracy", known, 0, last, share=True))
        if self.view.sizes:
            made.append(Curves("sizes", "Size of the weights", self._sizes(), 0, last))
        return made

    def _line(self, name: str, column: str) -> Line | None:
        numbers = self.columns.get(column)
        return None if numbers is None else Line(name, range(1, len(numbers) + 1), numbers)

    def _sizes(self) -> list[Line]:
        assert self.view.sizes
        epochs = [moment.epoch for moment in self.moments]
        return [
            Line(name, epochs, [float(moment.weights[i]) for moment in self.moments])
            for i, name in enumerate(self.view.sizes.names)
        ]

    def frame(self, name: str) -> tuple[int, int, int, int]:
        """Where a panel is, and how wide and high."""
        return self._frames[name]

    @cached_property
    def _frames(self) -> dict[str, tuple[int, int, int, int]]:
        half = (self.width - GAP) // 2
        right = half + GAP
        history = [curves.name for curves in self.curves if curves.name != "sizes"]
        below = "sizes" if self.view.sizes else "network"
        if self.view.plane:
            frames = {"plane": (0, 0, half, UPPER)}
            each = (UPPER - GAP * (len(history) - 1)) // len(history)
            for i, name in enumerate(history):
                frames[name] = (right, i * (each + GAP), half, each)
            return {**frames, below: (0, UPPER + GAP, self.width, LOWER)}
        width = (self.width - GAP * (len(history) - 1)) // len(history)
        frames = {name: (i * (width + GAP), 0, width, LOWER) for i, name in enumerate(history)}
        return {**frames, below: (0, LOWER + GAP, self.width, LOWER)}

    @property
    def height(self) -> int:
        """Of all panels together."""
        return max(y + height for _, y, _, height in self._frames.values())

    def panels(self) -> list[Panel]:
        """The panels at the last moment."""
        at, made = self.moments[-1], []
        if (plane := self.view.plane) and at.outputs is not None:
            made.append(plane.panel(*self.frame("plane")[2:], plane.read(at.outputs)))
        for curves in self.curves:
            made.append(curves.panel(*self.frame(curves.name)[2:], at.epoch))
        if network := self.view.network:
            made.append(network.panel(*self.frame("network")[2:], at.weights))
        return made

    def picture(self, says: str, theme: Theme = "auto") -> str:
        """The panels as one SVG."""
        placed = [Placed(panel, *self.frame(panel.name)[:2]) for panel in self.panels()]
        return sheet(placed, says, theme)


def measured(names: Iterable[str], history: History, epochs: int | None = None) -> Columns:
    """The columns of a history that a training measures, up to an epoch, also before the first."""
    known = history.columns
    return {name: known.get(name, [])[:epochs] for name in names}
