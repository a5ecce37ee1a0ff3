"""What there is to see of a training at a moment, and how to see it without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viz.panels.network import Network, network
from viz.panels.plane import Plane, plane
from viz.panels.sizes import Sizes

if TYPE_CHECKING:
    from nn.training.progress import Progress

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A training after some epochs; 0 is before the first.

    It is kept as it came, because to read it takes longer than to record it.

    Attributes:
        outputs: the model's at the points of the plane; None if there is none, or not yet.
        weights: the numbers of all trained parameters; of a network that is not drawn, the size of
            each part.
    """

    epoch: int
    outputs: Array | None
    weights: Array


class View:
    """What is looked at in a training: its plane, and its network or the sizes of its parts.

    Parameters:
        progress: at an event when the model is used, and not trained.
        examples: inputs and targets to draw; those of the training if None.
        classes: the names of the classes.

    Raises:
        ValueError: the model takes other inputs than these examples have.
    """

    def __init__(
        self,
        progress: Progress,
        examples: tuple[Array, Array] | None = None,
        classes: Sequence[str] = (),
    ) -> None:
        X, y = examples or (progress.examples.X, progress.examples.y)
        if X.shape[1:] != progress.examples.X.shape[1:]:
            raise ValueError(
                f"the examples to draw have the shape {X.shape}, and those of the training "
                f"{progress.examples.X.shape}: give examples as the model takes them, or none, for "
                "those of the training"
            )
        self._predict, self._vector = progress.predict, progress.optimizer.vector
        self.plane = self._plane(X, y, progress, classes)
        trained, names = self._vector.parameters, self.plane.names if self.plane else classes
        model = getattr(progress.model, "__self__", progress.model)  # whose method is trained
        self.network: Network | None = network(model, trained, names)
        self.sizes = None if self.network else Sizes(trained)

    def _plane(
        self, X: Array, y: Array, progress: Progress, classes: Sequence[str]
    ) -> Plane | None:
        if X.ndim != 2 or X.shape[1] != 2:
            return None
        found = plane(X, y, progress.task, progress.predict(X[:1]), classes)
        try:
            if found:
                self._predict(found.points)
        except IndexError:
            return None  # Inputs are indices, and there is nothing between them.
        return found

    def numbers(self) -> Array:
        """Those of all trained parameters at present."""
        return self._vector.data.copy()

    def moment(self, epoch: int) -> Moment:
        """What is seen at present."""
        numbers = self.numbers()
        outputs = self._predict(self.plane.points) if self.plane else None
        return Moment(epoch, outputs, self.sizes.of(numbers) if self.sizes else numbers)

    def moment_of(self, epoch: int, numbers: Array) -> Moment:
        """What was seen when the trained parameters had these numbers, which they have meanwhile.

        So that it costs nothing to keep the last epoch, which nobody knows beforehand.
        """
        present = self.numbers()
        try:
            self._vector.assign(numbers)
            return self.moment(epoch)
        finally:
            self._vector.assign(present)


@dataclass
class Moments:
    """Some moments of a training whose length nobody knows, at equal distances.

    When there are too many, every second one goes, and from then on they are taken half as often.

    Parameters:
        most: how many are kept, from 2 on.

    >>> moments = Moments(4)
    >>> for epoch in range(10):
    ...     if moments.due(epoch):
    ...         kept = moments.add(Moment(epoch, None, None))
    >>> [moment.epoch for moment in moments.kept], moments.every
    ([0, 4, 8], 4)
    """

    most: int
    every: int = 1
    kept: list[Moment] = field(default_factory=list)

    def due(self, epoch: int) -> bool:
        """Whether one is to be taken after this epoch."""
        return not self.kept or (epoch - self.kept[0].epoch) % self.every == 0

    def add(self, moment: Moment) -> bool:
        """Take a moment, later than all before, and say whether it is kept."""
        self.kept.append(moment)
        if len(self.kept) > self.most:
            first = self.kept[0].epoch
            self.every *= 2
            self.kept = [x for x in self.kept if (x.epoch - first) % self.every == 0]
        return self.kept[-1] is moment


def checked_examples(X: Any, y: Any) -> tuple[Array, Array] | None:
    """Examples to draw, as arrays; None if there are none."""
    if X is None and y is None:
        return None
    if X is None or y is None:
        raise TypeError("give the examples to draw as X and y, or neither, for the training's")
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if not len(X) or X.shape[:1] != y.shape[:1]:
        raise ValueError(
            f"X {X.shape} and y {y.shape}: give a target for each example, and at least one example"
        )
    return X, y


def checked_classes(names: Any) -> list[str]:
    """The names of classes."""
    if isinstance(names, str):
        raise TypeError(f"classes are a list of names, as ['no', 'yes'], not {names!r:.80}")
    return [str(name) for name in names]
