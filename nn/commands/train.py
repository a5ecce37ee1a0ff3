"""`chainrule train`: trains a network, says how well it does, saves it and draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nn.commands import options
from nn.commands.arguments import CommandError
from nn.commands.learning import begun, check_folds, cross_validated, learn
from nn.commands.output import leave, name_old, prepare
from nn.commands.pictures import Result
from nn.commands.predictor import Predictor
from nn.commands.recipe import Recipe
from nn.commands.report import folds
from nn.commands.tables import (
    DATASETS,
    Lesson,
    check_there,
    from_dataset,
    to_compare,
    to_learn_from,
)
from nn.exchange import Checkpoint, CheckpointError

SUMMARY = "train a network on a table, save it, and draw what it has learned"
DESCRIPTION = """\
Train a network to predict a column of a table from the others. A fifth of the rows is kept aside to
test it on. At the end the output folder holds
  model.safetensors  the network, for `chainrule predict`, `chainrule evaluate` and --resume
  neuron.svg         one neuron at work on one example: numbers forward, gradients back
  steps.html         the same to be played, step by step, in a browser
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
    """Train, save, say how well it went, draw it and list the files; the exit status."""
    given = options.given(settings)
    reading = {name: given.pop(name) for name in options.READING if name in given}
    if table and dataset:
        raise CommandError(f"there are two things to learn from: {table} and --dataset {dataset}")
    earlier = Predictor.load(resume) if resume else None
    if earlier:
        _check_resumed(
            {**given, "target": target, "kind": kind, "dataset": dataset, "k-fold": k_fold},
            reading,
        )
        recipe = _recipe_of(earlier[1], given)
        lesson = _again(earlier, table, recipe, reading)
    else:
        recipe = replace(Recipe(stratify=table is not None), **given)
        lesson = _lesson(table, target, kind, dataset, recipe, reading)
    training = begun(lesson, recipe, earlier)
    if k_fold:
        check_folds(lesson, k_fold)
    prepare(output)  # before the time is spent
    if k_fold:
        print(folds(cross_validated(lesson, recipe, k_fold)), end="\n\n")
    written: set[str] = set()
    try:
        result = Result(training, learn(lesson, training))
        for path, shown in leave(result, lesson, table is None, output):
            written.add(path.name)
            print(f"{path}: {shown}")
    finally:
        name_old(output, written)
    return 130 if training.history.interrupted else 0


def _lesson(
    path: Path | None,
    target: str | None,
    kind: str | None,
    dataset: str | None,
    recipe: Recipe,
    reading: Mapping[str, Any],
) -> Lesson:
    if path is None:
        for name, setting in {"target": target, "kind": kind, **reading}.items():
            if setting is not None:
                raise CommandError(f"--{name} is of a table, and none is given: name its file")
        return from_dataset(dataset or "digits", recipe.seed)
    check_there(path)
    if target is None:
        raise CommandError(f"which column of {path} is to be predicted? Say --target COLUMN")
    return to_learn_from(path, target, kind, reading)


def _check_resumed(given: Mapping[str, Any], reading: Mapping[str, Any]) -> None:
    """What a training is cannot be changed on its way."""
    said = [name for name, setting in given.items() if setting is not None and name != "epochs"]
    said += [name for name in reading if name not in options.ENCODING]
    if said:
        raise CommandError(
            f"--{said[0].replace('_', '-')} cannot be said of a training that is resumed, which "
            "goes on as it began: only --epochs and --output can"
        )


def _recipe_of(checkpoint: Checkpoint, given: Mapping[str, Any]) -> Recipe:
    try:
        return replace(Recipe(**checkpoint.notes["recipe"]), **given)
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"it does not say how it was trained ({error})") from None


def _again(
    earlier: tuple[Predictor, Checkpoint],
    path: Path | None,
    recipe: Recipe,
    reading: Mapping[str, Any],
) -> Lesson:
    """What it has learned from, and is to learn from further."""
    predictor, checkpoint = earlier
    if path is not None:
        lesson = to_compare(path, predictor.columns, predictor.goal, reading)
        if lesson.rows != checkpoint.notes.get("rows"):
            raise CommandError(
                f"{path} has other rows than it has learned from, or in another order, so some of "
                "those would be among the ones to test on: give the same table, or train anew"
            )
        return lesson
    if (name := checkpoint.notes.get("dataset")) not in DATASETS:
        raise CommandError("it has learned from a table of your own: name its file")
    return from_dataset(name, recipe.seed)
