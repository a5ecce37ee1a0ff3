"""Compiled programs on disk: a folder of the user's own, in which each has the name of its text."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from autograd.compiler.machine.compilers import FLAGS, Compiler, run

LINK = ("-shared", "-fPIC", "-fvisibility=hidden")


class UnsafeCacheError(Exception):
    """Others could put programs into the folder."""


def library(text: str, compiler: Compiler) -> Path:
    """The shared library that is this C text, compiled now if it was not before.

    Raises:
        NoCompilerError: the compiler failed.
        UnsafeCacheError: others could write into the folder.
        OSError: it cannot be written.
    """
    flags = (*FLAGS, *LINK)
    key = hashlib.sha256("\0".join((text, *compiler.command, *flags, compiler.macros)).encode())
    folder = _folder()
    path = folder / f"{key.hexdigest()[:40]}.so"
    if not _is_own(path):
        with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as making:
            source, made = Path(making, "program.c"), Path(making, "program.so")
            source.write_text(text, encoding="utf-8")
            run(compiler.command, (*flags, str(source), "-o", str(made)))
            os.replace(made, path)  # whole or not at all, also if another process makes the same
    return path


def _folder() -> Path:
    from platformdirs import user_cache_path

    folder = user_cache_path("chainrule", appauthor=False) / "programs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_own(folder):
        raise UnsafeCacheError(
            f"{folder} is not yours alone, so what lies there is not run: remove it, or make it "
            "yours with chmod 700"
        )
    return folder


def _is_own(path: Path) -> bool:
    """Whether it is there, belongs to this user, and nobody else can write it."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(status.st_mode):
        return False
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
