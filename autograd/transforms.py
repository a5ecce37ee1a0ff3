"""Derivatives of functions: each calls `f` on fresh Values and walks the graph it made.

Inputs and outputs are numbers, nested lists or arrays of numbers; where an input is an array, `f`
gets an array of Values. Matrices are NumPy arrays whose rows and columns are the scalars of all
these in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.context import recording
from autograd.differentiation import gradient, gradients_of
from autograd.floats import total
from autograd.graph import recorded_order
from autograd.structure import arguments, flatten, rebuild
from autograd.value import Value, as_values

Matrix = NDArray[np.float64]


@recording()
def derivative(f: Callable[[Value], Any], x: float, order: int = 1) -> float:
    """The derivative of a function of one number at `x`; `order` 2 is the second, and so on.

    Raises:
        TypeError: the function gives a plain number that changes with its inputs, as those of
            `math` do; so for all functions here.

    >>> derivative(lambda x: x**3, 2.0)
    12.0
    >>> derivative(lambda x: x**3, 2.0, order=3)
    6.0
    """
    if order < 0:
        raise ValueError(f"the order of a derivative is 0 or more, not {order}")
    point = Value(x)
    output = f(point)
    if order:
        _check_in_graph(output, f, [point.data], [point.data])
    (result,) = _values([output])
    for _ in range(order):
        result = gradient(result, point, create_graph=True)
    return result.data


@recording()
def jacobian(f: Callable[..., Any], *inputs: Any) -> Matrix:
    """All first derivatives of `f` at the inputs: one row per output, one column per input.

    >>> jacobian(lambda x, y: [x * y, x + y], 2.0, 3.0).tolist()
    [[3.0, 2.0], [1.0, 1.0]]
    """
    points, outputs = _evaluate(f, inputs)
    rows = [_numbers(gradient(output, points)) for output in _values(flatten(outputs))]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(points))


@recording()
def hessian(f: Callable[..., Any], *inputs: Any) -> Matrix:
    """All second derivatives of a function with one output; symmetric.

    >>> hessian(lambda x, y: x * x * y, 2.0, 3.0).tolist()
    [[6.0, 4.0], [4.0, 0.0]]
    """
    points, output = _evaluate(f, inputs)
    first = gradient(_single(output, "hessian"), points, create_graph=True)
    return np.array([_numbers(gradient(slope, points)) for slope in first])


@recording()
def jvp(f: Callable[..., Any], inputs: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Forward mode: the outputs of `f(*inputs)`, and how they change along the tangents.

    Parameters:
        tangents: as `inputs` in shape; the direction in which the inputs move.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    points, outputs = _evaluate(f, inputs)
    directions = _alike("tangents", tangents, "inputs", inputs)
    results = _values(flatten(outputs))
    moved = _push_forward(results, dict(zip(points, directions, strict=True)))
    return rebuild(outputs, _numbers(results)), rebuild(outputs, moved)


@recording()
def vjp(f: Callable[..., Any], inputs: Sequence[Any], cotangents: Any) -> tuple[Any, Any]:
    """Reverse mode: the outputs of `f(*inputs)`, and the gradient of their weighted sum.

    Parameters:
        cotangents: as the outputs in shape; the weight of each.

    >>> vjp(lambda x, y: [x * y, x + y], (2.0, 3.0), [1.0, 10.0])
    ([6.0, 5.0], [13.0, 12.0])
    """
    points, outputs = _evaluate(f, inputs)
    weights = _alike("cotangents", cotangents, "outputs", outputs)
    results = _values(flatten(outputs))
    seeds: dict[Value, Any] = {}
    for result, weight in zip(results, weights, strict=True):
        seeds[result] = seeds.get(result, 0.0) + weight
    found = gradients_of(seeds)
    gradients = [found.get(point, 0.0) for point in points]
    return rebuild(outputs, _numbers(results)), rebuild(inputs, gradients)


@recording()
def hvp(f: Callable[..., Any], inputs: Sequence[Any], vector: Sequence[Any]) -> tuple[float, Any]:
    """The output of `f(*inputs)`, and its Hessian times a vector, without the Hessian.

    Forward mode over reverse mode (Pearlmutter, 1994): a small multiple of one gradient's cost.

    >>> hvp(lambda x, y: x * x * y, (2.0, 3.0), (1.0, 0.0))
    (12.0, [6.0, 4.0])
    """
    points, output = _evaluate(f, inputs)
    directions = _alike("vector", vector, "inputs", inputs)
    result = _single(output, "hvp")
    first = gradient(result, points, create_graph=True)
    moved = _push_forward(first, dict(zip(points, directions, strict=True)))
    return result.data, rebuild(inputs, moved)


def _push_forward(outputs: Sequence[Value], tangents: dict[Value, float]) -> list[float]:
    """How the outputs move, given how leaves move; what has no tangent does not move."""
    for node in recorded_order(*outputs):
        contributions = [
            partial * tangents[operand]
            for operand, partial in zip(node.operands, node.partials, strict=True)
            if partial is not None and operand in tangents
        ]
        if contributions:
            tangents[node] = total(*contributions)
    return [tangents.get(output, 0.0) for output in outputs]


def _evaluate(f: Callable[..., Any], inputs: Sequence[Any]) -> tuple[list[Value], Any]:
    """Fresh leaves at the inputs, and what `f` makes of them."""
    numbers = [float(x) for x in flatten(inputs)]
    points = [*map(Value, numbers)]
    outputs = f(*arguments(inputs, points))
    _check_in_graph(outputs, f, inputs, numbers)
    return points, outputs


def _check_in_graph(
    outputs: Any, f: Callable[..., Any], inputs: Sequence[Any], numbers: Sequence[float]
) -> None:
    """Raise for an output that is a plain number, and a little another a little beside.

    One that jumps, as a count does, or a draw, is a constant at each point.
    """
    here = _plain(outputs)
    if not here:
        return
    nearby = [x + 1e-6 * (1.0 + abs(x)) / (i + 1.0) for i, x in enumerate(numbers)]
    try:
        there = _plain(f(*arguments(inputs, map(Value, nearby))))
    except Exception:  # at a point that nobody asked for
        return
    for i, number in here.items():
        if 0.0 < abs(there.get(i, number) - number) < 1e-3 * (1.0 + abs(number)):
            raise TypeError(
                "the function gives a plain number that changes with its inputs, and it has no "
                "derivative: take autograd's functions and not math's, and no float() or .data"
            )


def _plain(outputs: Any) -> dict[int, float]:
    """The outputs that are not in the graph."""
    return {
        i: float(x)
        for i, x in enumerate(flatten(outputs))
        if isinstance(x, float | int | np.floating | np.integer)
    }


def _values(outputs: Sequence[Any]) -> list[Value]:
    for output in outputs:
        if not isinstance(output, Value | float | int | np.floating | np.integer):
            raise TypeError(f"the function must give Values, not {output!r:.60}")
    return as_values(outputs)


def _single(output: Any, what: str) -> Value:
    outputs = flatten(output)
    if len(outputs) != 1:
        raise ValueError(f"{what}() is of a function with one output, this one has {len(outputs)}")
    return _values(outputs)[0]


def _alike(name: str, numbers: Any, model_name: str, model: Any) -> list[float]:
    flat, count = flatten(numbers), len(flatten(model))
    if len(flat) != count:
        raise ValueError(f"{len(flat)} {name} for {count} {model_name}: give one for each")
    return [float(x) for x in flat]


def _numbers(values: Sequence[Value]) -> list[float]:
    return [value.data for value in values]
