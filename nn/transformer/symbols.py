"""Symbols: the whole numbers from 0 on that stand for characters, checked before they are used."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from autograd import context
from autograd.value import Value

Symbols = Sequence[Value | float]


def check_sequence(symbols: Any, count: int) -> None:
    """Raise if something is no sequence of one symbol or more, of `count` that there are.

    While a function is recorded its symbols have no numbers; what runs it looks at them then.

    Raises:
        TypeError: it is a text, or no list of numbers.
        ValueError: it is empty, or has something else than the whole numbers from 0 to count - 1.

    >>> check_sequence([0, 3, 1], count=3)
    Traceback (most recent call last):
    ...
    ValueError: 3 at position 1 is no symbol: they are the whole numbers from 0 to 2
    """
    if isinstance(symbols, str):
        raise TypeError(f"symbols are whole numbers, not the text {symbols!r:.60}: encode it first")
    if not isinstance(symbols, Sequence | np.ndarray):
        raise TypeError(f"a list of symbols is needed, not {symbols!r:.80}")
    if len(symbols) == 0:
        raise ValueError("a sequence has at least one symbol, this one is empty")
    if context.current().tracer is None:
        for position, symbol in enumerate(symbols):
            _check(symbol, position, count)


def _check(symbol: Any, position: int, count: int) -> None:
    if isinstance(symbol, list | tuple | np.ndarray):
        raise TypeError("one sequence of symbols is taken; predict(model, X) takes many")
    number = symbol.data if isinstance(symbol, Value) else symbol
    if not isinstance(number, Real) or number not in range(count):
        raise ValueError(
            f"{number!r:.80} at position {position} is no symbol: they are the whole numbers "
            f"from 0 to {count - 1}"
        )
