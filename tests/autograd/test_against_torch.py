"""A thousand random graphs of every kind of operation, against PyTorch in float64."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import pytest

from autograd import TABLE, Operation, Value, gradient, sigmoid
from autograd.value import record

torch = pytest.importorskip("torch")


def _dot(*operands: Any) -> Any:
    size = len(operands) // 2
    products = torch.stack(operands[:size]) * torch.stack(operands[size : 2 * size])
    return sum(operands[2 * size :], products.sum())


# Where PyTorch has no function of that name and with those operands.
OTHERWISE: dict[str, Callable[..., Any]] = {
    "negate": torch.negative,
    "power": torch.pow,
    "floor_divide": lambda a, b: torch.div(a, b, rounding_mode="floor"),
    "cbrt": lambda x: torch.pow(x, 1.0 / 3.0),
    "erf": torch.erf,
    "sech_squared": lambda x: 1.0 / torch.cosh(x) ** 2,
    "softplus": torch.nn.functional.softplus,
    "leaky_relu": lambda x, slope: torch.where(x > 0, x, slope * x),
    "elu": lambda x, alpha: torch.where(x > 0, x, alpha * torch.expm1(x)),
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "step": lambda x: (x > 0).double(),
    "where": lambda condition, a, b: torch.where(condition != 0, a, b),
    "equal": lambda a, b: (a == b).double(),
    "not_equal": lambda a, b: (a != b).double(),
    "less": lambda a, b: (a < b).double(),
    "less_equal": lambda a, b: (a <= b).double(),
    "greater": lambda a, b: (a > b).double(),
    "greater_equal": lambda a, b: (a >= b).double(),
    "total": lambda *xs: torch.stack(xs).sum(),
    "dot": _dot,
    "minimum": lambda *xs: torch.stack(xs).amin(0),
    "maximum": lambda *xs: torch.stack(xs).amax(0),
    "logsumexp": lambda *xs: torch.logsumexp(torch.stack(xs), 0),
    "pick": lambda *operands: torch.stack(operands[:-1])[int(operands[-1])],
}
PEERS = {name: OTHERWISE.get(name) or getattr(torch, name, None) for name in TABLE}
ROWS = [row for row in TABLE.values() if PEERS[row.name]]


class Pair(NamedTuple):
    """A number in both engines."""

    ours: Any
    theirs: Any


def constant_pair(x: float) -> Pair:
    return Pair(x, torch.tensor(x, dtype=torch.float64))


class Graph:
    """A random graph in both engines, in which nodes are shared and some operands constant.

    It takes the place of the random numbers that a row draws its samples from: instead of a
    number from an interval it gives an earlier node, brought into that interval.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        numbers = [self.random.uniform(-2.0, 2.0) for _ in range(3)]
        tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
        self.leaves = list(map(Pair, map(Value, numbers), tensors))
        self.nodes = [*self.leaves, constant_pair(self.random.uniform(-2.0, 2.0))]

    def uniform(self, low: float, high: float) -> Pair:
        if low == high:
            return constant_pair(float(low))
        x, width = self.random.choice(self.nodes[-6:]), high - low
        return Pair(low + width * sigmoid(x.ours), low + width * torch.sigmoid(x.theirs))

    def grow(self, row: Operation) -> None:
        operands = row.sample(self, count=self.random.randint(3, 6))
        ours = record(row, [x.ours for x in operands])
        theirs = PEERS[row.name](*[x.theirs for x in operands])
        self.nodes.append(Pair(ours, theirs))


def same(x: float) -> Any:
    return pytest.approx(x, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_random_graphs_agree(seed):
    for number in range(100 * seed, 100 * seed + 100):
        graph = Graph(number)
        graph.grow(ROWS[number % len(ROWS)])
        for row in graph.random.choices(ROWS, k=8):
            graph.grow(row)
        # Every node has its part in the root, however early it was.
        root = constant_pair(0.0)
        for x in graph.nodes:
            root = Pair(root.ours + x.ours * x.ours, root.theirs + x.theirs * x.theirs)
        ours = gradient(root.ours, [x.ours for x in graph.leaves])
        theirs = torch.autograd.grad(root.theirs, [x.theirs for x in graph.leaves])
        assert [float(x.ours) for x in graph.nodes] == same([x.theirs.item() for x in graph.nodes])
        assert root.ours.data == same(root.theirs.item())
        assert [x.data for x in ours] == same([x.item() for x in theirs])


def test_the_peers_are_of_rows_that_exist():
    assert set(OTHERWISE) <= set(TABLE)
