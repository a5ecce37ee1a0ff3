import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import Operation, Value, constant, where
from viz import draw
from viz.graphs.picture import compose
from viz.graphs.selection import select

ROOT = Path(__file__).resolve().parents[2]


class Weight(Value):
    """A parameter, as `nn` makes them."""

    __slots__ = ()
    kind = "parameter"


mixed = Operation(
    "mixed",
    symbol="mixed",
    forward=lambda a, b, c: a + b + c,  # rounded differently in another order
    partials=(1.0, 1.0, 1.0),
)


def nodes(dot: str) -> dict[str, str]:
    """Each node's name and its attributes."""
    return dict(re.findall(r"^\t+(n\d+) \[(.*)\]$", dot, re.MULTILINE))


def edges(dot: str) -> list[tuple[str, str]]:
    return re.findall(r"^\t(n\d+) -> (n\d+)", dot, re.MULTILINE)


def label(attributes: str) -> list[str]:
    found = re.match(r'label=(?:"((?:[^"\\]|\\.)*)"|(\S+))', attributes)
    assert found
    return (found[1] if found[1] is not None else found[2]).split(r"\n")


def labels(dot: str) -> list[list[str]]:
    return [label(attributes) for attributes in nodes(dot).values()]


def test_every_node_shows_its_name_its_symbol_its_data_and_its_gradient():
    x = Value(2.0, label="x")
    y = x * x
    y.label = "y"
    y.backward()
    assert labels(draw(y).dot) == [["x", "data 2", "grad 4"], ["y", "*", "data 4", "grad 1"]]


def test_x_times_x_shows_two_edges():
    x = Value(2.0)
    assert edges(draw(x * x).dot) == [("n0", "n1"), ("n0", "n1")]


def test_edges_come_in_operand_order():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    for z, names in ((x - y, "xy"), (y - x, "yx"), (y / x, "yx")):
        dot = draw(z).dot
        assert [lines[0] for lines in labels(dot)[:2]] == list(names)
        sources = [label(nodes(dot)[source])[0] for source, _ in edges(dot)]
        assert sources == list(names)


@pytest.mark.parametrize(
    ("make", "numbered"),
    [
        (lambda x, y: x - y, True),
        (lambda x, y: x / y, True),
        (lambda x, y: x**y, True),
        (lambda x, y: x + y, False),
        (lambda x, y: x * y, False),
        (lambda x, y: x.exp(), False),
        (lambda x, y: x.clip(0.0, y), True),
        (lambda x, y: where(1.0, x, y), True),
        (lambda x, y: mixed(x, y, 1.0), False),
    ],
)
def test_operands_are_numbered_where_their_order_matters(make, numbered):
    z = make(Value(2.0), Value(3.0))
    heads = re.findall(r"headlabel=\"?(\w+)", draw(z).dot)
    assert heads == (["1st", "2nd", "3rd"][: len(z.operands)] if numbered else [])


def test_a_gradient_never_computed_is_told_from_a_zero_one():
    x = Value(3.0)
    y = x * 0.0
    assert labels(draw(y).dot)[-1] == ["*", "data 0", "grad —"]
    y.backward()
    assert ["data 3", "grad 0"] in labels(draw(y).dot)


def test_kinds_differ_by_shape_and_not_by_colour_alone():
    leaves = Value(1.0), Weight(1.0), constant(1.0)
    dot = draw([*leaves, leaves[0] + leaves[1]]).dot
    marks = {
        tuple(re.findall(r"(?:shape|peripheries|style)=(\S+)|color=(none)", attributes))
        for attributes in nodes(dot).values()
    }
    assert len(marks) == 4


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.70710678, "0.707107"),
        (10000.0, "10000"),
        (65001.0, "65001"),
        (-1e6, "-1000000"),
        (123456.75, "123457"),
        (-1.2e-5, "-1.2e-05"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
        (-0.0, "-0"),
        (1e300, "1e+300"),
        (12.0, "12"),
    ],
)
def test_numbers_are_short(number, text):
    assert labels(draw(Value(number)).dot) == [[f"data {text}", "grad —"]]


def test_colour_by_gradient_tells_sign_size_zero_none_and_not_finite():
    grads = {"large": 4.0, "small": 0.04, "negative": -4.0, "zero": 0.0, "infinite": math.inf}
    leaves = [Value(1.0, label=name) for name in grads]
    for leaf, grad in zip(leaves, grads.values(), strict=True):
        leaf.grad = grad
    plain, colored = (draw([*leaves, Value(1.0)], color_by=by) for by in ("kind", "gradient"))
    fills, others = (
        [re.findall(r'fillcolor="?(\S+?)"? ', look)[0] for look in nodes(drawing.dot).values()]
        for drawing in (colored, plain)
    )
    assert fills[3] == fills[5] == "#ffffff"
    assert len(set(fills)) == 5
    assert colored.dot.count("dashed") == 1
    assert others[:4] == [others[5]] * 4
    assert others[4] == fills[4]  # an infinite one stands out in any case


