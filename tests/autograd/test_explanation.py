"""`explain`: the paths of the chain rule, against a list of all of them."""

import math
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from autograd import (
    Operation,
    Value,
    compiled,
    constant,
    detect_anomaly,
    dot,
    explain,
    gradient,
    maximum,
    no_grad,
    pick,
    topological_order,
    total,
    where,
)
from nn import MLP, mse

STEEP = Operation("steep", symbol="steep", forward=lambda x: x, partials=(math.inf,))
FLAT = Operation("flat", symbol="flat", forward=lambda x: x, partials=(0.0,))
LOST = Operation("lost", symbol="lost", forward=lambda x: x, partials=(math.nan,))
CUT = Operation("cut", symbol="cut", forward=lambda x: x, partials=(None,))


def every_path(root: Value, leaf: Value) -> Iterator[list[float]]:
    """The factors of each path, found by going all of them."""
    if root is leaf:
        yield []
        return
    for operand, partial in zip(root.operands, root.partials, strict=True):
        if partial is not None:
            for factors in every_path(operand, leaf):
                yield [partial, *factors]


def size(product: float) -> float:
    return math.inf if math.isnan(product) else abs(product)


def random_graph(seed: int, odd: bool = False) -> tuple[Value, list[Value]]:
    """A root and its leaves; with odd ones among the local derivatives if asked for."""
    random = Random(seed)
    leaves = [Value(random.uniform(-2, 2), label=name) for name in "abc"]
    nodes = [*leaves, constant(0.5)]
    unary = [Value.tanh, Value.relu, Value.__neg__, Value.exp, Value.sign, CUT]
    if odd:
        unary += [STEEP, FLAT, LOST]
    for _ in range(random.randint(4, 12)):
        x, y, z = random.choices(nodes[-7:], k=3)
        one = random.choice(unary)
        nodes.append(
            random.choice(
                [
                    lambda x=x, y=y: x * y,
                    lambda x=x, y=y: x + y,
                    lambda x=x: x * x,
                    lambda x=x, one=one: one(x),
                    lambda x=x, y=y, z=z: dot([x, y], [z, x]),
                    lambda x=x, y=y, z=z: maximum(x, y, z),
                    lambda x=x, y=y: x - 0.3 * y,
                ]
            )()
        )
    return total(nodes[-1], nodes[-2], leaves[0]), leaves


@pytest.mark.parametrize("odd", [False, True], ids=["", "with NaN, infinities and zeros"])
def test_paths_are_those_of_a_list_of_all(odd):
    several = 0
    for seed in range(150):
        root, leaves = random_graph(seed, odd)
        for leaf in leaves:
            products = [math.prod(factors) for factors in every_path(root, leaf)]
            if leaf not in set(topological_order(root)):
                continue
            found = explain(root, leaf, largest=3)
            several += len(products) > 3
            assert found.count == len(products)
            np.testing.assert_equal(found.total, gradient(root, leaf).data)
            largest = sorted(map(size, products), reverse=True)[:3]
            assert [size(path.product) for path in found.paths] == pytest.approx(largest)
            assert found.rest.count == len(products) - len(found.paths)
            if all(map(math.isfinite, products)):
                assert found.total == pytest.approx(sum(products), rel=1e-9, abs=1e-9)
                shown = sum(path.product for path in found.paths)
                assert shown + found.rest.sum == pytest.approx(sum(products), rel=1e-9, abs=1e-9)
    assert several > 40


@pytest.mark.parametrize("seed", range(20))
def test_path_is_a_way_through_the_graph(seed):
    root, leaves = random_graph(seed)
    for path in explain(root, leaves[0]).paths:
        assert path.nodes[0] is root
        assert path.nodes[-1] is leaves[0]
        product = 1.0
        steps = zip(path.nodes, path.nodes[1:], path.places, path.factors, strict=False)
        for node, operand, place, factor in steps:
            assert node.operands[place] is operand
            assert node.partials[place] == factor
            product *= factor
        assert path.product == product


def test_operand_that_stands_twice_is_two_edges():
    x = Value(3.0)
    found = explain(x * x, x)
    assert found.count == 2
    assert [path.places for path in found.paths] == [(0,), (1,)]
    assert [path.product for path in found.paths] == [3.0, 3.0]


def test_value_is_one_path_from_itself_and_its_product_is_one():
    x = Value(3.0)
    for root in (x, x * x):
        found = explain(root, root)
        assert (found.count, found.total, found.rest.count) == (1, 1.0, 0)
        assert found.paths == (((root,), (), (), 1.0),)


def test_node_on_the_way_is_explained_as_a_leaf_is():
    x = Value(3.0)
    middle = x * x
    assert explain(middle.tanh() + middle, middle).count == 2


