"""Checkpoints: what training can go on from, saved while it goes on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nn.module import Module
from nn.settings.counts import from_one
from nn.settings.habits import WithHabits
from nn.training.callbacks.habits import CHECKPOINTS
from nn.training.callbacks.watching import check_watched, column
from nn.training.progress import Progress


class Checkpoints(WithHabits):
    """Saves model, optimizer and history after epochs, in one file, as `nn.save` does.

    `fit(..., optimizer=loaded.optimizer, history=loaded.history)` with what `nn.load` gives goes on
    from there, to the same bits.

    Parameters:
        path: the file, whose folder is there; each save replaces the one before.
        every: how many epochs lie between two saves, from 1 on.
        best: a column of the history, such as "validation_loss", to save only when it is better
            than in all epochs before; None for always.
        notes: what else to keep in the file, as for `nn.save`.

    Raises:
        ValueError, TypeError: the training does not measure what `best` says, or something cannot
            be saved, as `nn.save` says of it.
        OSError: there is no such folder, or the path is a folder's. All of these before the first
            step.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, fit, load, moons
    >>> data = moons(40)
    >>> with TemporaryDirectory() as folder:
    ...     keeping = Checkpoints(f"{folder}/moons.safetensors")
    ...     history = fit(MLP(2, [2], seed=0), data.X, data.y, epochs=3, callbacks=[keeping],
    ...                   progress=False)
    ...     loaded = load(f"{folder}/moons.safetensors")
    >>> loaded.history == history
    True
    """

    _here = CHECKPOINTS

    def __init__(
        self,
        path: str | os.PathLike[str],
        every: int = 1,
        best: str | None = None,
        notes: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = Path(path)
        self.every = from_one("every", every)
        if best is not None and self.every != 1:
            raise ValueError(
                f"every={every} and best={best!r:.60} exclude each other: the best epoch may be "
                "one between two saves"
            )
        self.best = None if best is None else column("best", best)
        self.notes = notes

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._check(progress)
        elif progress.event == "epoch" and self._due(progress):
            self._save(progress)

    def _due(self, progress: Progress) -> bool:
        history = progress.history
        if self.best is not None and history.best_by(self.best) != len(history):
            return False
        return progress.epoch % self.every == 0

    def _save(self, progress: Progress) -> None:
        from nn.exchange import save

        save(
            progress.model,
            self.path,
            optimizer=progress.optimizer,
            history=progress.history,
            notes=self.notes,
        )

    def _check(self, progress: Progress) -> None:
        if self.best is not None:
            check_watched("Checkpoints", self.best, progress)
        if not isinstance(progress.model, Module):
            raise TypeError(f"Checkpoints save a Module, and the model is {progress.model!r:.80}")
        from nn.exchange import files
        from nn.exchange.saving import contents

        files.checked(self.path)
        contents(progress.model, progress.optimizer, progress.history, self.notes)

    def __repr__(self) -> str:
        return f"Checkpoints({str(self.path)!r}, every={self.every}, best={self.best!r})"
