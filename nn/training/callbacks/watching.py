"""What callbacks watch: a column of the history."""

from __future__ import annotations

import warnings
from typing import Any

from autograd.origin import person_line
from nn.training.history import History
from nn.training.progress import Progress


def column(argument: str, name: Any) -> str:
    """The name, if a history has a column of it.

    Raises:
        TypeError, ValueError: it is no text, or no column.
    """
    names = [each for each, content in vars(History()).items() if isinstance(content, list)]
    if not isinstance(name, str):
        raise TypeError(f"{argument} is the name of a column of the history, not {name!r:.80}")
    if name not in names:
        raise ValueError(f"{argument} is one of {', '.join(names)}, not {name!r:.80}")
    return name


def check_watched(callback: str, name: str, progress: Progress) -> None:
    """Raise a ValueError if the training does not measure that number."""
    if name not in progress.columns:
        missing = "; without validation=(X, y) there is none" if "validation" in name else ""
        raise ValueError(
            f"{callback} is to watch {name!r:.60}, and this training measures "
            f"{', '.join(progress.columns)}{missing}"
        )


def warn_of(text: str) -> None:
    """Warn, as of the line that called `fit`."""
    file, line = person_line()
    warnings.warn_explicit(text, RuntimeWarning, file, line)
