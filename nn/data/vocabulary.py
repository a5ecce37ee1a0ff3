"""The characters of a text, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.checks import array_of


class Vocabulary:
    """The characters of a text, numbered from 0 in the order of Unicode.

    Parameters:
        text: any text that has them all; how often each occurs does not matter.

    Attributes:
        symbols: the characters, each once. A vocabulary of these is the same one again, so this
            text is all there is to keep of it.

    Raises:
        ValueError: the text is empty, or no text.

    >>> vocabulary = Vocabulary("to be, or not to be")
    >>> vocabulary
    Vocabulary(' ,benort')
    >>> vocabulary.encode("bet")
    array([2, 3, 7])
    >>> vocabulary.decode([7, 5, 0, 2, 3])
    'to be'
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ValueError(
                f"a vocabulary is made of a text, not of {text!r:.80}: of words make "
                r'"\n".join(words) first'
            )
        if not text:
            raise ValueError("a vocabulary is made of a text that is not empty")
        self.symbols = "".join(sorted(set(text)))
        self._numbers = {symbol: i for i, symbol in enumerate(self.symbols)}

    def encode(self, text: str) -> NDArray[np.int64]:
        """The number of each character, shape (len(text),).

        Raises:
            ValueError: it has a character that is not of the vocabulary, or is no text.
        """
        if not isinstance(text, str):
            raise ValueError(f"encode() takes a text, not {text!r:.80}")
        try:
            return np.array([self._numbers[symbol] for symbol in text], dtype=np.int64)
        except KeyError as unknown:
            (symbol,) = unknown.args
            raise ValueError(
                f"{symbol!r} at place {text.index(symbol)} of {text!r:.80} is not one of the "
                f"{len(self)} characters of {self!r:.120}: leave it out, or make the vocabulary "
                "of a text that has it"
            ) from None

    def decode(self, symbols: Sequence[int] | NDArray[np.integer[Any]]) -> str:
        """The text whose characters have these numbers.

        Raises:
            ValueError: something is not a whole number from 0 to `len(vocabulary) - 1`.
        """
        numbers = array_of(symbols)
        if numbers.size == 0:
            return ""
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
            raise ValueError(
                f"decode() takes a list of whole numbers from 0 to {len(self) - 1}, "
                f"not {symbols!r:.80}"
            )
        for place in np.flatnonzero((numbers < 0) | (numbers >= len(self)))[:1]:
            raise ValueError(
                f"decode() got {numbers[place]} at place {place}: "
                f"the symbols are whole numbers from 0 to {len(self) - 1}"
            )
        return "".join(self.symbols[i] for i in numbers.tolist())

    def __len__(self) -> int:
        return len(self.symbols)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.symbols == other.symbols

    def __hash__(self) -> int:
        return hash(self.symbols)

    def __repr__(self) -> str:
        return f"Vocabulary({self.symbols!r})"
