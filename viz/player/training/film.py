"""`Film`: a callback of `fit` that records what a training looks like, to be played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from viz.player.pages.embedding import embedded
from viz.player.pages.page import page as page_of
from viz.player.training.course import Course
from viz.player.training.given import checked_classes, checked_examples
from viz.player.training.recording import Moments, View
from viz.player.training.reels import MEASURED, reel
from viz.player.training.scene import Scene
from viz.saving import checked_folder, replace
from viz.svg.texts.labels import number

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from nn.training.progress import Progress

AROUND = 190  # pixels of a page that the panels do not have


class Film:
    """Records a training, a picture for each of some epochs, to be played like a film.

    There is the network with its weights, the curves of the history, and for two inputs the plane
    with what the model makes of it. It shows itself in Jupyter, and saves itself as a page.

    A film is of one training. Given to `fit` again with the history that it saw, and the same
    examples to draw, it goes on; with another history, other examples, or another network it begins
    anew. Of two trainings at once it is of the one that began last. Of a training that ends early,
    by an interrupt or an error, it has what there was until then: its last picture is of the last
    whole epoch.

    Parameters:
        X, y: examples to draw, as the model takes them: scaled, if its inputs are. Without them
            those of the training are drawn.
        frames: at most so many pictures, from 2 on, besides the one from before the first epoch.
            If there are more epochs, those between first and last are at equal distances.
        classes: names of the classes, instead of their numbers.

    Raises:
        ValueError, TypeError: X and y are not finite or do not fit each other, or, in `fit`, not
            the model and its loss: before anything has changed.

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
        self._course: Course | None = None

    @property
    def epochs(self) -> list[int]:
        """Those of which it has a picture; 0 is before the first."""
        course = self._course
        return [moment.epoch for moment in course.moments.shown] if course else []

    def __call__(self, progress: Progress) -> None:
        course = self._course
        if progress.event == "begin":
            view, moments = View(progress, self._examples, self.classes), Moments(self.frames + 1)
            if course and course.goes_on(progress, view):
                moments = course.moments
            self._course = Course(progress, view, moments)
        elif progress.event == "epoch" and course and course.is_of(progress):
            course.look(progress)

    def _recorded(self) -> Course:
        if self._course is None:
            raise ValueError(
                "the film is empty: record a training with fit(model, X, y, callbacks=[film])"
            )
        return self._course

    def scene(self) -> Scene:
        """What it has recorded.

        Raises:
            ValueError: nothing.
        """
        return self._recorded().scene

    @property
    def page(self) -> str:
        """The page that plays it, complete; the errors are those of `scene`."""
        course = self._recorded()
        body, data = reel(course.scene, course.title)
        return page_of("film", course.title, body, data)

    @property
    def svg(self) -> str:
        """The last picture; the errors are those of `scene`."""
        course = self._recorded()
        scene = course.scene
        said = [f"{course.title}: epoch {scene.moments[-1].epoch}"]
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
        if self._course is None:
            return {"text/plain": repr(self)}
        height, picture = self.scene().height + AROUND, self.svg
        return {
            "text/html": embedded(self.page, picture, height, self._course.title),
            "image/svg+xml": picture,
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        epochs = self.epochs
        if not epochs:
            return "<Film of nothing yet: give it to fit(..., callbacks=[film])>"
        frames = "1 frame" if len(epochs) == 1 else f"{len(epochs)} frames"
        return f"<Film of {frames}: epochs {epochs[0]} to {epochs[-1]}>"
