import re
from random import Random
from xml.etree import ElementTree

import pytest

from autograd import Operation, Value, dot, scope
from viz import draw
from viz.svg.allowed import check_svg


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


PIECES = [
    *"\"'<>&;\\/{}[]()|%#@!=-+*.,: \t\n\x00\x07\x1b\x7f\x85\u2028\ufffe\ud800\udfff",
    *("<script>alert(1)</script>", "<b>", "</text>", "</svg>", "]]>", "<![CDATA[", "<!--", "-->"),
    *("&lt;", "&amp;", "&#60;", "&alpha;", "&", "javascript:", 'onload="x"', "url(//evil)", "{}"),
    *(r"\N", r"\G", r"\n", r"\l", r"\"", "\\\\", "n0 -> n1", '"]; evil [label="', "graph", "\\"),
    *("abc", "0.5", "π∂漢字", "e\u0301", "😀", "עברית", "مرحبا", "x" * 300, "  "),
    *("\u200e", "\u200f", "\u202e", "\u2066", "\u202eetc\u202c"),
]


def as_shown(label: str) -> str:
    """The label as a reader is to see it, written in another way than the program does it."""
    shown = []
    for character in label[:200]:
        code = ord(character)
        allowed = code >= 32 and not 0xD800 <= code < 0xE000 and code not in (0xFFFE, 0xFFFF)
        turning = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
        if character in "\t\n\x85\u2028\u2029":
            shown.append(" ")
        else:
            shown.append(character if allowed and not turning else "\ufffd")
    return "".join(shown) + ("…" if len(label) > 200 else "")


def test_five_thousand_hostile_labels_are_shown_as_the_text_they_are():
    random = Random(9)
    labels = ["".join(random.choices(PIECES, k=random.randint(1, 6))) for _ in range(4990)]
    labels += [piece * (100_000 // len(piece)) for piece in PIECES[-10:]]
    for start in range(0, len(labels), 500):
        part = labels[start : start + 500]
        svg = draw([Value(1.0, label=label) for label in part], detail="values").svg
        check_svg(svg.encode())
        root = ElementTree.fromstring(svg)
        names = [x.text or "" for x in root.iter(f"{SVG}text") if x.get("class") == "name"]
        names = [name.replace("\xa0", " ") for name in names]  # the second of two spaces
        assert sorted(names) == sorted(map(as_shown, part))
        assert len(svg) < 1_000 * len(part)


def test_a_name_from_right_to_left_turns_no_numbers_around():
    w, x = Value(2.0, label="\u202eמשקל"), Value(3.0, label="עברית")
    titles = [t.text or "" for t in ElementTree.fromstring(draw(w * x).svg).iter(f"{SVG}title")]
    [edge] = [title for title in titles if title.startswith("\u200e\ufffd")]
    # What follows such a name follows a mark that reads from left to right.
    assert edge.endswith("עברית\u200e: local derivative 3.0")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(titles))


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
    assert width + 12 <= max(xs) - min(xs) <= 1.2 * width + 36


def test_the_room_is_for_what_is_shown_of_a_label():
    widths = [re.search(r'width="(\d+)pt"', draw(Value(1.0, "&" * n)).svg) for n in (201, 10_000)]
    assert widths[0][1] == widths[1][1]
