"""What a film has recorded of one training."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from viz.player.training.recording import Moments, View
from viz.player.training.scene import Scene, measured

if TYPE_CHECKING:
    from nn.training.progress import Progress


class Course:
    """The moments of a training and its history, as far as it was seen.

    It refers to the training weakly, and to its model not at all: so to look at it changes nothing
    there, and it can be copied.

    Parameters:
        progress: the training, at "begin".
        moments: those of before, if it goes on.
    """

    def __init__(self, progress: Progress, view: View, moments: Moments) -> None:
        self.view, self.moments = view, moments
        self.title = f"Training of {progress.model!r:.80}"
        self._columns, self._history = list(progress.columns), progress.history
        self._training = ref(progress)
        if len(progress.history) > self.seen:
            self.look(progress)

    @property
    def seen(self) -> int:
        """The last epoch of which there is a picture; -1 if there is none."""
        return self.moments.latest.epoch if self.moments.latest else -1

    @property
    def scene(self) -> Scene:
        """What there is to see."""
        moments = self.moments.shown  # Once: somebody else may be training.
        columns = measured(self._columns, self._history, moments[-1].epoch)
        return Scene(self.view, columns, moments)

    def is_of(self, progress: Progress) -> bool:
        """Whether it is of this training."""
        return self._training() is progress

    def look(self, progress: Progress) -> None:
        """Take a picture of the epoch that was just measured."""
        # In one assignment: an interrupt, or a look from another thread, finds old or new.
        self.moments = self.moments.and_then(self.view.moment(progress))

    def goes_on(self, progress: Progress, view: View) -> bool:
        """Whether a training begins with what was seen here, and looks alike."""
        seen, history = self.seen, progress.history
        if seen < 1 or len(history) < seen or not view.is_like(self.view):
            return False
        columns = self._columns
        return measured(columns, history, seen) == measured(columns, self._history, seen)
