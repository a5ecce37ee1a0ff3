"""Where in a person's code something happened, the nearest frame outside the library, and
warnings that point there.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from types import FrameType
from typing import Any

# What the library calls on the way to its own code is no person's either.
_library = {"autograd", "contextlib", "functools", "numpy"}


def belongs_to_library(package: str) -> None:
    """Take frames of that package for the library's: messages then point at its caller."""
    _library.add(package)


def in_library(module: str) -> bool:
    """Whether a module is the library's, or one that it calls on the way to its own."""
    return module.partition(".")[0] in _library


def person_line() -> tuple[str, int]:
    """File and line of the innermost frame that is not the library's."""
    return _line(_person_frame())


def _line(frame: FrameType | None) -> tuple[str, int]:
    return (frame.f_code.co_filename, frame.f_lineno) if frame else ("<unknown>", 0)


def _person_frame() -> FrameType | None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and in_library(str(frame.f_globals.get("__name__"))):
        frame = frame.f_back
    return frame


def described(line: tuple[str, int]) -> str:
    """The line as a person looks for it: `train.py:12: loss = p.log()`."""
    file, number = line
    source = linecache.getline(file, number).strip()
    place = f"{file}:{number}"
    return f"{place}: {source}" if source else place


def warn(text: str, category: type[Warning] = RuntimeWarning) -> None:
    """Warn as of the person's line; by Python's own filters once for the same text and line."""
    frame = _person_frame()
    names: dict[str, Any] = frame.f_globals if frame else {}
    warnings.warn_explicit(
        text,
        category,
        *_line(frame),
        module=names.get("__name__"),
        registry=names.setdefault("__warningregistry__", {}),
    )
