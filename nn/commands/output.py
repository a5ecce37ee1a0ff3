"""What a training leaves in its folder: the model, the report and the pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from nn.commands.pictures import NAMES, Result, draw
from nn.commands.report import report
from nn.commands.tables import Lesson
from nn.exchange import save
from nn.packages import needed

MODEL = "model.safetensors"


def leave(
    result: Result, lesson: Lesson, dataset: bool, output: Path
) -> Iterator[tuple[Path, str]]:
    """Write the model, report, and draw the pictures; the path of each, and what it is."""
    training, path = result.training, output / MODEL
    predictor, recipe = training.predictor, training.recipe
    kept = _can_save() and bool(len(training.history))  # not what has learned nothing yet
    if kept:  # first, since nothing that is lost then costs as much
        notes = predictor.notes() | {
            "recipe": recipe.to_dict(),
            "dataset": lesson.table.name if dataset else None,
            "rows": lesson.rows,
        }
        save(
            predictor.model,
            path,
            optimizer=training.optimizer,
            history=training.history,
            notes=notes,
        )
    print(report("test", predictor, result.test.y, result.outputs))
    if kept:
        yield path, "the network, and all that it needs to predict and to go on learning"
    yield from draw(result, output)


def prepare(folder: Path) -> None:
    """Make the folder, and see whether all can be written there.

    Raises:
        OSError: it cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder):
        pass
    for name in (MODEL, *NAMES):
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{str(folder / name)!r} is a folder, and is to be a file")
    _can_save(tell=True)


def _can_save(tell: bool = False) -> bool:
    """Whether what saves models is installed; if not, that can be told."""
    try:
        needed("safetensors", "safetensors", "saving")
    except ModuleNotFoundError as error:
        if tell:
            print(f"the network will not be saved: {error}", file=sys.stderr)
        return False
    return True


def name_old(folder: Path, written: set[str]) -> None:
    """Those that could be taken for files of this training, and are of another."""
    for name in (MODEL, *NAMES):
        if name not in written and (folder / name).exists():
            print(f"{folder / name} is of an earlier training", file=sys.stderr)
