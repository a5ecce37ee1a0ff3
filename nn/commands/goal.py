"""What is to be predicted: a class, whose names are texts or numbers, or a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.commands.arguments import CommandError
from nn.data import Table

Array = NDArray[Any]

CLASSES, NUMBER = "classes", "number"  # the kinds
MOST_CLASSES = 20  # of whole numbers that are taken for classes if nothing is said


@dataclass(frozen=True)
class Goal:
    """The column that is predicted.

    Attributes:
        name: of the column.
        classes: their names; none if a number is predicted.
        numbers: those that stand for the classes in the column; none if it holds texts.
    """

    name: str
    classes: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    @classmethod
    def of(cls, table: Table, path: Path, kind: str | None) -> Goal:
        """The goal that a table is read for.

        Parameters:
            kind: "classes" or "number"; None if texts are classes, and so are whole numbers of
                which there are few, while other numbers are numbers.

        Raises:
            CommandError: it is of another kind, or there are no two classes.
        """
        assert table.columns.target
        assert table.y is not None
        name, classes = table.columns.target.name, table.classes
        if kind == NUMBER and classes:
            raise CommandError(
                f"the column {name!r} of {path} holds texts, such as {classes[0]!r}, and no "
                "numbers: leave out --kind number"
            )
        numbers: list[float] = []
        if not classes:
            numbers = np.unique(table.y).tolist()
            if kind == NUMBER or (kind is None and not _few_and_whole(numbers)):
                return cls(name)
            classes = tuple(f"{number + 0.0:.15g}" for number in numbers)
        if len(classes) == 1:
            raise CommandError(
                f"the column {name!r} of {path} holds nothing but {classes[0]!r}: there is "
                "nothing to tell apart"
            )
        return cls(name, classes, tuple(numbers))

    def targets(self, table: Table, path: Path) -> Array:
        """The class of each row, counted from 0, or its number; shape (n,).

        Raises:
            CommandError: the column is not there, or holds something that is no class.
        """
        y: Any = table.y
        if y is None:
            raise CommandError(f"{path} has no column {self.name!r} to compare with")
        if not self.numbers:
            return np.asarray(y)
        places = np.searchsorted(self.numbers, y).clip(max=len(self.numbers) - 1)
        for number in y[np.take(self.numbers, places) != y][:1].tolist():
            raise CommandError(
                f"{path} has {number:.15g} in column {self.name!r}, which is none of the classes "
                f"{', '.join(self.classes)}"
            )
        return np.asarray(places, dtype=np.int64)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Goal:
        """What `to_dict` wrote down, from JSON too.

        Raises:
            ValueError, TypeError: it is no such thing.
        """
        goal = cls(state["name"], tuple(state["classes"]), tuple(state["numbers"]))
        names = (goal.name, *goal.classes)
        if not all(isinstance(name, str) for name in names) or len(goal.classes) == 1:
            raise ValueError(f"no column is predicted by {state!r:.80}")
        if goal.numbers and list(goal.numbers) != sorted(map(float, goal.numbers)):
            raise ValueError(f"the classes are not sorted: {goal.numbers!r:.80}")
        return goal


def _few_and_whole(numbers: list[float]) -> bool:
    return len(numbers) <= MOST_CLASSES and all(number.is_integer() for number in numbers)
