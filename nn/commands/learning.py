"""What the command line does to learn: a table in two parts, a network, and how well it does."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.commands.arguments import CommandError
from nn.commands.predictor import Predictor, named
from nn.commands.recipe import SCALERS, Recipe
from nn.commands.tables import Lesson
from nn.data import Dataset, StandardScaler, split
from nn.data.scaler import Scaler
from nn.exchange import Checkpoint
from nn.losses import cross_entropy, mse
from nn.optimizers import Optimizer
from nn.training import History, InterruptionWarning, fit
from nn.training.evaluation import Scores, cross_validate

Array = NDArray[Any]


def _parts(lesson: Lesson, recipe: Recipe) -> tuple[Dataset, Dataset]:
    """A part to learn from, and a fifth to test on; the same for the same seed.

    Of few examples of many classes it is more than a fifth: one of each class.

    Raises:
        CommandError: there is too little, of all or of a class.
    """
    table, goal, y = lesson
    stratify = recipe.stratify and bool(goal.classes)
    if stratify:
        _check_classes(lesson, 2, "one to learn from and one to test on")
    try:
        data = Dataset(table.name, table.X, y, len(goal.classes))
        fifth = max(0.2, data.classes / len(data)) if stratify else 0.2
        return split(data, fifth, recipe.seed, stratify)
    except ValueError as error:
        raise CommandError(str(error)) from None


def check_folds(lesson: Lesson, k: int) -> None:
    """Raise a CommandError if there is too little for so many folds."""
    if lesson.goal.classes:
        _check_classes(lesson, k, f"one for each of the {k} folds")
    elif len(lesson.table) < k:
        raise CommandError(f"{k} folds need {k} rows or more, and there are {len(lesson.table)}")


def _check_classes(lesson: Lesson, least: int, why: str) -> None:
    """Raise for a class of which there are too few rows."""
    for place, count in sorted(Counter(lesson.y.tolist()).items()):
        if count < least:
            raise CommandError(
                f"{lesson.goal.classes[place]!r} stands in {count} of the rows, and {least} are "
                f"needed, {why}: get more of them, or leave them out"
            )


@dataclass
class Training:
    """A network, and what it is trained with.

    Attributes:
        parts: that to learn from and that to test on, as they came, not scaled.
        history: of the epochs that were before; of all, once it is trained.
    """

    recipe: Recipe
    parts: tuple[Dataset, Dataset]
    predictor: Predictor
    optimizer: Optimizer
    history: History


def begun(lesson: Lesson, recipe: Recipe, earlier: tuple[Predictor, Checkpoint] | None) -> Training:
    """A training that is ready to be carried out, or to go on.

    Parameters:
        earlier: what is left of a training that is resumed.

    Raises:
        CommandError: there is too little to learn from, or nothing to learn any more.
    """
    training, test = _parts(lesson, recipe)
    predictor = earlier[0] if earlier else _beginning(lesson, recipe, training)
    optimizer = recipe.new_optimizer(predictor.model.parameters(), len(training))
    history = _gone_on(earlier[1], optimizer, recipe.epochs) if earlier else History()
    return Training(recipe, (training, test), predictor, optimizer, history)


def learn(lesson: Lesson, training: Training) -> Array:
    """Train until Ctrl-C at the longest, and give the outputs for the part to test on.

    Raises:
        DivergenceError, FloatingPointError: there is no network whose outputs are numbers.
    """
    model = training.predictor.model
    _print_table(lesson, *training.parts)
    count = len(model.parameters())
    print(f"{model}: {count:,} parameter{'s' * (count > 1)}")
    training.history = _trained(training)
    return training.predictor.outputs(training.parts[1].X)


def cross_validated(lesson: Lesson, recipe: Recipe, k: int) -> Scores:
    """The scores of k networks, each tested on a part of its own; of numbers, of scaled ones.

    Raises:
        CommandError: there is too little to learn from.
    """
    table, goal, y = lesson
    learned_from = len(table) - len(table) // k
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InterruptionWarning)
            return cross_validate(
                lambda: recipe.network(table.X.shape[1], max(len(goal.classes), 1)),
                table.X,
                y if goal.classes else _target_scaler(lesson, y).transform(_column(y))[:, 0],
                k=k,
                stratify=bool(goal.classes),
                scaler=SCALERS[recipe.scaling](),
                seed=recipe.seed,
                loss=cross_entropy if goal.classes else mse,
                optimizer=lambda parameters: recipe.new_optimizer(parameters, learned_from),
                penalty=recipe.penalty,
                epochs=recipe.epochs,
                batch_size=recipe.batch_size,
                backend=recipe.backend,
                progress=True,
            )
    except ValueError as error:
        raise CommandError(named(error, table.names)) from None


def _beginning(lesson: Lesson, recipe: Recipe, training: Dataset) -> Predictor:
    """A new network, and scalers that know the training part."""
    table, goal, _ = lesson
    try:
        scaler = SCALERS[recipe.scaling]().fit(training.X)
    except ValueError as error:
        raise CommandError(named(error, table.names)) from None
    of_target = None if goal.classes else _target_scaler(lesson, training.y)
    model = recipe.network(training.X.shape[1], max(len(goal.classes), 1))
    return Predictor(model, table.columns, goal, scaler, of_target)


def _target_scaler(lesson: Lesson, y: Any) -> Scaler:
    try:
        return StandardScaler().fit(_column(y))
    except ValueError as error:
        raise CommandError(named(error, [lesson.goal.name])) from None


def _gone_on(checkpoint: Checkpoint, optimizer: Optimizer, epochs: int) -> History:
    """The history of a training that is resumed; the optimizer then remembers what it did."""
    if checkpoint.optimizer is None or checkpoint.history is None:
        raise CommandError("the file does not say how far the training had come")
    done = len(checkpoint.history)
    if done >= epochs:
        raise CommandError(
            f"it has learned for {done} epochs already, and {epochs} in all were asked for: "
            f"say --epochs {2 * done} for as many again"
        )
    optimizer.load_state_dict(checkpoint.optimizer.state_dict())
    return checkpoint.history


def _print_table(lesson: Lesson, training: Dataset, test: Dataset) -> None:
    table, goal, _ = lesson
    kind = f"of {len(goal.classes)} classes" if goal.classes else "a number"
    width = table.X.shape[1]
    print(
        f"{table.name}: {len(training):,} rows of {width} number{'s' * (width > 1)} to learn "
        f"{goal.name} from, {kind}, and {len(test):,} to test on"
    )


def _trained(training: Training) -> History:
    predictor, recipe, history = training.predictor, training.recipe, training.history
    of_target = predictor.target_scaler
    (X, y), tested = (
        (
            predictor.inputs(part.X),
            part.y if of_target is None else of_target.transform(_column(part.y))[:, 0],
        )
        for part in training.parts
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterruptionWarning)  # It is said below, for this place.
        history = fit(
            predictor.model,
            X,
            y,
            loss=mse if of_target else cross_entropy,
            optimizer=training.optimizer,
            penalty=recipe.penalty,
            epochs=recipe.epochs - len(history),
            batch_size=recipe.batch_size,
            backend=recipe.backend,
            validation=tested,
            seed=recipe.seed,
            history=history,
        )
    if history.interrupted:
        whole = f"{len(history)} of {recipe.epochs} epochs"
        print(f"\ninterrupted after {whole}: this is what it has learned", file=sys.stderr)
    return history


def _column(y: Any) -> Array:
    """Targets as a matrix of one column, which is what scalers take."""
    return np.asarray(y, dtype=np.float64)[:, np.newaxis]
