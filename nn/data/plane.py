"""Points in a plane, to learn from and to look at: moons, circles, xor, a spiral."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.data.checks import at_least, check_noise
from nn.data.datasets import Dataset
from nn.settings.counts import is_whole
from nn.settings.habits import with_habits
from nn.settings.seeds import Seed, generator

_HERE = {"n_samples": "n", "random_state": "seed", "n_classes": "classes"}


@with_habits(_HERE)
def moons(n: int = 200, noise: float = 0.1, seed: Seed = 0) -> Dataset:
    """Two half circles that reach into each other: a boundary no straight line can be.

    Parameters:
        n: how many examples, half of them in each class.
        noise: the standard deviation of what is added to each coordinate.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> moons(100)
    <moons: 100 examples of 2 numbers, 2 classes>
    """
    at_least(2, "moons()", n)
    check_noise("moons()", noise)
    source = generator(seed)
    y = np.arange(n) % 2
    upper = _on_circle(source.uniform(0.0, np.pi, n))
    X = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)
    return Dataset("moons", X + source.normal(0.0, noise, X.shape), y, 2)


@with_habits(_HERE)
def circles(n: int = 200, noise: float = 0.1, seed: Seed = 0) -> Dataset:
    """A circle within a circle: what lies inside cannot be told by any straight line.

    Parameters:
        n: how many examples; half of them, class 0, on the circle of radius 1, the others,
            class 1, on that of radius 0.5.
        noise: the standard deviation of what is added to each coordinate.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> still = circles(4, noise=0.0)
    >>> np.linalg.norm(still.X, axis=1).round(3).tolist()
    [1.0, 0.5, 1.0, 0.5]
    """
    at_least(2, "circles()", n)
    check_noise("circles()", noise)
    source = generator(seed)
    y = np.arange(n) % 2
    X = _on_circle(source.uniform(0.0, 2.0 * np.pi, n)) * np.where(y == 0, 1.0, 0.5)[:, None]
    return Dataset("circles", X + source.normal(0.0, noise, X.shape), y, 2)


@with_habits(_HERE)
def xor(n: int = 200, noise: float = 0.15, seed: Seed = 0) -> Dataset:
    """Points around the corners of a square, those across from each other of the same class.

    No straight line parts them, so no single neuron can (Minsky & Papert, 1969). Four points
    without noise are the truth table of "either, but not both".

    Parameters:
        n: how many examples, from 4 on, taking turns around the four corners.
        noise: the standard deviation of what is added to each coordinate.
        seed: which examples: a whole number, NumPy's generator, or None for others each time.

    >>> table = xor(4, noise=0.0)
    >>> table.X.tolist(), table.y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    at_least(4, "xor()", n)
    check_noise("xor()", noise)
    source = generator(seed)
    first, second = np.arange(n) // 2 % 2, np.arange(n) % 2
    X = np.stack([first, second], axis=1).astype(np.float64)
    return Dataset("xor", X + source.normal(0.0, noise, X.shape), first ^ second, 2)


@with_habits(_HERE)
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
    if not is_whole(classes) or classes < 2:
        raise ValueError(f"a spiral has 2 or more classes, not {classes!r:.80}")
    at_least(classes, "spiral()", n)
    check_noise("spiral()", noise)
    source = generator(seed)
    y = np.arange(n) % classes
    radius = source.uniform(0.05, 1.0, n)
    angle = 2.0 * np.pi * y / classes + 4.0 * radius + source.normal(0.0, noise, n)
    return Dataset("spiral", radius[:, None] * _on_circle(angle), y, classes)


def _on_circle(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points of the circle of radius 1 at these angles, shape (n, 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)
