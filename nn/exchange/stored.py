"""A safetensors file: arrays by name, and one text that says what they are.

The text holds JSON, and a sum of it and of the arrays: where a bit has changed, it is seen.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.exchange.errors import CheckpointError
from nn.packages import needed

Array = NDArray[np.float64]
Path = str | os.PathLike[str]

_KEY = "chainrule"


def packed(arrays: Mapping[str, Array], content: Mapping[str, Any]) -> bytes:
    """A file's bytes, the same each time.

    Raises:
        ModuleNotFoundError: safetensors is not installed.
        TypeError, ValueError: the content is not JSON, or too long for a file.
    """
    save = needed("safetensors.numpy", "safetensors", "nn.save").save
    refused = needed("safetensors", "safetensors", "nn.save").SafetensorError
    # It writes arrays of another order wrongly, and without a word.
    whole = {name: np.ascontiguousarray(array, "<f8").reshape(np.shape(array))
             for name, array in arrays.items()}  # fmt: skip
    text = json.dumps({"sum": _sum(whole, content), "content": content})
    try:
        packed: bytes = save(whole, metadata={_KEY: text})
    except refused as error:
        raise ValueError(
            f"a safetensors file takes up to 100 million bytes of text, of notes and of names, and "
            f"{len(text):,} came: keep long notes in a file of their own ({error})"
        ) from None
    return packed


def _sum(arrays: Mapping[str, Array], content: Any) -> str:
    summed = hashlib.sha256(json.dumps(content).encode())
    for name in sorted(arrays):
        summed.update(json.dumps([name, *arrays[name].shape]).encode())
        summed.update(arrays[name].tobytes())
    return summed.hexdigest()


class Stored:
    """An open file, of which nothing but names and shapes was read.

    Attributes:
        shapes: of all its arrays, which are float64.
        content: what its text says; None if it has none, so that `nn.save` did not write it.
    """

    def __init__(self, path: Path, file: Any) -> None:
        self._path, self._file = path, file
        self.shapes = {name: self._shape(name) for name in file.keys()}  # noqa: SIM118
        self._whole = self._parsed((file.metadata() or {}).get(_KEY))
        self.content = None if self._whole is None else self._whole["content"]

    def error(self, message: str) -> CheckpointError:
        """What is wrong with it, beginning with its name."""
        return CheckpointError(f"{os.fsdecode(self._path)}: {message}")

    def _shape(self, name: str) -> tuple[int, ...]:
        found = self._file.get_slice(name)
        if found.get_dtype() != "F64":
            raise self.error(
                f"{name!r:.80} is of {found.get_dtype()}, and a model's numbers are float64 (F64)"
            )
        return tuple(found.get_shape())

    def _parsed(self, text: str | None) -> dict[str, Any] | None:
        if text is None:
            return None
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self.error(f"its text is not JSON: {error}") from None
        match whole:
            case {"sum": str(), "content": dict(), **rest} if not rest:
                return whole  # type: ignore[no-any-return]
        raise self.error(f"its text is not what nn.save writes: {text!r:.60}")

    def arrays(self) -> dict[str, Array]:
        """All its arrays; to be called when names and shapes were found to be right.

        Raises:
            CheckpointError: they, or the text, are not as they were written.
        """
        arrays = {name: np.array(self._file.get_tensor(name)) for name in self.shapes}
        if self._whole and self._whole["sum"] != _sum(arrays, self.content):
            raise self.error("it is damaged: its numbers or its text are not those that were saved")
        return arrays


@contextmanager
def opened(path: Path) -> Iterator[Stored]:
    """A file whose header was found to be sound, and as long as it says.

    Raises:
        OSError: there is no such file, or it may not be read.
        CheckpointError: it is no safetensors file, or not one of float64 numbers.
        ModuleNotFoundError: safetensors is not installed.
    """
    safetensors = needed("safetensors", "safetensors", "nn.load")
    name = os.fsdecode(path)
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise CheckpointError(f"{name}: this is a folder or a device, and no file")
    try:
        file = safetensors.safe_open(name, framework="np")
    except safetensors.SafetensorError as error:
        raise CheckpointError(f"{name}: this is no safetensors file, or damaged: {error}") from None
    with file:
        yield Stored(path, file)
