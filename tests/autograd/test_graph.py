import gc
import random

from autograd import Value, topological_order
from autograd.graph import recorded_order


def test_operands_come_before_results():
    random.seed(0)
    nodes = [Value(float(i)) for i in range(5)]
    for _ in range(200):
        nodes.append(random.choice(nodes) * random.choice(nodes[-5:]))
    order = topological_order(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[x] < place[node] for node in order for x in node.operands)


def test_order_holds_every_node_once_and_nothing_else():
    x, other = Value(2.0), Value(3.0)
    square = x * x
    root = square + square
    _unrelated = square * other
    assert [id(node) for node in topological_order(root)] == [id(x), id(square), id(root)]


def test_order_is_that_of_the_operands():
    a, b, c = (Value(1.0, label=label) for label in "abc")
    assert [x.label for x in topological_order((c + a) * b) if x.label] == ["c", "a", "b"]


def test_order_of_several_roots():
    x = Value(2.0)
    y, z = x + 1.0, x * 2.0
    order = [id(node) for node in topological_order(z, y, x, z)]
    assert len(order) == len(set(order)) == 5
    assert order.index(id(x)) < order.index(id(z)) < order.index(id(y))
    assert topological_order() == []


def test_recorded_order_leaves_out_leaves_and_constants():
    x = Value(2.0)
    y = x + 1.0
    z = y * (x.exp() + 3.0)
    assert [node.op.name for node in recorded_order(z)] == ["add", "exp", "add", "multiply"]
    assert recorded_order(x) == []


class Witness(Value):
    """A leaf that tells when it is freed."""

    __slots__ = ()
    freed = 0

    def __del__(self) -> None:
        Witness.freed += 1


def test_a_graph_is_freed_by_reference_counting_alone():
    gc.collect()
    gc.disable()
    try:
        before = Witness.freed
        x = Witness(2.0)
        y = (x * x).exp() + x.tanh() / x
        y.backward()
        del x
        assert Witness.freed == before
        del y
        assert Witness.freed == before + 1
    finally:
        gc.enable()


def test_intermediate_nodes_are_in_no_cycle():
    gc.collect()
    gc.disable()
    try:
        before = sum(type(x) is Value for x in gc.get_objects())
        x = Value(0.5)
        for _ in range(100):
            x = (x * 0.9).tanh()
        x.backward()
        assert sum(type(x) is Value for x in gc.get_objects()) == before + 301
        del x
        assert sum(type(x) is Value for x in gc.get_objects()) == before
    finally:
        gc.enable()


MILLION = """
import sys, time
from autograd import Value, gradient, topological_order
x = Value(0.5)
y = x
for _ in range(1_000_000):
    y = y + x
assert len(topological_order(y)) == 1_000_001
y.backward()
assert x.grad == 1_000_001.0
assert repr(y) == "Value(data=500000.5, grad=1.0)"
assert gradient(y, x).data == 1_000_001.0
assert sys.getrecursionlimit() == 1000
del y
assert sys.getrefcount(x) == 2
print("done")
"""

DEEP_SECOND_ORDER = """
from autograd import Value, gradient
x = Value(0.5)
y = x
for _ in range(30_000):
    y = y * 1.0 + x * x
(first,) = gradient(y, [x], create_graph=True)
assert first.data == 30_001.0
assert gradient(first, x).data == 60_000.0
del first, y
print("done")
"""


def test_a_chain_of_a_million_operations(run_python):
    assert run_python(MILLION) == "done\n"


def test_second_derivative_of_a_deep_graph(run_python):
    assert run_python(DEEP_SECOND_ORDER) == "done\n"


SAME_BITS = """
import random
from autograd import Value, gradient, logsumexp
random.seed(1)
xs = [Value(random.uniform(-1, 1)) for _ in range(50)]
y = logsumexp([sum(random.choice(xs) * random.choice(xs).tanh() for _ in xs) for _ in range(20)])
y.backward()
print(y.data.hex(), *(x.grad.hex() for x in xs))
print(*(g.data.hex() for g in gradient(gradient(y, xs, create_graph=True)[0], xs)))
"""


def test_the_same_bits_in_every_process(run_python):
    outputs = {run_python(SAME_BITS, PYTHONHASHSEED=seed) for seed in ("0", "1", "12345")}
    assert len(outputs) == 1
