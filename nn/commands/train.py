"""`chainrule train`: trains a network, says how well it does, saves it and draws it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nn.commands import options
from nn.commands.arguments import CommandError
from nn.commands.learning import Result, cross_validated, learn
from nn.commands.pictures import NAMES, draw
from nn.commands.predictor import Predictor
from nn.commands.recipe import Recipe
from nn.commands.report import report
from nn.commands.tables import DATASETS, from_dataset, to_learn_from, with_target
from nn.data import Table
from nn.exchange import Checkpoint, CheckpointError, save
from nn.exchange.packages import needed
from nn.training.evaluation import Scores

SUMMARY = "train a network on a table, save it, and draw what it has learned"
DESCRIPTION = """\
Train a network to predict a column of a table from the others. A fifth of the rows is kept aside to
test it on. At the end the output folder holds
  model.safetensors  the network, for `chainrule predict`, `chainrule evaluate` and --resume
  neuron.svg         one neuron at work on one example: numbers forward, gradients back
  training.png       the learning curves
  confusion.png      classes: what was taken for what
  predictions.png    numbers: what was predicted, beside what it was
  boundary.png       two inputs: which class each point of the plane is taken for
  misread.png        digits: those that were read wrongly
"""
EXAMPLES = """\
examples:
  chainrule train
      learn to read handwritten digits; look into the folder out afterwards
  chainrule train flowers.csv --target species
      learn from a table of your own, whose first row has the names of the columns
  chainrule train flowers.csv --target species --k-fold 5 --l2 0.001 --dropout 0.2
      how well would it do on other flowers? and with a penalty and dropout?
  chainrule train flowers.csv --resume out/model.safetensors --epochs 40
      go on where it ended, up to 40 epochs in all
  chainrule train --dataset moons --hidden 16 16 --activation tanh
      two hidden layers of 16 neurons, and a picture of the boundary they find

Ctrl-C ends the training early; what was learned by then is reported, saved and drawn all the same.

exit status:
  0    trained
  1    the numbers became infinite, and nothing was saved or drawn
  2    the command makes no sense or cannot be carried out
  130  interrupted
"""
ARGUMENTS: dict[str, dict[str, Any]] = {
    "table": {
        "nargs": "?",
        "type": Path,
        "metavar": "TABLE",
        "help": "a CSV file: rows of numbers and categories",
    }
}
OPTIONS = options.TRAIN
MODEL = "model.safetensors"


def run(
    table: Path | None,
    target: str | None,
    kind: str | None,
    dataset: str | None,
    resume: Path | None,
    k_fold: int | None,
    output: Path,
    **settings: Any,
) -> int:
    """Train, say how well it went, save it, draw it and list the files; the exit status."""
    given = {name: setting for name, setting in settings.items() if setting is not None}
    if table and dataset:
        raise CommandError(f"there are two things to learn from: {table} and --dataset {dataset}")
    earlier = Predictor.load(resume) if resume else None
    if earlier:
        _check_resumed(given, target, kind, dataset, k_fold)
        recipe = _recipe_of(earlier[1], given)
        learned_from = _again(earlier, table, recipe)
    else:
        recipe = replace(Recipe(stratify=table is not None), **given)
        learned_from = _table(table, target, kind, dataset, recipe)
    output.mkdir(parents=True, exist_ok=True)
    _can_save(tell=True)  # before the time is spent
    if k_fold:
        _print_folds(cross_validated(learned_from, recipe, k_fold))
    drawn: set[str] = set()
    try:
        result = learn(learned_from, recipe, earlier)
        print(report("test", result.predictor, result.test.y, result.outputs))
        for path, shown in _files(result, learned_from, recipe, output):
            drawn.add(path.name)
            print(f"{path}: {shown}")
    finally:
        _name_old_files(output, drawn)
    return 130 if result.history.interrupted else 0


def _table(
    path: Path | None, target: str | None, kind: str | None, dataset: str | None, recipe: Recipe
) -> Table:
    if path is None:
        for name, setting in (("target", target), ("kind", kind)):
            if setting:
                raise CommandError(f"--{name} is of a table, and none is given: name its file")
        return from_dataset(dataset or "digits", recipe.seed)
    if target is None:
        raise CommandError(f"which column of {path} is to be predicted? Say --target COLUMN")
    return to_learn_from(path, target, kind)


def _check_resumed(given: Mapping[str, Any], *others: Any) -> None:
    """What a training is cannot be changed on its way."""
    names = [name.replace("_", "-") for name in given if name != "epochs"]
    names += [
        name
        for name, other in zip(("target", "kind", "dataset", "k-fold"), others, strict=True)
        if other is not None
    ]
    if names:
        raise CommandError(
            f"--{names[0]} cannot be said of a training that is resumed, which goes on as it "
            "began: only --epochs, --output and the table can"
        )


def _recipe_of(checkpoint: Checkpoint, given: Mapping[str, Any]) -> Recipe:
    try:
        return replace(Recipe(**checkpoint.notes["recipe"]), **given)
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"it does not say how it was trained ({error})") from None


def _again(earlier: tuple[Predictor, Checkpoint], path: Path | None, recipe: Recipe) -> Table:
    """What it has learned from, and is to learn from further."""
    predictor, checkpoint = earlier
    name = checkpoint.notes.get("table")
    if path is not None:
        return with_target(path, predictor.columns)[0]
    if name not in DATASETS:
        raise CommandError(f"it has learned from the table {name!r}: name its file")
    return from_dataset(name, recipe.seed)


def _files(
    result: Result, table: Table, recipe: Recipe, output: Path
) -> Iterator[tuple[Path, str]]:
    """Write the model and the pictures; the path of each, and what it is."""
    predictor, path = result.predictor, output / MODEL
    notes = predictor.notes() | {"recipe": recipe.to_dict(), "table": table.name}
    if _can_save():
        save(predictor.model, path, optimizer=result.optimizer, history=result.history, notes=notes)
        yield path, "the network, and all that it needs to predict and to go on learning"
    yield from draw(result, output)


def _print_folds(scores: Scores) -> None:
    form = ".1%" if scores.name == "accuracy" else ".4g"
    for i, score in enumerate(scores.scores, 1):
        print(f"fold {i}: {scores.name} {score:{form}}")
    print(scores, end="\n\n")


def _can_save(tell: bool = False) -> bool:
    """Whether what saves models is installed; if not, that can be told."""
    try:
        needed("safetensors", "safetensors", "saving")
    except ModuleNotFoundError as error:
        if tell:
            print(f"the network will not be saved: {error}", file=sys.stderr)
        return False
    return True


def _name_old_files(folder: Path, written: set[str]) -> None:
    """Those that could be taken for files of this training, and are of another."""
    for name in (MODEL, *NAMES):
        if name not in written and (folder / name).exists():
            print(f"{folder / name} is of an earlier training", file=sys.stderr)
