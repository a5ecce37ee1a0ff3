"""The progress bar, a callback as any other."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from nn.training.progress import Progress

# With accuracies it fits in 80 columns, and leaves ten of them to the bar.
_LAYOUT = "{desc}{bar} {remaining}{postfix}"


class ProgressBar:
    """Shows the epoch, the time that is left, and the last epoch's numbers."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._warm = False

    def __call__(self, progress: Progress) -> None:
        if progress.pictured:
            return
        if progress.event == "begin":
            self._open(progress)
        elif progress.event == "step":
            self._step(progress)
        elif progress.event == "epoch":
            self._bar.set_postfix_str(progress.history.latest)
        else:
            self.close()

    def close(self) -> None:
        """Leave it as it is; an end by an error is none that is told."""
        if self._bar is not None:
            self._bar.close()

    def _open(self, progress: Progress) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # In a notebook without widgets it is a line of text.
            from tqdm.auto import tqdm
        done = len(progress.history) * progress.steps
        self._bar = tqdm(
            total=progress.epochs * progress.steps,
            initial=done,
            desc=f"{_epoch(progress, len(progress.history) + 1)}: ",
            bar_format=_LAYOUT,
            dynamic_ncols=True,
            disable=sys.stderr is None or getattr(sys.stderr, "closed", False),  # as of a service
        )

    def _step(self, progress: Progress) -> None:
        bar = self._bar
        if progress.step == 1:
            bar.set_description(_epoch(progress, progress.epoch), refresh=False)
        if self._warm:
            bar.update()
        else:  # The first step says nothing of the time of others: it has compiled the model.
            bar.unpause()
            bar.initial = bar.last_print_n = bar.n = bar.n + 1
            self._warm = True


def _epoch(progress: Progress, epoch: int) -> str:
    return f"epoch {epoch}/{progress.epochs}"
