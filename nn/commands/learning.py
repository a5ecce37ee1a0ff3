"""What is trained on the command line: a data set, a network, and how well it learned."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nn.data import Dataset, StandardScaler, digits, moons, spiral, split
from nn.mlp import MLP
from nn.optimizers import Adam
from nn.training import History, InterruptionWarning, fit, predict

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": lambda seed: digits(),
    "moons": partial(moons, 500, 0.2),
    "spiral": partial(spiral, 600),
}


@dataclass(frozen=True)
class Recipe:
    """What the command line says, under the same names."""

    dataset: str
    hidden: list[int]
    activation: str
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    output: Path


@dataclass(frozen=True)
class Result:
    """A trained network, and what is needed to judge it."""

    model: MLP
    history: History
    test: Dataset
    standardized: Dataset
    outputs: Any

    @property
    def predicted(self) -> Any:
        """The class that each test example was taken for, shape (n,)."""
        return self.outputs.argmax(axis=1)


def learn(recipe: Recipe) -> Result:
    """Train the recipe's network on its data, until Ctrl-C at the longest.

    Raises:
        DivergenceError, FloatingPointError: there is no network whose outputs are numbers.
    """
    training, test = split(DATASETS[recipe.dataset](seed=recipe.seed), seed=recipe.seed)
    scaler = StandardScaler().fit(training.X)
    learned, tested = (replace(part, X=scaler.transform(part.X)) for part in (training, test))
    sizes = [*recipe.hidden, training.classes]
    model = MLP(training.X.shape[1], sizes, activation=recipe.activation, seed=recipe.seed)
    print(f"{training}, and {len(test):,} to test on")
    print(f"{model}: {len(model.parameters()):,} parameters")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterruptionWarning)  # It is said below, for this place.
        history = fit(
            model,
            learned.X,
            learned.y,
            optimizer=Adam(model.parameters(), learning_rate=recipe.learning_rate),
            epochs=recipe.epochs,
            batch_size=recipe.batch_size,
            validation=(tested.X, tested.y),
            seed=recipe.seed,
        )
    if history.interrupted:
        whole = f"{len(history.loss)} of {recipe.epochs} epochs"
        print(f"\ninterrupted after {whole}: this is what it has learned", file=sys.stderr)
    outputs = predict(model, tested.X)
    if not np.isfinite(outputs).all():  # Interrupted between a bad step and the look at it.
        raise FloatingPointError("the network's outputs became infinite")
    return Result(model, history, test, tested, outputs)
