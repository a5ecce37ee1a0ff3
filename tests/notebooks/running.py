"""Notebooks are run in a kernel of their own: `python -m tests.notebooks.running` writes them anew.

With names (`python -m tests.notebooks.running 03 quickstart`) only those that begin so.
"""

import copy
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.pages import DRAWN

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def executed(notebook: Any, folder: Path) -> Any:
    """A copy with fresh outputs, from a kernel that finds the packages and starts in the folder."""
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
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


def said(cell: Any) -> list[Any]:
    """What a cell prints, gives and draws; plots may differ from one matplotlib to the next."""
    return [
        (
            output.get("name", output.output_type),
            output.get("text", ""),
            sorted(data := output.get("data", {})),
            [data.get(f"text/{kind}", "") for kind in ("plain", "latex")],
            DRAWN.findall(data.get("image/svg+xml", "")),
        )
        for output in cell.outputs
    ]


def write_anew(path: Path) -> None:
    """Run a notebook and write it with its outputs, and with nothing that differs by machine."""
    notebook = executed(read(path), path.parent)
    notebook.metadata = METADATA
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        for name in cell.metadata.keys() - {"tags", "jupyter"}:
            del cell.metadata[name]
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in NOTEBOOKS:
        if path.name.startswith(tuple(sys.argv[1:]) or ("",)):
            print(f"running {path.name}")
            write_anew(path)
