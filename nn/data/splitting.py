"""Parts of the data: one to train on and one to test on, once or in turn (k folds)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.arrays import refuse_masked
from nn.data.checks import array_of, at_least, check_stratify
from nn.data.datasets import Dataset
from nn.data.strata import Indices, by_class, check_classes, check_parts, evenly
from nn.settings.counts import is_whole
from nn.settings.habits import with_habits
from nn.settings.seeds import Seed, generator

_SHUFFLED = "the examples are always drawn at random, by seed="


@with_habits(
    {
        "test_size": "test",
        "test_fraction": "test",
        "train_size": "say test=, the share that is held out",
        "random_state": "seed",
        "generator": "seed",
        "shuffle": _SHUFFLED,
    }
)
def split(
    dataset: Dataset, test: float = 0.2, seed: Seed = 0, stratify: bool = False
) -> tuple[Dataset, Dataset]:
    """A training part and a test part, drawn at random; at least one example in each.

    Parameters:
        test: the share of the examples that is held out, above 0 and below 1.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.
        stratify: whether that share of each class is held out too, to within one example where
            classes are not smaller than that; each class is in both parts.

    Raises:
        TypeError: it is not a Dataset.
        ValueError: there are too few examples, of all or of one class, to be parted, or a part is
            too small to have each class.

    >>> from nn import moons
    >>> split(moons(100), test=0.25)
    (<moons: 75 examples of 2 numbers, 2 classes>, <moons: 25 examples of 2 numbers, 2 classes>)
    """
    _check_dataset("split()", dataset)
    if not isinstance(test, int | float | np.number) or not 0 < test < 1:
        raise ValueError(f"the share of test examples is above 0 and below 1, not {test!r:.80}")
    check_stratify(stratify)
    at_least(2, "split()", len(dataset))
    if stratify:
        check_classes(dataset.y, 2, "to be in both parts")
    held_out = min(max(round(test * len(dataset)), 1), len(dataset) - 1)
    if stratify:
        check_parts(test, held_out, dataset.y)
    order = generator(seed).permutation(len(dataset))
    if stratify:
        order = evenly(order, dataset.y, held_out)
    parts = order[held_out:], order[:held_out]
    training, testing = (replace(dataset, X=dataset.X[i], y=dataset.y[i]) for i in parts)
    return training, testing


@with_habits({"n_splits": "k", "n_folds": "k", "random_state": "seed", "shuffle": _SHUFFLED})
def k_folds(
    n_or_y: Any, k: int = 5, seed: Seed = 0, stratify: bool = False
) -> list[tuple[Indices, Indices]]:
    """The indices to train on and to test on, for each of k folds (Stone, 1974).

    Each example is in exactly one of the test parts, whose sizes differ by one at most.

    Parameters:
        n_or_y: how many examples there are, or the class (or target) of each, shape (n,).
        k: how many folds, from 2 on.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.
        stratify: whether the test parts have equally many of each class too, to within one.

    Raises:
        ValueError: there are fewer than k examples, of all or of one class.

    >>> for training, test in k_folds(5, k=2):
    ...     print(training, test)
    [0 4] [1 2 3]
    [1 2 3] [0 4]
    """
    check_stratify(stratify)
    classes = _classes(n_or_y, stratify)
    n = len(classes)
    if not is_whole(k) or k < 2:
        raise ValueError(f"k_folds() makes 2 or more folds, not {k!r:.80}")
    at_least(k, f"k_folds() with k={k}", n)
    if stratify:
        check_classes(classes, k, f"to be in each of the {k} test parts")
    order = generator(seed).permutation(n)
    if stratify:  # Dealt like cards, so those of a class must follow each other.
        order = by_class(order, classes)
    fold = np.empty(n, dtype=np.intp)
    fold[order] = np.arange(n) % k
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


def _classes(n_or_y: Any, stratify: bool) -> NDArray[Any]:
    if is_whole(n_or_y):
        if stratify:
            raise ValueError(
                "k_folds() with stratify=True takes the class of each example, "
                f"and not their number, {n_or_y}"
            )
        at_least(1, "k_folds()", n_or_y)
        return np.zeros(n_or_y, dtype=np.int64)
    refuse_masked("y", n_or_y)
    y = array_of(n_or_y)
    if y.ndim == 0 or (stratify and y.ndim != 1):
        raise ValueError(
            "k_folds() takes a number of examples or the class of each, shape (n,), "
            f"not {n_or_y!r:.80}"
        )
    return y


def _check_dataset(what: str, dataset: Any) -> None:
    if not isinstance(dataset, Dataset):
        raise TypeError(
            f"{what} takes a Dataset, not {type(dataset).__name__}: "
            "make one with Dataset(name, X, y, classes)"
        )
