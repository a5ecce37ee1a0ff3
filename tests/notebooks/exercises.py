"""The exercises of a notebook: a stub, a check and a folded answer, known by their cells' tags.

The answer is Markdown, in which the first block of Python solves the exercise and each further one
is a likely mistake. What a check prints begins with one of three words: Missing, Hint or Right.
"""

from dataclasses import dataclass
from typing import Any

from nbformat.v4 import new_code_cell

from tests.pages import BLOCK

TAGS = ("exercise", "check", "answer")


@dataclass(frozen=True)
class Exercise:
    """Three cells of a notebook, one after the other."""

    stub: Any
    check: Any
    answer: Any

    @property
    def blocks(self) -> list[str]:
        """The code of the answer, then that of each mistake."""
        return BLOCK.findall(self.answer.source)


def tags(cell: Any) -> list[str]:
    return cell.metadata.get("tags", [])


def exercises(notebook: Any) -> list[Exercise]:
    """The exercises, of cells one after the other; every tag must be that of such a cell."""
    kinds = [tags(cell) for cell in notebook.cells]
    stubs = [i for i, kind in enumerate(kinds) if "exercise" in kind]
    expected: list[list[str]] = [[] for _ in kinds]
    for i in stubs:
        expected[i : i + 3] = [[tag] for tag in TAGS]
    for cell, kind, right in zip(notebook.cells, kinds, expected, strict=False):
        assert kind == right, (
            f"a cell has the tags {kind}, expected {right}, as exercises are cells with the tags "
            f"{', '.join(TAGS)}, one after the other: {cell.source:.80}"
        )
    assert len(expected) == len(kinds), "the notebook ends where a check or an answer was expected"
    return [Exercise(*notebook.cells[i : i + 3]) for i in stubs]


def trials(notebook: Any) -> list[tuple[str, list[Any]]]:
    """Cells that try each exercise, answered and mistaken, with the word each check must say."""
    return [
        (
            "Hint" if number else "Right",
            [new_code_cell(block), new_code_cell(exercise.check.source)],
        )
        for exercise in exercises(notebook)
        for number, block in enumerate(exercise.blocks)
    ]
