"""Compiled functions beside the eager engine: the same values and the same gradients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, compiled, gradient
from autograd.compiler import Compiled
from autograd.compiler.backends import Backend
from autograd.compiler.recording import recorded
from autograd.structure import apply
from tests.backends import COMPILED


def eager(
    f: Callable[..., Any], arrays: Sequence[Any], parameters: Sequence[Value]
) -> tuple[np.ndarray, np.ndarray]:
    """The value of every example, and its gradient with respect to the parameters."""
    values, gradients = [], []
    for example in zip(*arrays, strict=True):
        output = f(*[apply(Value, x) for x in example])
        values.append(output.data)
        gradients.append([slope.data for slope in gradient(output, parameters)])
    return np.array(values), np.array(gradients).reshape(len(values), len(parameters))


def same(found: Any, expected: Any) -> bool:
    """But for rounding: 1e-12 of the number, or of the largest one that it was summed with.

    A derivative that comes out near 0 because contributions cancel has the error of those.
    """
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        return False
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    return bool(np.all(np.abs(found - expected) <= 1e-12 * scale))


def gradient_of(output: Value, parameters: Sequence[Value]) -> np.ndarray:
    """What `backward()` gives the parameters."""
    for parameter in parameters:
        parameter.forget_grad()
    if output.kind != "constant":
        output.backward()
    return np.array([parameter.grad for parameter in parameters])


def check(
    f: Callable[..., Any],
    *arrays: Any,
    parameters: Sequence[Value] = (),
    batches: Sequence[int] | None = None,
    backends: Sequence[Backend] = COMPILED,
) -> Compiled:
    """Compile `f` on each backend and compare it with itself, on the first examples for each size.

    Returns:
        What the first backend runs: NumPy's.
    """
    expected = eager(f, arrays, parameters)
    programs = [compiled(f, backend=backend) for backend in backends]
    for program in programs:
        _check(program, arrays, parameters, batches, *expected)
    return programs[0]


def _check(
    program: Compiled,
    arrays: Sequence[Any],
    parameters: Sequence[Value],
    batches: Sequence[int] | None,
    values: np.ndarray,
    gradients: np.ndarray,
) -> None:
    for batch in batches or [len(values)]:
        part = [array[:batch] for array in arrays]
        assert same(program(*part), values[:batch])
        for output, size in ((program.mean(*part), 1), (program.sum(*part), batch)):
            assert same(output.data / size, values[:batch].mean())
            slopes = gradient_of(output, parameters) / size
            assert same(slopes, gradients[:batch].mean(axis=0))


def record_function(function, arguments):
    """The graph of one example."""
    return recorded(function, arguments).graph
