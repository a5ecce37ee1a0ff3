"""`Live`: a callback of `fit` that shows a training in Jupyter while it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from viz.player.training.given import checked_classes, checked_examples
from viz.player.training.recording import Moments, View
from viz.player.training.scene import Scene, measured

if TYPE_CHECKING:
    from nn.training.progress import Progress

SECONDS = 0.2  # between two pictures, at least
SHARE = 0.1  # of the time, at most, for drawing
LONG = 0.6  # seconds without an epoch, after which its steps are told
MOST = 200  # epochs at which the sizes of parts are known
WIDTH = 760  # pixels that a cell of a notebook has at least, on usual screens


class Live:
    """Draws the curves of a training, the network, and for two inputs the plane, as it learns.

    In a notebook the picture is one output, which is drawn anew at most five times a second, or
    less often where that would take more than a tenth of the time. The last one stays, and there
    is no progress bar beside it. Elsewhere, as in a terminal, nothing is drawn, and the bar is
    there. After an error in `fit` the last picture is the one that was drawn last, maybe of some
    epochs before.

    Parameters:
        X, y, classes: as of a `Film`.

    Raises:
        ValueError, TypeError: X and y are not finite or do not fit each other, or, in `fit`, not
            the model and its loss: before anything has changed.

    >>> from nn import MLP, fit, moons
    >>> data = moons(40)
    >>> history = fit(MLP(2, [4, 2], seed=0), data.X, data.y, epochs=2, callbacks=[Live()],
    ...               progress=False)
    """

    def __init__(self, X: Any = None, y: Any = None, *, classes: Sequence[str] = ()) -> None:
        self._examples, self.classes = checked_examples(X, y), checked_classes(classes)
        self._showing: _Showing | None = None

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._showing = None
            view = View(progress, self._examples, self.classes)
            if in_notebook():
                progress.pictured = True
                self._showing = _Showing(progress, view)
        elif self._showing:
            self._showing.look(progress)

    def __repr__(self) -> str:
        return "Live()"


def in_notebook(shell: Any = None) -> bool:
    """Whether a kernel runs this, which can change what it has shown; a terminal cannot.

    >>> in_notebook()
    False
    """
    # Asking for IPython's shell must not be what loads IPython.
    if shell is None and (ipython := sys.modules.get("IPython")):
        shell = ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


class _Showing:
    """One output of a notebook, and what it shows."""

    def __init__(self, progress: Progress, view: View) -> None:
        from IPython.display import display

        self._view, self._moments = view, Moments(MOST)
        self._began, self._pause = time.monotonic(), SECONDS
        self._see(progress)
        bundle = self._bundle(progress)
        self._handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def look(self, progress: Progress) -> None:
        """Draw, if it is time to, or the end."""
        now = time.monotonic()
        pause = max(LONG, self._pause) if progress.event == "step" else self._pause
        if progress.event != "end" and now - self._began < pause:
            return
        if progress.event != "step":  # at which there is dropout
            self._see(progress)
        self._handle.update(self._bundle(progress), raw=True)
        self._began, self._pause = now, max(SECONDS, (time.monotonic() - now) / SHARE)

    def _see(self, progress: Progress) -> None:
        self._moments = self._moments.and_then(self._view.moment(progress))

    def _bundle(self, progress: Progress) -> dict[str, str]:
        said = _said(progress)
        columns = measured(progress.columns, progress.history)
        scene = Scene(self._view, columns, self._moments.shown, progress.epochs, WIDTH)
        return {"image/svg+xml": scene.picture(said), "text/plain": said}


def _said(progress: Progress) -> str:
    """Where the training is, and the numbers of the last epoch."""
    history, ending = progress.history, ""
    where = f"epoch {len(history)} of {progress.epochs}"
    if progress.event in ("begin", "step"):
        where = f"epoch {progress.epoch} of {progress.epochs}"
        where += f", step {progress.step} of {progress.steps}"
    elif progress.event == "end":
        ending = "interrupted" if history.interrupted else progress.stopped or ""
    return ", ".join(filter(None, [where, history.latest, ending]))
