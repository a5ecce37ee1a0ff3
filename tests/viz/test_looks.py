import math
import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value, constant, scope
from viz import draw
from viz.graphs.picture import Box, Edge, Kind, Picture, compose
from viz.svg import style
from viz.svg.dot import write
from viz.svg.dressing import dress
from viz.svg.rendering import render
from viz.svg.texts.digits import digits
from viz.svg.texts.labels import number
from viz.svg.theme import DARK, SHEETS

SVG = "{http://www.w3.org/2000/svg}"
COLOUR = re.compile("#[0-9a-f]{6}")


class Weight(Value):
    """A parameter, as `nn` makes them."""

    __slots__ = ()
    kind = "parameter"


def neuron() -> Value:
    w, x, b = Weight(-3.0, label="w"), Value(2.0, label="x"), Weight(6.5, label="b")
    y = (w * x + b).sin()
    y.label = "y"
    y.backward()
    return y


def svg_of(boxes: list[Box], **options) -> ElementTree.Element:
    written = write(Picture(boxes), **options)
    svg = dress(render(written.source), written.dresses, "light", written.title)
    return ElementTree.fromstring(svg)


def element(svg: str | ElementTree.Element, id: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg) if isinstance(svg, str) else svg
    [found] = [group for group in root.iter(f"{SVG}g") if group.get("id") == id]
    return found


def classes(svg: str | ElementTree.Element, id: str) -> set[str]:
    return set((element(svg, id).get("class") or "").split())


def hovers(svg: str) -> dict[str, str]:
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")
    titles = {group.get("id", ""): group.find(f"{SVG}title") for group in groups}
    return {id: title.text or "" for id, title in titles.items() if title is not None}


# ---------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda x: x + 1.0, ["65000", "1", "65001"]),
        (lambda x: x + 0.01, ["65000", "0.01", "65000.01"]),
        (lambda x: x - 1e-9, ["65000", "1e-09", "64999.999999999"]),
        (lambda x: x + 1e-20, ["65000", "1e-20", "65000"]),
        (lambda x: x * 0.5, ["65000", "0.5", "32500"]),
    ],
)
def test_a_number_and_what_is_made_of_it_are_told_apart_if_they_differ(make, shown):
    root = ElementTree.fromstring(draw(make(Value(65000.0))).svg)
    lines = [x.text or "" for x in root.iter(f"{SVG}text") if x.get("class") == "data"]
    assert sorted(line.removeprefix("data ") for line in lines) == sorted(shown)


def test_operands_of_one_operation_are_told_apart_to_the_last_digit():
    a, b = Value(0.3), Value(0.1 + 0.2)
    picture = compose([a, b, a - b, other := Value(0.1 + 0.2), other.exp()])
    texts = [number(box.data, n) for box, n in zip(picture.boxes, digits(picture), strict=True)]
    assert texts == ["0.3", "0.30000000000000004", "-5.55112e-17", "0.3", "1.34986"]


def test_the_pointer_on_a_box_shows_every_digit():
    x = Value(1 / 3, label="x")
    y = x * x
    y.backward()
    found = hovers(draw(y).svg)
    assert found["n0"] == "x\ndata 0.3333333333333333\ngrad 0.6666666666666666"
    assert found["n1"] == "*\ndata 0.1111111111111111\ngrad 1.0"


# ------------------------------------------------------------------------------------ texts


def test_name_symbol_data_and_gradient_are_lines_of_their_own_looks():
    texts = [(x.get("class"), x.text) for x in element(draw(neuron()).svg, "n4").iter(f"{SVG}text")]
    assert texts == [("symbol", "+"), ("data", "data 0.5"), ("grad", "grad 0.877583")]
    texts = [(x.get("class"), x.text) for x in element(draw(neuron()).svg, "n5").iter(f"{SVG}text")]
    assert texts[:2] == [("name", "y"), ("symbol", "sin")]
    for role in ("name", "symbol", "grad"):
        assert f"text.{role}{{" in SHEETS["light"]


def test_the_pointer_on_an_edge_tells_from_what_to_what_and_the_local_derivative():
    found = hovers(draw(neuron()).svg)
    assert [found[f"e{i}"] for i in range(5)] == [
        "w → w * x: local derivative 2.0",
        "x → w * x: local derivative -3.0",
        "w * x → -6 + b: local derivative 1.0",
        "b → -6 + b: local derivative 1.0",
        "-6 + b → y: local derivative 0.8775825618903728",
    ]


