"""Some parameters as one vector of numbers and one of gradients, for optimizers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import context
from autograd.locking import moving
from autograd.value import Value
from nn.parameters.parameter import Parameter
from nn.parameters.theta import Places, Theta, Vector
from nn.settings.ranges import is_number


class ParameterVector:
    """Some parameters (or plain Values) as one vector, for optimizers.

    >>> vector = ParameterVector([Parameter(1.0), Parameter(2.0)])
    >>> vector.assign(vector.data * 10.0)
    >>> vector.parameters
    [Parameter(data=10.0, grad=0.0), Parameter(data=20.0, grad=0.0)]
    """

    def __init__(self, parameters: Iterable[Value]) -> None:
        given = list(parameters)
        for p in given:
            if not isinstance(p, Value) or p.kind not in ("parameter", "input"):
                raise TypeError(
                    f"only Parameters and leaf Values can be trained, not {p!r:.80}{_advice(p)}"
                )
        self.parameters = list(dict.fromkeys(given))
        self._packed = all(isinstance(p, Parameter) and p.pack for p in self.parameters)
        self._theta: Theta | None = None
        self._where: Places = slice(0, 0)
        self._whole = False
        self._factor = (0.0, np.array(-0.0))  # a rate, and what gradients are multiplied with
        self._scratch: Vector | None = None

    def __len__(self) -> int:
        return len(self.parameters)

    def __reduce__(self) -> Any:
        return ParameterVector, (self.parameters,)  # A copy is of the copied parameters.

    def _located(self) -> Theta:
        """The vector they live in now; `_where` in it, and whether they are the whole of it."""
        theta = self._theta
        if theta is None or theta.superseded:
            theta = Parameter.pack(self.parameters)  # type: ignore[arg-type]
            places = np.array([p.index for p in self.parameters])  # type: ignore[attr-defined]
            in_a_row = np.array_equal(places, places[0] + np.arange(len(places)))
            self._where = slice(places[0], places[-1] + 1) if in_a_row else places
            self._whole = in_a_row and len(places) == len(theta.parameters)
            self._theta = theta  # at last: an interrupt before leaves it to be done again
        return theta

    @property
    def data(self) -> Vector:
        """Their numbers, shape (n,)."""
        if not self._packed:
            return np.array([p._data for p in self.parameters])
        return self._located().data[self._where]

    @property
    def grad(self) -> Vector:
        """Their gradients, shape (n,), as they are now; 0 where none was computed."""
        return self.given_grad(np.ndarray.copy)

    def given_grad(self, work: Callable[[Vector], Vector]) -> Vector:
        """What a function makes of the gradients, which it neither keeps nor changes."""
        if not self._packed:
            return work(np.array([p._grad for p in self.parameters]))
        theta = self._located()
        if self._whole:
            return theta.given_grad(work)
        return theta.given_grad(lambda vector: work(vector[self._where]))

    def assign(self, numbers: Vector) -> None:
        """Give them new numbers in one assignment: an interrupt leaves the old or the new."""
        self._refuse_while_recording()
        if self._packed:
            with moving:
                self._located().data[self._where] = numbers
        else:
            try:
                self._assign_each(numbers.tolist())
            except BaseException:  # Interrupted half-way: once more and whole, then the interrupt.
                self._assign_each(numbers.tolist())
                raise

    def add(self, change: Vector) -> None:
        """Move all of them by a change, shape (n,), at once as in `assign`.

        Raises:
            ValueError: the change has another shape.
        """
        if np.shape(change) != (len(self),):
            raise ValueError(
                f"{len(self)} parameters are moved by an array of as many numbers, not by one of "
                f"shape {np.shape(change)}"
            )
        self._refuse_while_recording()
        if not self._packed:
            self.assign(self.data + change)
            return
        with moving:
            data = self._located().data
            if self._whole:
                data += change
            else:
                data[self._where] += change

    def descend(self, rate: float) -> None:
        """Move all of them by `-rate` times their gradients, at once."""
        known, factor = self._factor
        if rate != known:
            factor = np.array(-rate)
            self._factor = (rate, factor)
        with moving:
            theta = self._theta
            if theta is None or theta.superseded or not self._whole or context.special:
                self.add(self.given_grad(lambda gradient: factor * gradient))
                return
            # Whoever comes in between, as a signal handler may, does not find it.
            scratch, self._scratch = self._scratch, None
            if scratch is None:
                scratch = np.empty(len(self.parameters))
            theta.descend(factor, scratch)
            self._scratch = scratch

    def _refuse_while_recording(self) -> None:
        if context.special and (tracer := context.current().tracer):
            tracer.refuse(self.parameters[0], "assigning .data")

    def _assign_each(self, numbers: list[float]) -> None:
        for p, number in zip(self.parameters, numbers, strict=True):
            p._data = number

    def forget_grad(self) -> None:
        """Forget their gradients."""
        theta = self._theta
        if theta is not None and self._whole and not theta.superseded:
            theta.forget_grad()
        elif self._packed:
            self._located().forget_grad(None if self._whole else self._where)
        else:
            for p in self.parameters:
                p.forget_grad()


def _advice(given: Any) -> str:
    """What to do about something that is no parameter."""
    if isinstance(given, Value):
        return ": it is computed from others, which are those to train"
    if is_number(given):
        return ": give it as Parameter(...), and compute with that"
    if hasattr(given, "parameters"):
        return ": give its parameters()"
    if isinstance(given, Mapping):
        return ": for groups with learning rates of their own make an optimizer for each"
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str):
        return ": parameters() gives them without their names"
    if isinstance(given, list | tuple | np.ndarray):
        return ": give one list of all, such as [*first, *second]"
    return ""
