"""`Film`: a callback of `fit` that records what a training looks like, to be played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from viz.player.embedding import embedded
from viz.player.page import page as page_of
from viz.player.recording import (
    Moment,
    Moments,
    View,
    checked_classes,
    checked_examples,
)
from viz.player.reels import MEASURED, reel
from viz.player.scene import Scene, measured
from viz.saving import checked_folder, replace
from viz.svg.labels import number

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from nn.training.history import History
    from nn.training.progress import Progress

Array = NDArray[Any]

AROUND = 190  # pixels of a page that the panels do not have


class Film:
    """Records a training, a picture for each of some epochs, to be played like a film.

    There is the network with its weights, the curves of the history, and for two inputs the plane
    with what the model makes of it. It shows itself in Jupyter, and saves itself as a page.

    A film is of one training. Given to `fit` again with the history that it saw, it goes on; with
    another training it begins anew. Of a training that ends early, by an interrupt or an error, it
    has what there was until then: its last picture is of the last whole epoch.

    Parameters:
        X, y: examples to draw, as the model takes them: scaled, if its inputs are. Without them
            those of the training are drawn.
        frames: at most so many pictures, from 2 on, besides the one from before the first epoch.
            If there are more epochs, those between first and last are at equal distances.
        classes: names of the classes, instead of their numbers.

    Raises:
        ValueError, TypeError: X and y do not fit each other, or in `fit` the model: before
            anything has changed.

    >>> from nn import MLP, fit, moons
    >>> data = moons(40)
    >>> film = Film(frames=10)
    >>> history = fit(MLP(2, [4, 2], seed=0), data.X, data.y, epochs=30, callbacks=[film],
    ...               progress=False)
    >>> film, film.epochs
    (<Film of 9 frames: epochs 0 to 30>, [0, 4, 8, 12, 16, 20, 24, 28, 30])
    """

    def __init__(
        self,
        X: Any = None,
        y: Any = None,
        *,
        frames: int = 60,
        classes: Sequence[str] = (),
    ) -> None:
        self._examples, self.classes = checked_examples(X, y), checked_classes(classes)
        if isinstance(frames, bool) or not isinstance(frames, int) or frames < 2:
            raise ValueError(f"frames is a whole number from 2 on, not {frames!r:.80}")
        self.frames = frames
        self._forget()
        self._view: View | None = None
        self._history: History | None = None
        self._title = ""

    @property
    def epochs(self) -> list[int]:
        """Those of which it has a picture; 0 is before the first."""
        return [moment.epoch for moment in self.recorded()]

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._begin(progress)
        elif progress.event == "epoch":
            self._record(progress.epoch)
        elif progress.event == "end":
            self.recorded()  # while the model is as it was in training

    def _forget(self) -> None:
        self._moments = Moments(self.frames + 1)
        self._latest: tuple[int, Array] | None = None  # the last epoch, if it is none of these
        self._last: Moment | None = None  # what it looked like
        self._seen = -1  # epochs

    def _begin(self, progress: Progress) -> None:
        view = View(progress, self._examples, self.classes)
        if not self._knows(progress.history):
            self._forget()
        self._view, self._history = view, progress.history
        self._columns = progress.columns
        self._title = f"Training of {progress.model!r:.80}"
        if len(progress.history) > self._seen:
            self._record(len(progress.history))

    def _record(self, epoch: int) -> None:
        assert self._view
        self._last, self._latest = None, None
        if self._moments.due(epoch):
            moment = self._view.moment(epoch)
            self._last = None if self._moments.add(moment) else moment
        else:
            self._latest = epoch, self._view.numbers()
        self._seen = epoch

    def recorded(self) -> list[Moment]:
        """The moments, in order, the last of the training among them."""
        kept = self._moments.kept
        if self._latest and self._view:
            self._last, self._latest = self._view.moment_of(*self._latest), None
        return [*kept[: self.frames], self._last] if self._last else list(kept)

    def _knows(self, history: History) -> bool:
        """Whether the history begins with what it has seen."""
        if self._history is None or self._seen < 1 or len(history) < self._seen:
            return False
        both = (measured(self._columns, x, self._seen) for x in (history, self._history))
        return next(both) == next(both)

    def scene(self) -> Scene:
        """What it has recorded.

        Raises:
            ValueError: nothing.
        """
        if self._view is None or self._history is None:
            raise ValueError(
                "the film is empty: record a training with fit(model, X, y, callbacks=[film])"
            )
        columns = measured(self._columns, self._history, self._seen)
        return Scene(self._view, columns, self.recorded())

    @property
    def page(self) -> str:
        """The page that plays it, complete; the errors are those of `scene`."""
        scene = self.scene()
        body, data = reel(scene, self._title)
        return page_of("film", self._title, body, data)

    @property
    def svg(self) -> str:
        """The last picture; the errors are those of `scene`."""
        scene = self.scene()
        said = [f"{self._title}: epoch {self._seen}"]
        for name, numbers in scene.columns.items():
            if numbers and name.endswith(("loss", "accuracy")):
                said.append(f"{MEASURED[name]} {number(numbers[-1])}")
        return scene.picture(", ".join(said))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page that plays it to an `.html` file, or its last picture to an `.svg` file.

        Raises:
            ValueError: the suffix is another, or nothing was recorded.
            OSError: the file cannot be written, `FileNotFoundError` if its folder is missing.
        """
        path = checked_folder(path)
        match path.suffix.lower():
            case ".html" | ".htm":
                content = self.page
            case ".svg":
                content = self.svg
            case suffix:
                raise ValueError(
                    f"{path.name!r}: a film is saved as .html, its last picture as .svg, not as "
                    f"{suffix!r}"
                )
        replace(path, content.encode())
        return path

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        if not self.epochs:
            return {"text/plain": repr(self)}
        height = self.scene().height + AROUND
        return {
            "text/html": embedded(self.page, self.svg, height, self._title),
            "image/svg+xml": self.svg,
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        if not self.epochs:
            return "<Film of nothing yet: give it to fit(..., callbacks=[film])>"
        epochs = self.epochs
        frames = "1 frame" if len(epochs) == 1 else f"{len(epochs)} frames"
        return f"<Film of {frames}: epochs {epochs[0]} to {epochs[-1]}>"
