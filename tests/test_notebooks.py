"""Every notebook runs from its first cell to its last, and prints what is committed.

`python tests/test_notebooks.py` runs them and writes their outputs anew.
"""

import copy
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def executed(notebook: Any, folder: Path) -> Any:
    """A copy with fresh outputs, from a kernel that finds the packages and starts in the folder."""
    result = copy.deepcopy(notebook)
    found = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    NotebookClient(
        result,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # a print that arrives in two messages is one
        resources={"metadata": {"path": str(folder)}},
    ).execute(env=os.environ | {"PYTHONPATH": found})
    return result


def texts(notebook: Any) -> list[list[str]]:
    """What each cell says. Pictures may differ from one matplotlib to the next."""
    return [
        [output.get("text") or output["data"].get("text/plain", "") for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_says_what_is_committed(path: Path, tmp_path: Path):
    notebook = nbformat.read(path, as_version=4)
    assert texts(executed(notebook, tmp_path)) == texts(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_whole_and_small(path: Path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert notebook.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    assert str(ROOT) not in path.read_text(encoding="utf-8")
    assert path.stat().st_size < 400_000


def test_the_quickstarts_network_learns_the_spiral_with_the_three_outputs_it_names():
    cells = nbformat.read(ROOT / "notebooks" / "quickstart.ipynb", as_version=4).cells
    assert "`spiral`, which has three classes, so the network needs three outputs" in (
        " ".join(cells[-1].source.split())
    )
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    start = next(i for i, source in enumerate(sources) if "moons" in source)
    names: dict[str, Any] = {}
    for source in sources[start:]:
        exec(source.replace("moons", "spiral").replace("[16, 2]", "[16, 3]"), names)
    assert names["history"].validation_accuracy[-1] > 0.6


def refresh(path: Path) -> None:
    """Run a notebook and write it with its outputs, and with nothing that differs by machine."""
    notebook = executed(nbformat.read(path, as_version=4), path.parent)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in NOTEBOOKS:
        refresh(path)