def test_nothing_hovers_by_a_name_of_graphviz():
    with scope("layer"):
        y = neuron() * 2.0
    for drawing in (draw(y), draw(y, depth=1), draw(y, direction="TB", partials=True)):
        titles = ElementTree.fromstring(drawing.svg).iter(f"{SVG}title")
        texts = [title.text or "" for title in titles]
        assert all(texts)
        assert not [text for text in texts if re.search(r"n\d|%|->|cluster|&#45;", text)]


def test_a_picture_tells_in_words_what_it_shows():
    root = ElementTree.fromstring(draw(neuron()).svg)
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "graph of 6 nodes: inputs x; parameters w, b; 3 operations; result y"


# ------------------------------------------------------------------------------------ marks


def test_results_are_marked_and_nothing_else():
    x = Value(2.0, label="x")
    y = x * x
    svg = draw([y, y.exp(), x]).svg
    assert [("root" in classes(svg, f"n{i}")) for i in range(3)] == [False, True, True]
    assert "penwidth=3" in draw(y).dot.split("n1 [")[1]


@pytest.mark.parametrize("detail", ["layers", "neurons", "values"])
def test_the_result_is_marked_at_every_level_of_detail(detail):
    y = nn.MLP(2, [3, 1], seed=0)([Value(1.0), Value(2.0)])
    drawing = draw(y, detail=detail)
    marked = [f"n{i}" for i in range(drawing.nodes) if "root" in classes(drawing.svg, f"n{i}")]
    assert len(marked) == 1
    assert f"\t{marked[0]} -> " not in drawing.dot


def test_a_leaf_that_is_drawn_alone_is_no_result():
    assert "root" not in classes(draw(Value(1.0)).svg, "n0")


@pytest.mark.parametrize(
    ("data", "grad", "mark"),
    [
        (math.nan, 1.0, "nan"),
        (1.0, math.nan, "nan"),
        (math.inf, math.nan, "nan"),
        (-math.inf, 1.0, "infinite"),
        (1.0, math.inf, "infinite"),
        (1e308, None, None),
    ],
)
def test_what_is_no_finite_number_stands_out(data, grad, mark):
    x = Value(data)
    x.grad = grad
    found = classes(draw(x).svg, "n0") & {"nan", "infinite"}
    assert found == ({mark} if mark else set())


def test_no_mark_is_told_by_its_colour_alone():
    for looks in (style.MARKS, style.EDGE_MARKS):
        tellers = {"style", "penwidth", "fillcolor"}
        coloured = {name: tellers & look.keys() for name, look in looks.items()}
        # Orange is the plain line: blue, its only partner, is dashed.
        assert [name for name, others in coloured.items() if not others] in ([], ["positive"])


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


FILLED = {
    name: look
    for table in (style.KINDS, style.MARKS, style.GRADIENTS)
    for name, look in table.items()
    if "fillcolor" in look
}


