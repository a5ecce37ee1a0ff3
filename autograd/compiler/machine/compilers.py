"""Which C compiler there is, what it says of the processor, and how it is run."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

SECONDS = 60.0  # for which a compiler may run
FLAGS = (
    "-O2",
    "-march=native",
    # Whatever CC says: numbers that are not finite count, and nothing is rearranged.
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
REMEDY = "install a C compiler, or pip install 'chainrule[native]', which brings one along"


class NoMachineCodeError(Exception):
    """Nothing can be compiled here; the message says why in a sentence, and what to do."""


class CompilerNotRunError(NoMachineCodeError):
    """The system did not start the compiler, which may pass."""


class CompilerTimeoutError(NoMachineCodeError):
    """The compiler did not end in time."""


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
    """The compiler that `CC` names, or the system's, or that of the package ziglang.

    Parameters:
        flags: more of them, after ours.

    Raises:
        NoMachineCodeError: there is none, it cannot be used, or the processor has no such vectors.
    """
    if sys.platform not in ("linux", "darwin"):
        raise NoMachineCodeError("machine code is made on Linux and macOS only so far")
    command = (*_command(), *FLAGS, *flags)
    if command not in _examined:
        _examined[command] = _looked_at(command)
    found = _examined[command]
    if isinstance(found, str):
        raise NoMachineCodeError(found)
    return found


def _command() -> tuple[str, ...]:
    """What is called. Looked for each time: `CC` may change, and a compiler be installed."""
    named = os.environ.get("CC", "").strip()
    if named:
        try:
            name, *arguments = shlex.split(named)
        except ValueError as error:
            raise NoMachineCodeError(f"CC={named:.80} cannot be read ({error}): {REMEDY}") from None
        if not name:
            raise NoMachineCodeError(f"CC={named:.80} names no compiler: {REMEDY}")
        found = shutil.which(name)
        # It is called in another folder.
        return (os.path.abspath(found) if found else name, *arguments)
    if system := shutil.which("cc"):
        return (os.path.abspath(system),)
    spec = importlib.util.find_spec("ziglang")
    if spec is not None and spec.origin is not None:
        # The program itself: through `python -m ziglang` it would take a Python's start longer.
        return (str(Path(spec.origin).with_name("zig")), "cc")
    raise NoMachineCodeError(f"there is no C compiler: {REMEDY}")


# What cannot be used is not tried again either: it might take a minute each time.
_examined: dict[tuple[str, ...], Compiler | str] = {}


def _looked_at(command: tuple[str, ...]) -> Compiler | str:
    """The compiler, or why it cannot be used."""
    with working_folder() as folder:
        try:
            macros = run(command, ("-dM", "-E", "-x", "c", os.devnull), folder)
        except CompilerNotRunError:
            raise
        except NoMachineCodeError as error:
            return str(error)
    defined = set(macros.split())
    if "__VERSION__" not in defined:
        return f"{command[0]} does not answer like a C compiler of today: {REMEDY}"
    if "__x86_64__" in defined and "__AVX512F__" in defined:
        return Compiler(command, macros, 8)
    if "__x86_64__" in defined and {"__AVX2__", "__FMA__"} <= defined:
        return Compiler(command, macros, 4)
    return (
        f"{command[0]} makes no vectors of the kind AVX2 for this processor, and without them "
        "NumPy is as fast"
    )


@contextmanager
def working_folder() -> Iterator[str]:
    """A folder for a compiler, which is removed afterwards.

    Raises:
        NoMachineCodeError: something cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="chainrule-", ignore_cleanup_errors=True) as folder:
            yield folder
    except OSError as error:
        raise NoMachineCodeError(
            f"a program cannot be written ({error}): make room, or name another folder for "
            "temporary files with TMPDIR"
        ) from error


def run(command: tuple[str, ...], arguments: tuple[str, ...], folder: str) -> str:
    """What the compiler prints.

    Parameters:
        folder: where it works, and leaves what it wants to remember.

    Raises:
        NoMachineCodeError: it cannot be run, takes too long, or fails.
    """
    name = command[0]
    settings = {**os.environ, "LC_ALL": "C"}
    for place in ("TMPDIR", "ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"):
        settings[place] = folder
    # Into files: a pipe would be waited for until all that it was handed on to have ended.
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(
                [*command, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complaint,
                cwd=folder,
                env=settings,
                process_group=0,  # a compiler has children, which are to end with it
            )
        except OSError as error:
            reason = f"{name} cannot be run ({error.strerror}): {REMEDY}"
            raise CompilerNotRunError(reason) from None
        _wait(process, name)
        if process.returncode:
            said = _text(complaint).strip().splitlines()
            said = [*(line for line in said if "error" in line), *said]
            reason = said[0] if said else f"exit code {process.returncode}"
            raise NoMachineCodeError(f"{name} failed ({reason:.200}): {REMEDY}")
        return _text(printed)


def made_of(used: Compiler, folder: str, name: str, text: str, flags: Iterable[str]) -> bytes:
    """What the compiler makes of a text, in a folder, where it is left as `name`.made.

    Raises:
        NoMachineCodeError: it makes nothing.
    """
    Path(folder, f"{name}.c").write_text(text, encoding="utf-8")
    made = Path(folder, f"{name}.made")
    run(used.command, (f"{name}.c", *flags, "-o", made.name), folder)
    if not made.exists():
        raise NoMachineCodeError(f"{used.command[0]} ended well and made nothing: {REMEDY}")
    return made.read_bytes()


def _wait(process: subprocess.Popen[bytes], name: str) -> None:
    """Until it has ended, or was ended for being too slow."""
    with process:
        try:
            process.wait(timeout=SECONDS)
        except BaseException as error:
            _kill(process)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            reason = f"{name} did not end within {SECONDS:g} seconds"
            raise CompilerTimeoutError(reason) from None


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:  # they ended just now
        process.kill()
