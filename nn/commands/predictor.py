"""What the command line saves and reads: a network, and how rows of a table become its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import compiled
from nn.commands.arguments import CommandError
from nn.data import Columns, DataError
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
        columns: of the table that it learned from: what is predicted from what.
        scaler: of the inputs.
        target_scaler: of the target, if that is a number.
    """

    model: Module
    columns: Columns
    scaler: Scaler
    target_scaler: Scaler | None

    def outputs(self, X: Array) -> Array:
        """Of the numbers of rows, shape (n, d): logits (n, classes), or predicted numbers (n,)."""
        outputs = predict(self.model, self.scaler.transform(X))
        if not np.isfinite(outputs).all():
            raise FloatingPointError("the network's outputs became infinite")
        if self.target_scaler is None:
            return outputs
        numbers: Array = self.target_scaler.inverse_transform(outputs.reshape(-1, 1))[:, 0]
        return numbers

    @property
    def target(self) -> str:
        """The name of what is predicted."""
        assert self.columns.target
        return self.columns.target.name

    def notes(self) -> dict[str, Any]:
        """What a file has to say beside the model, as JSON has it."""
        return {
            "columns": self.columns.to_dict(),
            "scaler": self.scaler.to_dict(),
            "target scaler": self.target_scaler and self.target_scaler.to_dict(),
        }

    @classmethod
    def load(cls, path: Path) -> tuple[Predictor, Checkpoint]:
        """Read what `chainrule train` wrote, and the rest of the file.

        Raises:
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
                Scaler.from_dict(notes["scaler"]),
                None if of_target is None else Scaler.from_dict(of_target),
            )
        except (KeyError, TypeError, DataError) as error:
            raise CheckpointError(
                f"{path} holds a model, but not one that `chainrule train` wrote ({error}): load "
                "it in Python, with nn.load"
            ) from None
        return predictor, checkpoint


def probabilities(logits: Array) -> Array:
    """Of the classes, shape (n, classes)."""
    shares: Array = compiled(softmax)(logits)
    return shares
