"""Arrays in IDX files, as those of MNIST (LeCun, Cortes & Burges, 1998), plain and gzipped.

Two bytes 0, one for the type, one for the number of axes; the sizes of these, four bytes each, the
highest first; then the numbers, theirs in the same order, the last axis running fastest.
"""

from __future__ import annotations

import os
from math import prod
from os import PathLike
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.errors import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP = b"\x1f\x8b"
BEST_COMPRESSION = 1032  # times smaller than what went in is the smallest that deflate makes
MOST_AXES = 64  # of a NumPy array


def read_idx(path: str | PathLike[str]) -> NDArray[Any]:
    """The array in an IDX file, plain or gzipped, of the shape and type that its header says.

    The types are uint8, int8, int16, int32, float32 and float64. Memory is taken only after the
    header was compared with the size of the file.

    Raises:
        DataError: it is no IDX file, is cut off, or goes on after its last number.
        OSError: there is no such file, or it cannot be opened.

    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "labels.idx"
    >>> _ = path.write_bytes(b"\\0\\0\\x08\\x01" + b"\\0\\0\\0\\x03" + bytes([7, 2, 1]))
    >>> read_idx(path)
    array([7, 2, 1], dtype=uint8)
    """
    import gzip
    import zlib

    path = Path(path)
    mode = path.stat().st_mode
    if not (S_ISREG(mode) or S_ISDIR(mode)):  # Opened, a pipe waits until somebody writes.
        raise DataError(f"{path} is not a file that has a size")
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        compressed = file.read(2) == GZIP
        file.seek(0)
        try:
            if not compressed:
                return _array(path, file, status.st_size)
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _array(path, unpacked, status.st_size * BEST_COMPRESSION, at_most=True)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(f"{path} is no whole gzip file: {error}") from None


def _array(path: Path, file: Any, size: int, at_most: bool = False) -> NDArray[Any]:
    """The array in an open file that has so many bytes, or so many at most."""
    dtype, shape = _header(path, file)
    promised = 4 + 4 * len(shape) + dtype.itemsize * prod(shape)
    if promised > size or (promised < size and not at_most):
        raise DataError(
            f"{path}: its header says {'x'.join(map(str, shape))} numbers of {dtype.name}, so the "
            f"file should have {promised:,} bytes, and it has {'at most ' * at_most}{size:,}"
        )
    try:
        numbers = np.empty(shape, dtype)
    except (MemoryError, ValueError) as error:
        raise DataError(f"{path}: no memory for {promised:,} bytes: {error}") from None
    _fill(path, file, numbers.reshape(-1).view(np.uint8).data)
    return numbers.astype(dtype.newbyteorder("="), copy=False)


def _header(path: Path, file: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES:
        raise DataError(
            f"{path} is no IDX file: it begins with the bytes {magic.hex(' ') or '(none)'}, "
            "and not with 00 00, a type from 08 to 0e, and the number of axes"
        )
    axes = magic[3]
    if not 1 <= axes <= MOST_AXES:
        raise DataError(f"{path}: an array has 1 to {MOST_AXES} axes, and its header says {axes}")
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise DataError(f"{path} is cut off within its header, which has {4 + 4 * axes} bytes")
    shape = tuple(np.frombuffer(sizes, ">u4").tolist())
    if 0 in shape:
        raise DataError(f"{path} is empty: its header says {'x'.join(map(str, shape))} numbers")
    return np.dtype(TYPES[magic[2]]), shape


def _fill(path: Path, file: Any, memory: memoryview) -> None:
    filled = 0
    while filled < len(memory):
        count = file.readinto(memory[filled:])
        if not count:
            raise DataError(
                f"{path} is cut off: after the header there should be {len(memory):,} bytes, "
                f"and there are {filled:,}"
            )
        filled += count
    if file.read(1):
        raise DataError(f"{path} goes on after the {len(memory):,} bytes that its header says")
