import re
from xml.etree import ElementTree

import pytest

from autograd import Operation, Value, dot, scope
from viz import draw


class Weight(Value):
    """A parameter, as `nn` makes them."""

    __slots__ = ()
    kind = "parameter"


SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = {
    'say "x"': 'say "x"',
    '"': '"',
    "\\": "\\",
    "ends in \\": "ends in \\",
    '\\"': '\\"',
    r"\N \G \L \E \T \n \l \r": r"\N \G \L \E \T \n \l \r",
    "<b>bold</b>": "<b>bold</b>",
    "<": "<",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "]]>": "]]>",
    "&lt;b&gt; &amp; &#60; &alpha;": "&lt;b&gt; &amp; &#60; &alpha;",
    "two\nlines\r\nand\ttabs": "two lines and tabs",
    "next\x85line\u2028and\u2029paragraph": "next line and paragraph",
    "nul\x00 bell\x07 escape\x1b": "nul\ufffd bell\ufffd escape\ufffd",
    "surrogate \ud800 \udfff": "surrogate \ufffd \ufffd",
    "not a character \ufffe \uffff": "not a character \ufffd \ufffd",
    "😀 π ∂ 漢字 e\u0301": "😀 π ∂ 漢字 e\u0301",
    'x"]; evil [label="y': 'x"]; evil [label="y',
    "}": "}",
    "a:b:c": "a:b:c",
    "node": "node",
    "{a|b}": "{a|b}",
    "x" * 10_000: "x" * 200 + "…",
    "&" * 10_000: "&" * 200 + "…",
    "\\" * 10_000: "\\" * 200 + "…",
}


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(("label", "shown"), HOSTILE.items(), ids=ascii)
def test_any_label_is_shown_as_text(label, shown):
    svg = draw(Value(1.0, label=label)).svg
    assert texts(svg) == [shown, "data 1", "grad —"]


def test_hostile_labels_draw_no_nodes_and_no_edges_of_their_own():
    leaves = [Value(1.0, label=label) for label in HOSTILE]
    dot = draw(leaves).dot
    assert set(re.findall(r"^\t(\w+) \[", dot, re.MULTILINE)) == {
        "graph",
        "node",
        "edge",
        *(f"n{index}" for index in range(len(leaves))),
    }
    assert dot.isprintable() or set(filter(lambda c: not c.isprintable(), dot)) <= {"\n", "\t"}


def test_an_opened_node_and_a_scope_carry_hostile_names_as_text():
    xs = [Value(1.0), Value(2.0)]
    with scope('<b>"&'):
        y = dot(xs, xs)
    y.label = '"]<i>'
    assert '"]<i>' in texts(draw(y, detail="products").svg)
    assert '<b>"&' in texts(draw(y, detail="layers").svg)


def test_a_symbol_that_looks_like_markup_is_text():
    odd = Operation(
        "odd",
        symbol="<b>&</b>",
        forward=lambda *xs: sum(xs),
        partials=lambda xs, out: [1.0] * len(xs),
        arrange=lambda xs: tuple(xs),
        expansion=lambda xs: xs[0] + xs[1],
    )
    y = odd([Value(1.0), Value(2.0)])
    assert "<b>&</b>" in texts(draw(y).svg)
    assert "<b>&</b>" in texts(draw(y, detail="products").svg)


def test_a_label_that_is_no_string_is_shown_too():
    x = Value(1.0)
    x.label = 3
    assert texts(draw(x).svg)[0] == "3"


# Widths in points of 12 pt Helvetica, as browsers show it (or Arial, which is as wide).
WIDTHS = {
    "layers.0.bias": 67.4,
    "the other 61 products": 113.4,
    "network.layers.0.neurons.0.weights.0": 198.1,
    "n" * 100: 667.4,
}


@pytest.mark.parametrize(("label", "width"), WIDTHS.items())
def test_a_box_leaves_room_beside_its_longest_line(label, width):
    points = re.findall(r'grad.*<polygon points="(.*?)"', draw(Weight(1.0, label)).svg)
    xs = [float(point.split(",")[0]) for point in points[0].split()]
    assert width + 12 <= max(xs) - min(xs) <= 1.2 * width + 24


def test_the_room_is_for_what_is_shown_of_a_label():
    widths = [re.search(r'width="(\d+)pt"', draw(Value(1.0, "&" * n)).svg) for n in (201, 10_000)]
    assert widths[0][1] == widths[1][1]
