"""How a compiler is run: in a folder where it leaves nothing, and for a limited time."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

SECONDS = 60.0  # for which a compiler may run


class NoMachineCodeError(Exception):
    """Nothing can be compiled here; the message says why in a sentence, and what to do."""


class FailedError(Exception):
    """What a compiler did instead, as a sentence goes on that begins with its name."""


class NotStartedError(FailedError):
    """The system did not start it, which may pass."""


class TooSlowError(FailedError):
    """It did not end in time."""


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
        FailedError: it cannot be run, takes too long, or fails.
    """
    with started(command, arguments, folder) as printed:
        return printed()


@contextmanager
def started(
    command: tuple[str, ...], arguments: tuple[str, ...], folder: str
) -> Iterator[Callable[[], str]]:
    """A compiler at work, as a function that waits for what it prints; it is ended at the end."""
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
            raise NotStartedError(f"cannot be run ({error.strerror})") from None
        until = time.monotonic() + SECONDS

        def waited_for() -> str:
            _wait(process, until)
            if process.returncode:
                raise FailedError(_reason(process.returncode, _text(complaint)))
            return _text(printed)

        with process:
            try:
                yield waited_for
            finally:
                if process.poll() is None:
                    _kill(process)


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    try:
        process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TooSlowError(f"did not end within {SECONDS:g} seconds") from None


def _reason(code: int, complaint: str) -> str:
    said = complaint.strip().splitlines()
    said = [*(line for line in said if "error" in line), *said]
    return f"failed ({said[0] if said else f'exit code {code}':.200})"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:  # they ended just now
        process.kill()
