"""Which C compiler there is, what it says of the processor, and what it makes of a text."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from autograd.compiler.machine.processes import (
    FailedError,
    NoMachineCodeError,
    NotStartedError,
    TooSlowError,
    run,
    started,
    working_folder,
)

FLAGS = (
    "-O2",
    "-march=native",
    # Whatever CC says: this C, numbers that are not finite count, and nothing is rearranged.
    "-std=gnu11",
    "-fno-fast-math",
    "-fno-finite-math-only",
    "-fno-unsafe-math-optimizations",
    "-fno-associative-math",
    "-fno-reciprocal-math",
    "-fsigned-zeros",
    "-ffp-contract=off",  # what is fused says so, so that it is the same with every compiler
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-strict-aliasing",  # the bits of numbers are read as whole ones
    "-fPIC",
    "-fvisibility=hidden",
    "-g0",
    "-w",
)
_OTHER_CC = "unset CC, or name a C compiler with it"
_NO_VECTORS = (
    "makes no vectors of the kind AVX2 for this processor, and machine code has no others so far"
)


class Compiler(NamedTuple):
    """A C compiler, and this processor as it sees it.

    Attributes:
        command: how it is called, the flags that everything is compiled with among it.
        macros: what it defines: its version, and each feature of the processor.
        width: how many float64 the widest vectors hold.
    """

    command: tuple[str, ...]
    macros: str
    width: int

    @property
    def sharing(self) -> tuple[str, ...]:
        """The flags of a library that finds all it calls in the Python that loads it.

        Not even the C library is linked to, which is there as well: a compiler that brings its own
        would first have to compile that, for seconds.
        """
        if sys.platform == "darwin":
            return ("-shared", "-undefined", "dynamic_lookup")
        return ("-shared", "-nostdlib")


def compiler(flags: tuple[str, ...] = ()) -> Compiler:
    """The compiler that `CC` names; without `CC` the first of those installed that can be used.

    They are looked for each time: `CC` may change, and a compiler be installed.

    Parameters:
        flags: more of them, after ours.

    Raises:
        NoMachineCodeError: there is none, it cannot be used, or the processor has no such vectors.
    """
    if sys.platform not in ("linux", "darwin"):
        raise NoMachineCodeError("machine code is made on Linux and macOS only so far")
    named, unusable = _named(), {}
    for called in [_split(named)] if named else _installed():
        found = _examined((*called, *FLAGS, *flags))
        if isinstance(found, Compiler):
            return found
        unusable[called] = found
    raise NoMachineCodeError(blamed(*unusable.popitem()) if named else _nothing_of_use(unusable))


def blamed(command: tuple[str, ...], what: str, *remedies: str) -> str:
    """What is wrong with a compiler that was chosen, and what to do.

    Parameters:
        what: how the sentence goes on that begins with its name.
        remedies: others than another compiler.
    """
    if named := " ".join(_named().split()):  # in one line
        return f'CC="{named:.80}" {what}: {", ".join([*remedies, _OTHER_CC])}'
    return f"{command[0]} {what}: {', or '.join([*remedies, 'name another C compiler with CC'])}"


def _named() -> str:
    """What `CC` says; empty if nothing."""
    return os.environ.get("CC", "").strip()


def _split(named: str) -> tuple[str, ...]:
    try:
        name, *arguments = shlex.split(named)
    except ValueError as error:
        raise NoMachineCodeError(blamed((), f"cannot be read ({error})")) from None
    if not name:
        raise NoMachineCodeError(blamed((), "names no compiler"))
    found = shutil.which(name)
    # It is called in another folder.
    return (os.path.abspath(found) if found else name, *arguments)


def _installed() -> Iterator[tuple[str, ...]]:
    """The system's, and that of the package ziglang: each is looked for when it is asked for."""
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            yield (os.path.abspath(found),)
    if ziglang := _ziglang():
        # The program itself: through `python -m ziglang` it would take a Python's start longer.
        yield (str(Path(ziglang).with_name("zig")), "cc")


def _ziglang() -> str | None:
    """A file of the package, if it is installed."""
    spec = importlib.util.find_spec("ziglang")
    return spec.origin if spec else None


def _nothing_of_use(unusable: dict[tuple[str, ...], str]) -> str:
    """Why none of those installed can be used, and what to do."""
    for called, why in unusable.items():
        if why == _NO_VECTORS:  # Another compiler would not find them either.
            return f"{called[0]} {why}"
    reasons = [f"{called[0]} {why}" for called, why in unusable.items()]
    remedy = "" if _ziglang() else ", or pip install ziglang, which is one"
    return f"{[*reasons, 'there is no C compiler'][0]}: install a C compiler{remedy}"


# What cannot be used is not tried again either: it might take a minute each time.
_known: dict[tuple[str, ...], Compiler | str] = {}


def _examined(command: tuple[str, ...]) -> Compiler | str:
    """The compiler, or why it cannot be used."""
    if command not in _known:
        try:
            _known[command] = _looked_at(command)
        except NotStartedError as error:
            return str(error)
        except FailedError as error:
            _known[command] = str(error)
    return _known[command]


def _looked_at(command: tuple[str, ...]) -> Compiler | str:
    with working_folder() as folder:
        macros = run(command, ("-dM", "-E", "-x", "c", os.devnull), folder)
    defined = set(macros.split())
    if "__VERSION__" not in defined:
        return "does not answer like a C compiler of today"
    if "__x86_64__" in defined and "__AVX512F__" in defined:
        return Compiler(command, macros, 8)
    if "__x86_64__" in defined and {"__AVX2__", "__FMA__"} <= defined:
        return Compiler(command, macros, 4)
    return _NO_VECTORS


def made_of(
    used: Compiler, folder: str, texts: Mapping[str, str], flags: Iterable[str]
) -> dict[str, bytes]:
    """What the compiler makes of some texts, at the same time.

    Parameters:
        texts: by their names; what is made of each is left in the folder as `name`.made.

    Raises:
        NoMachineCodeError: it makes nothing.
        TooSlowError: it does not end in time.
    """
    with ExitStack() as stack:
        try:
            begun = [
                stack.enter_context(started(used.command, _arguments(name, flags), folder))
                for name in _written(folder, texts)
            ]
            for printed in begun:
                printed()
        except TooSlowError:
            raise
        except FailedError as error:
            raise NoMachineCodeError(blamed(used.command, str(error))) from None
    made = {name: Path(folder, f"{name}.made") for name in texts}
    if not all(path.is_file() for path in made.values()):
        raise NoMachineCodeError(blamed(used.command, "ended well and made nothing"))
    return {name: path.read_bytes() for name, path in made.items()}


def _written(folder: str, texts: Mapping[str, str]) -> Iterator[str]:
    """The names of the texts, each when it lies in its file."""
    for name, text in texts.items():
        Path(folder, f"{name}.c").write_text(text, encoding="utf-8")
        yield name


def _arguments(name: str, flags: Iterable[str]) -> tuple[str, ...]:
    # Compilers of C++ go by the name of a file, if they are not told.
    return ("-x", "c", f"{name}.c", "-x", "none", *flags, "-o", f"{name}.made")
