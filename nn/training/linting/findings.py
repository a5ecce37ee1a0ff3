"""What a lint has found: each with the number that shows it, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple, overload

_WIDTH = 96


class Finding(NamedTuple):
    """Something that is wrong with a training.

    Attributes:
        check: what was looked for, such as "dead relus".
        where: the part of the model, or "X".
        number: what shows it: a share, a ratio, a size.
        what: the same in words.
        remedy: what to do.
    """

    check: str
    where: str
    number: float
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.check} in {self.where}: {self.what}. {self.remedy}"


class Findings(Sequence[Finding]):
    """A list of findings. `print` shows it, and as a condition it is whether there are any.

    Attributes:
        examples, of: how many examples were looked at, and how many there are.
        unchecked: what could not be looked for, each with the reason.
    """

    def __init__(
        self, found: Iterable[Finding], examples: int, of: int, unchecked: Iterable[str] = ()
    ) -> None:
        self._found, self.unchecked = tuple(found), tuple(unchecked)
        self.examples, self.of = examples, of

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __str__(self) -> str:
        count = f"{len(self) or 'no'} finding{'' if len(self) == 1 else 's'}"
        sample = "" if self.examples == self.of else f"{self.examples:,} of "
        head = f"{count}, on {sample}{self.of:,} example{'' if self.of == 1 else 's'}"
        lines = [head + (":" if self else "")]
        notes = [f"- {finding}" for finding in self]
        notes += [f"not checked: {each}" for each in self.unchecked]
        for note in notes:
            lines += textwrap.wrap(note, _WIDTH, subsequent_indent="  ")
        return "\n".join(lines)

    __repr__ = __str__
