import re

import pytest

from autograd import Value, scope
from viz import TooManyNodesError, draw
from viz.graphs import selection
from viz.graphs.selection import operands


def chain(length: int) -> Value:
    value = Value(0.0, label="start")
    for _ in range(length - 1):
        value = value.tanh()
    return value


@pytest.fixture(scope="module")
def million():
    return chain(1_000_000)


def test_up_to_a_thousand_nodes_are_drawn_and_one_more_is_refused():
    assert draw(chain(1000)).nodes == 1000
    with pytest.raises(TooManyNodesError):
        draw(chain(1001))


@pytest.fixture
def looked_at(monkeypatch):
    """The nodes whose operands were asked for, one after the other."""
    asked = []

    def watched(node):
        asked.append(node)
        return operands(node)

    monkeypatch.setattr(selection, "operands", watched)
    return asked


def test_a_million_nodes_are_refused_at_once_with_the_count_and_the_ways_out(million, looked_at):
    with pytest.raises(TooManyNodesError) as refused:
        draw(million)
    assert len(looked_at) < 110_000
    for part in ("100,000 nodes", "depth=2,", "detail=", "max_nodes="):
        assert part in str(refused.value)


def test_a_depth_limit_draws_the_end_of_a_million_nodes_at_once(million, looked_at):
    drawing = draw(million, depth=3)
    assert len(looked_at) < 100
    # Four nodes and the mark for those left out.
    assert drawing.nodes == 5
    assert drawing.dot.count("tanh") == 4
    assert "style=dashed" in drawing.dot


def test_a_larger_limit_draws_more():
    assert draw(chain(1500), max_nodes=2000).svg.count("<ellipse") == 1


def test_depth_counts_the_shortest_way_from_the_root():
    x = Value(2.0, label="x")
    deep = chain(10) * x
    assert '"x\\ndata' in draw(deep + x, depth=1).dot
    assert "start" not in draw(deep + x, depth=9).dot
    assert "start" in draw(deep + x, depth=11).dot
    assert draw(x, depth=0).nodes == 1


def test_a_few_nodes_with_very_many_edges_are_refused_too():
    from autograd import total

    x = Value(1.0)
    with pytest.raises(TooManyNodesError, match="4,000 edges"):
        draw(total([x] * 100_000))


def test_opening_counts_towards_the_limit():
    from autograd import dot

    xs = [Value(1.0) for _ in range(400)]
    y = dot(xs, xs)
    assert draw(y, detail="values").nodes == 401
    with pytest.raises(TooManyNodesError):
        draw(y, detail="products", max_nodes=500)


def test_a_shared_graph_of_many_paths_is_drawn_once():
    value = Value(1.0)
    for _ in range(200):
        value = value + value
    assert draw(value).nodes == 201


def test_at_the_detail_of_layers_there_is_one_box_for_each_scope():
    value = Value(1.0, label="x")
    for layer in ("first", "second"):
        with scope(layer), scope("inner"):
            for _ in range(2000):
                value = value.tanh()
    assert draw(value, detail="layers").nodes == 3
    dot = draw(value, detail="layers").dot
    assert "first\\n1 -> 1\\n2,000 operations" in dot
    assert "n0 -> n1" in dot
    assert "n1 -> n2" in dot
    assert "first.inner\\n1 -> 1\\n2,000 operations" in draw(value, detail=2).dot


def test_boxes_of_layers_join_parallel_edges_and_leaves_out_inner_ones():
    x = Value(0.0, label="x")
    with scope("layer"):
        first, second = x.exp().exp(), x.tanh()
    with scope("head"):
        joined = first * second + first
    dot = draw(joined, detail="layers").dot
    assert re.findall(r'(n\d -> n\d)(?: \[id=e\d xlabel="\W(\d)")?', dot) == [
        ("n0 -> n1", "2"),
        ("n1 -> n2", "3"),
    ]


def test_weights_without_a_scope_belong_to_the_only_scope_that_uses_them():
    x = Value(2.0)
    with scope("layer"):
        y = x * 3.0 + 4.0
    dot = draw(y * 5.0, detail="layers").dot
    assert "layer\\n1 -> 1\\n2 constants\\n2 operations" in dot
    assert "label=5" in dot


def test_layers_of_a_graph_without_scopes_are_no_way_around_the_limit():
    with pytest.raises(TooManyNodesError):
        draw(chain(5000), detail="layers")
