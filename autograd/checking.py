"""Finding mistakes: derivatives against finite differences, and where a NaN began."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, overload

import numpy as np

from autograd.context import Function, applied, changed
from autograd.differences import compared
from autograd.differentiation import listed
from autograd.hindrances import trouble
from autograd.origin import described, person_line
from autograd.structure import arguments, flatten
from autograd.transforms import Matrix, hessian, jacobian
from autograd.value import Located, Value


class GradientError(AssertionError):
    """A derivative that differs from what finite differences say."""


class AnomalyError(ArithmeticError):
    """An operation that produced a NaN or an infinity; `viz.draw` shows where.

    A pickle or a copy has the message alone, as graphs cannot be pickled.

    Attributes:
        node: the node at which it began; None in a pickle.
        operands: what it was computed from, constants too.
        operand: on a backward pass the one whose gradient is not finite; None on a forward one.
        gradients: how far a backward pass had come, the root's first; the nodes keep their own.
    """

    def __init__(
        self,
        message: str = "",
        node: Value | None = None,
        operands: Sequence[Value] = (),
        operand: Value | None = None,
        gradients: Mapping[Value, float] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.node, self.operands = node, tuple(operands)
        self.operand, self.gradients = operand, gradients

    def __reduce__(self) -> Any:
        graph = ("node", "operands", "operand", "gradients")
        return type(self), self.args, {k: x for k, x in vars(self).items() if k not in graph}


def check_gradients(
    f: Callable[..., Any], *inputs: Any, order: int = 2, tolerance: float = 1e-6
) -> None:
    """Compare the derivatives of `f` at the inputs with finite differences.

    Parameters:
        inputs: numbers or nested lists; a point around which `f` is smooth, and changes little from
            one float to the next.
        order: 1 for the first derivatives, 2 for the second as well.
        tolerance: the largest difference allowed, relative to the derivative. What finite
            differences cannot tell, because `f` is rounded or underflows, is allowed beside it.

    Raises:
        GradientError: naming the derivative, what it is, and what it should be; or saying that
            `f` has a kink there, or is not finite.

    >>> check_gradients(lambda x, y: (x * y).sin(), 0.3, 0.7)
    """
    if order not in (1, 2):
        raise ValueError(f"check_gradients() knows the orders 1 and 2, not {order}")

    def outputs(numbers: Sequence[float]) -> Matrix:
        given = arguments(inputs, [Value(x) for x in numbers])
        return np.array([float(y) for y in flatten(f(*given))])

    slopes = jacobian(f, *inputs)
    _Check("derivative", outputs, inputs, tolerance).compare(slopes)
    for i in range(len(slopes) if order == 2 else 0):

        def output(*arguments: Any, index: int = i) -> Any:
            return flatten(f(*arguments))[index]

        def slope(numbers: Sequence[float], one: Callable[..., Any] = output) -> Matrix:
            row: Matrix = jacobian(one, *arguments(inputs, numbers))[0]
            return row

        _Check("second derivative", slope, inputs, tolerance).compare(hessian(output, *inputs))


class _Check:
    """Compares the derivatives of a function of numbers with finite differences."""

    def __init__(
        self, what: str, f: Callable[[Sequence[float]], Matrix], inputs: Any, tolerance: float
    ) -> None:
        self.what, self.f, self.tolerance = what, f, tolerance
        self.point = [float(x) for x in flatten(inputs)]

    def compare(self, found: Matrix) -> None:
        if not found.size:
            return
        expected, _, right, settled = compared(self.f, self.point, found, self.tolerance)
        # A slope of 0 may be the mean of those on the two sides of a kink.
        for row, column in np.argwhere(~(right & settled) | (expected == 0.0)):
            against = None if right[row, column] else found[row, column]
            told = settled[row, column], against
            hindrance = trouble(self.f, self.point, row, column, *told)
            said = hindrance.text if hindrance else ""
            if not right[row, column]:
                said = said or _given(expected[row, column])
            if said:
                raise GradientError(
                    f"{self.what} [{row}, {column}] is {found[row, column]:.10g}, but {said}"
                )


def _given(expected: float) -> str:
    if math.isnan(expected):
        return "finite differences cannot tell it: check it where nothing overflows"
    return f"finite differences give {expected:.10g}"


class _Anomalies:
    """Watches every operation, and notes on its node which line recorded it."""

    def recorded(self, node: Located, operands: Sequence[Value]) -> None:
        line = node.line = person_line()
        if not math.isfinite(node.data):
            text = f"{_name(node)} gave {node.data} for {listed(operands)}\n  {described(line)}"
            raise AnomalyError(text, node, operands)

    def differentiated(self, order: Sequence[Value], passed: Sequence[float]) -> None:
        node, gradient = order[-len(passed)], passed[-1]
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if partial is not None and not math.isfinite(partial * gradient):
                line = getattr(node, "line", None)  # none on a node from before the block
                text = (
                    f"the gradient became {partial * gradient} on its way back through "
                    f"{_name(node)} of {listed(node.operands)}: {gradient} came in, and the "
                    f"local derivative with respect to {listed([operand])} is {partial}"
                    + (f"\n  {described(line)}" if line else "")
                )
                gradients = dict(zip(reversed(order), passed, strict=False))
                gradients[operand] = partial * gradient
                raise AnomalyError(text, node, node.operands, operand, gradients)


def _name(node: Value) -> str:
    return f"{node.op.name}()" if node.op else "a leaf"


@overload
def detect_anomaly() -> AbstractContextManager[None]: ...
@overload
def detect_anomaly(function: Function) -> Function: ...
def detect_anomaly(function: Any = None) -> Any:
    """Stop at the first operation that produces a NaN or an infinity, forward or backward.

    Slow: for searching, not for training. Also a decorator.

    Raises:
        AnomalyError: naming the operation, its operands, and the line that called it.

    >>> with detect_anomaly():  # doctest: +ELLIPSIS
    ...     Value(0.0, label="p").log()
    Traceback (most recent call last):
        ...
    autograd.checking.AnomalyError: log() gave -inf for p = 0.0
      ...
    """
    return applied(changed(watcher=_Anomalies()), function, "detect_anomaly")
