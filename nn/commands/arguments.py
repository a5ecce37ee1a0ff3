"""Numbers, files and folders as words of a command line; what is none is refused in a sentence."""

from __future__ import annotations

import argparse
import math
from pathlib import Path


class CommandError(ValueError):
    """What was asked for makes no sense, as the message says; nothing has been written."""


def count(text: str) -> int:
    """A whole number from 1 on."""
    return _whole(text, least=1)


def folds(text: str) -> int:
    """A whole number from 2 on."""
    return _whole(text, least=2)


def seed(text: str) -> int:
    """A whole number from 0 on."""
    return _whole(text, least=0)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
    return int(text)


def rate(text: str) -> float:
    """A finite number above 0."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def strength(text: str) -> float:
    """A finite number from 0 on."""
    number = _number(text)
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return number


def share(text: str) -> float:
    """A number from 0 to below 1."""
    number = _number(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to below 1")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def folder(text: str) -> Path:
    """A folder, which need not be there yet."""
    if not text:
        raise argparse.ArgumentTypeError("it names no folder; the present one is .")
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a file, and not a folder")
    return path


def new_file(text: str) -> Path:
    """A file to be written, in a folder that is there."""
    path = Path(text)
    if not text or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} names no file")
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder of {text!r} is not there")
    return path
