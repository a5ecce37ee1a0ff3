"""What the command line does to learn: a table in two parts, a network, and how well it does."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.commands.arguments import CommandError
from nn.commands.predictor import Predictor
from nn.commands.recipe import SCALERS, Recipe
from nn.data import Dataset, StandardScaler, Table, split
from nn.exchange import Checkpoint
from nn.losses import cross_entropy, mse
from nn.optimizers import Optimizer
from nn.training import History, InterruptionWarning, fit
from nn.training.evaluation import Scores, cross_validate

Array = NDArray[Any]


@dataclass(frozen=True)
class Result:
    """A trained network, and what is needed to judge it and to go on.

    Attributes:
        training, test: as they came, not scaled.
        outputs: of the test part, as `Predictor.outputs` gives them.
    """

    predictor: Predictor
    optimizer: Optimizer
    history: History
    training: Dataset
    test: Dataset
    outputs: Array


def learn(table: Table, recipe: Recipe, earlier: tuple[Predictor, Checkpoint] | None) -> Result:
    """Train the recipe's network on the table, until Ctrl-C at the longest.

    Parameters:
        earlier: what is left of a training that is resumed.

    Raises:
        CommandError: there is too little to learn from.
        DivergenceError, FloatingPointError: there is no network whose outputs are numbers.
    """
    training, test = _parts(table, recipe)
    predictor = earlier[0] if earlier else _beginning(table, recipe, training)
    model, history = predictor.model, History()
    optimizer = recipe.new_optimizer(model.parameters(), len(training))
    if earlier:
        history = _gone_on(earlier[1], optimizer, recipe.epochs)
    _print_table(table, training, test)
    print(f"{model}: {len(model.parameters()):,} parameters")
    history = _trained(predictor, training, test, recipe, optimizer, history)
    return Result(predictor, optimizer, history, training, test, predictor.outputs(test.X))


def cross_validated(table: Table, recipe: Recipe, k: int) -> Scores:
    """The scores of k networks, each tested on a part of its own.

    Raises:
        CommandError: there is too little to learn from.
    """
    classes = len(table.classes)
    y = table.y if classes else StandardScaler().fit_transform(_column(table.y))[:, 0]
    learned_from = len(table) - len(table) // k
    try:
        return cross_validate(
            lambda: recipe.network(table.X.shape[1], max(classes, 1)),
            table.X,
            y,
            k=k,
            stratify=classes > 0,
            scaler=SCALERS[recipe.scaling](),
            seed=recipe.seed,
            loss=cross_entropy if classes else mse,
            optimizer=lambda parameters: recipe.new_optimizer(parameters, learned_from),
            penalty=recipe.penalty,
            epochs=recipe.epochs,
            batch_size=recipe.batch_size,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None


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


def _print_table(table: Table, training: Dataset, test: Dataset) -> None:
    assert table.columns.target
    kind = f"of {len(table.classes)} classes" if table.classes else "a number"
    print(
        f"{table.name}: {len(training):,} rows of {table.X.shape[1]} numbers to learn "
        f"{table.columns.target.name} from, {kind}, and {len(test):,} to test on"
    )


def _parts(table: Table, recipe: Recipe) -> tuple[Dataset, Dataset]:
    """A part to learn from, and a fifth to test on; the same for the same seed."""
    assert table.y is not None
    classes = len(table.classes)
    try:
        data = Dataset(table.name, table.X, table.y, classes)
        return split(data, seed=recipe.seed, stratify=recipe.stratify and classes > 0)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _beginning(table: Table, recipe: Recipe, training: Dataset) -> Predictor:
    """A new network, and scalers that know the training part."""
    try:
        scaler = SCALERS[recipe.scaling]().fit(training.X)
        of_target = None if table.classes else StandardScaler().fit(_column(training.y))
    except ValueError as error:
        raise CommandError(str(error)) from None
    model = recipe.network(training.X.shape[1], max(len(table.classes), 1))
    return Predictor(model, table.columns, scaler, of_target)


def _trained(
    predictor: Predictor,
    training: Dataset,
    test: Dataset,
    recipe: Recipe,
    optimizer: Optimizer,
    history: History,
) -> History:
    scaler, of_target = predictor.scaler, predictor.target_scaler
    (X, y), tested = (
        (
            scaler.transform(part.X),
            part.y if of_target is None else of_target.transform(_column(part.y))[:, 0],
        )
        for part in (training, test)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterruptionWarning)  # It is said below, for this place.
        history = fit(
            predictor.model,
            X,
            y,
            loss=mse if of_target else cross_entropy,
            optimizer=optimizer,
            penalty=recipe.penalty,
            epochs=recipe.epochs - len(history),
            batch_size=recipe.batch_size,
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
