"""From the text of a program to functions that Python can call: compiled, kept, and loaded.

What all programs share, the products of matrices above all, is compiled once for a machine, and
linked to each.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from autograd.compiler.machine.cache import alone, found, keep, name_of, remove
from autograd.compiler.machine.compilers import (
    REMEDY,
    Compiler,
    CompilerTimeoutError,
    NoMachineCodeError,
    compiler,
    run,
    working_folder,
)
from autograd.compiler.machine.expressions import FILES
from autograd.locking import lock

_INLINED = (*FILES, "across.c", "places.c", "shared.h", "entry.c")  # above a program
_SHARED = (FILES[0], "across.c", "shared.h", "arguments.c", "products.c", "pairs.c")
_SHARED_FLAGS = ("-c", "-O3")  # slow to compile, but only once

_making_shared = lock()  # of many threads that need it, one makes it
_shared: dict[str, bytes] = {}  # what this process has made or read of it
_proven: set[str] = set()  # with what a program was linked and loaded
_too_slow: dict[str, str] = {}  # what is said of compilers that took too long


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
    whole = f"#define WIDTH {used.width}\n{_library(_INLINED)}{text}"
    shared = f"#define WIDTH {used.width}\n{_library(_SHARED)}"
    on = (used.macros, *used.command, *_SHARED_FLAGS)
    shared_name = name_of(shared, *on) + ".o"
    name = name_of(whole, shared, *used.sharing, *on) + ".so"
    if shared_name in _too_slow:  # Nobody waits for a minute again.
        raise NoMachineCodeError(_too_slow[shared_name])
    try:
        if kept := found(name):
            try:
                return Loaded(used.width, _functions(kept[0], names))
            except NoMachineCodeError:
                remove(name)
        with working_folder() as folder:
            _share(used, folder, shared, shared_name)
            made = _made(used, folder, "program", whole, ("shared.o", *used.sharing))
            functions = _functions(keep(name, made.read_bytes()) or made, names)
            _proven.add(shared_name)
            return Loaded(used.width, functions)
    except CompilerTimeoutError as error:
        _too_slow[shared_name] = str(error)
        raise
    except NoMachineCodeError:
        remove(name)
        if shared_name not in _proven:
            remove(shared_name)
            _shared.pop(shared_name, None)
        raise


def _share(used: Compiler, folder: str, text: str, name: str) -> None:
    """Put into the folder what every program is linked with."""
    with _making_shared:
        made = _shared.get(name)
        if made is None:
            made = _kept(name)
            if made is None:
                with alone():  # Others wait, and then find it.
                    made = _kept(name) or _compiled_once(used, folder, text, name)
            _shared[name] = made
    Path(folder, "shared.o").write_bytes(made)


def _kept(name: str) -> bytes | None:
    """What is shared, if it was found: a program was linked with it before."""
    if kept := found(name):
        _proven.add(name)
        return kept[1]
    return None


def _compiled_once(used: Compiler, folder: str, text: str, name: str) -> bytes:
    made = _made(used, folder, "shared", text, _SHARED_FLAGS).read_bytes()
    keep(name, made)
    return made


def _made(used: Compiler, folder: str, name: str, text: str, flags: tuple[str, ...]) -> Path:
    """What the compiler makes of a text."""
    Path(folder, f"{name}.c").write_text(text, encoding="utf-8")
    made = Path(folder, f"{name}.made")
    run(used.command, (f"{name}.c", *flags, "-o", made.name), folder)
    if not made.exists():
        raise NoMachineCodeError(f"{used.command[0]} ended well and made nothing: {REMEDY}")
    return made


@cache
def _library(files: tuple[str, ...]) -> str:
    return "".join(Path(__file__).with_name(name).read_text("utf-8") for name in files)


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
