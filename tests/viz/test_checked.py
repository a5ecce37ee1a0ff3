import math
import random
import re

import numpy as np
import pytest

from autograd import (
    AnomalyError,
    Operation,
    Value,
    compiled,
    constant,
    maximum,
    minimum,
    total,
    where,
)
from autograd.operations import TABLE
from autograd.value import record
from nn import MLP, Parameter, cross_entropy, hinge
from viz import draw
from viz.graphs.checking import verdicts
from viz.graphs.checking.checked import mark_wrong
from viz.graphs.picture import Picture, compose
from viz.graphs.selection import select
from viz.svg.style import node_look
from viz.svg.theme import SHEETS


def checked_picture(*roots) -> Picture:
    picture = compose(select(roots))
    mark_wrong(picture, roots)
    return picture


def backward(root: Value) -> Value:
    root.backward()
    return root


def wrong(picture: Picture) -> dict[str, str]:
    """The boxes that disagree, and what they say."""
    return {
        box.label or box.symbol: box.lines[0].text for box in picture.boxes if "wrong" in box.marks
    }


def untold(picture: Picture) -> list[str]:
    return [n.text for box in picture.boxes for n in box.lines if "wrong" not in box.marks]


def agreement(nodes: int, *, untold: int = 0) -> str:
    rest = f", {untold} cannot be told" if untold else ""
    return f"gradients beside numeric ones: {nodes} agree, 0 disagree{rest}"


# ------------------------------------------------------------------------- no false alarms


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_operation_agrees_in_its_domain(row):
    generator = random.Random(row.name)
    for _ in range(5):
        *operands, last = map(Value, row.sample(generator))
        end = constant(1.0) if row.name == "pick" else last
        root = record(row, [*operands, end])
        picture = checked_picture(backward(root))
        graded = sum(box.grad is not None for box in picture.boxes)
        assert graded > 0
        assert picture.caption == agreement(graded)


def tanh_chain(depth: int, factor: float) -> Value:
    x = Value(0.7)
    for _ in range(depth):
        x = (x * factor).tanh()
    return x


def perceptron(activation: str) -> Value:
    model = MLP(3, [4, 4, 1], activation, seed=1)
    return (model([1.0, -2.0, 3.0]) - 1.0) ** 2


def square(x: float) -> Value:
    value = Value(x)
    return value * value


SOUND = {
    "long chain": lambda: tanh_chain(50, 1.0),
    "saturated chain": lambda: tanh_chain(60, 3.0),
    "relus": lambda: perceptron("relu"),
    "tanhs": lambda: perceptron("tanh"),
    "sigmoids": lambda: perceptron("sigmoid"),
    "gelus": lambda: perceptron("gelu"),
    "cross-entropy": lambda: cross_entropy(MLP(2, [8, 3], seed=0)([0.3, -0.7]), 1),
    "hinge": lambda: hinge(MLP(2, [8, 1], seed=0)([0.3, -0.7]), -1.0),
    "wave of a large number": lambda: Value(1e6).sin() * 3.0,
    "power of a large number": lambda: Value(1e6).log() + Value(1e6) ** 3,
    "root of a small number": lambda: Value(1e-8).exp() * Value(1e-8).sqrt(),
    "small beside large": lambda: Value(1e-8).log() - 1e6,
    "nearly infinite": lambda: Value(1e150) * 1e150,
    "its square is no normal float": lambda: square(1e-160),
    "nearly zero": lambda: Value(1e-200) * 1e-100,
    "flat": lambda: Value(40.0).sigmoid() + Value(-800.0).exp(),
    "times zero": lambda: Value(3.0) * 0.0,
    "near a kink": lambda: maximum(Value(1.0), 1.0 + 1e-9),
    "near an edge": lambda: where(Value(1e-12) > 0.0, Value(1e-12).sqrt(), 0.0),
}


@pytest.mark.parametrize("root", SOUND.values(), ids=SOUND)
def test_a_right_gradient_raises_no_alarm(root):
    picture = checked_picture(backward(root()))
    assert wrong(picture) == {}
    assert "0 disagree" in picture.caption