@pytest.mark.parametrize("name", FILLED)
@pytest.mark.parametrize("partner", [{}, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_fill(name, partner):
    look = FILLED[name]
    ink = look.get("fontcolor", style.INK)
    texts = [ink] if name in style.GRADIENTS or name == "nan" else [ink, style.QUIET, style.SYMBOL]
    fill = look["fillcolor"]
    for text in texts:
        assert contrast(partner.get(fill, fill), partner.get(text, text)) >= 4.5


# How the colour-blind see linear red, green and blue (Machado, Oliveira and Fernandes 2009).
BLINDNESS = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def seen(colour: str, blindness: str) -> list[float]:
    linear = [(int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5)]
    channels = (
        sum(w * c for w, c in zip(row, linear, strict=True)) for row in BLINDNESS[blindness]
    )
    return [min(1.0, max(0.0, channel)) ** (1 / 2.2) for channel in channels]


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("partner", [{}, DARK], ids=["light", "dark"])
def test_signs_are_told_apart_by_the_colour_blind(blindness, partner):
    pairs = [(style.EDGE_MARKS[name]["color"]) for name in ("positive", "negative")]
    fills = [
        style.GRADIENTS[name]["fillcolor"] for name in ("above5", "below5", "above3", "below3")
    ]
    for one, other in (pairs, fills[:2], fills[2:]):
        a, b = (seen(partner.get(colour, colour), blindness) for colour in (one, other))
        assert math.dist(a, b) > 0.15


def test_every_colour_has_a_partner_in_the_dark():
    tables = (style.KINDS, style.MARKS, style.EDGE_MARKS, style.GRADIENTS)
    looks = [look for table in tables for look in table.values()]
    looks += [style.GRAPH, style.NODE, style.EDGE, style.OPENED]
    colours = {text for look in looks for text in look.values() if COLOUR.fullmatch(text)}
    assert colours <= DARK.keys()


# ----------------------------------------------------------------------------------- themes


@pytest.mark.parametrize("theme", SHEETS)
def test_a_style_sheet_applies_to_drawings_of_its_theme_only(theme):
    svg = draw(Value(1.0), theme=theme).svg
    assert f'class="chainrule chainrule-{theme}"' in svg
    selectors = re.findall(r"^(?!@)(.+)\{.*\}$", SHEETS[theme], re.MULTILINE)
    each = [selector for line in selectors for selector in line.split(",")]
    assert len(each) > 50
    assert all(re.match(rf"\.chainrule-{theme}( |:not|$)", selector) for selector in each)


def test_auto_is_light_unless_the_screen_is_dark():
    light, dark = SHEETS["auto"].split("@media (prefers-color-scheme:dark){")
    assert set(COLOUR.findall(light)) == set(COLOUR.findall(SHEETS["light"]))
    assert set(COLOUR.findall(dark)) == set(COLOUR.findall(SHEETS["dark"]))


def test_an_unknown_theme_names_the_known_ones():
    with pytest.raises(ValueError, match="'light', 'dark', 'auto'"):
        draw(Value(1.0), theme="blue")


def test_without_its_style_sheet_a_picture_is_lines_and_text_on_white_paper():
    root = ElementTree.fromstring(draw(neuron()).svg)
    graph = element(root, "graph0")
    assert (graph.get("fill"), graph.get("text-anchor")) == ("none", "middle")
    [paper] = graph.findall(f"{SVG}polygon")
    assert paper.get("fill") == style.PAPER


# ----------------------------------------------------------------------- colours of gradients


@pytest.mark.parametrize("color_by", ["kind", "gradient"])
def test_kinds_keep_their_shapes_whatever_colours_tell(color_by):
    dot = draw([neuron(), constant(2.0)], color_by=color_by).dot
    assert dot.count('style="filled,rounded') == 3
    assert dot.count("peripheries=2") == 2
    assert dot.count("shape=ellipse") == 2


def test_a_gradient_that_was_not_computed_has_a_dashed_border_and_round_corners():
    drawing = draw(Value(2.0).exp(), color_by="gradient")
    assert 'style="filled,rounded,dashed"' in drawing.dot
    assert "no-gradient" in classes(drawing.svg, "n1")
    assert re.search(r'<path d="M\S+h\S+q6,0 6,6', drawing.svg)


def test_sign_and_size_of_gradients_are_classes_that_each_theme_colours():
    x = Value(2.0)
    y = x * -3.0 + Value(1.0)
    y.backward()
    svg = draw(y, color_by="gradient").svg
    found = [classes(svg, f"n{i}") & style.GRADIENTS.keys() for i in (0, 2, 3, 4)]
    assert found == [{"below5"}, {"above3"}, {"above3"}, {"above3"}]


# ------------------------------------------------------------------------------------ edges


def test_weights_are_told_by_width_and_sign():
    boxes = [Box("input", str(i), data=1.0) for i in range(4)]
    weights = (4.0, -1.0, 0.0, -4.0)
    boxes.append(
        Box("operation", "", "dot", edges=[Edge(i, weight=w) for i, w in enumerate(weights)])
    )
    found = [classes(svg_of(boxes), f"e{i}") - {"edge"} for i in range(4)]
    assert found == [
        {"weight5", "positive"},
        {"weight2", "negative"},
        {"weight1"},
        {"weight5", "negative"},
    ]


@pytest.mark.parametrize("kind", style.KINDS)
def test_every_kind_is_a_class_and_has_a_shape_of_its_own(kind: Kind):
    group = element(svg_of([Box(kind, "x", members=Counter(operation=2), data=1.0)]), "n0")
    assert {"node", kind} <= set((group.get("class") or "").split())
    shapes = {child.tag.removeprefix(SVG) for child in group} - {"text", "title"}
    assert bool(shapes) == (kind != "omission")


# ------------------------------------------------------------------------------------- size


def test_a_node_with_its_edges_takes_few_bytes():
    xs = [Value(i / 7, label=f"x{i}") for i in range(8)]
    while len(xs) > 1:
        xs = [x.tanh() * y + 0.25 for x, y in pairwise(xs)]
    xs[0].backward()
    drawing = draw(xs[0], theme="light")
    assert len(drawing.svg.encode()) - len(SHEETS["light"]) < 600 * drawing.nodes
    assert len(SHEETS["auto"]) < 8000
