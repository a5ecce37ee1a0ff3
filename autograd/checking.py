"""Finding mistakes: derivatives against finite differences, and where a NaN began."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, overload

import numpy as np

from autograd.context import Function, applied, changed
from autograd.differentiation import listed
from autograd.origin import described, person_line
from autograd.structure import flatten, rebuild
from autograd.transforms import Matrix, hessian, jacobian
from autograd.value import Value, Watched


class GradientError(AssertionError):
    """A derivative that differs from what finite differences say."""


class AnomalyError(ArithmeticError):
    """An operation that produced a NaN or an infinity."""


def check_gradients(
    f: Callable[..., Any], *inputs: Any, order: int = 2, tolerance: float = 1e-6
) -> None:
    """Compare the derivatives of `f` at the inputs with finite differences.

    Parameters:
        inputs: numbers or nested lists; a point around which `f` is smooth.
        order: 1 for the first derivatives, 2 for the second as well.
        tolerance: the largest difference allowed, relative to the derivative (or to 1, for
            smaller ones).

    Raises:
        GradientError: naming the derivative, what it is, and what it should be.

    >>> check_gradients(lambda x, y: (x * y).sin(), 0.3, 0.7)
    """
    if order not in (1, 2):
        raise ValueError(f"check_gradients() knows the orders 1 and 2, not {order}")
    point = [float(x) for x in flatten(inputs)]

    def outputs(numbers: Sequence[float]) -> Matrix:
        arguments = rebuild(inputs, [Value(x) for x in numbers])
        return np.array([float(y) for y in flatten(f(*arguments))])

    slopes = jacobian(f, *inputs)
    _compare("derivative", slopes, _differences(outputs, point), tolerance)
    for i in range(len(slopes) if order == 2 else 0):

        def output(*arguments: Any, index: int = i) -> Any:
            return flatten(f(*arguments))[index]

        def slope(numbers: Sequence[float], one: Callable[..., Any] = output) -> Matrix:
            row: Matrix = jacobian(one, *rebuild(inputs, numbers))[0]
            return row

        curvature = hessian(output, *inputs)
        _compare("second derivative", curvature, _differences(slope, point), tolerance)


def _differences(f: Callable[[Sequence[float]], Matrix], point: Sequence[float]) -> Matrix:
    """Central differences of fourth order: the error is of the order of 1e-12."""
    columns = []
    for i, x in enumerate(point):
        step = 1e-3 * max(1.0, abs(x))

        def moved(steps: float, index: int = i, width: float = step) -> Matrix:
            numbers = list(point)
            numbers[index] += steps * width
            return f(numbers)

        columns.append((8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step))
    return np.stack(columns, axis=-1)


def _compare(what: str, found: Matrix, expected: Matrix, tolerance: float) -> None:
    wrong = ~(np.abs(found - expected) <= tolerance * np.maximum(1.0, np.abs(expected)))
    for row, column in np.argwhere(wrong):
        raise GradientError(
            f"{what} [{row}, {column}] is {found[row, column]:.10g}, "
            f"but finite differences give {expected[row, column]:.10g}"
        )


class _Anomalies:
    """Watches every operation, and notes on its node which line recorded it."""

    def recorded(self, node: Watched, operands: Sequence[Value]) -> None:
        line = node.line = person_line()
        if not math.isfinite(node.data):
            raise AnomalyError(
                f"{_name(node)} gave {node.data} for {listed(operands)}\n  {described(line)}"
            )

    def differentiated(self, node: Value, gradient: float) -> None:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if partial is not None and not math.isfinite(partial * gradient):
                line = getattr(node, "line", None)  # none on a node from before the block
                raise AnomalyError(
                    f"the gradient became {partial * gradient} on its way back through "
                    f"{_name(node)} of {listed(node.operands)}: {gradient} came in, and the "
                    f"local derivative with respect to {listed([operand])} is {partial}"
                    + (f"\n  {described(line)}" if line else "")
                )


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
