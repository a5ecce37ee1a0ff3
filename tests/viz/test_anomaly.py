import copy
import gc
import math
import pickle

import pytest

from autograd import AnomalyError, Value, constant, detect_anomaly, total
from viz import draw
from viz.graphs.anomaly import BREADTH, compose_anomaly
from viz.graphs.marking.marks import mark_not_finite
from viz.graphs.picture import Picture


def anomaly(action) -> AnomalyError:
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        action()
    return caught.value


def pictured(error: AnomalyError) -> Picture:
    picture = compose_anomaly(error)
    mark_not_finite(picture)
    return picture


def forward():
    """A logarithm of 0, far behind where the computation began."""
    x, w = Value(0.5, label="x"), Value(2.0, label="w")
    for _ in range(4):
        x = x * 1.0
    return (w * x - 1.0).log() + w


def backward():
    """A root of 0, whose slope is infinite."""
    x, w = Value(0.0, label="x"), Value(2.0, label="w")
    loss = ((w * x).sqrt() * 3.0 + w).tanh()
    for _ in range(9):
        loss = loss * 1.0
    loss.backward()


def shown(picture) -> dict[str, tuple[float | None, float | None]]:
    return {box.label or box.symbol: (box.data, box.grad) for box in picture.boxes}


def box_of(picture, value):
    return next(box for box in picture.boxes if box.value is value)


def test_the_node_where_it_began_stands_at_the_end_of_what_it_was_computed_from():
    error = anomaly(forward)
    picture = pictured(error)
    node = box_of(picture, error.node)
    assert picture.boxes[-1] is node
    assert (node.symbol, node.data, node.marks) == ("log", -math.inf, {"infinite"})
    assert [box.marks for box in picture.boxes[:-1]] == [set()] * (len(picture.boxes) - 1)
    assert {"w", "*", "-", "…"} <= shown(picture).keys()  # and what lies farther away is left out
    assert "x" not in shown(picture)


def test_the_caption_is_the_first_line_of_the_message():
    error = anomaly(forward)
    assert str(error).splitlines()[0] == pictured(error).caption == "log() gave -inf for 0.0"
    assert "log() gave -inf for 0.0" in draw(error).svg


def test_hovering_tells_the_line_of_code():
    error = anomaly(forward)
    (hover,) = (box.hover for box in pictured(error).boxes if box.value is error.node)
    assert hover.startswith("log\ndata -inf\n")
    assert f"{__file__}:" in hover
    assert "return (w * x - 1.0).log() + w" in hover


def test_backward_the_way_of_the_gradient_is_shown_up_to_where_it_broke():
    error = anomaly(backward)
    picture = pictured(error)
    assert error.node.op.name == "sqrt"
    gradients = {box.symbol: box.grad for box in picture.boxes if box.kind == "operation"}
    assert 0.0 < gradients["sqrt"] < math.inf
    assert "tanh" not in gradients  # what lies farther away
    operand = box_of(picture, error.operand)
    assert (operand.grad, operand.marks) == (math.inf, {"infinite"})
    assert len(picture.boxes) < 8
    (edge,) = box_of(picture, error.node).edges
    assert (edge.partial, edge.marks) == (math.inf, {"wrong"})
    assert "∂ inf" in draw(error).svg


def test_nothing_on_the_nodes_has_changed():
    error = anomaly(backward)
    draw(error)
    assert not any(node.has_grad for node in error.gradients)


@pytest.mark.parametrize(
    ("action", "kinds", "marks"),
    [
        (lambda: constant(-1.0).log(), ["constant", "operation"], [set(), {"nan"}]),
        (
            lambda: Value(math.nan) + 1.0,
            ["input", "constant", "operation"],
            [{"nan"}, set(), {"nan"}],
        ),
        (
            lambda: Value(1.0) / 0.0,
            ["input", "constant", "operation"],
            [set(), set(), {"infinite"}],
        ),
        (lambda: Value(0.0).sqrt().backward(), ["input", "operation"], [{"infinite"}, set()]),
    ],
)
def test_what_is_not_finite_is_marked(action, kinds, marks):
    picture = pictured(anomaly(action))
    assert [box.kind for box in picture.boxes] == kinds
    assert [box.marks for box in picture.boxes] == marks
    assert [edge.source for edge in picture.boxes[-1].edges] == [*range(len(kinds) - 1)]


def test_of_many_operands_those_to_blame_are_drawn():
    xs = [Value(float(i)) for i in range(1, 101)]
    xs[70].data = math.nan
    picture = pictured(anomaly(lambda: total(xs)))
    assert len(picture.boxes) == BREADTH + 2  # with what is left out, and the sum
    assert [box.marks for box in picture.boxes if box.value is xs[70]] == [{"nan"}]


def test_deep_and_wide_graphs_are_drawn_as_quickly_as_small_ones():
    def action():
        x = Value(0.0)
        users = [x.sqrt() for _ in range(300)]
        total(users).backward()

    assert len(pictured(anomaly(action)).boxes) < 20


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
@pytest.mark.parametrize("action", [forward, backward])
def test_a_copy_tells_the_same_and_has_no_graph(action, twin):
    error = anomaly(action)
    error.add_note("in epoch 3")
    other = twin(error)
    assert type(other) is AnomalyError
    assert (str(other), other.__notes__) == (str(error), ["in epoch 3"])
    assert other.node is None
    assert not other.operands
    assert not other.gradients
    with pytest.raises(ValueError, match="copies and pickles have the message alone"):
        draw(other)


def nodes_alive() -> int:
    gc.collect()
    return sum(issubclass(type(thing), Value) for thing in gc.get_objects())


def test_the_graph_lives_as_long_as_the_error():
    before = nodes_alive()
    error = anomaly(backward)
    assert nodes_alive() > before + 10
    del error
    assert nodes_alive() == before


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_it_is_drawn_in_every_theme(theme):
    assert f"chainrule-{theme}" in draw(anomaly(backward), theme=theme).svg
