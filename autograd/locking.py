"""The locks of the engine, and what becomes of them when a process forks.

`moving` is for what moves the numbers or gradients of many Values at once. It is one, so that two
threads cannot wait for each other; and the thread that holds it may take it again, as a signal
handler does.

The child of a fork has one thread. A lock that another one held would stay closed in it for ever.
"""

from __future__ import annotations

import os
from contextlib import suppress
from threading import RLock
from typing import Any
from weakref import WeakSet

_made: WeakSet[Any] = WeakSet()
forks = 0  # between the first process and this one


def lock() -> RLock:
    """A lock that is open in the child of a fork, unless the thread that forked holds it.

    >>> with lock():
    ...     "here is nobody else"
    'here is nobody else'
    """
    made = RLock()
    _made.add(made)
    return made


moving = lock()


def _release() -> None:
    with suppress(RuntimeError):  # An interrupt came while it was waited for.
        moving.release()


def _renew() -> None:
    global forks
    forks += 1
    _release()
    for made in list(_made):
        if not made._is_owned():
            made._at_fork_reinit()


# A step that another thread takes is waited for, so that the child has its numbers whole.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=moving.acquire,
        after_in_parent=_release,
        after_in_child=_renew,
    )
