"""How good a model is on examples, such as those that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import Backend, checked_backend
from autograd.context import recording
from nn.losses import cross_entropy
from nn.mode import Modes
from nn.training import checks
from nn.training.evaluation.confusion import Confusion, confusion_matrix
from nn.training.examples import checked
from nn.training.running import Loss, Model, Running
from nn.training.tasks import Decisions, task


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What a model makes of examples. It prints as a report.

    Attributes:
        loss: the mean over the examples.
        accuracy: the share of right outputs, as in a `History`; None if the loss is not for
            classes.
        confusion: which class was taken for which, outputs that are NaN left out; None if the
            loss is not for classes.
        outputs: the model's, shape (n,) or (n, k).
    """

    loss: float
    accuracy: float | None
    confusion: Confusion | None
    outputs: NDArray[np.float64] = field(repr=False)

    @property
    def score(self) -> float:
        """The accuracy if there is one, else the loss."""
        return self.loss if self.accuracy is None else self.accuracy

    def __repr__(self) -> str:
        lines = [f"loss {self.loss:.4g}"]
        if self.accuracy is not None:
            lines[0] += f", accuracy {self.accuracy:.1%}"
        if self.confusion is not None:
            lines += ["", repr(self.confusion)]
        return "\n".join(lines)


def evaluate(
    model: Model,
    X: Any,
    y: Any,
    *,
    loss: Loss = cross_entropy,
    names: Sequence[str] | None = None,
    backend: Backend = "numpy",
) -> Evaluation:
    """Measure a model on examples; it is used, and not trained (see `Module.eval`).

    Parameters:
        model, X, y, loss, backend: as in `fit`.
        names: of the classes, for the report; by default their indices.

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP
    >>> model = MLP(2, [2], seed=0)
    >>> evaluate(model, [[0.0, 1.0], [2.0, 3.0]], [0, 1], names=["cat", "dog"])
    loss 2.198, accuracy 50.0%
    <BLANKLINE>
         precision  recall  examples      cat  dog
    cat      50.0%  100.0%         1        1    0
    dog          -    0.0%         1        1    0
    """
    checked_backend(backend)
    checks.functions(model, loss)
    measured: Evaluation = copy_context().run(_evaluated, model, X, y, loss, names, backend)
    return measured


@recording()
def _evaluated(
    model: Model, X: Any, y: Any, loss: Loss, names: Sequence[str] | None, backend: Backend
) -> Evaluation:
    with Modes(training=False):
        data, _ = checked(model, loss, X, y)
        with np.errstate(all="ignore"):
            mean, outputs = Running(model, loss, backend).evaluate(data)
    decisions = task(loss).decisions
    if decisions is None:
        return Evaluation(mean, None, None, outputs)
    decided = decisions(outputs, data.y)
    return Evaluation(mean, decided.accuracy, _confusion(decided, names), outputs)


def _confusion(decided: Decisions, names: Sequence[str] | None) -> Confusion:
    names = [str(i) for i in range(decided.classes)] if names is None else [*map(str, names)]
    if len(names) != decided.classes:
        raise ValueError(
            f"the model tells {decided.classes} classes apart, and there are {len(names)} names"
        )
    known = decided.predicted >= 0  # and not NaN
    matrix = confusion_matrix(decided.predicted[known], decided.right[known], decided.classes)
    return Confusion(matrix, names)
