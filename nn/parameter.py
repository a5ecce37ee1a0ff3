"""Parameter: a Value whose number lives in one flat vector theta.

Optimizers and compiled programs work on that vector; the engine sees a Value like any other.
Parameters are moved into a common vector when an optimizer or a compiled function first asks
for them together.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.copying import state_of
from autograd.value import Kind, Value

Vector = NDArray[np.float64]

_packing = Lock()  # two threads that pack the same parameters get one vector


class Theta:
    """The numbers and the gradients of some parameters, each as one flat vector.

    Attributes:
        parameters: whose they are, in the order of the vector.
        data: the numbers, shape (n,); what is written into it is what the parameters have.
        superseded: whether the parameters have moved on to a larger vector.
    """

    __slots__ = (
        "_computed", "_gradients", "_marks", "_numbers", "_vector", "data", "parameters",
        "superseded",
    )  # fmt: skip

    def __init__(self, parameters: Sequence[Parameter], numbers: Iterable[float]) -> None:
        # Arrays of Python's own give single floats faster than NumPy's, and share their memory.
        self._numbers = array("d", numbers)
        self._gradients = array("d", bytes(8 * len(self._numbers)))
        self._computed = bytearray(len(self._numbers))
        self.data: Vector = np.frombuffer(self._numbers, dtype=np.float64)
        self._vector: Vector = np.frombuffer(self._gradients, dtype=np.float64)
        self._marks = np.frombuffer(self._computed, dtype=np.uint8)
        self.parameters = parameters
        self.superseded = False

    @property
    def grad(self) -> Vector:
        """The gradients, shape (n,)."""
        return self._vector

    def part(self, places: Sequence[int]) -> Part:
        """Those of the parameters that lie at some places, in their order."""
        return Part(self, places)


class Part:
    """The parameters at some places of a vector: to the engine one leaf with a vector of gradients.

    Attributes:
        parameters: the parameters.
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

    def of(self, vector: Vector) -> Vector:
        """What a vector of all parameters has at these places."""
        return vector if self.whole else vector[self.where]

    @property
    def _grad(self) -> Vector:
        return self.theta._vector[self.where]

    @_grad.setter
    def _grad(self, gradients: Vector) -> None:
        self.theta._vector[self.where] = gradients
        self.theta._marks[self.where] = 1

    def add_to_grad(self, gradients: Vector) -> None:
        """What `backward()` does for a result that depends on nothing else."""
        theta = self.theta
        if theta.superseded:
            for parameter, gradient in zip(self.parameters, gradients.tolist(), strict=True):
                parameter.grad += gradient
        elif self.whole:
            np.add(theta._vector, gradients, out=theta._vector)
            theta._marks.fill(1)
        else:
            theta._vector[self.where] += gradients
            theta._marks[self.where] = 1


def _part(parameters: Sequence[Parameter]) -> Part:
    return Parameter.pack(parameters).part([p.index for p in parameters])


class Parameter(Value):
    """A Value that is trained: a leaf whose `data` and `grad` are places in a vector.

    >>> w = Parameter(0.5, label="w")
    >>> (w * 3.0).backward()
    >>> w.grad
    3.0
    >>> w.data -= 0.1 * w.grad
    >>> round(w.data, 3)
    0.2
    """

    __slots__ = ("index", "theta")

    theta: Theta
    index: int

    def __init__(self, data: float, label: str = "") -> None:
        self.index = 0
        self.theta = Theta([self], [0.0])
        super().__init__(data, label)
        self.forget_grad()

    @property
    def _data(self) -> float:
        return self.theta._numbers[self.index]

    @_data.setter
    def _data(self, number: float) -> None:
        self.theta._numbers[self.index] = number

    @property
    def _grad(self) -> float:
        return self.theta._gradients[self.index]

    @_grad.setter
    def _grad(self, gradient: float) -> None:
        self.theta._gradients[self.index] = gradient
        self.theta._computed[self.index] = 1

    @property
    def kind(self) -> Kind:
        return "parameter"

    @property
    def has_grad(self) -> bool:
        return bool(self.theta._computed[self.index])

    def forget_grad(self) -> None:
        self.theta._gradients[self.index] = 0.0
        self.theta._computed[self.index] = 0

    def __repr__(self) -> str:
        return super().__repr__().replace("Value", "Parameter", 1)

    def __copy__(self) -> Parameter:
        kind, state = self.__reduce__()[1]
        return _restored(kind, state)

    def __reduce__(self) -> Any:
        state = dict(state_of(self))
        del state["theta"], state["index"]
        return _restored, (type(self), state)

    @staticmethod
    def pack(parameters: Sequence[Parameter]) -> Theta:
        """The vector that all these parameters live in, made now if there is none yet.

        It may hold others too: those that shared a vector with one of these before.
        """
        with _packing:
            thetas = list(dict.fromkeys(p.theta for p in parameters))
            return thetas[0] if len(thetas) == 1 else Parameter._packed(parameters, thetas)

    @staticmethod
    def _packed(parameters: Sequence[Parameter], thetas: Sequence[Theta]) -> Theta:
        everybody = dict.fromkeys(parameters)
        everybody.update((p, None) for theta in thetas for p in theta.parameters)
        packed = Theta(list(everybody), [p._data for p in everybody])
        for index, parameter in enumerate(everybody):
            packed._gradients[index] = parameter._grad
            packed._computed[index] = parameter.has_grad
        for index, parameter in enumerate(everybody):
            parameter.theta, parameter.index = packed, index
        for theta in thetas:
            theta.superseded = True
        return packed


def _restored(kind: type[Parameter], state: dict[str, Any]) -> Parameter:
    """A copied parameter, in a vector of its own."""
    parameter: Parameter = object.__new__(kind)
    Parameter.__init__(parameter, 0.0)
    for name, content in state.items():
        setattr(parameter, name, content)
    return parameter