def test_colour_by_gradient_of_zeros_alone_is_white():
    y = Value(1.0) * 0.0
    y.operands[0].grad = 0.0
    y.grad = 0.0
    assert draw(y, color_by="gradient").svg.count(" zero") == 2


def test_local_derivatives_stand_on_the_edges_on_request():
    z = Value(2.0) * Value(3.0)
    assert "label" not in draw(z).dot.split("n0 ->")[1]
    assert re.findall(r'-> n2 \[id=e\d xlabel="∂ (\d)"', draw(z, partials=True).dot) == ["3", "2"]


def test_operand_that_nothing_passes_to_is_drawn_without_a_partial():
    dot = draw(Value(2.0).step() * 3.0, partials=True).dot
    assert re.findall(r"n0 -> n1.*", dot) == ["n0 -> n1 [id=e0]"]
    assert len(re.findall(r'xlabel="∂', dot)) == 1


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_direction_is_that_of_the_arrows(direction):
    drawing = draw(Value(1.0).exp(), direction)
    x, y = (
        tuple(map(float, found))
        for found in re.findall(r'class="data" x="(\S+)" y="(\S+)">', drawing.svg)
    )
    axis, sign = {"LR": (0, 1), "RL": (0, -1), "TB": (1, 1), "BT": (1, -1)}[direction]
    assert (y[axis] - x[axis]) * sign > 0


def test_several_roots_share_one_picture():
    x = Value(2.0)
    assert draw([x + 1.0, x * x]).nodes == 4


def test_parameters_that_an_operation_takes_as_one_vector_are_one_box():
    class Vector:
        _edges = ()
        parameters = (Weight(1.0), Weight(2.0), Weight(3.0))

    loss = Value(0.5, label="loss")
    loss._edges = (Vector(), [0.1, 0.2, 0.3])
    for options in (
        {},
        {"partials": True},
        {"detail": "layers"},
        {"detail": "neurons"},
        {"color_by": "gradient"},
    ):
        drawing = draw(loss * 2.0, **options)
        assert ["theta", "3 parameters"] in labels(drawing.dot)
        assert drawing.nodes == 4


def test_drawing_does_not_change_the_graph():
    x = Value(2.0, label="x")
    y = (x * x).tanh()
    y.backward()
    before = [(node.data, node.grad, node.operands, node.label) for node in (x, y)]
    for detail in ("layers", "neurons", "values", "products", lambda scope: True):
        draw(y, detail=detail, color_by="gradient", partials=True).svg  # noqa: B018
    assert [(node.data, node.grad, node.operands, node.label) for node in (x, y)] == before


@pytest.mark.parametrize("root", [3.0, "x", None, [Value(1.0), 2.0], object()])
def test_a_root_of_another_type_is_a_clear_type_error(root):
    with pytest.raises(TypeError, match="a compiled function or an AnomalyError, not"):
        draw(root)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"direction": "up"}, "'LR', 'TB', 'RL', 'BT'"),
        ({"color_by": "mood"}, "'kind', 'gradient'"),
        ({"depth": -1}, "depth=-1"),
        ({"detail": -1}, "detail=-1: it is one of 'layers', 'neurons', 'values', 'products'"),
        ({"detail": "atoms"}, "detail='atoms': it is one of"),
    ],
)
def test_an_unknown_option_names_what_is_known(options, complaint):
    with pytest.raises(ValueError, match=complaint):
        draw(Value(1.0), **options)


def test_nothing_to_draw_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        draw([])


def test_the_same_graph_gives_the_same_text_in_every_process():
    program = (
        "from autograd import Value, dot, scope\n"
        "from viz import draw\n"
        "xs = [Value(float(i), label=f'x{i}') for i in range(9)]\n"
        "h = dot(xs[:4], xs[4:8], xs[8]).tanh() / xs[0]; h.backward()\n"
        "d = draw(h, detail='products', color_by='gradient', partials=True)\n"
        "print(d.dot, d.svg)\n"
        "from nn import GPT, MLP\n"
        "y, gpt = MLP(20, [18, 1], seed=0)(xs + [0.5] * 11), GPT(3, width=4, heads=1, layers=7)\n"
        "for detail in ('layers', 'neurons', 'values'): print(draw(y, detail=detail).dot)\n"
        "print(draw(gpt).dot, draw(gpt, detail=2).dot)"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(texts) == 1


def test_neither_matplotlib_nor_ipython_is_loaded_by_drawing():
    program = (
        "import sys; from autograd import Value; from viz import draw; draw(Value(1.0)).svg\n"
        "print({'matplotlib', 'IPython'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert (run.stdout.strip(), run.stderr) == ("set()", "")


def test_an_operation_that_fails_for_other_numbers_is_drawn():
    def forward(a, b):
        if (a, b) != (2.0, 3.0):
            raise ValueError("made for 2 and 3")
        return a + b

    picky = Operation("picky", symbol="picky", forward=forward, partials=(1.0, 1.0))
    values = select([picky(Value(2.0), Value(3.0))])
    assert [edge.position for edge in compose(values).boxes[-1].edges] == [1, 2]