@pytest.mark.parametrize(
    "cut",
    [CUT, Value.step, lambda x: where(x, constant(1.0), constant(2.0)), lambda x: pick([x], 0) * 0],
    ids=["partial of None", "step", "condition", "a zero that is passed"],
)
def test_edge_that_nothing_passes_is_no_path_but_one_that_passes_zero_is(cut):
    x = Value(3.0)
    root = cut(x) + Value(1.0)
    found = explain(root, x)
    passes = cut(x).partials != (None,) and cut(x).partials[0] is not None
    assert (found.count, found.total) == (int(passes), 0.0)


def test_what_is_behind_an_edge_that_nothing_passes_is_on_no_path():
    x = Value(3.0)
    assert explain((x * x).step() + x, x).count == 1


def test_paths_are_counted_exactly_where_nobody_could_list_them():
    x = y = Value(1.0, label="x")
    for _ in range(200):
        y = (y + y) * 0.5
    found = explain(y, x)
    assert found.count == 2**200
    assert found.rest.count == 2**200 - 5
    assert found.total == 1.0
    assert [path.product for path in found.paths] == [0.5**200] * 5
    assert found.rest.sum == 1.0
    assert "about 10^60 other paths" in str(found)


def test_paths_of_a_graph_of_65000_nodes_are_counted_to_the_last():
    x = y = Value(1.0, label="x")
    for i in range(65_000):
        y = y + y if i % 2 else y * 0.5
    found = explain(y, x)
    assert found.count == 2**32_500
    assert "about 10^9783 other paths" in str(found)


def test_several_thousand_operands_are_as_many_paths():
    w, xs = Value(2.0), [Value(float(i % 7)) for i in range(4000)]
    found = explain(dot([w] * 4000, xs), w)
    assert found.count == 4000
    assert [path.product for path in found.paths] == [6.0] * 5
    assert found.total == sum(x.data for x in xs)


def test_largest_is_largest_though_products_overflow_and_underflow():
    x = Value(1.0)
    small = x * 1e-200 * 1e-200 * 1e-100
    smaller = x * 1e-200 * 1e-200 * 1e-150
    great = x * 1e200 * 1e200
    found = explain(smaller + great + small, x)
    assert [len(path.nodes) for path in found.paths] == [5, 5, 6]
    assert found.paths[0].product == math.inf
    assert [path.product for path in found.paths[1:]] == [0.0, 0.0]


def test_rest_of_large_products_that_cancel_is_not_their_rounding():
    x = Value(1.0)
    found = explain(x * 1e20 - x * 1e20 + x * 1e-3 + x * 2e-3, x, largest=2)
    assert found.rest.sum == 3e-3


def test_what_a_compiled_function_gave_is_explained_by_its_parameters():
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    loss = compiled(lambda x, y: mse(model(x), y)).mean([[1.0, 2.0], [0.5, 1.0]], [1.0, 2.0])
    loss.backward()
    for w in model.parameters():
        found = explain(loss, w)
        assert (found.count, found.total) == (1, w.grad)


def test_gradients_stay_as_they_are_and_anomalies_are_explained_and_not_raised():
    x = Value(0.0, label="x")
    y = STEEP(x) * 0.0
    y.backward()
    before = (x.grad, y.grad)
    with detect_anomaly():
        found = explain(y, x)
    assert math.isnan(found.total)
    np.testing.assert_equal((x.grad, y.grad), before)
    assert str(found).endswith("= nan  which is x.grad")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x, y: explain(x * x, y), "does not depend on"),
        (lambda x, y: explain(Value((x * y).data) * 2.0, y), "not in its graph"),
        (lambda x, y: explain(x * 2.0, constant(2.0)), "is a constant"),
        (lambda x, y: explain(constant(2.0), x), "is a constant"),
        (lambda x, y: explain(x * y, x, largest=0), "largest=0: it is a number of paths"),
        (lambda x, y: explain(x * y, x, largest=True), "largest=True"),
        (lambda x, y: explain(x * y, x, largest=2.0), "largest=2.0"),
    ],
)
def test_what_has_no_explanation_is_an_error_that_says_why(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong(Value(2.0), Value(3.0))


def test_number_of_paths_may_be_one_of_numpy():
    x = Value(2.0)
    assert len(explain(x * x + x, x, largest=np.int64(2)).paths) == 2


@pytest.mark.parametrize("pair", [(2.0, Value(1.0)), (Value(1.0), "w"), (Value(1.0), None)])
def test_what_is_no_value_is_an_error(pair):
    with pytest.raises(TypeError, match="explain\\(\\) is of a Value with respect to a Value"):
        explain(*pair)


def test_without_a_graph_there_is_nothing_to_explain():
    x = Value(2.0)
    with no_grad():
        y = x * x
    with pytest.raises(ValueError, match="under no_grad"):
        explain(y, x)


def test_compiled_function_cannot_explain_while_it_is_recorded():
    @compiled
    def f(x):
        y = x * x
        return y * explain(y, x).total

    with pytest.raises(TypeError, match="explain"):
        f([1.0, 2.0])
