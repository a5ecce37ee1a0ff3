"""What was compiled, on disk: a folder of the user's own, in which each file has the name of what
it was made from and ends with the digest of what it holds.

It is only a cache. What cannot be read or is damaged is not there, and what cannot be written is
made again next time; but what others could have put there is never run.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograd.compiler.machine.processes import NoMachineCodeError

_DAY = 86400.0  # seconds
_DIGEST = 32  # bytes


def name_of(*parts: str) -> str:
    """The name of what is made from these texts: another for every difference."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def found(name: str) -> tuple[Path, bytes] | None:
    """The file of this name, and what it holds; None if it is not there, or damaged.

    Raises:
        NoMachineCodeError: others could write into the folder.
    """
    folder = _folder()
    if folder is None:
        return None
    try:
        with open(folder / name, "rb", opener=_without_links) as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            content = file.read()
    except OSError:
        return None
    made, digest = content[:-_DIGEST], content[-_DIGEST:]
    return (folder / name, made) if hashlib.sha256(made).digest() == digest else None


def keep(name: str, made: bytes) -> Path | None:
    """Write a file of this name, whole or not at all; None if it cannot be written.

    One that is there and whole stays: another machine may be running it over a network, where it
    would be gone from under it.

    Raises:
        NoMachineCodeError: others could write into the folder.
    """
    folder = _folder()
    if folder is None:
        return None
    path = folder / name
    try:
        descriptor, making = tempfile.mkstemp(prefix="making-", dir=folder)
        try:
            with open(descriptor, "wb") as file:
                file.write(made + hashlib.sha256(made).digest())
            if found(name) is None:
                os.replace(making, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(making)
        _sweep(folder)
    except OSError:
        return None
    return path


@contextmanager
def alone() -> Iterator[None]:
    """While other processes that come here wait; if there is no folder, they do not."""
    import fcntl

    folder = _folder()
    if folder is None:
        yield
        return
    lock = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # Some file systems have no locks.
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def remove(name: str) -> None:
    """Remove the file of this name, if there is one."""
    folder = _folder()
    if folder is not None:
        with suppress(OSError):
            (folder / name).unlink()


def _folder() -> Path | None:
    """The folder, made if it is not there; None if there can be none."""
    from platformdirs import user_cache_path

    try:
        ours = user_cache_path("chainrule", appauthor=False)
    except RuntimeError:  # nobody knows where home is
        return None
    if not ours.is_absolute():  # which older versions say so
        return None
    try:
        ours.parent.mkdir(parents=True, exist_ok=True)
        for folder in (ours, ours / "programs"):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            if wrong := _wrong_with(folder.lstat()):
                raise NoMachineCodeError(
                    f"{folder} {wrong}, so nothing there is run: remove it, or name another place "
                    "with XDG_CACHE_HOME"
                )
    except OSError:
        return None
    return ours / "programs"


def _wrong_with(status: os.stat_result) -> str:
    """Why it is not a folder that the user alone can write; empty if it is."""
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if not stat.S_ISDIR(status.st_mode):
        return "is not a folder"
    return "" if _is_own(status) else "is not yours alone to write"


def _is_own(status: os.stat_result) -> bool:
    """Whether it belongs to this user, and nobody else can write it."""
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _sweep(folder: Path) -> None:
    """Remove what processes left that were killed while they wrote."""
    for path in folder.glob("making-*"):
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - _DAY:
                path.unlink()
