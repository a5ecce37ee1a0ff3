"""From the text of a program to functions that Python can call: compiled, kept, and loaded."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autograd.compiler.machine import shared
from autograd.compiler.machine.cache import found, keep, name_of, remove
from autograd.compiler.machine.compilers import (
    Compiler,
    CompilerTimeoutError,
    NoMachineCodeError,
    compiler,
    made_of,
    working_folder,
)
from autograd.compiler.machine.expressions import FILES

_ABOVE = (*FILES, "across.c", "places.c", "shared.h", "entry.c")

_too_slow: dict[Compiler, str] = {}  # what is said of compilers that took too long


class Loaded(NamedTuple):
    """The functions of a program.

    Attributes:
        width: how many float64 a vector holds.
        functions: what was asked for, in that order.
    """

    width: int
    functions: tuple[Callable[..., Any], ...]


def loaded(text: str, names: Sequence[str], flags: tuple[str, ...] = ()) -> Loaded:
    """The functions of a program, compiled now if it was not before.

    Parameters:
        text: in C, with an ENTRY for each name.
        flags: more of them for the compiler.

    Raises:
        NoMachineCodeError: there is no compiler, or something else went wrong.
    """
    used = compiler(flags)
    if used in _too_slow:  # Nobody waits for a minute again.
        raise NoMachineCodeError(_too_slow[used])
    whole, parts = shared.above(used, _ABOVE) + text, shared.parts(used, text)
    name = name_of(whole, *parts, used.macros, *used.command, *used.sharing) + ".so"
    try:
        if kept := found(name):
            try:
                return Loaded(used.width, _functions(kept[0], names))
            except NoMachineCodeError:
                remove(name)
        with working_folder() as folder:
            shared.put(used, folder, parts)
            made = made_of(used, folder, "program", whole, (*parts, *used.sharing))
            functions = _functions(keep(name, made) or Path(folder, "program.made"), names)
            shared.prove(parts)
            return Loaded(used.width, functions)
    except CompilerTimeoutError as error:
        _too_slow[used] = str(error)
        raise
    except NoMachineCodeError:
        remove(name)
        shared.doubt(parts)
        raise


def _functions(path: Path, names: Sequence[str]) -> tuple[Callable[..., Any], ...]:
    """The functions of a library. Each is made by one that has its name behind `chainrule_`."""
    try:
        library = ctypes.PyDLL(str(path))
        makers = [library[f"chainrule_{name}"] for name in names]
    except (OSError, AttributeError) as error:
        raise NoMachineCodeError(
            f"what was compiled cannot be loaded ({error}): if nothing may run in that folder, "
            "name another with XDG_CACHE_HOME"
        ) from error
    for maker in makers:
        maker.restype = ctypes.py_object
    return tuple(maker() for maker in makers)
