"""Parameter: a Value whose number lives in one flat vector theta.

Optimizers and compiled programs work on that vector; the engine sees a Value like any other.
Parameters are moved into a common vector when an optimizer or a compiled function first asks
for them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from operator import add, mul, sub, truediv
from typing import Any

from autograd.copying import state_of
from autograd.locking import moving
from autograd.value import Kind, Value
from nn.parameters.theta import Theta

_OPERATORS = {"+": add, "-": sub, "*": mul, "/": truediv}


def _in_place(symbol: str) -> Any:
    """`parameter -= number` would make another Value, and a step of training would be lost."""

    def operate(self: Parameter, other: Any) -> Any:
        if isinstance(other, Real):
            name = self.label or "p"
            raise TypeError(
                f"{name} {symbol}= ... with a number makes a new Value, and leaves the Parameter "
                f"as it is: for a step write {name}.data {symbol}= ..., or take an optimizer; for "
                f"a new Value write {name} {symbol} ..."
            )
        return _OPERATORS[symbol](self, other)

    return operate


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

    def __init_subclass__(cls) -> None:
        """A subclass that keeps its number or gradient elsewhere is in no common vector."""
        super().__init_subclass__()
        if {"_data", "_grad"} & vars(cls).keys():
            cls.pack = None  # type: ignore[assignment]

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
        theta = self.theta
        if theta._common is not None:
            theta.separate()
        return theta._gradients[self.index]

    @_grad.setter
    def _grad(self, gradient: float) -> None:
        theta, index = self.theta, self.index
        if theta._common is not None:
            theta.separate()
        theta._gradients[index] = gradient
        theta._computed[index] = 1

    @property
    def kind(self) -> Kind:
        return "parameter"

    @property
    def has_grad(self) -> bool:
        self.theta.separate()
        return bool(self.theta._computed[self.index])

    def forget_grad(self) -> None:
        theta, index = self.theta, self.index
        if theta._common is not None:
            theta.separate()
        theta._gradients[index] = 0.0
        theta._computed[index] = 0

    __iadd__, __isub__, __imul__, __itruediv__ = map(_in_place, "+-*/")

    def __repr__(self) -> str:
        return super().__repr__().replace("Value", "Parameter", 1)

    def __copy__(self) -> Parameter:
        restore, arguments = self.__reduce__()
        return restore(*arguments)  # type: ignore[no-any-return]

    def __deepcopy__(self, memo: dict[Any, Any]) -> Parameter:
        """A copy with the number that it had when the first of its vector was copied."""
        with moving:
            twin, theta = self.__copy__(), self.theta
            if self.pack is not None and len(theta.parameters) > 1:
                if theta not in memo:
                    memo[theta] = theta.data.tolist()
                twin._data = memo[theta][self.index]
        return twin

    def __reduce__(self) -> Any:
        if type(self) is Parameter and not (self.scope or self.has_grad):
            return _plain, (self._data, self.label)  # most of those in a large model
        state = dict(state_of(self))
        del state["theta"], state["index"]
        return _restored, (type(self), state)

    @staticmethod
    def pack(parameters: Sequence[Parameter]) -> Theta:
        """The vector that all these parameters live in, made now if there is none yet.

        It may hold others too: those that shared a vector with one of these before.
        """
        with moving:  # two threads that pack the same parameters get one vector
            thetas = list(dict.fromkeys(p.theta for p in parameters))
            if len(thetas) == 1 and not thetas[0].superseded:
                return thetas[0]
            return Parameter._packed(parameters, thetas)

    @staticmethod
    def _packed(parameters: Sequence[Parameter], thetas: Sequence[Theta]) -> Theta:
        everybody = dict.fromkeys(parameters)
        everybody.update((p, None) for theta in thetas for p in theta.parameters)
        packed = Theta(list(everybody), [p._data for p in everybody])
        for index, parameter in enumerate(everybody):
            packed._gradients[index] = parameter._grad
            packed._computed[index] = parameter.has_grad
        # First, so that whoever finds them half moved after an interrupt packs them again.
        for theta in thetas:
            theta.superseded = True
        for index, parameter in enumerate(everybody):
            parameter.theta, parameter.index = packed, index
        return packed


def _plain(number: float, label: str) -> Parameter:
    parameter = Parameter(number)
    parameter.label = label  # one that a module gave stays such
    return parameter


def _restored(kind: type[Parameter], state: dict[str, Any]) -> Parameter:
    """A copied parameter, in a vector of its own."""
    parameter: Parameter = object.__new__(kind)
    Parameter.__init__(parameter, 0.0)
    for name, content in state.items():
        setattr(parameter, name, content)
    return parameter
