"""One lock for what moves the numbers or gradients of many Values at once.

It is one, so that two threads cannot wait for each other; and the thread that holds it may take it
again, as a signal handler does.
"""

from __future__ import annotations

from threading import RLock

moving = RLock()
