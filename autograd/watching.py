"""Watched objects: those of which it is noticed that an attribute was set, or is read.

A compiled function is recorded once. What it read from a watched object then is known, so that
a later call can see whether it still holds: while no attribute of any watched object has been
set, which one comparison of `version` tells, it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from autograd import context

version = 0  # rises whenever an attribute of a watched object is set or deleted
MISSING = object()  # stands for an attribute or a name that is not there

_counting = Lock()
_showing = 0


class Watched:
    """The base of objects whose attributes compiled functions read as they are at every call."""

    def __setattr__(self, name: str, value: Any) -> None:
        global version
        super().__setattr__(name, value)
        version += 1  # after the change: who sees the new number sees the new attribute

    def __delattr__(self, name: str) -> None:
        global version
        super().__delattr__(name)
        version += 1


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
    with _counting:
        _showing += 1
        Watched.__getattribute__ = _shown  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        with _counting:
            _showing -= 1
            if not _showing:
                del Watched.__getattribute__
