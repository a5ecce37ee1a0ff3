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
from autograd.compiler.arguments import Given, Keywords, as_arrays, as_numbers, positional
from autograd.compiler.results import empty_batch, not_single
from autograd.context import no_grad, recording
from autograd.differentiation import gradient
from autograd.graph import topological_order
from autograd.operations import total
from autograd.structure import apply, flatten
from autograd.value import Value, record

if TYPE_CHECKING:
    from autograd.compiler.function import Compiled


class WholeNumber(Value):
    """A constant from an integer array, which can be used as an index."""

    __slots__ = ()

    def __index__(self) -> int:
        return int(self._number("as an index"))


def outputs(f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]:
    """The results for every example, shape (batch, numbers), and their structure."""
    with no_grad():
        results = list(_results(f, given, keywords))
    rows = [[float(x) for x in flatten(result)] for result in results]
    for row in rows:
        if len(row) != len(rows[0]):
            raise ValueError(
                f"{f.name}() gives {len(rows[0])} numbers for the first example and {len(row)} "
                "for another"
            )
    structures = [apply(lambda _: 0.0, result) for result in results[:1]]
    return np.array(rows, dtype=np.float64), structures[0] if structures else 0.0


def reduced(f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value:
    """The mean or the sum of the results, as a node of all that was recorded."""
    results = [_single(f, result) for result in _results(f, given, keywords)]
    if mean and not results:
        raise empty_batch(f.name)
    result = record(total, results)
    if not (context.special and context.current().tracer):
        leaves = [n for n in topological_order(result) if n.kind in ("parameter", "input")]
        f.programs.seen |= dict.fromkeys(leaves)
    return result / float(len(results)) if mean else result


def value_and_gradient(f: Compiled, given: Given, keywords: Keywords) -> tuple[float, Any]:
    """The mean, and its gradient in the order of `f.parameters`."""
    mean = reduced(f, given, keywords, True)
    parameters = f.programs.parameters(f.owner)
    slopes = gradient(mean, parameters) if mean.kind != "constant" else parameters[:0]
    return mean.data, np.array([slope.data for slope in slopes])


def at_numbers(f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any:
    """The value for plain numbers; with its slopes a pair."""
    value, found = _at(f, as_numbers(f.function, given, keywords), keywords)
    return (value, tuple(found)) if slopes else value


def at_arrays(
    f: Compiled, given: Given, keywords: Keywords, slopes: bool = True
) -> tuple[float, tuple[Any, ...]]:
    """The value at one point, and its slopes in the shapes of the arguments."""
    arrays = [np.asarray(x, dtype=np.float64) for x in given]
    value, found = _at(f, arrays, keywords)
    parts = np.split(np.array(found), np.cumsum([x.size for x in arrays])[:-1])
    return value, tuple(p.reshape(x.shape) for p, x in zip(parts, arrays, strict=True))


@recording()
def _at(f: Compiled, point: Sequence[Any], keywords: Keywords) -> tuple[float, list[float]]:
    leaves = [apply(lambda x: Value(float(x)), argument) for argument in point]
    result = _single(f, positional(f.function, keywords)(*leaves))
    flat = flatten(leaves)
    if not isinstance(result, Value) or result.kind == "constant":
        return float(result), [0.0] * len(flat)
    return result.data, [slope.data for slope in gradient(result, flat)]


def _single(f: Compiled, result: Any) -> Any:
    if isinstance(result, list | tuple | np.ndarray):
        raise not_single(f.name, len(flatten(result)))
    return result


def _results(f: Compiled, given: Given, keywords: Keywords) -> Iterator[Any]:
    """What the function gives for one example after the other."""
    function = positional(f.function, keywords)
    arrays, _, batch = as_arrays(f.function, given, keywords, values=True)
    for i in range(batch):
        yield function(*[example(array[i]) for array in arrays])


def example(numbers: Any) -> Any:
    """What a function gets for one example: constants, which can be indices if they are whole."""
    kind = WholeNumber if np.asarray(numbers).dtype.kind in "iub" else Value
    return apply(lambda x: x if isinstance(x, Value) else _constant(kind(x)), numbers)


def _constant(value: Value) -> Value:
    value._edges = None
    return value
