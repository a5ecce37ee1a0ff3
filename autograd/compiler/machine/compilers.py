"""Which C compiler there is, and what it says of the processor."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from functools import cache
from typing import NamedTuple

SECONDS = 60.0  # for which a compiler may run
FLAGS = (
    "-O2",
    "-march=native",
    "-ffp-contract=fast",  # multiply and add at once, by every compiler alike
    "-fno-math-errno",
    "-fno-trapping-math",
)
REMEDY = "install a C compiler, or pip install 'chainrule[native]', which brings one along"


class NoCompilerError(Exception):
    """There is no compiler that can be used; the message says why, and what to do."""


class Compiler(NamedTuple):
    """A C compiler.

    Attributes:
        command: how it is called.
        macros: what it defines for this processor, its own version among them.
        width: how many float64 the widest vectors hold.
    """

    command: tuple[str, ...]
    macros: str
    width: int


@cache
def compiler() -> Compiler:
    """The one that `CC` names, or the system's, or that of the package ziglang.

    Raises:
        NoCompilerError: there is none, it cannot be run, or the processor has no such vectors.
    """
    command = _command()
    macros = run(command, (*FLAGS[:2], "-dM", "-E", "-x", "c", os.devnull))
    if "__AVX512F__" in macros:
        return Compiler(command, macros, 8)
    if "__AVX2__" in macros and "__FMA__" in macros:
        return Compiler(command, macros, 4)
    raise NoCompilerError("this processor has no vectors (AVX2 or AVX-512) to run C faster on")


def _command() -> tuple[str, ...]:
    if named := os.environ.get("CC"):
        return tuple(shlex.split(named))
    if shutil.which("cc"):
        return ("cc",)
    if importlib.util.find_spec("ziglang"):
        return (sys.executable, "-m", "ziglang", "cc")
    raise NoCompilerError(f"there is no C compiler: {REMEDY}")


def run(command: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    """What the compiler prints.

    Raises:
        NoCompilerError: it cannot be run, takes too long, or fails.
    """
    called = shlex.join(command)
    try:
        done = subprocess.run(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NoCompilerError(f"{called} did not end within {SECONDS:.0f} seconds") from None
    except OSError as error:
        raise NoCompilerError(f"{called} cannot be run ({error.strerror}): {REMEDY}") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise NoCompilerError(f"{called} failed: {said[0]:.200}")
    return done.stdout
