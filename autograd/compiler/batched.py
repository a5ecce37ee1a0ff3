"""The NumPy backend: the calls of a compiled function, all examples of a batch at once.

Each takes the compiled function itself; `autograd.compiler.eager` has the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import context
from autograd.compiler.arguments import (
    Given,
    Keywords,
    as_arrays,
    as_numbers,
    as_points,
    in_columns,
)
from autograd.compiler.results import Result, empty_batch, not_single
from autograd.value import Value, constant

if TYPE_CHECKING:
    from autograd.compiler.batches import BatchProgram
    from autograd.compiler.function import Compiled
    from autograd.compiler.graph import Graph
    from autograd.compiler.scalars import ScalarProgram


def outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    """The results for every example, shape (batch, numbers), and their structure."""
    return f.programs.exclusively(_outputs, f, given, keywords)  # type: ignore[no-any-return]


def _outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    arrays, shapes, batch = as_arrays(f.function, given, keywords)
    program = f.programs.find((shapes, keywords), f.function, _batch_program)
    return program.runner.outputs([in_columns(x) for x in arrays], batch), program.structure


def reduced(f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value:
    """The mean or the sum of the results."""
    value, flat, program = f.programs.exclusively(_weighted, f, given, keywords, mean)
    if not program.leaves or (context.special and not context.current().recording):
        return constant(value)
    return Result.of(f.operation, value, program.edges(flat))


def value_and_gradient(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, Any]:
    """The mean, and its gradient in the order of `f.parameters`."""
    value, flat, program = f.programs.exclusively(_weighted, f, given, keywords, True)
    return value, program.gradient_of(f.programs.parameters(f.owner), flat)


def _weighted(
    f: Compiled, given: Given, keywords: Keywords, mean: bool
) -> tuple[float, Any, BatchProgram]:
    arrays, shapes, batch = as_arrays(f.function, given, keywords)
    program: BatchProgram = f.programs.find((shapes, keywords), f.function, _batch_program)
    if not program.single:
        raise not_single(f.name, program.count)
    if batch == 0 and mean:
        raise empty_batch(f.name)
    columns = [in_columns(array) for array in arrays]
    return (*program.runner.weighted(columns, batch, 1.0 / batch if mean else 1.0), program)


def at_numbers(f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any:
    """The value for plain numbers; with its slopes a pair."""
    numbers = as_numbers(f.function, given, keywords)
    program: ScalarProgram = f.programs.find((len(given), keywords), f.function, _scalar_program)
    return program.value_and_gradient(numbers) if slopes else program.value(numbers)


def at_arrays(
    f: Compiled, given: Given, keywords: Keywords, slopes: bool = True
) -> tuple[float, tuple[Any, ...]]:
    """The value at one point, and its slopes in the shapes of the arguments."""
    try:
        value, found = f.programs.exclusively(_at_point, f, given, keywords)
    except (TypeError, ValueError, IndexError) as error:
        error.add_note(f"the arguments of {f.name}() are one point here, not a batch")
        raise
    shapes = [np.shape(x) for x in given]
    return value, tuple(g.reshape(shape) for g, shape in zip(found, shapes, strict=True))


def _at_point(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, list[Any]]:
    checked, _, _ = as_arrays(f.function, as_points(given), keywords)
    floats = [array.astype(np.float64, copy=False) for array in checked]
    arrays, shapes, _ = as_arrays(f.function, floats, keywords)
    program: BatchProgram = f.programs.find((shapes, keywords), f.function, _batch_program)
    if not program.single:
        raise not_single(f.name, program.count)
    return program.of_inputs().at_a_point([in_columns(array) for array in arrays])


def _batch_program(name: str, graph: Graph) -> BatchProgram:
    from autograd.compiler.batches import BatchProgram

    return BatchProgram(name, graph)


def _scalar_program(name: str, graph: Graph) -> ScalarProgram:
    from autograd.compiler.scalars import ScalarProgram

    return ScalarProgram(graph)
