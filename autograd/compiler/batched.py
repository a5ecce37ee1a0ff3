"""The NumPy backend: the calls of a compiled function, all examples of a batch at once.

Each takes the compiled function itself; `autograd.compiler.eager` has the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import context
from autograd.compiler.arguments import Call, as_arrays, as_numbers, in_columns
from autograd.compiler.results import Result, empty_batch, not_single
from autograd.value import Value, constant

if TYPE_CHECKING:
    from autograd.compiler.batches import BatchProgram
    from autograd.compiler.function import Compiled
    from autograd.compiler.recording import Graph
    from autograd.compiler.scalars import ScalarProgram


def outputs(f: Compiled, call: Call) -> tuple[Any, Any]:
    """The results for every example, shape (batch, numbers), and their structure."""
    arrays, batch = as_arrays(f.function, call)
    return f.programs.exclusively(_outputs, f, arrays, call, batch)  # type: ignore[no-any-return]


def _outputs(f: Compiled, arrays: Sequence[Any], call: Call, batch: int) -> tuple[Any, Any]:
    program = _program(f, arrays, call)
    return program.runner.outputs([in_columns(x) for x in arrays], batch), program.structure


def reduced(f: Compiled, call: Call, mean: bool) -> Value:
    """The mean or the sum of the results."""
    value, flat, program = f.programs.exclusively(_weighted, f, call, mean)
    if not program.leaves or (context.special and not context.current().recording):
        return constant(value)
    return Result.of(f.operation, value, program.edges(flat))


def value_and_gradient(f: Compiled, call: Call) -> tuple[float, Any]:
    """The mean, and its gradient in the order of `f.parameters`."""
    value, flat, program = f.programs.exclusively(_weighted, f, call, True)
    return value, program.gradient_of(f.parameters, flat)


def _weighted(f: Compiled, call: Call, mean: bool) -> tuple[float, Any, BatchProgram]:
    arrays, batch = as_arrays(f.function, call)
    program = _program(f, arrays, call)
    if not program.single:
        raise not_single(f.name, program.count)
    if batch == 0 and mean:
        raise empty_batch(f.name)
    columns = [in_columns(array) for array in arrays]
    return (*program.runner.weighted(columns, batch, 1.0 / batch if mean else 1.0), program)


def at_numbers(f: Compiled, call: Call, slopes: bool) -> Any:
    """The value for plain numbers; with its slopes a pair."""
    numbers = as_numbers(f.function, call)
    program: ScalarProgram = f.programs.find(
        (len(numbers), call.keywords), f.function, _scalar_program
    )
    return program.value_and_gradient(numbers) if slopes else program.value(numbers)


def at_arrays(f: Compiled, call: Call, slopes: bool = True) -> tuple[float, tuple[Any, ...]]:
    """The value at one point, and its slopes in the shapes of the arguments."""
    point = Call([np.asarray(x)[np.newaxis] for x in call.arguments], call.keywords)
    try:
        arrays, _ = as_arrays(f.function, point)
        floats = [array.astype(np.float64, copy=False) for array in arrays]
        value, found = f.programs.exclusively(_at_point, f, floats, call)
    except (TypeError, ValueError, IndexError) as error:
        error.add_note(f"the arguments of {f.name}() are one point here, not a batch")
        raise
    shapes = [np.shape(x) for x in call.arguments]
    return value, tuple(g.reshape(shape) for g, shape in zip(found, shapes, strict=True))


def _at_point(f: Compiled, arrays: Sequence[Any], call: Call) -> tuple[float, list[Any]]:
    program = _program(f, arrays, call)
    if not program.single:
        raise not_single(f.name, program.count)
    return program.of_inputs().at_a_point([in_columns(array) for array in arrays])


def _program(f: Compiled, arrays: Sequence[Any], call: Call) -> BatchProgram:
    shapes = tuple([(array.shape[1:], array.dtype.kind in "iub") for array in arrays])
    program: BatchProgram = f.programs.find((shapes, call.keywords), f.function, _batch_program)
    return program


def _batch_program(name: str, graph: Graph) -> BatchProgram:
    from autograd.compiler.batches import BatchProgram

    return BatchProgram(name, graph)


def _scalar_program(name: str, graph: Graph) -> ScalarProgram:
    from autograd.compiler.scalars import ScalarProgram

    return ScalarProgram(graph)
