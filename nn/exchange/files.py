"""Writing a file so that at any moment there is the old one or the new one, whole."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that is open.
    fcntl = None  # type: ignore[assignment]


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Put a file in the place of another, or of none, in one step.

    It is written beside it, to the disk, and then renamed: who is interrupted, killed or out of
    space has the old file. What a killed one left there, the next one sweeps away. Behind a
    symbolic link it is the file that the link leads to.

    Raises:
        OSError: there is no such folder, the path is that of a folder, a device or a pipe, the
            disk is full, ...

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write(f"{folder}/numbers", b"1 2 3")
    ...     os.listdir(folder)
    ['numbers']
    """
    target = checked(path)
    _sweep(target)
    with _beside(target) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileNotFoundError):  # Who may read the old file may read the new one.
            os.chmod(file.name, stat.S_IMODE(target.stat().st_mode))
        if fcntl is None:
            file.close()
        os.replace(file.name, target)
    _write_down(target.parent)


def checked(path: str | os.PathLike[str]) -> Path:
    """The file that is meant, where there is one already or can be one.

    Raises:
        OSError: there can be none, as `write` says.
    """
    path = os.fsdecode(path)
    target = Path(os.path.realpath(path))
    with suppress(FileNotFoundError, NotADirectoryError):
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(f"{str(target)!r} is a folder: give the name of a file in it")
        if not stat.S_ISREG(mode):
            raise OSError(
                f"{path!r} is a device, a pipe or a socket, in whose place no file is put: give "
                "the name of a file"
            )
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"there is no folder {str(target.parent)!r} to save {target.name!r} in: make it first"
        )
    return target


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A new file in the same folder; it is gone afterwards, unless it was renamed."""
    while True:
        temporary = target.with_name(f"{_prefix(target)}{secrets.token_hex(8)}.saving")
        with open(temporary, "xb") as file:
            try:
                _lock(file)
                if temporary.exists():  # Somebody may have swept it before it was locked.
                    yield file
                    return
            finally:
                file.close()
                temporary.unlink(missing_ok=True)


def _prefix(target: Path) -> str:
    return f".{target.name[:40]}."  # Names of files may not become too long.


def _sweep(target: Path) -> None:
    """Remove what is left of saving, if whoever saved holds it no more."""
    with suppress(OSError):
        for left in target.parent.iterdir():
            if re.fullmatch(rf"{re.escape(_prefix(target))}[0-9a-f]{{16}}\.saving", left.name):
                _remove_if_left(left)


def _remove_if_left(path: Path) -> None:
    with suppress(OSError):
        if fcntl is None:
            path.unlink()
        elif path.is_file():
            with open(path, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def _lock(file: BinaryIO) -> None:
    if fcntl:
        with suppress(OSError):  # Some network's folders know no locks.
            fcntl.flock(file, fcntl.LOCK_EX)


def _write_down(folder: Path) -> None:
    """Bring the folder's new entry to the disk, too."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
