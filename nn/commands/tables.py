"""Tables to learn from: a person's own, and the data sets that come along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.commands.arguments import CommandError
from nn.data import Columns, Dataset, Table, circles, digits, moons, read_csv, spiral, xor
from nn.data.readers import Column

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": lambda seed: digits(),
    "moons": partial(moons, 500, 0.2),
    "circles": partial(circles, 500),
    "spiral": partial(spiral, 600),
    "xor": partial(xor, 500),
}

CLASSES, NUMBER = "classes", "number"  # what a target can be
MOST_CLASSES = 20  # of whole numbers that are taken for classes if nothing is said


def from_dataset(name: str, seed: int) -> Table:
    """A data set that comes along, as a table whose columns are called x0, x1 and so on."""
    data = DATASETS[name](seed=seed)
    inputs = tuple(Column(f"x{i}") for i in range(data.X.shape[1]))
    target = Column("class", tuple(map(str, range(data.classes))))
    return Table(data.name, Columns(inputs, target, width=len(inputs) + 1), data.X, data.y)


def to_learn_from(path: Path, target: str, kind: str | None) -> Table:
    """A person's own table.

    Parameters:
        kind: what the target is, "classes" or "number". None: texts are classes, and so are whole
            numbers of which there are few; other numbers are numbers.

    Raises:
        CommandError: the target is of another kind, or there are no two classes.
        DataError: the file cannot be read; it says where.
    """
    _check_there(path)
    table = read_csv(path, target, categories=[target] if kind == CLASSES else [])
    if kind == NUMBER and table.classes:
        raise CommandError(
            f"the column {target!r} of {path} holds texts, such as {table.classes[0]!r}, "
            "and no numbers: leave out --kind number"
        )
    if kind is None and not table.classes and _few_whole_numbers(table.y):
        table = read_csv(path, target, categories=[target])
    if len(table.classes) == 1:
        raise CommandError(
            f"the column {target!r} of {path} holds nothing but {table.classes[0]!r}: "
            "there is nothing to tell apart"
        )
    return table


def with_inputs(path: Path, columns: Columns) -> Table:
    """Another table, read as the one that was learned from; the target need not be there.

    Raises:
        CommandError, DataError: the file cannot be read so; it says where.
    """
    _check_there(path)
    # Without names it takes the target's place to know the others'.
    return read_csv(path, columns=replace(columns, target=None) if columns.header else columns)


def with_target(path: Path, columns: Columns) -> tuple[Table, NDArray[Any]]:
    """The same, and its targets, which have to be there."""
    _check_there(path)
    table = read_csv(path, columns=columns)
    if table.y is None:
        assert columns.target
        raise CommandError(f"{path} has no column {columns.target.name!r} to compare with")
    return table, table.y


def _check_there(path: Path) -> None:
    if not path.exists():
        hint = f": for the data that come along, say --dataset {path}" * (str(path) in DATASETS)
        raise CommandError(f"there is no file {str(path)!r}{hint}")


def _few_whole_numbers(y: Any) -> bool:
    different = np.unique(y)
    return len(different) <= MOST_CLASSES and bool((different == np.floor(different)).all())
