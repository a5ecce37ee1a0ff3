"""Theta: the vector in which the numbers of some parameters lie, and that of their gradients.

A training step writes and forgets all gradients at once, a person reads one. So the gradients of
all are one thing, which a compiled function lends, as long as nobody asks for a single one; then
they move into memory of their own, where each has its place.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd.locking import moving

if TYPE_CHECKING:
    from autograd.compiler.lending import Lent
    from nn.parameters.parameter import Parameter

Vector = NDArray[np.float64]
Places = slice | NDArray[np.intp]
Result = TypeVar("Result")

_add = np.add  # found more quickly under this name

_ZERO = array("d", [0.0])
_NONE_YET: Any = object()  # stands for the gradients of all when none was computed


class Theta:
    """The numbers and the gradients of some parameters, each as one flat vector.

    Attributes:
        parameters: whose they are, in the order of the vector.
        superseded: whether the parameters have moved on to a larger vector.
    """

    __slots__ = (
        "_common", "_computed", "_gradients", "_numbers", "_views", "parameters", "superseded",
    )  # fmt: skip

    def __init__(self, parameters: Sequence[Parameter], numbers: Iterable[float]) -> None:
        # Arrays of Python's own give single floats faster than NumPy's, and share their memory.
        self._numbers = array("d", numbers)
        self._gradients = _ZERO * len(self._numbers)
        self._computed = bytearray(len(self._numbers))
        self._views: tuple[Vector, Vector, NDArray[np.uint8]] | None = None
        # The gradients of all, or that there are none yet; None when each has its own.
        self._common: Lent | None = None
        self.parameters = parameters
        self.superseded = False

    @property
    def data(self) -> Vector:
        """The numbers, shape (n,); what is written into it is what the parameters have."""
        return (self._views or self._viewed())[0]

    @property
    def _vector(self) -> Vector:
        """The gradients."""
        return (self._views or self._viewed())[1]

    @property
    def _marks(self) -> NDArray[np.uint8]:
        """1 where a gradient was computed."""
        return (self._views or self._viewed())[2]

    def _viewed(self) -> tuple[Vector, Vector, NDArray[np.uint8]]:
        """NumPy's views of the arrays, made when one is first asked for.

        Most vectors are those of a single parameter, which soon moves on to a larger one; nobody
        looks at them as a whole, and views would be half of what a parameter costs.
        """
        self._views = views = (
            np.frombuffer(self._numbers, dtype=np.float64),
            np.frombuffer(self._gradients, dtype=np.float64),
            np.frombuffer(self._computed, dtype=np.uint8),
        )
        return views

    def part(self, places: Sequence[int]) -> Part:
        """Those of the parameters that lie at some places, in their order."""
        return Part(self, places)

    # ----------------------------------------------------------------------- gradients of all

    def given_grad(self, work: Callable[[Vector], Result]) -> Result:
        """What `work` makes of the gradients, shape (n,), which it neither keeps nor changes."""
        common = self._common
        if common is None or common is _NONE_YET:
            self.separate()
            return work(self._vector)
        return common.given_to(work)

    def descend(self, factor: Any, scratch: Vector) -> None:
        """Add `factor` times the gradients to the numbers, for who holds the lock `moving`.

        Parameters:
            factor: an array of no axes, which NumPy takes more quickly than a number.
            scratch: where the product may lie.
        """
        common, data = self._common, self.data
        if common is None or common is _NONE_YET:
            self.separate()
            np.multiply(self._vector, factor, out=scratch)
        else:
            common.times(factor, scratch)
        _add(data, scratch, data)

    def add_to_grad(self, gradients: Lent) -> None:
        """Add to the gradients of all; the first that come are taken as they are."""
        with moving:
            if self._common is _NONE_YET:
                self._common = gradients
            else:
                self.separate()
                gradients.given_to(self._add)

    def _add(self, gradients: Vector) -> None:
        np.add(self._vector, gradients, out=self._vector)
        self._marks.fill(1)

    def forget_grad(self, where: Places | None = None) -> None:
        """Forget the gradients of all, or of those at some places."""
        with moving:
            if where is None:
                self._common = _NONE_YET
            else:
                self.separate()
                self._vector[where] = 0.0
                self._marks[where] = 0

    # ------------------------------------------------------------------------ gradients of each

    def separate(self) -> None:
        """From now on each parameter has a gradient of its own; do this before one is looked at."""
        with moving:
            common = self._common
            if common is _NONE_YET:
                self._vector.fill(0.0)
                self._marks.fill(0)
            elif common is not None:
                common.given_to(self._take)
            self._common = None

    def _take(self, gradients: Vector) -> None:
        self._vector[:] = gradients
        self._marks.fill(1)


class Part:
    """The parameters at some places of a vector: to the engine one leaf with a vector of gradients.

    Attributes:
        parameters: the parameters.
        where: their places in the vector.
        whole: whether they are all of it, in its order.
    """

    _edges: tuple[Any, ...] = ()
    __slots__ = ("parameters", "theta", "where", "whole")

    def __init__(self, theta: Theta, places: Sequence[int]) -> None:
        self.theta = theta
        self.parameters = [theta.parameters[i] for i in places]
        self.whole = list(places) == list(range(len(theta.parameters)))
        self.where = slice(None) if self.whole else np.array(places, dtype=np.intp)

    def __reduce__(self) -> Any:
        return _part, (self.parameters,)  # A copy is of the copied parameters.

    @property
    def superseded(self) -> bool:
        """Whether the parameters have moved on to a larger vector."""
        return self.theta.superseded

    @property
    def _grad(self) -> Vector:
        self.theta.separate()
        return self.theta._vector[self.where]

    @_grad.setter
    def _grad(self, gradients: Vector) -> None:
        self.theta.separate()
        self.theta._vector[self.where] = gradients
        self.theta._marks[self.where] = 1

    def add_to_grad(self, gradients: Lent) -> None:
        """What `backward()` does for a result that depends on nothing else."""
        theta = self.theta
        if theta.superseded:
            for parameter, gradient in zip(self.parameters, gradients.copy().tolist(), strict=True):
                parameter.grad += gradient
        elif self.whole:
            theta.add_to_grad(gradients)
        else:
            self._grad = self._grad + gradients.copy()


def _part(parameters: Sequence[Parameter]) -> Part:
    first, *_ = parameters
    return first.pack(parameters).part([p.index for p in parameters])
