"""Results and numbers that are none stand out, whatever the box is that they are in."""

import math

import pytest

import nn
from autograd import Value, scope, total
from viz import draw
from viz.graphs.detail import pictured
from viz.graphs.marking.marks import mark_not_finite, mark_roots
from viz.svg.dot import write
from viz.svg.texts.lines import box_hover

NOT_FINITE = {"nan", "infinite"}


def marked(what, detail, mark):
    """The boxes with a mark, by their labels or symbols."""
    picture = pictured(what, detail, None, 1000)
    mark_roots(picture, picture.roots)
    mark_not_finite(picture)
    return [box.label or box.symbol for box in picture.boxes if mark in box.marks]


# ---------------------------------------------------------------------------------- results


def interleaved():
    x = Value(0.5)
    with scope("a"):
        h = x.exp()
    with scope("b"):
        g = h.tanh()
    with scope("a"):
        return g.exp()


def inside_and_outside():
    with scope("a"):
        y = Value(0.5).exp()
    return [y, y.tanh()]


class Both(nn.Module):
    """A neuron, and what is made of it."""

    def __init__(self):
        self.nin, self.network = 2, nn.MLP(2, [1], seed=0)

    def __call__(self, xs):
        y = self.network(xs)
        return [y, y.sigmoid()]


@pytest.mark.parametrize(
    ("make", "detail", "results"),
    [
        (lambda: nn.MLP(2, [20], seed=0)([1.0, 2.0]), "neurons", ["linear"] * 7),
        (interleaved, "layers", ["a"]),
        (inside_and_outside, "layers", ["a", "tanh"]),
        (Both, "neurons", ["linear", "sigmoid"]),
    ],
    ids=["a fold of results", "interleaved layers", "inside and outside", "a module"],
)
def test_every_box_with_a_result_in_it_is_marked(make, detail, results):
    assert marked(make(), detail, "root") == results


# ---------------------------------------------------------------------- NaN and infinity


def edge_marks(what, i=-1):
    *_, box = pictured(what, "neurons", None, 1000).boxes
    return box.edges[i].marks


@pytest.mark.parametrize(
    ("weight", "mark"), [(math.nan, {"nan"}), (-math.inf, {"infinite"}), (-2.0, set())]
)
def test_a_weight_that_is_no_finite_number_stands_out_on_its_edge(weight, mark):
    model = nn.MLP(2, [1], seed=0)
    model.parameters()[1].data = weight
    assert edge_marks(model) == mark
    svg = draw(model).svg
    assert ('class="edge nan' in svg) == ("nan" in mark)
    assert 'class="edge positive' in svg  # the other one alone
    assert svg.count('class="edge positive') == 1


def test_an_edge_for_many_weights_stands_out_if_one_of_them_does():
    model = nn.MLP(2, [30, 1], seed=0)
    model.layers[1].neurons[0].weights[20].data = math.nan
    assert edge_marks(model) == {"folded", "nan"}
    assert edge_marks(model, 0) == set()


def test_a_neuron_stands_out_by_its_bias_also_without_numbers():
    model = nn.MLP(2, [30, 1], seed=0)
    for neuron in (model.layers[1].neurons[0], model.layers[0].neurons[25]):
        neuron.bias.data = math.nan
    assert marked(model, "neurons", "nan") == ["relu", "linear"]


def test_numbers_that_mean_nothing_do_not_stand_out():
    model = nn.Sequential(lambda xs: [x.log() for x in xs], nn.MLP(2, [2, 1], seed=0))
    for detail in ("neurons", "layers"):
        for mark in NOT_FINITE:
            assert marked(model, detail, mark) == []


@pytest.mark.parametrize(("number", "mark"), [(math.nan, "nan"), (math.inf, "infinite")])
def test_a_fold_stands_out_if_one_of_its_nodes_does(number, mark):
    xs = [Value(1.0, label=f"x{i}") for i in range(100)]
    xs[50].data = number
    assert marked(total(xs), "neurons", mark)[0] == "x6 … x99"


def test_a_layer_stands_out_by_what_is_computed_in_it():
    with scope("layer"):
        y = (Value(-1.0).log() * 2.0).relu()
    assert marked(y, "layers", "nan") == ["layer"]


def test_the_norm_of_nan_and_infinity_is_nan():
    model = nn.MLP(2, [1], seed=0)
    first, second, _ = model.parameters()
    first.data, second.data = math.nan, math.inf
    *_, layer = pictured(model, "layers", None, 1000).boxes
    assert layer.data is not None
    assert math.isnan(layer.data)
    assert marked(model, "layers", "nan") == ["layer0"]


# ----------------------------------------------------------------------- gradients of folds


def test_a_fold_has_the_colour_of_its_largest_gradient():
    xs = [Value(float(i), label=f"x{i}") for i in range(100)]
    y = total([x * x for x in xs])
    written = write(pictured(y, "neurons", None, 1000), color_by="gradient")
    assert "no-gradient" in written.dresses["n6"].classes
    y.backward()
    written = write(pictured(y, "neurons", None, 1000), color_by="gradient")
    [fold] = [x for x in written.dresses.values() if x.hover.startswith("x6 … x99\n")]
    assert "above5" in fold.classes


# ------------------------------------------------------------------------------- long names

LONG = "w" * 5000


def alone():
    return Value(1.5, label=LONG)


def folded():
    return total([Value(1.5, label=f"{i}{LONG}") for i in range(100)])


def layer():
    with scope(LONG):
        return nn.Parameter(1.5) * Value(2.0)


def neuron():
    return nn.Parameter(1.5, label="w") * Value(2.0) + nn.Parameter(1.5, label=LONG)


@pytest.mark.parametrize(
    ("make", "detail"),
    [(alone, "values"), (folded, "neurons"), (layer, "layers"), (neuron, "neurons")],
)
def test_a_long_name_hides_no_number(make, detail):
    boxes = pictured(make(), detail, None, 1000).boxes
    assert any("1.5" in box_hover(box)[:2000] for box in boxes if "w" * 99 in box_hover(box))
    assert all(len(box_hover(box)) < 1000 for box in boxes)


def test_finite_weight_looks_like_itself_though_its_gradient_is_infinite():
    w, x = Value(0.5, label="w"), Value(1e200, label="x")
    other, one = Value(1.0, label="v"), Value(2.0, label="one")
    y = (w * x + other * one) * 1e200
    y.backward()
    picture = pictured(y, "neurons", None, 100)
    edges = [edge for box in picture.boxes if box.kind == "neuron" for edge in box.edges]
    assert [(edge.weight, edge.marks) for edge in edges] == [(0.5, set()), (1.0, set())]
