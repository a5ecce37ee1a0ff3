"""Data sets to learn from: scanned digits, two moons, a spiral; splitting and standardising."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.seeds import Seed, generator


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples, and the class of each.

    Attributes:
        name: what it is called.
        X: the examples, shape (n, d), float64.
        y: their classes, shape (n,), whole numbers from 0 to `classes - 1`.
        classes: how many classes there are.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[np.int64]
    classes: int

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        return (
            f"<{self.name}: {len(self):,} examples of {self.X.shape[1]} numbers, "
            f"{self.classes} classes>"
        )


def digits() -> Dataset:
    """1,797 scans of handwritten digits: 8x8 pixels, from 0 (white) to 16 (black).

    The test part of "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak, 1998), which
    scikit-learn brings along, so nothing is downloaded.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the digits come with scikit-learn, which is not installed: "
            "pip install 'chainrule[sklearn]'"
        ) from error
    scans = load_digits()
    return Dataset("digits", scans.data.astype(np.float64), scans.target.astype(np.int64), 10)


def moons(n: int = 200, noise: float = 0.1, seed: Seed = 0) -> Dataset:
    """Two half circles that reach into each other: a boundary no straight line can be.

    Parameters:
        n: how many examples, half of them in each class.
        noise: the standard deviation of what is added to each coordinate.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> moons(100)
    <moons: 100 examples of 2 numbers, 2 classes>
    """
    _at_least(2, "moons()", n)
    _check_noise("moons()", noise)
    source = generator(seed)
    y = np.arange(n) % 2
    angle = source.uniform(0.0, np.pi, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)
    return Dataset("moons", X + source.normal(0.0, noise, X.shape), y, 2)


def spiral(n: int = 300, classes: int = 3, noise: float = 0.15, seed: Seed = 0) -> Dataset:
    """Arms that wind around the origin, one for each class.

    Parameters:
        n: how many examples, equally many in each arm (one more in the first, if need be).
        classes: how many arms, from 2 on.
        noise: the standard deviation of what is added to the angle.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> spiral(99)
    <spiral: 99 examples of 2 numbers, 3 classes>
    """
    if not _is_whole(classes) or classes < 2:
        raise ValueError(f"a spiral has 2 or more classes, not {classes!r:.80}")
    _at_least(classes, "spiral()", n)
    _check_noise("spiral()", noise)
    source = generator(seed)
    y = np.arange(n) % classes
    radius = source.uniform(0.05, 1.0, n)
    angle = 2.0 * np.pi * y / classes + 4.0 * radius + source.normal(0.0, noise, n)
    return Dataset(
        "spiral", radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y, classes
    )


def split(dataset: Dataset, test: float = 0.2, seed: Seed = 0) -> tuple[Dataset, Dataset]:
    """A training part and a test part, drawn at random; at least one example in each.

    Parameters:
        test: the share of the examples that is held out, above 0 and below 1.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> split(moons(100), test=0.25)
    (<moons: 75 examples of 2 numbers, 2 classes>, <moons: 25 examples of 2 numbers, 2 classes>)
    """
    _check_datasets("split()", dataset)
    if not 0 < test < 1:
        raise ValueError(f"the share of test examples is above 0 and below 1, not {test}")
    _at_least(2, "split()", len(dataset))
    held_out = min(max(round(test * len(dataset)), 1), len(dataset) - 1)
    order = generator(seed).permutation(len(dataset))
    parts = order[held_out:], order[:held_out]
    training, testing = (replace(dataset, X=dataset.X[i], y=dataset.y[i]) for i in parts)
    return training, testing


def standardize(training: Dataset, *others: Dataset) -> tuple[Dataset, ...]:
    """The same with each column shifted and scaled to mean 0 and standard deviation 1.

    Mean and deviation are those of the training part, for the others too: what is tested must
    not be known beforehand. A column that is constant there is only shifted.

    >>> training, testing = standardize(*split(moons(100)))
    >>> [round(x, 6) + 0.0 for x in training.X.mean(axis=0).tolist()]
    [0.0, 0.0]
    """
    _check_datasets("standardize()", training, *others)
    _at_least(1, "standardize()", len(training))
    lowest, highest = training.X.min(axis=0), training.X.max(axis=0)
    # Not `std == 0`: rounding gives a column of 0.1s a deviation of 1e-17.
    scale = np.where(lowest == highest, 1.0, training.X.std(axis=0))
    shift = np.where(lowest == highest, lowest, training.X.mean(axis=0))
    return tuple(replace(part, X=(part.X - shift) / scale) for part in (training, *others))


def _is_whole(n: Any) -> bool:
    return isinstance(n, int | np.integer) and not isinstance(n, bool)


def _at_least(least: int, what: str, n: Any) -> None:
    if not _is_whole(n):
        raise ValueError(f"{what} needs a whole number of examples, not {n!r:.80}")
    if n < least:
        raise ValueError(f"{what} needs {least} examples or more, not {n}")


def _check_noise(what: str, noise: Any) -> None:
    if not isinstance(noise, int | float | np.number) or not 0 <= noise < np.inf:
        raise ValueError(f"the noise of {what} is a number from 0 on, not {noise!r:.80}")


def _check_datasets(what: str, *datasets: Any) -> None:
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise TypeError(
                f"{what} takes a Dataset, not {type(dataset).__name__}: "
                "make one with Dataset(name, X, y, classes)"
            )
