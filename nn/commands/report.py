"""How well a network does, in words and a few numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.commands.predictor import Predictor
from nn.training.evaluation import Confusion, Scores, confusion_matrix

Array = NDArray[Any]
LONGEST = 14  # characters of a class's name in a table


def report(what: str, predictor: Predictor, y: Array, outputs: Array) -> str:
    """How well the predictor does on examples, given their targets and its outputs."""
    goal = predictor.goal
    if predictor.target_scaler is None:
        return classification(what, goal.classes, y, outputs.argmax(axis=1))
    mean = float(predictor.target_scaler.inverse_transform([[0.0]])[0, 0])
    return regression(what, goal.name, y, outputs, mean)


def folds(scores: Scores) -> str:
    """The score of each fold, their mean and deviation; of scaled numbers what is explained."""
    if scores.name == "accuracy":
        what, shares = "accuracy", np.array(scores.scores)
    else:  # The variance of the scaled numbers is 1.
        what, shares = "share of the variance explained", 1.0 - np.array(scores.scores)
    lines = [f"fold {i}: {what} {share:.1%}" for i, share in enumerate(shares.tolist(), 1)]
    mean = f"{what} {shares.mean():.1%} ± {shares.std():.1%} in {len(shares)} folds"
    return "\n".join([*lines, mean])


def classification(what: str, classes: Sequence[str], y: Array, predicted: Array) -> str:
    """Accuracy, precision and recall of each class, and what was taken for what.

    >>> y, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    >>> print(classification("test", ["cat", "dog"], y, predicted))
    test accuracy: 75.0% (3 of 4)
    <BLANKLINE>
         precision  recall  examples      cat  dog
    cat     100.0%   50.0%         2        1    1
    dog      66.7%  100.0%         2        0    2
    """
    right, count = int((predicted == y).sum()), len(y)
    matrix = confusion_matrix(predicted, y, len(classes))
    confusion = Confusion(matrix, [_short(name) for name in classes])
    accuracy = f"{what} accuracy: {right / count:.1%} ({right:,} of {count:,})"
    return f"{accuracy}\n\n{confusion}"


def regression(what: str, target: str, y: Array, predicted: Array, mean: float) -> str:
    """How far predictions are from the targets, beside always predicting a mean.

    >>> y, predicted = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])
    >>> print(regression("test", "price", y, predicted, mean=2.0))
    test error of price, 3 examples:
                            network  always the mean, 2.000
    mean absolute error      0.3333                  0.6667
    root mean square error   0.5774                  0.8165
    share of the variance explained: 50.0%
    """
    errors = [predicted - y, mean - y]
    absolute = [_shown(float(np.abs(e).mean())) for e in errors]
    squared = [float(np.mean(e**2)) for e in errors]
    rows = [
        ("", "network", f"always the mean, {_shown(mean)}"),
        ("mean absolute error", *absolute),
        ("root mean square error", *(_shown(s**0.5) for s in squared)),
    ]
    lines = [f"{what} error of {target}, {len(y):,} examples:", *table(rows)]
    spread = float(np.mean((y - y.mean()) ** 2))
    if spread > 0:
        lines.append(f"share of the variance explained: {1 - squared[0] / spread:.1%}")
    return "\n".join(lines)


def _shown(number: float) -> str:
    """With four digits, and without an exponent where it can be read so.

    >>> _shown(134567.0), _shown(0.01234), _shown(1e-9)
    ('134,567', '0.01234', '1e-09')
    """
    size = math.floor(math.log10(abs(number))) if number else 0
    return f"{number:,.{max(3 - size, 0)}f}" if -4 <= size < 9 else f"{number:.4g}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    first, *others = widths
    return [
        "  ".join(
            [row[0].ljust(first), *(x.rjust(w) for x, w in zip(row[1:], others, strict=True))]
        )
        for row in rows
    ]


def _short(name: str) -> str:
    """A name, or its beginning and its end: names that are long often begin alike.

    >>> _short("a very long name, number 7")
    'a very…umber 7'
    """
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"
