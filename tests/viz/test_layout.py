"""Where boxes and edges lie, looked at in Graphviz's own SVG, which has their full coordinates."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value, logsumexp
from viz import draw
from viz.graphs.picture import Box, Column, Edge, Picture
from viz.svg.columns import Wiring
from viz.svg.placing import Rectangle
from viz.svg.rendering import render

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


def square() -> Value:
    x = Value(2.0, label="x")
    y = x * x + 3 * x
    y.backward()
    return y


def micrograd(scale: float = 1.0) -> Value:
    """The expression of micrograd's README."""
    a, b = Value(-4.0 * scale, "a"), Value(2.0 * scale, "b")
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    return g


def layers() -> Value:
    hidden, last = nn.Layer(2, 3, seed=0), nn.Layer(3, 1, seed=1)
    return last(hidden([Value(1.0, "x0"), Value(2.0, "x1")]))


def groups(dot: str, kind: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(render(dot))
    return {g.get("id", ""): g for g in root.iter(f"{SVG}g") if g.get("class") == kind}


def points(text: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", text)]


def on_curve(controls: list[Point], t: float) -> Point:
    weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3]
    x, y = (sum(w * p[i] for w, p in zip(weights, controls, strict=True)) for i in (0, 1))
    return x, y


def lines(dot: str) -> list[list[Point]]:
    found = []
    for edge in groups(dot, "edge").values():
        path = edge.find(f"{SVG}path")
        assert path is not None
        controls = points(path.get("d", ""))
        curves = [controls[i : i + 4] for i in range(0, len(controls) - 3, 3)]
        found.append([on_curve(curve, t / 10) for curve in curves for t in range(11)])
    return found


def side(p: Point, q: Point, r: Point) -> float:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def cross(one: list[Point], other: list[Point]) -> bool:
    return any(
        side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0
        for p, q in pairwise(one)
        for r, s in pairwise(other)
    )


def crossings(dot: str) -> int:
    return sum(cross(one, other) for one, other in combinations(lines(dot), 2))


def places(dot: str) -> dict[str, Point]:
    """The middle of each box."""
    found = {}
    for name, group in groups(dot, "node").items():
        [*_, text] = group.iter(f"{SVG}text")
        found[name] = (float(text.get("x", "")), float(text.get("y", "")))
    return found


def arrangement(dot: str) -> list[list[str]]:
    """The columns from left to right, each from top to bottom."""
    columns: dict[float, list[str]] = {}
    for name, (x, _) in sorted(places(dot).items(), key=lambda item: item[1][1]):
        columns.setdefault(round(x / 2), []).append(name)
    return [columns[x] for x in sorted(columns)]


# Two inputs with four users in common cross 4 * 3 / 2 = 6 times in whatever order they stand.
@pytest.mark.parametrize(
    ("make", "partials", "most"),
    [
        (square, False, 0),
        (square, True, 0),
        (micrograd, False, 7),
        (micrograd, True, 7),
        (layers, False, 12),
    ],
)
def test_edges_cross_no_more_than_they_must(make, partials, most):
    assert crossings(draw(make(), partials=partials).dot) <= most


def test_local_derivatives_change_neither_order_nor_columns():
    for root in (square(), micrograd()):
        assert arrangement(draw(root).dot) == arrangement(draw(root, partials=True).dot)


def test_other_numbers_change_neither_order_nor_columns():
    assert arrangement(draw(micrograd()).dot) == arrangement(draw(micrograd(1 / 3)).dot)
    assert arrangement(draw(micrograd()).dot) == arrangement(draw(micrograd(1e9)).dot)


def test_boxes_grow_in_steps_so_that_another_digit_moves_nothing():
    one, other = (draw(Value(number, label="x").exp() * 2.0) for number in (1.25, 1.5))
    assert places(one.dot) == places(other.dot)
    assert one.dot != other.dot


def test_constants_stand_just_before_the_only_node_that_uses_them():
    dot = draw(micrograd()).dot
    where = places(dot)
    users = dict(re.findall(r"\t(n\d+) -> (n\d+) \[", dot))
    constants = re.findall(r"(n\d+) \[label=[\d]+ color=none", dot)
    assert len(constants) == 8
    for constant in constants:
        x, y = where[constant]
        u, v = where[users[constant]]
        assert 0 < u - x < 150
        assert abs(v - y) < 80


def test_leaves_of_one_operation_stand_in_the_order_of_its_operands():
    dot = draw(logsumexp([Value(float(i % 3), label=name) for i, name in enumerate("dbcae")])).dot
    labels = dict(re.findall(r'(n\d+) \[label="(\w)\\ndata', dot))
    [first, *_] = arrangement(dot)
    assert [labels[name] for name in first] == list("dbcae")


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_no_text_of_an_edge_stands_on_a_box_or_on_another_text(direction):
    svg = draw(square() - 2.5, direction, partials=True).svg
    root = ElementTree.fromstring(svg)
    boxes = []
    for group in root.iter(f"{SVG}g"):
        for text in group.findall(f"{SVG}text"):
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            width, height = 5 * len(text.text or ""), 9.0
            boxes.append((x - width / 2, y - height, x + width / 2, y))
    for a, b in combinations(boxes, 2):
        assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


@pytest.mark.parametrize("size", [5e-324, 1.0, 1.7e308])
def test_the_largest_weight_is_drawn_half_as_broad_where_there_are_many_whatever_its_size(size):
    inputs = [Box("input") for _ in range(101)]
    neuron = Box("neuron", edges=[Edge(i, weight=size) for i in range(101)])
    wiring = Wiring(Picture([*inputs, neuron], columns=[Column([101])]), "LR")
    expected = "weight5" if size < 1e-300 else "weight3"
    assert wiring.marks(size) == {"positive", expected}


@pytest.mark.parametrize("make", [square, micrograd, layers])
def test_no_text_of_an_edge_stands_on_an_arrowhead(make):
    root = ElementTree.fromstring(draw(make(), partials=True).svg)
    edges = [g for g in root.iter(f"{SVG}g") if "edge" in g.get("class", "").split()]
    heads = [points(p.get("points", "")) for g in edges for p in g.findall(f"{SVG}polygon")]
    assert heads
    for text in (text for g in edges for text in g.findall(f"{SVG}text")):
        middle = float(text.get("x", "")), float(text.get("y", "")) - 3.0
        written = Rectangle.of_text(text.text or "", middle)
        assert not any(written.overlaps(Rectangle.around(head)) for head in heads)


def test_the_paper_around_a_count_covers_no_border_of_a_box():
    svg = draw(nn.GPT(27, context=2, width=24, layers=1)).svg
    round_box = r'<path d="M([-\d.]+),([-\d.]+)h([\d.]+)q6,0 6,6v([\d.]+)'
    boxes = [[float(x) for x in found] for found in re.findall(round_box, svg)]
    assert len(boxes) == 3
    written = re.findall(r'<text class="count" x="([-\d.]+)" y="([-\d.]+)">([^<]+)', svg)
    assert "×1,296" in [text for _, _, text in written]
    for x, y, text in written:
        place = Rectangle.of_text(text, (float(x), float(y) - 3.0)).wider(2.5)
        for left, top, width, height in boxes:
            box = Rectangle(left - 6, top, left + width + 6, top + height + 12)
            assert not place.overlaps(box)
