"""Many parameters made at once: in one vector from the beginning, instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.value import Value
from nn.parameters.parameter import Parameter
from nn.parameters.theta import Theta

_new = Parameter.__new__


def parameters_of(numbers: Iterable[float]) -> list[Parameter]:
    """A parameter for each number; for those that are trained, and go, together.

    >>> parameters_of([1.0, 2.0])
    [Parameter(data=1.0, grad=0.0), Parameter(data=2.0, grad=0.0)]
    """
    given = list(numbers)
    made = [_new(Parameter) for _ in given]
    # A list of its own: that of a person may change.
    theta = Theta(made.copy(), [0.0] * len(given))
    for index, (parameter, number) in enumerate(zip(made, given, strict=True)):
        parameter.theta, parameter.index = theta, index
        Value.__init__(parameter, number)
    theta.forget_grad()
    return made
