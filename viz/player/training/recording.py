"""What there is to see of a training at a moment, and how to see it without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import NDArray

from viz.panels.network import Network, network
from viz.panels.plane import Plane, plane
from viz.panels.sizes import Sizes
from viz.panels.writing import told_apart

if TYPE_CHECKING:
    from nn.training.progress import Progress

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A training after some epochs; 0 is before the first.

    It is kept as it came, because to read it takes longer than to record it.

    Attributes:
        outputs: the model's at the points of the plane; None if there is none.
        weights: the numbers of all parameters of a network that is drawn, trained or not; else
            the size of each part.
    """

    epoch: int
    outputs: Array | None
    weights: Array


class View:
    """What is looked at in a training: its plane, and its network or the sizes of its parts.

    It knows nothing of the training afterwards: what is to be seen later is told it.

    Parameters:
        progress: at an event when the model is used, and not trained.
        examples: inputs and targets to draw; those of the training if None.
        classes: the names of the classes.

    Raises:
        ValueError, TypeError: the examples are none for this model and its loss.
    """

    def __init__(
        self,
        progress: Progress,
        examples: tuple[Array, Array] | None = None,
        classes: Sequence[str] = (),
    ) -> None:
        (X, y), classes = _fitting(progress, examples), told_apart(classes)
        self.plane = _plane(X, y, progress, classes)
        trained = progress.optimizer.vector.parameters
        names = self.plane.names if self.plane else classes
        model = getattr(progress.model, "__self__", progress.model)  # whose method is trained
        self.model = repr(model)
        self.network: Network | None = network(model, trained, names)
        self.sizes = None if self.network else Sizes(trained)

    def moment(self, progress: Progress) -> Moment:
        """What is seen at present, after the last epoch of the history."""
        numbers = progress.optimizer.vector.data
        outputs = progress.predict(self.plane.points) if self.plane else None
        weights = self.network.whole(numbers) if self.network else None
        if self.sizes:
            weights = self.sizes.of(numbers)
        assert weights is not None
        return Moment(len(progress.history), outputs, weights)

    def is_like(self, other: View) -> bool:
        """Whether a moment of the one can be shown as one of the other."""
        return (
            self.model == other.model
            and self.plane == other.plane
            and self.sizes == other.sizes
            and _drawn(self.network) == _drawn(other.network)
        )


def _drawn(network: Network | None) -> object:
    return network and (network.sizes, network.outputs)


def _fitting(progress: Progress, examples: tuple[Array, Array] | None) -> tuple[Array, Array]:
    """The examples to draw, if they are for this model and its loss."""
    own = progress.examples
    if examples is None:
        return own.X, own.y
    X, y = examples
    if X.shape[1:] != own.X.shape[1:]:
        raise ValueError(
            f"the examples to draw have the shape {X.shape}, and those of the training "
            f"{own.X.shape}: give examples as the model takes them, or none, for those of the "
            "training"
        )
    try:
        found = progress.fitting(X, y)
    except (ValueError, TypeError) as error:
        error.add_note("(X and y are the examples to draw; without them the training's are drawn)")
        raise
    return found.X, found.y


def _plane(X: Array, y: Array, progress: Progress, classes: Sequence[str]) -> Plane | None:
    if X.ndim != 2 or X.shape[1] != 2:
        return None
    found = plane(X, y, progress.task, progress.predict(X[:1]), classes)
    try:
        if found:
            progress.predict(found.points)
    except IndexError:
        return None  # Inputs are indices, and there is nothing between them.
    return found


@dataclass(frozen=True)
class Moments:
    """Some moments of a training whose length nobody knows, at equal distances, and the latest.

    When there are too many, every second one goes, and from then on they are taken half as often.
    One more makes other `Moments` of these, so that who looks meanwhile sees them whole.

    Parameters:
        most: how many there are at most, from 2 on.

    >>> moments = Moments(4)
    >>> for epoch in range(10):
    ...     moments = moments.and_then(Moment(epoch, None, None))
    >>> [moment.epoch for moment in moments.shown], moments.every
    ([0, 4, 8, 9], 4)
    """

    most: int
    every: int = 1
    kept: tuple[Moment, ...] = ()
    latest: Moment | None = None

    @property
    def shown(self) -> list[Moment]:
        """All, in order."""
        if self.latest is None:
            return []
        before = [moment for moment in self.kept if moment.epoch < self.latest.epoch]
        return [*before[: self.most - 1], self.latest]

    def and_then(self, moment: Moment) -> Self:
        """These and the latest, which is not earlier than any of them."""
        kept, every = (*self.kept, moment), self.every
        since = kept[0].epoch
        if (moment.epoch - since) % every or (self.kept and self.kept[-1].epoch == moment.epoch):
            kept = self.kept
        if len(kept) > self.most:
            every *= 2
            kept = tuple(x for x in kept if (x.epoch - since) % every == 0)
        return replace(self, kept=kept, every=every, latest=moment)
