"""Random programs, compiled and eager: the same values and gradients at every batch size."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import (
    TABLE,
    Operation,
    Value,
    constant,
    dot,
    exp,
    gradient,
    logsumexp,
    scope,
    tanh,
    total,
)
from autograd.compiler.numpy_names import FUNCTIONS
from autograd.value import record
from nn import Parameter
from tests.backends import COMPILED, may_be_uncovered
from tests.compiler.comparing import check

BATCHES = (1, 2, 7, 64, 1000)
CLASSES = 3


@pytest.fixture(autouse=True)
def fresh_memory_holds_nonsense(monkeypatch):
    """What a program reads before it has written it then shows."""

    def empty(shape: Any, dtype: Any = np.float64) -> np.ndarray:
        return np.full(shape, np.nan if dtype is np.float64 else -(10**9), dtype=dtype)

    monkeypatch.setitem(FUNCTIONS, "empty", empty)


class Case(NamedTuple):
    """A function of one example, what it captures, and a batch of examples."""

    f: Callable[..., Any]
    parameters: list[Value]
    arrays: tuple[np.ndarray, ...]


class Writer:
    """Writes a random program; with the same seed the same, whatever Values it is given."""

    def __init__(self, seed: int, parameters: Sequence[Value]) -> None:
        self.random, self.parameters = Random(seed), list(parameters)
        self.pool: list[Value] = []

    def program(self, inputs: Sequence[Value], index: Value, rows: Sequence[Any]) -> Value:
        self.index, self.rows = index, rows
        self.pool = [*inputs, *self.parameters, constant(0.5), constant(-1.0)]
        statements = [self.operation] * 4 + [self.weighted_sum, self.long_sum, self.layer]
        statements += [self.sequence] if rows else []
        statements += [self.slope, self.attention, self.shared]
        for _ in range(self.random.randint(3, 30)):
            with scope(f"part{self.random.randint(0, 2)}"):
                self.pool += self.random.choice(statements)()
        last = [self.pool[-1], *self.some(self.random.randint(0, 5))]
        return sum((x * self.random.uniform(-1.0, 1.0) for x in last), constant(0.0))

    # The statements: each gives new Values, of moderate size, made of some of the pool's.

    def operation(self) -> list[Value]:
        """Any row of the table, on numbers from its domain."""
        row = self.random.choice(list(TABLE.values()))
        operands = [self.within(interval) for interval in self.intervals(row)]
        return [self.squashed(record(row, operands))]

    def intervals(self, row: Operation) -> list[tuple[float, float]]:
        """The domain of each operand; an index is the last, and needs something to choose from."""
        first, *others = row.domain
        if row.arity is not None:
            return [*row.domain, *[first] * (row.arity - len(row.domain))]
        return [first] * self.random.randint(CLASSES if others else 1, 5) + others

    def weighted_sum(self) -> list[Value]:
        size = self.random.randint(1, 6)
        bias = self.random.choice([None, 0.5, *self.some(2)])
        return [self.squashed(dot(self.some(size), self.some(size), bias))]

    def long_sum(self) -> list[Value]:
        """As written for micrograd."""
        size = self.random.randint(1, 5)
        products = (a * b for a, b in zip(self.some(size), self.some(size), strict=True))
        start = self.random.choice([0, *self.some(1)])
        return [self.squashed(sum(products, start) + self.random.choice([0.0, 2, *self.some(1)]))]

    def layer(self) -> list[Value]:
        """Neurons with the same inputs: a matrix."""
        return self.neurons(self.some(self.random.randint(1, 4)), *self.weights(4))

    def sequence(self) -> list[Value]:
        """The same neurons at several positions."""
        weights, biases = self.weights(len(self.rows[0]))
        return [y for row in self.rows for y in self.neurons(list(row), weights, biases)][:8]

    def slope(self) -> list[Value]:
        """A derivative inside of the program."""
        x, y = self.some(2)
        slope = gradient(tanh(x * y) * self.some(1)[0], x, create_graph=True)
        return [self.squashed(slope)]

    def attention(self) -> list[Value]:
        """Softmax of dots of which both sides depend on the example."""
        query, keys = self.some(2), [self.some(2) for _ in range(self.random.randint(1, 3))]
        scores = [dot(query, key) for key in keys]
        shares = [exp(score - logsumexp(scores)) for score in scores]
        return [self.squashed(dot(shares, [key[i] for key in keys])) for i in range(2)]

    def shared(self) -> list[Value]:
        """The same subexpression twice."""
        x, y, z = self.some(3)
        return [self.squashed(total(x * y, x * y * z, (x * y) * (x * y)))]

    def neurons(self, xs: list[Value], weights: list[list[Value]], biases: Any) -> list[Value]:
        return [
            tanh(dot(row[: len(xs)], xs, bias)) for row, bias in zip(weights, biases, strict=True)
        ]

    def weights(self, columns: int) -> tuple[list[list[Value]], Sequence[Any]]:
        count = self.random.randint(1, 4)
        start = self.random.randrange(len(self.parameters))
        # In a row as they lie in memory, or scattered.
        around = (self.parameters[start:] + self.parameters) * (count * (columns + 1))
        if self.random.random() < 0.3:
            self.random.shuffle(around)
        step = columns + 1
        rows = [around[i * step : i * step + columns] for i in range(count)]
        biases = [around[i * step + columns] for i in range(count)]
        return rows, self.random.choice([biases, [None] * count])

    def some(self, count: int) -> list[Value]:
        return [self.random.choice(self.pool) for _ in range(count)]

    def within(self, interval: tuple[float, float]) -> Value:
        """A number from the interval; an index where the interval is a single number."""
        low, high = interval
        if low == high:
            return self.index
        if self.random.random() < 0.15:
            return constant(self.random.uniform(low, high))
        (x,) = self.some(1)
        return (x.tanh() * (0.5 * (high - low))) + 0.5 * (low + high)

    def squashed(self, x: Value) -> Value:
        return x if self.random.random() < 0.2 else tanh(x)


def made_case(seed: int, batch: int) -> Case:
    random, numbers = Random(seed), np.random.default_rng(seed)
    kind = random.choice([Value, Parameter])
    parameters = [kind(random.uniform(-1.5, 1.5)) for _ in range(random.randint(1, 20))]
    size, length = random.randint(1, 5), random.choice([0, 1, 3])
    arrays = (
        numbers.normal(size=(batch, size)),
        numbers.normal(size=batch),
        numbers.integers(0, CLASSES, batch),
        numbers.normal(size=(batch, length, random.randint(1, 4))),
    )

    def program(x: Any, y: Any, t: Any, rows: Any) -> Value:
        return Writer(seed, parameters).program([*x, y], t, rows)

    return Case(program, parameters, arrays)


def check_seed(seed: int, batches: Sequence[int]) -> None:
    """Compile one program and run it at all those batch sizes, the largest first."""
    case = made_case(seed, max(batches))
    backends = COMPILED if seed % 20 == 14 else COMPILED[:1]  # each takes a compiler a while
    check(case.f, *case.arrays, parameters=case.parameters, batches=sorted(batches)[::-1],
          backends=backends)  # fmt: skip


@may_be_uncovered
@pytest.mark.parametrize("first", range(0, 300, 20))
def test_values_and_gradients_are_those_of_the_eager_engine(first):
    for seed in range(first, first + 20):
        check_seed(seed, (1, 2, 7))


@may_be_uncovered
@pytest.mark.parametrize("seed", range(1000, 1020))
def test_large_batches(seed):
    check_seed(seed, BATCHES if seed % 5 == 0 else BATCHES[:-1])
