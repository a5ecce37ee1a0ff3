"""Statements: what an array program does, as data from which every source is printed.

A statement reads views and writes one. Nothing here knows a language: `numpy_source` prints
statements in NumPy, one a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Self

from autograd.compiler.views import Buffer, Operand, View
from autograd.operation import Operation


def _flat(content: Any) -> tuple[Any, ...]:
    return content if isinstance(content, tuple) else (content,)


@dataclass(frozen=True, slots=True)
class Statement:
    """What all have: the view that is written, and what a reader may want to know of it."""

    out: View
    note: str = field(default="", kw_only=True)

    @classmethod
    @cache
    def _names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    def views(self) -> list[View]:
        """What is written, which comes first, and what is read."""
        found: list[View] = []
        for name in self._names():
            content = getattr(self, name)
            found += [x for x in _flat(content) if type(x) is View]
        return found

    def __str__(self) -> str:
        op = getattr(self, "op", None)
        operands = [str(x) for name in self._names()[1:] for x in _flat(getattr(self, name))
                    if isinstance(x, Operand)]  # fmt: skip
        return f"{op.name if op else type(self).__name__}: {', '.join(operands)} -> {self.out}"

    def moved(self, to: Callable[[Buffer], Buffer]) -> Self:
        """The same on other buffers."""

        def move(content: Any) -> Any:
            if type(content) is View:
                buffer = to(content.buffer)
                return content if buffer is content.buffer else replace(content, buffer=buffer)
            return tuple(map(move, content)) if isinstance(content, tuple) else content

        return type(self)(**{name: move(getattr(self, name)) for name in self._names()})


@dataclass(frozen=True, slots=True)
class Apply(Statement):
    """`out = op(*inputs)`, element by element."""

    op: Operation
    inputs: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Copy(Statement):
    """`out = source`, of which each element may serve several of `out`."""

    source: Operand


@dataclass(frozen=True, slots=True)
class Reduce(Statement):
    """`out = op` of all elements along the axes of `source` that have length 1 in `out`.

    A `signed` sum is -0.0 if all terms are; otherwise it begins at 0.0.
    """

    op: Operation
    source: View
    signed: bool = False

    @property
    def axes(self) -> tuple[int, ...]:
        pairs = zip(self.source.shape, self.out.shape, strict=True)
        return tuple(i for i, (n, left) in enumerate(pairs) if left == 1 and n != 1)


@dataclass(frozen=True, slots=True)
class ReduceSegments(Statement):
    """Row `r` of `out` is `op` of the rows of `source` from `starts[r]` to the next start."""

    op: Operation
    source: View
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product(Statement):
    """`out = left @ right`, matrices in the last two axes, one for each element of the others.

    Elements that are absent are of no product, also not with infinity.
    """

    left: View
    right: View


@dataclass(frozen=True, slots=True)
class Take(Statement):
    """Row `r` of `out` is row `rows[r]` of the buffer of `source`, which is all of it."""

    source: View
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Put(Statement):
    """Row `rows[r]` of `out`, which is all of a buffer, is row `r` of `source`; or it is added."""

    source: Operand
    rows: tuple[int, ...]
    added: bool = False


@dataclass(frozen=True, slots=True)
class Locate(Statement):
    """Where the rows are that indices choose: `first + step * indices`, a first for each row.

    For a buffer with a column for each example it is the place of the element, counted through.
    """

    indices: View
    first: tuple[int, ...]
    step: int
    chosen_from: Buffer


@dataclass(frozen=True, slots=True)
class Pick(Statement):
    """`out` is what lies at the located places, which are in `source`."""

    source: View
    located: View


@dataclass(frozen=True, slots=True)
class Unpick(Statement):
    """Adds `source` to what lies at the located places, which are in `out`.

    `once` says that no place is located twice in one example.
    """

    source: View
    located: View
    once: bool


@dataclass(frozen=True, slots=True)
class Draw(Statement):
    """Random numbers from a generator."""

    generator: Any
