"""What callbacks watch: a column of the history."""

from __future__ import annotations

from nn.training.progress import Progress


def check_watched(callback: str, name: str, progress: Progress) -> None:
    """Raise a ValueError if the training does not measure that number."""
    if name not in progress.columns:
        missing = "; without validation=(X, y) there is none" if "validation" in name else ""
        raise ValueError(
            f"{callback} is to watch {name!r:.60}, and this training measures "
            f"{', '.join(progress.columns)}{missing}"
        )
