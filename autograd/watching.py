"""Watched objects: those of which it is noticed that an attribute was set, or is read.

A compiled function is recorded once. What it read from a watched object then is known, so that
a later call can see whether it still holds: while no attribute of any watched object has been
set, which one comparison of `version` tells, it does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from autograd import context
from autograd.locking import lock

version = 0  # rises whenever an attribute of a watched object is set or deleted
MISSING = object()  # stands for an attribute or a name that is not there

_counting = lock()  # which the collector may ask for at any time, by what it deletes
_showing = 0
_changed: deque[int] = deque(maxlen=4096)  # the identities of the objects, the latest last


def contents(cell: Any) -> Any:
    """What a closure's cell holds; MISSING before it is filled."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


class Watched:
    """The base of objects whose attributes compiled functions read as they are at every call."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        _count(self)

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        _count(self)


def _count(changed: Watched) -> None:
    """After the change: who sees the new version sees the new attribute."""
    global version
    with _counting:
        _changed.append(id(changed))
        version += 1


def changed_since(earlier: int) -> set[int] | None:
    """The identities of the objects that have changed since a version; None if nobody knows."""
    with _counting:
        count = version - earlier
        if count > len(_changed):
            return None
        return set(islice(reversed(_changed), count))


def _shown(self: Watched, name: str) -> Any:
    if context.special and (tracer := context.current().tracer):
        tracer.saw(self, name)
    return object.__getattribute__(self, name)


@contextmanager
def reads_shown() -> Iterator[None]:
    """For the time of a block, show the tracer what is read from watched objects.

    Only for that time, because it makes every attribute slower.
    """
    global _showing
    shown = False
    try:
        with _counting:
            _showing += 1
            shown = True
            Watched.__getattribute__ = _shown  # type: ignore[method-assign, assignment]
        yield
    finally:
        with _counting:
            _showing -= shown
            if not _showing and "__getattribute__" in vars(Watched):
                del Watched.__getattribute__