def test_what_saturates_to_the_last_digit_cannot_be_told():
    picture = checked_picture(backward((Value(9.0) * 4.0).tanh()))
    assert picture.caption == agreement(1, untold=2)
    assert untold(picture) == ["numeric — (rounding)"] * 2


@pytest.mark.parametrize(
    ("root", "why"),
    [
        (lambda: Value(0.0).relu(), "kink"),
        (lambda: abs(Value(0.0)), "kink"),
        (lambda: Value(2.0).floor(), "kink"),
        (lambda: Value(0.0).sqrt(), "not finite"),
        (lambda: Value(-1.0).log(), "not finite"),
        (lambda: Value(0.0).log() * 0.0, "not finite"),
        (lambda: Value(0.0).cbrt(), "not finite"),
        (lambda: (Value(1.0) - 1.0).cbrt(), "not finite"),
        (lambda: abs(Value(0.0)).sqrt(), "not finite"),
        (lambda: square(1e-162), "rounding"),
        (lambda: square(1e-200), "rounding"),
        (lambda: square(1e-200) * 1e200, "rounding"),
        (lambda: Value(1e15).sin(), "rounding"),
        (lambda: Value(1e20).sin(), "rounding"),
        (lambda: (Value(1.0) * 1e20).sin(), "rounding"),
        (lambda: (1.0 / Value(1e-9)).sin(), "rounding"),
        (lambda: Value(1e14).tan(), "rounding"),
        (lambda: Value(1e17).floor(), "rounding"),
        (lambda: Value(1e17) % 1.0, "rounding"),
        (lambda: Value(5e-324).relu(), "rounding"),
        (lambda: Value(1e-322).relu(), "rounding"),
        (lambda: abs(Value(5e-324)), "rounding"),
        (lambda: minimum(Value(5e-324), 0.0), "rounding"),
    ],
)
def test_where_no_slope_is_none_can_be_told(root, why):
    picture = checked_picture(backward(root()))
    assert wrong(picture) == {}
    assert f"numeric — ({why})" in untold(picture)


@pytest.mark.parametrize("x", [1e-300, 1e-160, 1e-3, 1e12, 1e17, 1e150])
def test_a_wrong_gradient_of_an_unusual_number_is_found(x):
    slightly = Operation("slightly", symbol="s", forward=lambda x: 2.0 * x, partials=(2.002,))
    assert len(wrong(checked_picture(backward(slightly(Value(x)))))) == 1


# ----------------------------------------------------------------------- what it is to find


tripled = Operation(
    "tripled", symbol="tripled", forward=lambda x: x * x, partials=(lambda x, out: 3.0 * x,)
)
strict = Operation("strict", symbol="strict", forward=math.log, partials=(lambda x, out: 1.0 / x,))


def test_a_wrong_derivative_is_found_where_it_begins():
    x = Value(2.0, label="x")
    inner = x * 2.0
    inner.label = "inner"
    picture = checked_picture(backward(tripled(inner) + x))
    assert wrong(picture) == {"x": "numeric 17", "inner": "numeric 8"}
    assert picture.caption == "gradients beside numeric ones: 2 agree, 2 disagree"


def test_a_gradient_that_was_added_twice_is_found():
    x = Value(2.0, label="x")
    y = x * x + x
    for _ in range(2):
        y.backward()
    picture = checked_picture(y)
    assert wrong(picture) == {"x": "numeric 5"}
    assert "only leaves disagree, as when gradients add up without a zero_grad()" in picture.caption


def test_a_gradient_of_other_numbers_is_found():
    x = Value(2.0, label="x")
    y = backward(x * x)
    x.data = 5.0
    picture = checked_picture(y)
    assert wrong(picture) == {"x": "numeric 10"}
    assert "some numbers have changed" in picture.caption


