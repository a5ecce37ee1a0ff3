"""Some parameters as one vector of numbers and one of gradients, for optimizers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import context
from autograd.value import Value
from nn.parameter import Parameter, Theta, Vector


class ParameterVector:
    """Some parameters (or plain Values) as one vector, for optimizers.

    >>> vector = ParameterVector([Parameter(1.0), Parameter(2.0)])
    >>> vector.assign(vector.data * 10.0)
    >>> vector.parameters
    [Parameter(data=10.0, grad=0.0), Parameter(data=20.0, grad=0.0)]
    """

    def __init__(self, parameters: Iterable[Value]) -> None:
        self.parameters = list(dict.fromkeys(parameters))
        for p in self.parameters:
            if not isinstance(p, Value) or p.kind not in ("parameter", "input"):
                raise TypeError(f"only Parameters and leaf Values can be trained, not {p!r:.80}")
        self._packed = all(isinstance(p, Parameter) for p in self.parameters)
        self._theta: Theta | None = None
        self._where: slice | NDArray[np.intp] = slice(0, 0)

    def __len__(self) -> int:
        return len(self.parameters)

    def __reduce__(self) -> Any:
        return ParameterVector, (self.parameters,)  # A copy is of the copied parameters.

    def _located(self) -> tuple[Theta, slice | NDArray[np.intp]]:
        """The vector they live in now, and their places in it."""
        if self._theta is None or self._theta.superseded:
            self._theta = Parameter.pack(self.parameters)  # type: ignore[arg-type]
            places = np.array([p.index for p in self.parameters])  # type: ignore[attr-defined]
            in_a_row = np.array_equal(places, places[0] + np.arange(len(places)))
            self._where = slice(places[0], places[-1] + 1) if in_a_row else places
        return self._theta, self._where

    @property
    def data(self) -> Vector:
        """Their numbers, shape (n,)."""
        if not self._packed:
            return np.array([p._data for p in self.parameters])
        theta, where = self._located()
        return theta.data[where]

    @property
    def grad(self) -> Vector:
        """Their gradients, shape (n,); 0 where none was computed."""
        if not self._packed:
            return np.array([p._grad for p in self.parameters])
        theta, where = self._located()
        return theta.grad[where]

    def assign(self, numbers: Vector) -> None:
        """Give them new numbers in one assignment: an interrupt leaves the old or the new."""
        self._refuse_while_recording()
        if self._packed:
            theta, where = self._located()
            theta.data[where] = numbers
        else:
            try:
                self._assign_each(numbers.tolist())
            except BaseException:  # Interrupted half-way: once more and whole, then the interrupt.
                self._assign_each(numbers.tolist())
                raise

    def add(self, change: Vector) -> None:
        """Move all of them by a change, shape (n,), at once as in `assign`."""
        self._refuse_while_recording()
        if not self._packed:
            self.assign(self.data + change)
            return
        theta, where = self._located()
        theta.data[where] += change

    def _refuse_while_recording(self) -> None:
        if context.special and (tracer := context.current().tracer):
            tracer.refuse(self.parameters[0], "assigning .data")

    def _assign_each(self, numbers: list[float]) -> None:
        for p, number in zip(self.parameters, numbers, strict=True):
            p._data = number

    def forget_grad(self) -> None:
        """Forget their gradients."""
        if self._packed:
            theta, where = self._located()
            theta.grad[where] = 0.0
            theta._marks[where] = 0
        else:
            for p in self.parameters:
                p.forget_grad()
