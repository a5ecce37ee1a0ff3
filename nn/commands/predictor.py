"""What the command line saves and reads: a network, and how rows of a table become its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import compiled
from nn.commands.arguments import CommandError
from nn.commands.goal import Goal
from nn.data import Columns
from nn.data.scaler import Scaler
from nn.exchange import Checkpoint, CheckpointError, load
from nn.functional import softmax
from nn.module import Module
from nn.training import predict

Array = NDArray[Any]


@dataclass(frozen=True)
class Predictor:
    """A trained network, and what stands between a table and its numbers.

    Attributes:
        model: called on the scaled numbers of a row, it gives logits, or a scaled number.
        columns: of the table that it learned from.
        goal: what is predicted.
        scaler: of the inputs.
        target_scaler: of the target, if that is a number.
    """

    model: Module
    columns: Columns
    goal: Goal
    scaler: Scaler
    target_scaler: Scaler | None

    def inputs(self, X: Array) -> Array:
        """The numbers of rows, shape (n, d), as the network takes them.

        Raises:
            CommandError: they are so far from what it learned from that they have no place.
        """
        try:
            return self.scaler.transform(X)
        except ValueError as error:
            raise CommandError(named(error, self.columns.names)) from None

    def outputs(self, X: Array) -> Array:
        """Of the numbers of rows, shape (n, d): logits (n, classes), or predicted numbers (n,).

        Raises:
            FloatingPointError: they became infinite.
        """
        outputs = predict(self.model, self.inputs(X))
        if self.target_scaler is not None and np.isfinite(outputs).all():
            outputs = self.target_scaler.inverse_transform(outputs.reshape(-1, 1))[:, 0]
        if not np.isfinite(outputs).all():
            raise FloatingPointError("the network's outputs became infinite")
        return outputs

    def notes(self) -> dict[str, Any]:
        """What a file has to say beside the model, as JSON has it."""
        return {
            "columns": self.columns.to_dict(),
            "goal": self.goal.to_dict(),
            "scaler": self.scaler.to_dict(),
            "target scaler": self.target_scaler and self.target_scaler.to_dict(),
        }

    @classmethod
    def load(cls, path: Path) -> tuple[Predictor, Checkpoint]:
        """Read what `chainrule train` wrote, and the rest of the file.

        Raises:
            CommandError: there is no such file.
            CheckpointError: it is no file of the command line's.
        """
        if not path.is_file():
            raise CommandError(f"there is no file {str(path)!r} of a saved network")
        checkpoint = load(path)
        notes = checkpoint.notes
        try:
            of_target = notes["target scaler"]
            predictor = cls(
                checkpoint.model,
                Columns.from_dict(notes["columns"]),
                Goal.from_dict(notes["goal"]),
                Scaler.from_dict(notes["scaler"]),
                None if of_target is None else Scaler.from_dict(of_target),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"{path} holds a model, but not one that `chainrule train` wrote ({error}): load "
                "it in Python, with nn.load"
            ) from None
        return predictor, checkpoint


def probabilities(logits: Array) -> Array:
    """Of the classes, shape (n, classes)."""
    shares: Array = compiled(softmax)(logits)
    return shares


def named(error: Exception, names: list[str]) -> str:
    """What a scaler says of a column, with its name and not its place."""

    def name(place: re.Match[str]) -> str:
        known = int(place[1]) < len(names)
        return f"column {names[int(place[1])]!r}" if known else place[0]

    return re.sub(r"column (\d+)\b", name, str(error), count=1)
