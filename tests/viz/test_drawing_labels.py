import re
from xml.etree import ElementTree

import pytest

from autograd import Operation, Value, dot, scope
from viz import draw

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
    assert '"]<i> = dot' in texts(draw(y, open=True).svg)
    assert '<b>"&' in texts(draw(y, collapse=True).svg)


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
    assert "<b>&</b>" in texts(draw(y, open=True).svg)


def test_a_label_that_is_no_string_is_shown_too():
    x = Value(1.0)
    x.label = 3
    assert texts(draw(x).svg)[0] == "3"
