"""The eager backend: the calls of a compiled function, one example after the other.

For functions that decide by an example's numbers what to compute, and wherever every operation is
to be seen: under `detect_anomaly()`, and within a function that is being recorded itself. Each
takes the compiled function itself; `autograd.compiler.batched` has the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import context
from autograd.compiler.arguments import (
    Given,
    Keywords,
    as_arrays,
    as_numbers,
    as_points,
    positional,
)
from autograd.compiler.results import checked_outputs, empty_batch, not_single
from autograd.context import recording
from autograd.differentiation import gradient
from autograd.operations import total
from autograd.structure import apply, flatten
from autograd.value import Value, constant, record

if TYPE_CHECKING:
    from autograd.compiler.function import Compiled


class WholeNumber(Value):
    """A number from an integer array, which can be used as an index."""

    __slots__ = ()

    def __index__(self) -> int:
        return int(self._number("as an index"))


def outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    """The results for every example, shape (batch, numbers), and their structure."""
    function = positional(f.function, keywords)
    rows: list[list[float]] = []
    structure: Any = 0.0
    with recording():  # whatever is around: the function may differentiate
        for example in _examples(f, given, keywords):
            result = function(*example)
            rows.append([float(x) for x in checked_outputs(result)])
            structure = apply(lambda _: 0.0, result) if len(rows) == 1 else structure
            if len(rows[-1]) != len(rows[0]):
                raise ValueError(
                    f"{f.name}() gives {len(rows[0])} numbers for the first example and "
                    f"{len(rows[-1])} for another"
                )
    return np.array(rows, dtype=np.float64), structure


def reduced(f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value:
    """The mean or the sum of the results, as a node of all that was recorded."""
    recorded = context.current().recording
    with recording():
        results = [_single(f, x, keywords) for x in _examples(f, given, keywords)]
        result = _reduced(f, results, mean)
    return result if recorded else constant(result.data)


def _reduced(f: Compiled, results: list[Any], mean: bool) -> Value:
    if mean and not results:
        raise empty_batch(f.name)
    result = record(total, results)
    return result / float(len(results)) if mean else result


def value_and_gradient(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, Any]:
    """The mean, and its gradient in the order of `f.parameters`."""
    examples = list(_examples(f, given, keywords))
    captured = Captured(context.current().watcher)
    with context.changed(watcher=captured, recording=True):
        # The first one twice: what the function makes itself is another one then.
        results = [captured.by(f, x, keywords) for x in [*examples[:1], *examples]]
        mean = _reduced(f, results[1:], mean=True)
    if f.backend == "eager":
        f.programs.seen |= dict.fromkeys(captured.values)
    known = [*f.programs.parameters(f.owner), *captured.values]
    parameters = list(dict.fromkeys(known))
    if mean.kind == "constant":
        return mean.data, np.zeros(len(parameters))
    return mean.data, np.array([slope.data for slope in gradient(mean, parameters)])


class Captured:
    """A watcher that finds the Values that a function reads from outside, in their order.

    Parameters:
        watcher: another one, which goes on watching.
    """

    def __init__(self, watcher: context.Watcher | None) -> None:
        self._watcher = watcher
        self._made: set[Value] = set()
        self._read: dict[Value, None] = {}
        self._seen: dict[Value, int] = {}

    @property
    def values(self) -> list[Value]:
        """Those that were read for more than one example."""
        return [value for value, count in self._seen.items() if count > 1]

    def by(self, f: Compiled, example: Sequence[Any], keywords: Keywords) -> Any:
        """The result for an example."""
        self._made, self._read = set(flatten(example)), {}
        result = _single(f, example, keywords)
        self._note([result] if isinstance(result, Value) else [])
        for value in self._read:
            self._seen[value] = self._seen.get(value, 0) + 1
        return result

    def _note(self, values: Sequence[Value]) -> None:
        for value in values:
            if value not in self._made and value.kind != "constant":
                self._read[value] = None

    def recorded(self, node: Value, operands: Sequence[Value]) -> None:
        self._note(operands)
        self._made.add(node)
        if self._watcher:
            self._watcher.recorded(node, operands)

    def differentiated(self, order: Sequence[Value], passed: Sequence[float]) -> None:
        if self._watcher:
            self._watcher.differentiated(order, passed)


def at_numbers(f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any:
    """The value for plain numbers; with its slopes a pair."""
    value, found = _at(f, as_numbers(f.function, given, keywords), keywords)
    return (value, tuple(found)) if slopes else value


def at_arrays(
    f: Compiled, given: Given, keywords: Keywords, slopes: bool = True
) -> tuple[float, tuple[Any, ...]]:
    """The value at one point, and its slopes in the shapes of the arguments."""
    checked, _, _ = as_arrays(f.function, as_points(given), keywords)
    arrays = [array[0].astype(np.float64) for array in checked]
    value, found = _at(f, arrays, keywords)
    parts = np.split(np.array(found), np.cumsum([x.size for x in arrays])[:-1])
    return value, tuple(p.reshape(x.shape) for p, x in zip(parts, arrays, strict=True))


@recording()
def _at(f: Compiled, point: Sequence[Any], keywords: Keywords) -> tuple[float, list[float]]:
    leaves = [apply(lambda x: Value(float(x)), argument) for argument in point]
    result = _single(f, leaves, keywords)
    flat = flatten(leaves)
    if not isinstance(result, Value) or result.kind == "constant":
        return float(result), [0.0] * len(flat)
    return result.data, [slope.data for slope in gradient(result, flat)]


def _single(f: Compiled, example: Sequence[Any], keywords: Keywords) -> Any:
    """The result for an example, which has to be one number."""
    result = positional(f.function, keywords)(*example)
    checked_outputs(result)
    if isinstance(result, list | tuple | np.ndarray):
        raise not_single(f.name, len(flatten(result)))
    return result


def _examples(f: Compiled, given: Given, keywords: Keywords) -> Iterator[list[Any]]:
    """What the function gets for one example after the other."""
    traced = context.current().tracer is not None
    arrays, _, batch = as_arrays(f.function, given, keywords, values=traced)
    for i in range(batch):
        yield [example(array[i]) for array in arrays]


def example(numbers: Any) -> Any:
    """What a function gets for one example: Values, which can be indices if they are whole."""
    kind = WholeNumber if np.asarray(numbers).dtype.kind in "iub" else Value
    return apply(lambda x: x if isinstance(x, Value) else kind(x), numbers)