@pytest.mark.parametrize(
    ("x", "grad", "shown"),
    [
        (1.5, 3.000004, ["grad 3.000004", "numeric 3"]),
        (1.500002, 3.0, ["grad 3", "numeric 3.000004"]),
        (1.5, 6.0, ["grad 6", "numeric 3"]),
    ],
)
def test_both_numbers_are_shown_with_as_many_digits_as_tell_them_apart(x, grad, shown):
    leaf = Value(x, label="x")
    y = backward(leaf * leaf)
    leaf.grad = grad
    svg = draw(y, check=True).svg
    assert [text for text in shown if f">{text}<" not in svg] == []


def test_gradients_that_were_never_computed_are_not_checked():
    picture = checked_picture(Value(2.0) * 3.0)
    assert picture.caption == "no gradient to check: call backward() on the root"


def test_an_operation_that_refuses_numbers_is_no_trouble():
    assert checked_picture(backward(strict(Value(1e-3)))).caption == agreement(2)


# ----------------------------------------------------------------- whose gradients they are


def test_gradients_of_several_roots_are_those_of_their_sum():
    x = Value(2.0, label="x")
    roots = [x * x, x.exp()]
    for root in roots:
        root.backward()
    picture = checked_picture(*roots)
    assert wrong(picture) == {}
    assert picture.caption.startswith("gradients of the sum of 2 roots beside numeric ones: 3")


def test_an_inner_node_of_several_roots_shows_one_pass_and_no_alarm():
    x = Value(2.0, label="x")
    inner = x * 3.0
    roots = [inner * inner, inner.exp()]
    for root in roots:
        root.backward()
    picture = checked_picture(*roots)
    assert wrong(picture) == {}
    assert untold(picture) == ["numeric — (of one root)"]


def test_a_root_within_another_root_is_none():
    x = Value(2.0)
    inner = x * x
    loss = backward(inner.exp())
    assert checked_picture(inner, loss).caption == agreement(3)


def test_gradients_of_somebody_elses_root_cannot_be_told():
    inner = Value(2.0) * 3.0
    backward(inner**2)
    picture = checked_picture(inner)
    assert picture.caption == agreement(0, untold=2)
    assert untold(picture) == ["numeric — (of another root)"] * 2


WITHOUT = "the root has no gradient: call backward() on it, or draw the roots it was called on"


def test_below_a_root_without_a_gradient_none_can_be_told_and_the_way_out_is():
    x = Value(3.0)
    picture = checked_picture(backward(x * x) * 2.0)
    assert wrong(picture) == {}
    assert picture.caption == f"{agreement(0, untold=2)}; {WITHOUT}"


def test_the_sum_of_losses_that_were_differentiated_one_by_one_raises_no_alarm():
    w = Parameter(0.5)
    losses = [backward((w * x).tanh()) for x in (1.0, 2.0)]
    assert checked_picture(losses[0] + losses[1]).caption.endswith(WITHOUT)
    assert wrong(checked_picture(losses[0] + losses[1])) == {}
    assert "5 agree, 0 disagree" in checked_picture(*losses).caption


def test_of_a_root_with_a_gradient_and_one_without_the_one_is_checked():
    x = Value(3.0)
    inner = backward(x * x)
    assert checked_picture(inner, inner * 2.0).caption == f"{agreement(2)}; {WITHOUT}"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_pass_from_a_root_within_another_raises_no_alarm(order):
    x = Value(3.0)
    inner = x * x
    roots = [inner, inner * 2.0]
    for i in order:
        roots[i].backward()
    picture = checked_picture(*roots)
    assert wrong(picture) == {}
    assert "numeric — (of which root)" in untold(picture)


def test_what_a_compiled_function_depends_on_cannot_be_told():
    w = Parameter(2.0, label="w")
    f = compiled(lambda x: x * w)
    loss = backward(f.mean(np.ones(3)) ** 2)
    picture = checked_picture(loss)
    assert wrong(picture) == {}
    assert picture.caption.startswith(agreement(2))


def test_no_number_and_no_gradient_is_changed():
    x = Value(2.0)
    y = backward(tripled(x) + x.relu())
    before = [(node.data, node.grad) for node in select([y])]
    checked_picture(y)
    assert [(node.data, node.grad) for node in select([y])] == before


