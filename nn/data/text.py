"""Text to learn from: words that come along, and the windows of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.checks import array_of
from nn.settings.counts import from_one

Symbols = NDArray[np.integer[Any]]


def words() -> list[str]:
    """Some thousand words to learn from, of 2 to 12 letters from a to z, sorted.

    They are parts of the identifiers in the public modules of Python 3.11's standard library:
    those that occur in two files or more and have a vowel. `tests/nn/data/test_words.py` collects
    them; the list is frozen, so that what is learned from it can be compared.

    >>> len(words())
    3265
    >>> words()[1000:1004]
    ['force', 'forever', 'forget', 'fork']
    """
    from importlib.resources import files

    return files("nn.data").joinpath("words.txt").read_text("ascii").split()


def windows(
    symbols: Sequence[int] | Symbols, context: int, stride: int = 1
) -> tuple[Symbols, Symbols]:
    """All stretches of a sequence, and for each of their symbols the one that follows.

    Parameters:
        symbols: whole numbers, such as `vocabulary.encode(text)`.
        context: how many symbols a stretch has, fewer than the sequence.
        stride: how far apart stretches begin; with `stride=context` they do not overlap. Symbols at
            the end that fill no stretch are left out.

    Returns:
        X, shape (n, context), and y, of the same shape: y[i, t] follows X[i, t]. Both are read-only
        and share the memory of one copy of the sequence.

    Raises:
        ValueError: the symbols are not whole numbers, or there are too few of them.

    >>> X, y = windows([3, 1, 4, 1, 5], context=3)
    >>> X.tolist(), y.tolist()
    ([[3, 1, 4], [1, 4, 1]], [[1, 4, 1], [4, 1, 5]])
    """
    context, stride = from_one("context", context), from_one("stride", stride)
    sequence = array_of(symbols).copy()
    if sequence.ndim != 1 or sequence.dtype.kind not in "iu":
        raise ValueError(
            f"windows() takes a sequence of whole numbers, not {symbols!r:.80}: "
            "Vocabulary(text).encode(text) makes such of a text"
        )
    if len(sequence) <= context:
        raise ValueError(
            f"windows() with context={context} needs {context + 1} symbols or more, "
            f"not {len(sequence)}"
        )
    stretches = np.lib.stride_tricks.sliding_window_view(sequence, context)
    return stretches[:-1:stride], stretches[1::stride]
