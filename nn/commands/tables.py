"""Tables to learn from: a person's own, and the data sets that come along."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from nn.commands.arguments import CommandError
from nn.commands.goal import Array, Goal
from nn.data import (
    Columns,
    Dataset,
    Table,
    circles,
    digits,
    moons,
    read_csv,
    spiral,
    xor,
)
from nn.data.readers import Column

MANY = 10  # rows that are all different by chance no more

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": lambda seed: digits(),
    "moons": partial(moons, 500, 0.2),
    "circles": partial(circles, 500),
    "spiral": partial(spiral, 600),
    "xor": partial(xor, 500),
}


class Lesson(NamedTuple):
    """What is learned: rows of a table, what is predicted, and what it is in each row."""

    table: Table
    goal: Goal
    y: Array

    @property
    def rows(self) -> str:
        """A sum of the rows, by which they are known again."""
        digest = sha256(self.table.X.tobytes())
        digest.update(self.y.tobytes())
        return digest.hexdigest()


def from_dataset(name: str, seed: int) -> Lesson:
    """A data set that comes along, as a table whose columns are called x0, x1 and so on."""
    data = DATASETS[name](seed=seed)
    inputs = tuple(Column(f"x{i}") for i in range(data.X.shape[1]))
    numbers = tuple(map(float, range(data.classes)))
    columns = Columns(inputs, Column("class"), width=len(inputs) + 1)
    goal = Goal("class", tuple(map(str, range(data.classes))), numbers)
    return Lesson(Table(data.name, columns, data.X, data.y), goal, data.y)


def to_learn_from(path: Path, target: str, kind: str | None, reading: Mapping[str, Any]) -> Lesson:
    """A person's own table.

    Parameters:
        kind: what the target is, as of `Goal.of`.
        reading: how the file is read, as of `read_csv`.

    Raises:
        CommandError: it cannot be read; it says where.
    """
    table = _read(path, target=target, **reading)
    for column in table.columns.inputs:
        if len(column.categories or ()) == len(table) >= MANY:
            raise CommandError(
                f"the column {column.name!r} of {path} holds another text in every row, of which "
                f"nothing can be learned for others: leave it out with --omit {column.name!r}"
            )
    goal = Goal.of(table, path, kind)
    return Lesson(table, goal, goal.targets(table, path))


def to_predict(path: Path, columns: Columns, reading: Mapping[str, Any]) -> Table:
    """Another table, read as the one that was learned from; the target need not be there."""
    # Without names it takes the target's place to know the others'.
    known = replace(columns, target=None) if columns.header else columns
    return _read(path, columns=known, **reading)


def to_compare(path: Path, columns: Columns, goal: Goal, reading: Mapping[str, Any]) -> Lesson:
    """Another table, read as the one that was learned from, with the target."""
    table = _read(path, columns=columns, **reading)
    return Lesson(table, goal, goal.targets(table, path))


def check_there(path: Path) -> None:
    """Raise a CommandError if there is no such file."""
    if not path.exists():
        hint = f": for the data that come along, say --dataset {path}" * (str(path) in DATASETS)
        raise CommandError(f"there is no file {str(path)!r}{hint}")


def _read(path: Path, **settings: Any) -> Table:
    check_there(path)
    try:
        return read_csv(path, **settings)
    except ValueError as error:
        raise CommandError(_in_options(str(error))) from None


# What `read_csv` is told in Python, and what says the same here.
_OPTIONS = {
    r"omit=\[(.*?)\]": r"--omit \1",
    r"omit=(?!\w)": "--omit",
    r"categories=\[(.*?)\]": r"--categories \1",
    r"missing=\[\]": "--missing",
    r"header=False": "--no-header",
    r"header=True": "--header",
    r"(encoding|delimiter)=('.*?')": r"--\1 \2",
}


def _in_options(message: str) -> str:
    """A message of `read_csv` with the ways out that a command line has.

    >>> _in_options("leave the column out, omit=['color'], or say header=False")
    "leave the column out, --omit 'color', or say --no-header"
    """
    for python, option in _OPTIONS.items():
        message = re.sub(python, option, message)
    return message