# ----------------------------------------------------------------------------- the drawing


def test_the_drawing_shows_both_numbers_and_the_caption():
    x = Value(2.0, label="x")
    svg = draw(backward(tripled(x)), check=True).svg
    assert "grad 6" in svg
    assert "numeric 4" in svg
    assert "1 agree, 1 disagree" in svg
    assert 'class="node input wrong"' in svg
    assert "numeric" not in draw(tripled(x)).svg


def test_three_hundred_nodes_are_checked_all():
    model = MLP(2, [12, 12, 2], seed=0)
    loss = backward(cross_entropy(model([0.3, -0.7]), 1))
    picture = checked_picture(loss)
    assert "were checked" not in picture.caption


@pytest.mark.parametrize("detail", ["neurons", "layers"])
def test_what_has_no_box_of_its_own_is_checked_too(detail):
    loss = perceptron("tanh")
    for _ in range(2):
        loss.backward()
    drawing = draw(loss, check=True, detail=detail)
    weights = len([x for x in select([loss]) if x.kind == "parameter"])
    assert f"{weights} that disagree have no box of their own" in drawing.caption


@pytest.mark.parametrize(("detail", "count"), [("neurons", 3), ("layers", 6)])
def test_a_box_that_holds_what_disagrees_is_outlined_and_counts_it(detail, count):
    model = MLP(2, [2, 1], "tanh", seed=1)
    loss = backward(model([1.0, -2.0]) ** 2)
    for parameter in model.layers[0].parameters():
        parameter.grad += 1.0
    svg = draw(loss, check=True, detail=detail).svg
    outlined = re.findall(r'class="node \w+ wrong"', svg)
    assert re.findall(r"gradients inside that disagree: (\d+)", svg) == [str(count)] * len(outlined)
    assert len(outlined) * count == 6


def test_a_fold_that_holds_what_disagrees_is_outlined_and_counts_it():
    xs = [Value(float(i), label=f"x{i}") for i in range(100)]
    root = backward(total(xs))
    xs[-1].grad = 2.0
    svg = draw(root, check=True, detail="neurons").svg
    assert "gradients inside that disagree: 1" in svg
    assert len(re.findall(r'class="node \w+ folded wrong"', svg)) == 1


def test_the_two_borders_of_a_wrong_parameter_are_as_heavy_as_one():
    heavy, double = (node_look(kind, {"wrong"}) for kind in ("operation", "parameter"))
    assert 2.0 * float(double["penwidth"]) == float(heavy["penwidth"])
    assert ".node.parameter.wrong :not(text){stroke-width:2}" in SHEETS["light"]


def test_large_graphs_are_drawn_at_a_detail_that_can_be_read():
    loss = backward(cross_entropy(MLP(2, [24, 24, 2], seed=0)([0.3, -0.7]), 1))
    drawing = draw(loss, check=True)
    assert drawing.nodes < 100
    assert "0 disagree" in drawing.caption


def test_beyond_the_depth_nothing_is_checked():
    x = Value(2.0)
    y = x * x + 1.0
    for _ in range(2):
        y.backward()
    assert draw(y, check=True, depth=1).caption == agreement(2)


def test_the_end_of_a_graph_of_tens_of_thousands_of_nodes_is_checked():
    x = Value(0.5)
    for _ in range(15_000):
        x = x.sin() + 0.1
    assert "6 agree, 0 disagree" in draw(backward(x), check=True, depth=5).caption


@pytest.mark.parametrize("what", [compiled(lambda x: x), AnomalyError("nan")])
def test_what_has_no_gradients_is_not_checked(what):
    with pytest.raises(TypeError, match="check=True compares the gradients of Values, and"):
        draw(what, check=True)


def test_of_too_many_nodes_some_are_checked_and_the_caption_says_so(monkeypatch):
    monkeypatch.setattr(verdicts, "WORK", 200)
    picture = checked_picture(backward(total([tanh_chain(20, 1.0) for _ in range(3)])))
    assert "of 124 were checked, evenly chosen: draw less for all" in picture.caption
