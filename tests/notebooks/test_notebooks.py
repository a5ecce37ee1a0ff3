"""Every notebook runs from its first cell to its last, and prints what is committed."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.notebooks.exercises import TAGS, exercises, trials
from tests.notebooks.running import METADATA, NOTEBOOKS, ROOT, executed, read, said
from tests.pages import LINK

COURSE = [path for path in NOTEBOOKS if path.name[0].isdigit()]


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_notebook_says_what_is_committed_and_its_exercises_can_be_solved(
    path: Path, tmp_path: Path
):
    """In one kernel: first as it is, then each answer and each mistake before its check."""
    committed = read(path)
    tried = trials(committed)
    notebook = copy.deepcopy(committed)
    notebook.cells += [cell for _, cells in tried for cell in cells]
    cells = executed(notebook, tmp_path).cells
    for cell, fresh in zip(committed.cells, cells, strict=False):
        assert fresh.cell_type != "code" or said(fresh) == said(cell), (
            f"not what is committed (python -m tests.notebooks.running {path.stem}): {cell.source}"
        )
    verdicts = map(printed, cells[len(committed.cells) + 1 :: 2])
    for (word, (block, _)), verdict in zip(tried, verdicts, strict=True):
        assert verdict.startswith(f"{word}: "), f"expected {word}, came {verdict}to {block.source}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_stubs_are_told_what_is_missing(path: Path):
    for exercise in exercises(read(path)):
        stub, answer = exercise.stub.source, exercise.answer.source
        assert printed(exercise.check).startswith("Missing: "), stub
        assert exercise.check.source.startswith("# The check: run this cell.\n"), stub
        assert exercise.check.metadata.get("jupyter") == {"source_hidden": True}, (
            f"the check is not folded: {stub}"
        )
        assert answer.startswith("<details><summary>Answer</summary>\n\n"), answer
        assert answer.endswith("\n\n</details>"), answer
        assert len(exercise.blocks) >= 2, f"an answer and a likely mistake are wanted: {answer}"
        assert answer.count("```") == 2 * len(exercise.blocks), f"not all in ```python: {answer}"


@pytest.mark.parametrize("path", COURSE, ids=named)
def test_each_notebook_of_the_course_has_exercises(path: Path):
    assert len(exercises(read(path))) >= 2


def test_the_courses_page_lists_every_notebook_in_order():
    page = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+\.) \[(.+?)\]\((.+?)\) \|", page, re.MULTILINE)
    titles = [read(path).cells[0].source.splitlines()[0] for path in COURSE]
    assert [(f"# {number} {title}", name) for number, title, name in listed] == [
        (title, path.name) for title, path in zip(titles, COURSE, strict=True)
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_links_in_notebooks_lead_somewhere(path: Path):
    for cell in read(path).cells:
        for link in LINK.findall(cell.source if cell.cell_type == "markdown" else ""):
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_notebook_is_committed_whole_and_small(path: Path):
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert notebook.metadata == METADATA
    assert str(ROOT) not in path.read_text(encoding="utf-8")
    assert path.stat().st_size < 1_200_000


def test_the_quickstarts_network_learns_the_spiral_with_the_three_outputs_it_names():
    cells = read(ROOT / "notebooks" / "quickstart.ipynb").cells
    assert "`spiral`, which has three classes, so the network needs three outputs" in (
        " ".join(cells[-1].source.split())
    )
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    start = next(i for i, source in enumerate(sources) if "moons" in source)
    names: dict[str, Any] = {}
    for source in sources[start:]:
        exec(source.replace("moons", "spiral").replace("[16, 2]", "[16, 3]"), names)
    assert names["history"].validation_accuracy[-1] > 0.6


def made(*kinds: str) -> Any:
    """A notebook of cells with these tags."""
    return new_notebook(
        cells=[new_code_cell(kind, metadata={"tags": [kind] if kind else []}) for kind in kinds]
    )


@pytest.mark.parametrize(
    "kinds",
    [
        ("exercise", "check", "anwser"),
        ("exercise", "", "check", "answer"),
        ("check", "answer"),
        ("exercise", "check"),
        ("exercise", "check", "answer", "answer"),
        ("skip-execution",),
    ],
)
def test_cells_that_are_no_whole_exercise_are_named(kinds: tuple[str, ...]):
    assert len(exercises(made("", *TAGS, "", *TAGS))) == 2
    with pytest.raises(AssertionError, match="expected"):
        exercises(made(*kinds))


def test_what_a_cell_says_is_what_it_says_now(tmp_path: Path):
    notebook = made("")
    notebook.cells[0].source = "import sys; print('now', file=sys.stderr); 1"
    notebook.cells[0].outputs = [new_output("stream", text="before")]
    [stream, result] = said(executed(notebook, tmp_path).cells[0])
    assert stream[:2] == ("stderr", "now\n")
    assert result == ("execute_result", "", ["text/plain"], ["1", ""], [])


def printed(cell: Any) -> str:
    """All that a cell printed."""
    return "".join(output.get("text", "") for output in cell.outputs)
