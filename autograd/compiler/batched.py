"""The compiled backends: the calls of a compiled function, all examples of a batch at once.

Each takes the compiled function itself; `autograd.compiler.eager` has the same.
"""

from __future__ import annotations

from functools import partial
from operator import is_
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
    recognized,
)
from autograd.compiler.results import Result, empty_batch, not_single
from autograd.value import Value, constant

if TYPE_CHECKING:
    from autograd.compiler.backends import Backend
    from autograd.compiler.batches import BatchProgram
    from autograd.compiler.function import Compiled
    from autograd.compiler.graph import Graph
    from autograd.compiler.scalars import ScalarProgram


def outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    """The results for every example, shape (batch, numbers), and their structure."""
    return f.programs.exclusively(_outputs, f, given, keywords)  # type: ignore[no-any-return]


def _outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    program, columns, batch = _found(f, given, keywords)
    return program.runner.outputs(columns, batch), program.structure


def reduced(f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value:
    """The mean or the sum of the results."""
    return f.programs.exclusively(_reduced, f, given, keywords, mean)  # type: ignore[no-any-return]


def _reduced(f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value:
    program, columns, batch = _found(f, given, keywords)
    if not program.single or not batch:
        _check_single(f, program, batch, mean)
    value, gradient = program.runner.lent(columns, batch, 1.0 / batch if mean else 1.0)
    if not program.leaves or (context.special and not context.current().recording):
        return constant(value)
    return Result.of(f.operation, value, program.edges(gradient))


def value_and_gradient(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, Any]:
    """The mean, and its gradient in the order of `f.parameters`."""
    value, flat, program = f.programs.exclusively(_weighted, f, given, keywords)
    return value, program.gradient_of(f.programs.parameters(f.owner), flat)


def _weighted(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, Any, BatchProgram]:
    program, columns, batch = _single(f, given, keywords)
    return (*program.runner.weighted(columns, batch, 1.0 / batch), program)


def at_numbers(f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any:
    """The value for plain numbers; with its slopes a pair."""
    numbers = as_numbers(f.function, given, keywords)
    kind = len(given), keywords
    program: ScalarProgram = f.programs.find(kind) or f.programs.seek(
        kind, kind, f.function, _scalar_program
    )
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
    arrays, _, _ = as_arrays(f.function, as_points(given), keywords)
    floats = [array.astype(np.float64, copy=False) for array in arrays]
    program, columns, _ = _single(f, floats, keywords)
    return program.of_inputs().at_a_point(columns)


def _found(f: Compiled, given: Given, keywords: Keywords) -> tuple[BatchProgram, list[Any], int]:
    """The program for some arguments; those, checked, in columns; and the size of the batch."""
    programs = f.programs
    key, columns = recognized(given, keywords)
    program = programs.find(key)
    if program is not None:  # Such arguments were found to be right.
        return program, columns, len(given[0]) if columns else 1
    arrays, shapes, batch = as_arrays(f.function, given, keywords)
    kind = shapes, keywords
    if key is None or not all(map(is_, arrays, given)):
        key = kind
    make = partial(_batch_program, backend=f.backend)
    program = programs.find(kind) or programs.seek(key, kind, f.function, make)
    return program, [in_columns(x) for x in arrays], batch


def _single(f: Compiled, given: Given, keywords: Keywords) -> tuple[BatchProgram, list[Any], int]:
    """The same for a result of one number, for at least one example."""
    found = program, _, batch = _found(f, given, keywords)
    _check_single(f, program, batch, mean=True)
    return found


def _check_single(f: Compiled, program: BatchProgram, batch: int, mean: bool) -> None:
    """Raise unless the result is one number, and if it is to be a mean for no example."""
    if not program.single:
        raise not_single(f.name, program.count)
    if mean and batch == 0:
        raise empty_batch(f.name)


def _batch_program(name: str, graph: Graph, backend: Backend) -> BatchProgram:
    from autograd.compiler.batches import BatchProgram

    return BatchProgram(name, graph, backend)


def _scalar_program(name: str, graph: Graph) -> ScalarProgram:
    from autograd.compiler.scalars import ScalarProgram

    return ScalarProgram(graph)
