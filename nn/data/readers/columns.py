"""What the columns of a table are: all that is needed to read other rows in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nn.data.errors import DataError


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: what its header says; without a header "column 1" and so on.
        categories: the texts that may stand in it, sorted; None if it holds numbers.
    """

    name: str
    categories: tuple[str, ...] | None = None

    @property
    def names(self) -> list[str]:
        """A name for each number that it becomes.

        >>> Column("color", ("blue", "red")).names
        ['color=blue', 'color=red']
        """
        if self.categories is None:
            return [self.name]
        return [f"{self.name}={category}" for category in self.categories]


@dataclass(frozen=True)
class Columns:
    """How the rows of a table become numbers.

    Attributes:
        inputs: the columns that X is made of, in this order.
        target: the column that y is made of, if there is one.
        header: whether the first row of a file has the names.
        width: how many columns the file had.
        missing: the texts that stand for a missing value, in small letters.

    >>> columns = Columns((Column("age"), Column("color", ("blue", "red"))), Column("weight"))
    >>> columns.names
    ['age', 'color=blue', 'color=red']
    >>> Columns.from_dict(columns.to_dict()) == columns
    True
    """

    inputs: tuple[Column, ...]
    target: Column | None = None
    header: bool = True
    width: int = 0
    missing: tuple[str, ...] = ("",)

    @property
    def names(self) -> list[str]:
        """The name of each column of X; a category has a column of its own."""
        return [name for column in self.inputs for name in column.names]

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, sorted; none, if the target is a number or not there."""
        return (self.target.categories or ()) if self.target else ()

    def to_dict(self) -> dict[str, Any]:
        """The same in texts, numbers, lists and dicts, so that it can be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Columns:
        """The columns that `to_dict` wrote down, from JSON too.

        Raises:
            DataError: it is not such a thing; the message says which part.
        """
        entries = _entries("a description of columns", state, cls)
        inputs, missing = entries["inputs"], entries["missing"]
        if not isinstance(inputs, list | tuple) or not inputs:
            raise _unlike("inputs", "a list of columns", inputs)
        target = entries["target"]
        if not isinstance(entries["header"], bool):
            raise _unlike("header", "true or false", entries["header"])
        if isinstance(entries["width"], bool) or not isinstance(entries["width"], int):
            raise _unlike("width", "a whole number", entries["width"])
        columns = cls(
            inputs=tuple(_column("inputs", column) for column in inputs),
            target=None if target is None else _column("target", target),
            header=entries["header"],
            width=entries["width"],
            missing=_texts("missing", missing),
        )
        names = [column.name for column in (*columns.inputs, *filter(None, [columns.target]))]
        if twice(names) or twice(columns.names):
            raise _unlike("inputs", "columns of different names", names)
        return columns


def number(text: str) -> float | None:
    """The number that a text is, as Python and most programs write it; None if it is none.

    >>> number(" -1.5e3 "), number("1,000"), number("0x10"), number("1_000")
    (-1500.0, None, None, None)
    """
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def twice(names: Iterable[str]) -> dict[str, int]:
    """The names that there are more than once, and how often.

    >>> twice(["a", "b", "a"])
    {'a': 2}
    """
    return {name: count for name, count in Counter(names).items() if count > 1}


def in_order(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, sorted: as numbers if all of them are, else in the order of Unicode.

    >>> in_order(["10", "9"]), in_order(["10", "9", "b"])
    (('9', '10'), ('10', '9', 'b'))
    """
    by_text = sorted(texts)
    numbers = [number(text) for text in by_text]
    if any(x is None or x != x for x in numbers):
        return tuple(by_text)
    return tuple(text for _, text in sorted(zip(numbers, by_text, strict=True)))


def _entries(what: str, state: Any, kind: type[Any]) -> dict[str, Any]:
    expected = list(kind.__dataclass_fields__)
    if not isinstance(state, Mapping) or state.keys() != set(expected):
        raise _unlike(what, f"an object with {', '.join(expected)}", state)
    return dict(state)


def _column(what: str, state: Any) -> Column:
    entries = _entries(f"a column of {what}", state, Column)
    if not isinstance(entries["name"], str):
        raise _unlike(f"a name in {what}", "a text", entries["name"])
    if entries["categories"] is None:
        return Column(entries["name"])
    categories = _texts(f"the categories of {entries['name']!r}", entries["categories"])
    if not categories or categories != in_order(set(categories)):
        raise _unlike(f"the categories of {entries['name']!r}", "sorted, each once", categories)
    return Column(entries["name"], categories)


def _texts(what: str, state: Any) -> tuple[str, ...]:
    if not isinstance(state, list | tuple) or not all(isinstance(text, str) for text in state):
        raise _unlike(what, "a list of texts", state)
    return tuple(state)


def _unlike(what: str, expected: str, came: Any) -> DataError:
    return DataError(f"{what} must be {expected}, not {came!r:.200}")
