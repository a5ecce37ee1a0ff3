"""One program computed in every way that there is, and whether the numbers agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import TABLE, Value, compiled, constant, hvp, topological_order
from autograd.compiler.backends import Backend
from tests.backends import COMPILED
from tests.fuzz.expectations import (
    Expected,
    by_engine,
    curvature,
    differentiable,
    kinds_of,
    leaves_at,
    mixed,
    recorded_slopes,
    slopes,
)
from tests.fuzz.programs import EXAMPLES, Program


def arrays(program: Program, examples: Sequence[int]) -> list[np.ndarray]:
    """An array for each argument of `function`."""
    columns = [[program.leaves[i].at(e) for e in examples] for i in program.of("x")]
    index = [[int(program.leaves[i].at(e)) for e in examples] for i in program.of("i")]
    return [*map(np.array, columns), *map(np.array, index)]


def function(program: Program, parameters: dict[int, Any], compute: Any) -> Callable[..., Any]:
    """The program as a function of its inputs."""

    def f(*given: Any) -> Any:
        known = dict(zip([*program.of("x"), *program.of("i")], given, strict=True)) | parameters
        leaves = [
            known[i] if i in known else constant(leaf.numbers[0])
            for i, leaf in enumerate(program.leaves)
        ]
        return compute(program.run(leaves), leaves)

    return f


def disagreements(
    program: Program, large: bool = False, backends: Sequence[Backend] = COMPILED
) -> Iterator[str]:
    """What differs, in words."""
    values = by_engine(program, lambda outputs, leaves: outputs)
    first = by_engine(program, slopes(program), lambda outputs, leaves: outputs[-1])
    second = by_engine(
        program, curvature(program), lambda outputs, leaves: mixed(program, outputs, leaves)
    )
    for what, found in _other_ways(program, values, first, second, large, backends):
        if found:
            yield f"{what}: {found}"


def _other_ways(
    program: Program,
    values: Expected,
    first: Expected,
    second: Expected,
    large: bool,
    backends: Sequence[Backend],
) -> Iterator[tuple[str, str]]:
    yield "create_graph", first.disagreement(by_engine(program, recorded_slopes(program)).numbers)
    # In the other direction infinities meet other zeros: only what is finite can be compared.
    forward = np.array(_forward_over_reverse(program)).reshape(second.numbers.shape)
    finite = np.isfinite(second.numbers) & np.isfinite(forward)
    forward = np.where(finite, forward, second.numbers)
    yield "forward over reverse", second.disagreement(forward)
    for backend in backends:
        for what, found in _batched(program, values, first, large, backend):
            yield f"{what}, {backend}", found
    yield from _inside(program, first, second)
    yield from _plain_numbers(program, values, first)


def _forward_over_reverse(program: Program) -> list[Any]:
    places, rows = differentiable(program), []
    for example in range(EXAMPLES):

        def f(*moving: Any, example: int = example) -> Any:
            leaves = leaves_at(program, example)
            for i, x in zip(places, moving, strict=True):
                leaves[i] = x
            return program.run(leaves)[-1]

        point = [program.leaves[i].at(example) for i in places]
        rows.append(hvp(f, point, [1.0 + 0.5 * n for n in range(len(places))])[1])
        if any(map(_has_no_curvature, topological_order(f(*map(Value, point))))):
            rows[-1] = [math.nan] * len(places)
    return rows


def _has_no_curvature(node: Value) -> bool:
    """A power of 0, or an angle at (0, 0): derivatives with respect to both do not commute."""
    zeros = [x.data == 0.0 for x in node.operands]
    return (node.op is TABLE["power"] and any(zeros[:1])) or (
        node.op is TABLE["arctan2"] and zeros == [True, True]
    )


def _batched(
    program: Program, values: Expected, first: Expected, large: bool, backend: Backend
) -> Iterator[tuple[str, str]]:
    parameters = {i: Value(program.leaves[i].numbers[0]) for i in program.of("w")}
    outputs, loss = (
        compiled(function(program, parameters, compute), backend=backend)
        for compute in (lambda outputs, leaves: outputs, lambda outputs, leaves: outputs[-1])
    )
    for size in (1, 2, EXAMPLES):
        found = np.array(outputs(*arrays(program, range(size)))).reshape(size, -1)
        yield f"batch of {size}", values.of(slice(size)).disagreement(found)
    ones = [[e] for e in range(EXAMPLES)]
    repeated = 1 + (1 << 17) // EXAMPLES // max(len(program.steps), 1) if large else 1
    for batch in (*ones, list(range(EXAMPLES)) * repeated):
        for p in parameters.values():
            p.forget_grad()
        result = loss.sum(*arrays(program, batch))
        if result.kind == "operation":
            result.backward()
        times = len(batch) // EXAMPLES or 1
        whole = _summed(first.of(sorted(set(batch))), len(parameters), times)
        found = [p.grad for p in parameters.values()]
        what = f"gradient of parameters in {len(batch)} examples"
        yield what, whole.disagreement(found)


def _summed(expected: Expected, columns: int, times: int) -> Expected:
    """The sum over the examples, of the first columns; as disturbed as its largest part."""
    with np.errstate(all="ignore"):
        parts = expected.numbers[:, :columns]
        whole = parts.sum(axis=0) * times
        rounding = 1e-14 * times * np.abs(parts).max(axis=0)
        rounding = np.where(np.isfinite(rounding), rounding, 0.0)
        disturbed = [d[:, :columns].sum(axis=0) * times for d in expected.disturbed]
        disturbed = [np.where(np.isfinite(d), d + rounding, d) for d in disturbed]
        # What depends on parameters alone is multiplied with the sum over the batch, so that
        # infinities can meet other numbers there than in each example.
        kinds = kinds_of(parts)
        unsure = expected.unsure[:, :columns].any(axis=0) | (kinds != kinds[:1]).any(axis=0)
        disturbed.append(np.where(unsure, np.where(np.isnan(whole), 0.0, np.nan), whole))
        return Expected(whole, disturbed, expected.scale.max(axis=0) * times)


def _inside(program: Program, first: Expected, second: Expected) -> Iterator[tuple[str, str]]:
    """Derivatives taken inside of the compiled function, with all leaves from the batch."""
    places, batch = differentiable(program), range(EXAMPLES)
    given = [np.array([program.leaves[i].at(e) for e in batch]) for i in places]
    index = [np.array([int(program.leaves[i].at(e)) for e in batch]) for i in program.of("i")]
    for what, compute, expected in (
        ("gradient inside", slopes(program), first),
        ("gradient of a gradient inside", curvature(program), second),
    ):

        def f(*xs: Any, compute: Any = compute) -> Any:
            known = dict(zip([*places, *program.of("i")], xs, strict=True))
            leaves = [
                known[i] if i in known else constant(leaf.numbers[0])
                for i, leaf in enumerate(program.leaves)
            ]
            return compute(program.run(leaves), leaves)

        found = np.array(compiled(f)(*given, *index)).reshape(EXAMPLES, -1)
        yield what, expected.disagreement(found)


def _plain_numbers(
    program: Program, values: Expected, first: Expected
) -> Iterator[tuple[str, str]]:
    parameters = {i: Value(program.leaves[i].numbers[0]) for i in program.of("w")}
    f = compiled(function(program, parameters, lambda outputs, leaves: outputs[-1]))
    count = len(program.of("x"))
    for example in range(EXAMPLES):
        point = [float(column[0]) for column in arrays(program, [example])]
        value, found = f.value_and_gradient_at(*point)
        last = values.of(example, slice(-1, None))
        yield "value of plain numbers", last.disagreement([value])
        inputs = first.of(example, slice(-count, None))
        slopes_found = np.atleast_1d(found)[:count]
        yield "gradient of plain numbers", inputs.disagreement(slopes_found)
