"""What is alike is drawn a few times, and then once for all that are left."""

import math

import pytest

from autograd import Value, scope, total
from nn import GPT, MLP, cross_entropy
from viz import draw
from viz.graphs.detail import pictured
from viz.graphs.levels.folding import fold
from viz.graphs.picture import compose
from viz.graphs.selection import select


def folded(root, most=4, few=2):
    return fold(compose(select([root])), most, few)


def told(box):
    return [line.text for line in box.lines]


def test_a_fold_says_how_many_and_the_range_of_their_numbers():
    xs = [Value(i - 3.0, label=f"x{i}") for i in range(10)]
    y = total([x * x for x in xs])
    y.backward()
    picture = folded(y)
    inputs = [box for box in picture.boxes if box.kind == "input"]
    assert [box.label for box in inputs] == ["x0", "x1", "x2 … x9"]
    assert inputs[-1].times == 8
    assert told(inputs[-1]) == ["× 8", "data -1 … 6", "grad -2 … 12"]
    squares = [box for box in picture.boxes if box.symbol == "*"]
    assert told(squares[-1]) == ["× 8", "data 0 … 36", "grad 1"]


def test_edges_of_a_fold_are_one_that_counts():
    xs = [Value(float(i)) for i in range(10)]
    *_, result = folded(total(xs)).boxes
    assert [(edge.source, edge.count) for edge in result.edges] == [(0, 1), (1, 1), (2, 8)]


def test_numbers_that_are_none_are_counted_in_the_range():
    xs = [Value(x) for x in (0.0, 0.0, 1.0, math.nan, math.inf, math.nan)]
    assert told(folded(total(xs)).boxes[2]) == ["× 4", "data 1 … inf, 2 NaN", "grad —"]


def several(change):
    xs = [Value(float(i), label=f"x{i}") for i in range(8)]
    return total([change(x, i) for i, x in enumerate(xs)])


NOT_ALIKE = {
    "other operations": lambda x, i: [x.exp, x.sin, x.tanh, x.cos][i % 4](),
    "other operands": lambda x, i: (x.exp() if i % 2 else x.sin()).tanh(),
    "other kinds": lambda x, i: x * (2.0 if i % 2 else Value(2.0)),
}


@pytest.mark.parametrize("change", NOT_ALIKE.values(), ids=NOT_ALIKE.keys())
def test_what_is_not_alike_is_not_folded(change):
    root = several(change)
    assert {box.times for box in folded(root).boxes if box.symbol} == {1}


def test_those_with_other_users_are_not_alike():
    xs = [Value(float(i)) for i in range(8)]
    root = total(xs[:4]) * total([x.exp() for x in xs[4:]])
    assert len(folded(root).boxes) == len(select([root]))


def test_a_chain_is_not_folded_into_itself():
    value = Value(1.0)
    for _ in range(50):
        value = value.tanh()
    assert len(folded(value).boxes) == 51


def test_up_to_the_limit_nothing_folds():
    root = total([Value(1.0) for _ in range(4)])
    assert [box.times for box in folded(root).boxes] == [1] * 5


def test_wide_layers_and_their_inputs_show_a_few_and_the_rest_as_one():
    outputs = MLP(100, [40, 3], seed=0)([Value(0.01 * i, label=f"x{i}") for i in range(100)])
    picture = pictured(outputs, "neurons", None, 1000)
    assert [len(column.boxes) for column in picture.columns] == [7, 7, 3]
    inputs, hidden = (picture.boxes[column.boxes[-1]] for column in picture.columns[:2])
    assert (inputs.label, inputs.times, hidden.times) == ("x6 … x99", 94, 34)
    fold_to_fold = next(e for e in hidden.edges if picture.boxes[e.source] is inputs)
    assert fold_to_fold.count == 94 * 34
    assert fold_to_fold.hover.startswith("3,196 weights -")


def test_the_blocks_of_a_deep_transformer_fold():
    model = GPT(5, context=4, width=4, heads=1, layers=9)
    logits = [y for position in model([0, 1]) for y in position]
    picture = pictured(logits, "layers", None, 1000)
    names = [box.label for box in picture.boxes if box.kind == "layer"]
    assert names == ["embedding", "block0", "block1", "block2 … block8", "unembedding"]
    blocks = next(box for box in picture.boxes if box.times == 7)
    assert told(blocks)[:3] == ["× 7", "8 -> 8, relu", "192 parameters"]


def test_scopes_of_other_shapes_in_a_row_do_not_fold():
    value = Value(1.0)
    for i in range(9):
        with scope(f"part{i}"):
            value = value.tanh() if i % 2 else value.tanh().exp()
    assert len(pictured(value, "layers", None, 1000).boxes) == 10


def test_terms_added_one_by_one_are_one_sum():
    model = MLP(2, [3, 2], seed=0)
    loss = sum(cross_entropy(model([float(i), 1.0]), 0) for i in range(30))
    loss.backward()
    sums = [box for box in pictured(loss, "layers", None, 1000).boxes if box.symbol == "+"]
    assert [(box.times, box.data, box.grad) for box in sums] == [(30, loss.data, 1.0)]


def test_a_fold_is_drawn_with_its_lines_and_dotted_edges():
    svg = draw(total([Value(float(i), label=f"x{i}") for i in range(60)]), detail="layers").svg
    assert ">× 58<" in svg
    assert "x2 … x59" in svg
    assert 'class="edge folded"' in svg


def test_the_range_of_a_fold_hides_no_difference():
    xs = [Value(0.1 + i * 1e-9) for i in range(100)]
    fold = pictured(total(xs), "neurons", None, 1000).boxes[-2]
    assert "data 0.1 … 0.1000001" in [line.text for line in fold.lines]
