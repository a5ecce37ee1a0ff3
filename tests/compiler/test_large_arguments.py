"""Arguments of 65 numbers and more are read where they are, if nothing but matrices reads them."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import Value, compiled, dot, maximum, total
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.instructions import Load
from autograd.compiler.lowering import lowered
from autograd.compiler.numpy_source import NumpySource
from autograd.compiler.scheduling import scheduled
from tests.compiler.comparing import check, record_function

SIZE = 66
GENERATOR = np.random.default_rng(0)
X, Y, Z = GENERATOR.normal(size=(3, 4, SIZE))


def layer(rows: int, columns: int = SIZE, seed: int = 0, bias: bool = True) -> Callable[..., Any]:
    """A layer of tanh neurons with weights of its own; its parameters are its attribute."""
    random = np.random.default_rng(seed)
    weights = [[Value(w) for w in row] for row in random.normal(size=(rows, columns)) / 8]
    biases = [Value(b) for b in random.normal(size=rows)]

    def neurons(x: Any) -> list[Value]:
        pairs = zip(weights, biases, strict=True)
        return [(dot(row, x, b) if bias else dot(row, x)).tanh() for row, b in pairs]

    neurons.parameters = [*(w for row in weights for w in row), *(biases if bias else [])]
    return neurons


F, G, ONE, BARE = layer(3), layer(2, seed=1), layer(1, seed=2), layer(2, seed=3, bias=False)
BOTH = layer(2, 2 * SIZE, seed=4)

# A function, and which of its arguments are read in place.
CASES: dict[str, tuple[Callable[..., Any], set[str]]] = {
    "one network": (lambda x: total(F(x)), {"x"}),
    "one neuron": (lambda x: ONE(x)[0], {"x"}),
    "no bias": (lambda x: total(BARE(x)), {"x"}),
    "two networks": (lambda x: total([*F(x), *G(x)]), {"x"}),
    "two arguments, each its network": (lambda x, y: total([*F(x), *G(y)]), {"x", "y"}),
    "two arguments meet one network": (lambda x, y: total([*F(x), *F(y)]), set()),
    "two arguments meet one neuron": (lambda x, y: ONE(x)[0] * ONE(y)[0], set()),
    "three arguments meet one network": (lambda x, y, z: total([*F(x), *F(y), *F(z)]), set()),
    "of two arguments one meets another network": (
        lambda x, y: total([*F(x), *F(y), *G(x)]), {"x", "y"}),
    "of three arguments one is alone": (
        lambda x, y, z: total([*F(x), *F(y), *G(z)]), {"z"}),
    "one network twice": (lambda x: total(F(x)) * total(F(x)), {"x"}),
    "two arguments in one matrix": (lambda x, y: total(BOTH([*x, *y])), set()),
    "two arguments in one matrix, in both orders": (
        lambda x, y: total([*BOTH([*x, *y]), *BOTH([*y, *x])]), set()),
    "one argument twice in a matrix": (lambda x: total(BOTH([*x, *x])), set()),
    "a matrix reads it backwards": (lambda x: total([*F(x), *F(x[::-1])]), set()),
    "a part of it is used too": (lambda x: total(F(x)) * x[3], set()),
    "all of it is added too": (lambda x: total(F(x)) * total(x), set()),
    "it is multiplied with itself": (lambda x: total(F(x)) * dot(x, x), set()),
    "it is multiplied with another": (lambda x, y: total([*F(x), *G(y)]) * dot(x, y), set()),
    "one is a bias of the other": (
        lambda x, y: total([dot(F.parameters[:SIZE], x, y[0]), *F(y)]), {"x"}),
    "another is picked from": (lambda x, y: total(F(x)) * maximum(y[1], y[2]), {"x"}),
    "matrices of constants": (
        lambda x: total([dot([0.1 * i] * SIZE, x, 1.0).tanh() for i in range(3)]), {"x"}),
}  # fmt: skip

each_case = pytest.mark.parametrize(("f", "in_place"), CASES.values(), ids=CASES)


def arguments(f: Callable[..., Any]) -> dict[str, np.ndarray]:
    return dict(zip("xyz"[: f.__code__.co_argcount], (X, Y, Z), strict=False))


@each_case
def test_results_are_the_eager_ones(f, in_place):
    layers = (F, G, ONE, BARE, BOTH)
    parameters = [p for some in layers for p in some.parameters]
    check(f, *arguments(f).values(), parameters=parameters, batches=[1, 4])


@each_case
def test_only_what_other_instructions_read_is_loaded(f, in_place):
    names = list(arguments(f))
    given = [Argument(name, (SIZE,), integer=False) for name in names]
    program = scheduled(folded(record_function(f, given)))
    loaded = {i.name for i in program.instructions if isinstance(i, Load)}
    assert loaded == set(names) - in_place


def test_the_gradient_of_an_argument_that_matrices_read():
    weights = GENERATOR.normal(size=(3, SIZE))

    def f(x: Any) -> Value:
        return total([dot(row, x).tanh() for row in weights.tolist()])

    value, slopes = compiled(f).value_and_gradient_at(X[0])
    assert value == pytest.approx(np.tanh(weights @ X[0]).sum(), rel=1e-12)
    assert slopes == pytest.approx((1 - np.tanh(weights @ X[0]) ** 2) @ weights, rel=1e-12)


def test_a_program_without_rows_for_an_argument_gives_it_no_gradient():
    given = [Argument("x", (SIZE,), integer=False)]
    graph = folded(record_function(CASES["matrices of constants"][0], given))
    NumpySource(lowered(scheduled(graph, inputs=True), inputs=True))
    with pytest.raises(AssertionError, match="read in place"):
        NumpySource(lowered(scheduled(graph), inputs=True))


# --------------------------------------------------------------------------------- at random


def random_function(random: Random) -> tuple[Callable[..., Any], list[Value], list[int]]:
    """Some layers on some arguments, together, in part, and beside other readers."""
    sizes = random.choice([[65], [65, 65], [65, 66], [66, 66, 66], [64, 65]])
    layers: dict[tuple[int, int], Any] = {}

    def reader() -> Callable[..., list[Value]]:
        i, k = (random.randrange(len(sizes)) for _ in range(2))
        kind = random.choice(["whole"] * 9 + ["both", "backwards", "part", "sum", "one"])
        number, rows = random.randrange(2), random.randint(1, 3)
        width = sizes[i] + {"both": sizes[k], "part": -1}.get(kind, 0)
        f = layers.setdefault((number, width), layer(rows, width, seed=number))
        return {
            "whole": lambda xs: f(xs[i]),
            "both": lambda xs: f([*xs[i], *xs[k]]),
            "backwards": lambda xs: f(xs[i][::-1]),
            "part": lambda xs: f(xs[i][1:]),
            "sum": lambda xs: [total(xs[i]).tanh()],
            "one": lambda xs: [xs[i][1] * xs[k][2]],
        }[kind]

    readers = [reader() for _ in range(random.randint(1, 5))]

    def function(*xs: Any) -> Value:
        return total([out * (n + 1.0) for n, read in enumerate(readers) for out in read(xs)])

    return function, [p for some in layers.values() for p in some.parameters], sizes


@pytest.mark.parametrize("seed", range(40))
def test_functions_at_random(seed):
    function, parameters, sizes = random_function(Random(seed))
    arrays = [np.random.default_rng(seed + i).normal(size=(2, n)) for i, n in enumerate(sizes)]
    check(function, *arrays, parameters=parameters)
