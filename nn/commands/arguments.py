"""Numbers and folders as words of a command line; what is none is refused in one sentence."""

from __future__ import annotations

import argparse
import math
from pathlib import Path


def count(text: str) -> int:
    """A whole number from 1 on."""
    return _whole(text, least=1)


def seed(text: str) -> int:
    """A whole number from 0 on."""
    return _whole(text, least=0)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
    return int(text)


def rate(text: str) -> float:
    """A finite number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def folder(text: str) -> Path:
    """A folder, which need not be there yet."""
    if not text:
        raise argparse.ArgumentTypeError("it names no folder; the present one is .")
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a file, and not a folder")
    return path
