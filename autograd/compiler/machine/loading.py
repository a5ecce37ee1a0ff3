"""From the text of a program to functions that Python can call: compiled, kept, and loaded."""

from __future__ import annotations

import ctypes
import math
import mmap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autograd.compiler.machine import shared
from autograd.compiler.machine.cache import found, keep, name_of, remove
from autograd.compiler.machine.compilers import (
    Compiler,
    blamed,
    compiler,
    made_of,
)
from autograd.compiler.machine.expressions import FILES
from autograd.compiler.machine.processes import (
    NoMachineCodeError,
    TooSlowError,
    working_folder,
)

_ABOVE = (*FILES, "across.c", "shared.h", "places.c", "entry.c")

# Compilers that took too long: for how many characters, and what is said of it.
_too_slow: dict[Compiler, tuple[int, str]] = {}


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
    length, why = _too_slow.get(used, (math.inf, ""))
    if len(text) > length / 2:  # Nobody waits for a minute again.
        raise NoMachineCodeError(why)
    whole, parts = shared.above(used, _ABOVE) + text, shared.parts(used, text)
    name = name_of(whole, *parts, used.macros, *used.command, *used.sharing) + ".so"
    try:
        if kept := found(name):
            try:
                return Loaded(used.width, _functions(used, kept[0], names))
            except NoMachineCodeError:
                remove(name)
        with working_folder() as folder:
            shared.put(used, folder, parts)
            made = made_of(used, folder, {"program": whole}, (*parts, *used.sharing))
            path = keep(name, made["program"]) or Path(folder, "program.made")
            functions = _functions(used, path, names)
            shared.prove(parts)
            return Loaded(used.width, functions)
    except TooSlowError as error:
        remedies = ("compile a shorter function", 'take backend="numpy"')
        _too_slow[used] = len(text), blamed(used.command, str(error), *remedies)
        raise NoMachineCodeError(_too_slow[used][1]) from None
    except NoMachineCodeError:
        remove(name)
        shared.doubt(parts)
        raise


def _functions(used: Compiler, path: Path, names: Sequence[str]) -> tuple[Callable[..., Any], ...]:
    """The functions of a library. Each is made by one that has its name behind `chainrule_`."""
    try:
        library = ctypes.PyDLL(str(path))
        makers = [library[f"chainrule_{name}"] for name in names]
    except (OSError, AttributeError) as error:
        raise NoMachineCodeError(
            blamed(used.command, f"made what cannot be loaded ({error})")
            if _may_run(path)
            else f"nothing may run in {path.parent}: name another place with XDG_CACHE_HOME"
        ) from error
    for maker in makers:
        maker.restype = ctypes.py_object
    return tuple(maker() for maker in makers)


def _may_run(path: Path) -> bool:
    """Whether the system lets a file be run where it lies."""
    try:
        with open(path, "rb") as file:
            mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC).close()
    except PermissionError:
        return False
    except (OSError, ValueError):  # It is gone, or empty.
        return True
    return True
