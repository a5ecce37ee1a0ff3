"""The table of edges in machine code, all of it in one program."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from autograd import Value, compiled, total
from tests.backends import needs_compiler
from tests.compiler.comparing import gradient_of
from tests.compiler.test_compiled_laws import COMPILED_EDGES, near

pytestmark = needs_compiler

PLAIN = 0.75  # where nothing is special


def chosen(operands: str, i: int) -> bool:
    """Whether the operand of this number is a parameter."""
    return i % 2 == (operands == "the others")


class Mixed:
    """Many functions in one: some operands are parameters, and others come from a batch."""

    def __init__(self, functions: Sequence[Callable[..., Any]], at: Any, operands: str) -> None:
        self.functions, self.at = functions, at
        self.leaves = [
            [Value(x) if chosen(operands, i) else None for i, x in enumerate(point)] for point in at
        ]
        self.parameters = [leaf for leaves in self.leaves for leaf in leaves if leaf is not None]

    def given(self, change: Callable[[float], Any]) -> list[Any]:
        """A column for each other operand."""
        return [
            change(x)
            for leaves, point in zip(self.leaves, self.at, strict=True)
            for leaf, x in zip(leaves, point, strict=True)
            if leaf is None
        ]

    def results(self, given: Any) -> list[Any]:
        rest: Iterator[Any] = iter(given)
        return [
            f(*[next(rest) if leaf is None else leaf for leaf in leaves])
            for f, leaves in zip(self.functions, self.leaves, strict=True)
        ]

    def slopes(self, expected: Sequence[Sequence[float]], of_parameters: bool) -> list[float]:
        """Those of the parameters, or of the others."""
        return [
            slope
            for leaves, slopes in zip(self.leaves, expected, strict=True)
            for leaf, slope in zip(leaves, slopes, strict=True)
            if (leaf is not None) == of_parameters
        ]


@pytest.mark.parametrize("operands", ["every other", "the others"])
def test_edges(operands):
    """In every place of a vector, beside examples that are none: neither changes the other."""
    edges = Mixed([e.f for e in COMPILED_EDGES], [e.at for e in COMPILED_EDGES], operands)
    values, slopes = [e.value for e in COMPILED_EDGES], [e.slopes for e in COMPILED_EDGES]
    many = compiled(lambda xs: edges.results(xs), backend="c")
    sum_of_all = compiled(lambda xs: total(edges.results(xs)), backend="c")
    special = np.arange(17) % 3 != 1
    batch = np.array(edges.given(lambda x: np.where(special, x, PLAIN))).reshape(-1, 17).T
    found = many(batch)
    for e in np.flatnonzero(special):
        assert found[e] == near(values), e
    plain = [float(f) for f in edges.results(edges.given(lambda x: PLAIN))]
    for e in np.flatnonzero(~special):
        assert found[e] == near(plain), e
    _, of_given = sum_of_all.value_and_gradient_at(np.array(edges.given(float)))
    assert of_given == near(edges.slopes(slopes, of_parameters=False))
    mean = sum_of_all.mean(batch[special])
    found = gradient_of(mean, edges.parameters)
    assert found.tolist() == near(edges.slopes(slopes, of_parameters=True))
    for program in (many, sum_of_all):
        assert repr(program).endswith(": machine code>")
