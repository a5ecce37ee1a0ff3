"""Functions whose programs have every kind of statement: some with a name, and random ones."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, dot, logsumexp, maximum, minimum, pick, tanh, total, uniform
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import Lowered
from nn import MLP, cross_entropy, hinge, softmax
from tests.compiler.interpreting import interpreted
from tests.compiler.reading import lower
from tests.compiler.test_compiled_programs import made_case
from tests.fuzz.agreement import function
from tests.fuzz.programs import random_program

CHOICES = 2  # an index is less


class Case(NamedTuple):
    """A function of one example, and the shape of each argument; of an index that is "index"."""

    f: Callable[..., Any]
    shapes: tuple[Any, ...]

    def lowered(self, inputs: bool = False) -> Lowered:
        arguments = [
            Argument(name, () if shape == "index" else shape, shape == "index")
            for name, shape in zip("xyzuvw"[: len(self.shapes)], self.shapes, strict=True)
        ]
        return lower(self.f, *arguments, inputs=inputs)


def numbers(program: Lowered, batch: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Random numbers for the parameters and arguments of a program."""
    random = np.random.default_rng(batch)
    theta = random.uniform(0.25, 1.5, program.program.sizes["theta"])
    given = [
        random.integers(0, CHOICES, (buffer.rows, batch))
        if buffer.integer
        else random.normal(size=(buffer.rows, batch))
        for buffer in program.given
    ]
    return theta, given


def _values(count: int) -> list[Value]:
    return [Value(0.1 * i + 0.1) for i in range(count)]


WEIGHTS, BIASES = [_values(4) for _ in range(3)], _values(3)
W, V = _values(2)
NETWORK, WIDE, BIASED = MLP(2, [4, 1], seed=0), MLP(3, [4, 3], "tanh", seed=0), MLP(70, [2], seed=0)
GENERATOR = np.random.default_rng(0)


def each_interpreted(programs: Iterable[Lowered], batch: int) -> list[np.ndarray]:
    """All that each of some programs computes, from the same numbers and with the same draws."""
    state, found = GENERATOR.bit_generator.state, []
    for program in programs:
        GENERATOR.bit_generator.state = state
        output, gradient, slopes = interpreted(program, *numbers(program, batch), batch)
        found.append(np.concatenate([x.ravel() for x in (output, gradient, *slopes)]))
    return found


def layer(x: Any) -> list[Value]:
    return [dot(row, x, bias) for row, bias in zip(WEIGHTS, BIASES, strict=True)]


def sum_of_tanh(xs: Iterable[Any]) -> Value:
    """Something to differentiate, with a gradient that differs from number to number."""
    return total([tanh(x) for x in xs])


def scaled(x: Any) -> list[list[Value]]:
    """Rows through which gradients pass to a parameter."""
    return [[W * a for a in row] for row in x]


def attention(x: Any, size: int = 4) -> list[Value]:
    """Each of the positions looks at itself and those before it, in heads of some size."""
    out: list[Value] = []
    for first in range(0, len(x[0]), size):
        part = [row[first : first + size] for row in scaled(x)]
        weights = [softmax([dot(a, b) for b in part[: t + 1]]) for t, a in enumerate(part)]
        out += [dot(row, c[: len(row)]) for row in weights for c in zip(*part, strict=True)]
    return out


def all_pairs(x: Any, y: Any) -> list[Value]:
    return [dot(a, b) for a in scaled(x) for b in scaled(y)]


def pairs_of_all_lengths(x: Any, y: Any) -> list[Value]:
    return [dot(a[:n], b[:n]) for n, a in enumerate(scaled(x), 3) for b in scaled(y)]


def windows(x: Any) -> list[Value]:
    x = [tanh(W * a) for a in x]
    return [total([a * b * b for a, b in zip(x[i : i + 3], BIASES, strict=True)]) for i in range(4)]


def ragged(x: Any, op: Any) -> list[Value]:
    x = [tanh(W * a) for a in x]
    return [op(x[:n]) for n in (3, 5, 4)]


NAMED = {
    "hinge": Case(lambda x, y: hinge(NETWORK(x), y), ((2,), ())),
    "cross entropy": Case(lambda x, y: cross_entropy(WIDE(x), y), ((3,), "index")),
    "a large argument": Case(lambda x: BIASED(x)[1] ** 2.0, ((70,),)),
    "parameters": Case(lambda: total([p * p for p in BIASES]).exp(), ()),
    "several results": Case(lambda x: layer(x), ((4,),)),
    "positions": Case(lambda x: sum_of_tanh(y for row in x for y in layer(row)), ((5, 4),)),
    "attention": Case(lambda x: sum_of_tanh(attention(x)), ((9, 4),)),
    "two heads": Case(lambda x: sum_of_tanh(attention(x)), ((8, 8),)),
    "all pairs": Case(lambda x, y: sum_of_tanh(all_pairs(x, y)), ((5, 6), (5, 6))),
    "pairs in another order": Case(
        lambda x, y: sum_of_tanh(all_pairs(x, y)[:-1][::-1]), ((5, 6), (5, 6))),
    "pairs of all lengths": Case(
        lambda x, y: sum_of_tanh(pairs_of_all_lengths(x, y)), ((5, 8), (6, 8))),
    "windows": Case(lambda x: sum_of_tanh(windows(x)), ((6,),)),
    "dots of windows": Case(
        lambda x: total([dot(x[i : i + 3], [tanh(a) for a in layer(x)]).exp() for i in range(2)]),
        ((4,),)),
    "ragged sums": Case(lambda x: sum_of_tanh(ragged(x, total)), ((5,),)),
    "ragged maxima": Case(lambda x: sum_of_tanh(ragged(x, maximum)), ((5,),)),
    "ragged logsumexp": Case(lambda x: total([y * y for y in ragged(x, logsumexp)]), ((5,),)),
    "picks of values": Case(
        lambda x, i: pick(layer(x), i) * pick([x[0], x[2] * W], i), ((4,), "index")),
    "picks of parameters": Case(
        lambda x, i: pick(BIASES, i) * x[0] + pick([WEIGHTS[2][0], WEIGHTS[0][1], W], i),
        ((2,), "index")),
    "picks of mixed": Case(lambda x, i: pick([*layer(x), W, x[1]], i).exp(), ((4,), "index")),
    "picks that meet": Case(
        lambda x, i, j: sum_of_tanh([pick(layer(x)[:2], i), pick(layer(x)[1:], j)]),
        ((4,), "index", "index")),
    "draws": Case(lambda x: total([a * uniform(GENERATOR) * W for a in x]), ((3,),)),
    "irregular": Case(
        lambda x, y: tanh(maximum(x[0] * y, W, 0.5)) * minimum(V * x[3], x[1], y),
        ((4,), ())),
}  # fmt: skip


def _random_function(seed: int) -> Case:
    case = made_case(seed, 1)
    shapes = ["index" if a.dtype.kind == "i" else a.shape[1:] for a in case.arrays]
    return Case(case.f, tuple(shapes))


def _random_rows(seed: int) -> Case:
    """Any rows of the table on any numbers, also infinite ones."""
    program, random = random_program(seed), Random(seed)
    parameters = {i: Value(random.uniform(0.5, 1.5)) for i in program.of("w")}
    f = function(program, parameters, lambda outputs, leaves: outputs[-1])
    return Case(f, ((),) * len(program.of("x")) + ("index",) * len(program.of("i")))


def random_cases(count: int) -> Iterator[Case]:
    """Random functions: neurons, attention and the like; then any rows on any numbers."""
    for seed in range(count):
        yield _random_function(seed)
        yield _random_rows(seed)
