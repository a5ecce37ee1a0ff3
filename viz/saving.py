"""Writing a file so that it is complete or not there."""

from __future__ import annotations

import errno
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path


def checked_folder(path: str | os.PathLike[str]) -> Path:
    """The path, in a folder that is there; `FileNotFoundError` if it is not."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(
            errno.ENOENT, f"there is no folder {str(path.parent)!r} to save in", str(path)
        )
    return path


def replace(path: Path, content: bytes) -> None:
    """Write a file; an older one is replaced at once, and only if nothing went wrong.

    Who may read the old one may read the new one, and no one else. Behind a symbolic link it is the
    file that the link leads to.

    Raises:
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        try:
            with temporary.open("wb") as file:
                with suppress(FileNotFoundError):
                    temporary.chmod(stat.S_IMODE(target.stat().st_mode))
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        # Nobody has heard of the temporary file.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
