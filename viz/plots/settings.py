"""What the settings of plots may be: counts, and names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nn.settings.counts import is_whole
from viz.plots.text import plain


def from_two(name: str, count: Any) -> int:
    """The count as an int, of points that an area or a line is computed at.

    Raises:
        ValueError: it is no whole number from 2 on.

    >>> from_two("resolution", 30)
    30
    """
    if not is_whole(count) or count < 2:
        raise ValueError(f"{name} must be a whole number from 2 on, not {count!r:.60}")
    return int(count)


def names_of(what: str, given: Any, count: int) -> list[str]:
    """So many names, as they are shown.

    Raises:
        TypeError, ValueError: they are one text, whose letters would be taken for names, or more
            or fewer.

    >>> names_of("inputs", ("size", "age"), 2)
    ['size', 'age']
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        example = ("size",) if count == 1 else ("x", "y", "z")[:count]
        raise TypeError(f"{what} is a tuple of names, such as {example}, not {given!r:.60}")
    names = [plain(name) for name in given]
    if len(names) != count:
        raise ValueError(f"{what} has {len(names)} names, and {count} are expected: {given!r:.60}")
    return names
