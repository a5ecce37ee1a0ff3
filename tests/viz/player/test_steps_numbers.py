"""The numbers that steps end with are those of the graph, to the last bit."""

import math
from copy import deepcopy
from random import Random

import pytest

from autograd import (
    TABLE,
    Value,
    constant,
    detect_anomaly,
    dot,
    logsumexp,
    maximum,
    no_grad,
    topological_order,
    where,
)
from nn import MLP, Parameter, cross_entropy, hinge
from viz import steps

ROWS = [op for op in TABLE.values() if op.name not in ("dot", "pick")]


def shown(loss: Value) -> dict[tuple[Value, str], float]:
    """The last number of each kind that the steps show, of each node."""
    return {(change.node, change.name): change.after for x in steps(loss) for change in x.changes}


def state(loss: Value) -> list[tuple[str, str, bool]]:
    """All that there is to be seen of a graph; NaN and -0.0 are told apart by their texts."""
    return [(repr(x.data), repr(x.grad), x.has_grad) for x in topological_order(loss)]


def check(loss: Value) -> None:
    """The steps show what `backward()` gives, and change nothing."""
    before = state(loss)
    coming = shown(loss)
    assert state(loss) == before
    loss.backward()
    made = shown(loss)
    for node in topological_order(loss):
        if node.kind == "constant":
            assert (node, "grad") not in coming
            continue
        assert repr(coming[node, "grad"]) == repr(made[node, "grad"]) == repr(node.grad)
        if node.operands:
            assert repr(coming[node, "data"]) == repr(node.data)


def grown(seed: int, size: int = 30) -> Value:
    """A random graph with many uses of each node, and constants in it."""
    random = Random(seed)
    nodes: list[Value] = [Value(random.uniform(-2, 2)) for _ in range(3)] + [constant(2.0)]
    for _ in range(size):
        op = random.choice(ROWS)
        operands = [random.choice(nodes) for _ in range(op.arity or random.randint(1, 4))]
        nodes.append(op(*operands))
    return dot(nodes[-4:], nodes[-8:-4], nodes[0])


def used_twice() -> Value:
    x, y = Value(0.1), Value(0.3)
    h = x * y + x
    return h * h + h.tanh() + x * x + maximum(h, x, h)


def with_infinities() -> Value:
    x, zero = Value(2.0), Value(0.0)
    return (x / zero - x / zero) * zero.log() + zero.sqrt() + x


def nothing_passes() -> Value:
    x, y, z = Value(2.0), Value(3.0), Value(-1.0)
    lost = (y * z).step() + z.floor() * y.sign()
    return where(z > 0.0, x, lost) + where(lost.step(), x, z)


def root_that_nothing_leaves() -> Value:
    x = Value(2.0)
    return (x.log() * Value(0.0)).step()


def with_constants() -> Value:
    x = Value(3.0)
    with no_grad():
        still = x * x
    return (x * still + 2.0) * constant(5.0, "c") - still


def of_parameters() -> Value:
    return hinge(MLP(2, [3, 1], seed=0)([0.5, -0.5]), -1.0)


def of_classes() -> Value:
    return cross_entropy(MLP(2, [4, 3], seed=0)([0.5, -0.5]), 2)


GRAPHS = [
    used_twice,
    with_infinities,
    nothing_passes,
    root_that_nothing_leaves,
    with_constants,
    of_parameters,
    of_classes,
]
LEAVES = [lambda: Value(2.0), lambda: Parameter(2.0)]
HELD = [None, 0.0, 0.1, -2.5, 1e300, float("inf"), float("nan")]


@pytest.mark.parametrize("graph", [*GRAPHS, *LEAVES])
def test_steps_end_with_the_numbers_that_backward_gives(graph):
    check(graph())


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("held", HELD)
def test_they_add_to_what_leaves_hold_as_backward_does(graph, held):
    loss = graph()
    for leaf in topological_order(loss):
        if not leaf.operands and leaf.kind != "constant":
            leaf.grad = held
    check(loss)


@pytest.mark.parametrize("graph", GRAPHS)
def test_after_two_backward_passes_they_end_with_both(graph):
    loss = graph()
    loss.backward()
    loss.backward()
    for (node, name), number in shown(loss).items():
        assert repr(number) == repr(getattr(node, name))


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_end_with_the_numbers_that_backward_gives(seed):
    check(grown(seed))


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_by_itself_tells_no_passes_apart_and_so_adds_another_one(leaf):
    x = leaf()
    x.grad = 0.5
    assert shown(x)[x, "grad"] == 1.5


def test_a_graph_whose_gradients_were_set_to_zero_is_to_be_passed_once_more():
    x = Value(3.0)
    loss = x * x
    loss.backward()
    x.grad = 0.0
    assert shown(loss)[x, "grad"] == 6.0


def test_a_graph_that_shows_the_pass_of_a_larger_one_has_its_own_still_to_come():
    x = Value(3.0)
    loss = x * x
    (loss * 2.0).backward()
    twin = deepcopy(loss)
    twin.backward()
    assert shown(loss)[x, "grad"] == twin.operands[0].grad == 18.0


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-15) or (a != a and b != b)


@pytest.mark.parametrize("graph", [*GRAPHS, lambda: logsumexp([Value(1.0), Value(2.0)])])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_products_end_with_the_same_gradients_but_for_rounding(graph, times):
    loss = graph()
    for _ in range(times):
        loss.backward()
    before = state(loss)
    inside = steps(loss, detail="products").known(-1)
    assert state(loss) == before
    for node, known in steps(loss).known(-1).items():
        if not node.operands and node.kind != "constant":
            assert close(inside[node].grad, known.grad)
    assert not [x for x in inside if x.op and x.op.expansion and x.op.name != "total"]


def test_steps_are_the_same_where_nothing_is_recorded_and_anomalies_are_looked_for():
    loss = with_infinities() + of_classes()
    outside = [list(map(str, steps(loss, detail=detail))) for detail in ("values", "products")]
    with no_grad(), detect_anomaly():
        inside = [list(map(str, steps(loss, detail=detail))) for detail in ("values", "products")]
    assert inside == outside


def test_numbers_that_change_later_do_not_change_the_steps():
    x = Value(3.0, label="x")
    walk = steps(x * x)
    before = list(map(str, walk)), walk.data
    x.data = x.grad = 7.0
    assert (list(map(str, walk)), walk.data) == before
