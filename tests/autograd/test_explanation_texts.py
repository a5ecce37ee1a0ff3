"""An explanation as lines of text and as LaTeX."""

import math
import re

import pytest

from autograd import Value, explain, total
from nn import MLP


def tanh_neuron():
    x, w, b = Value(2.0, label="x"), Value(-0.5, label="w"), Value(1.5, label="b")
    loss = (w * x + b).tanh()
    loss.label = "L"
    return loss, w


def test_text_is_the_sum_path_by_path():
    loss, w = tanh_neuron()
    loss.backward()
    assert str(explain(loss, w)).splitlines() == [
        "dL/dw: 1 path",
        "  1.5729  L <- + <- w*x <- w  0.786448 * 1 * 2",
        "= 1.5729  which is w.grad",
    ]


def test_repr_is_the_text():
    loss, w = tanh_neuron()
    assert repr(explain(loss, w)) == str(explain(loss, w))


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda loss, w: None, "w.grad is not computed yet: backward() will add this to it"),
        (
            lambda loss, w: [loss.backward() for _ in "ab"],
            "w.grad is 2 times that: of another root, or without a zero_grad()",
        ),
        (lambda loss, w: [loss.backward() for _ in "abc"], "w.grad is 3 times that"),
        (lambda loss, w: (2 * loss).backward(), "w.grad is 2 times that: of another root"),
        (lambda loss, w: (1e300 * loss).backward(), "w.grad is 1.5729e+300: of another root"),
        (lambda loss, w: (2e9 / 3 * loss).backward(), "w.grad is 1.0486e+09: of another root"),
        (
            lambda loss, w: (loss * 0.7).backward(),
            "w.grad is 1.10103: of another root, of several, or older",
        ),
        (lambda loss, w: setattr(w, "grad", math.nan), "w.grad is nan: of another root"),
    ],
    ids=["none", "twice", "thrice", "of its double", "huge", "large", "of another", "NaN"],
)
def test_gradient_that_the_leaf_holds_is_compared(prepare, said):
    loss, w = tanh_neuron()
    prepare(loss, w)
    assert str(explain(loss, w)).splitlines()[-1].strip().startswith(said)


def test_gradient_so_much_larger_that_their_ratio_is_infinite_is_compared():
    x = Value(1.0, label="x")
    y = x * 1e-300
    (x * 1e300).backward()
    assert str(explain(y, x)).endswith("x.grad is 1e+300: of another root, of several, or older")


@pytest.mark.parametrize(
    ("graph", "path"),
    [
        (lambda x: x * 2.0, "x*2 <- x"),
        (lambda x: (x + x).exp(), "exp <- x+x <- x"),
        (lambda x: (x * x.tanh()).exp(), "exp <- * <- x"),
        (lambda x: total(x, x), "sum <- x"),
        (lambda x: x**2.0, "x**2 <- x"),
        (lambda x: -x, "neg <- x"),
    ],
)
def test_node_without_a_label_is_called_by_what_it_computes(graph, path):
    x = Value(3.0, label="x")
    assert f"  {path}  " in str(explain(graph(x), x))


def test_leaf_without_a_label_is_called_by_its_number():
    x = Value(0.5)
    assert str(explain(x.tanh(), x)).startswith("d(tanh)/d(0.5): 1 path\n")
    assert "its grad is not computed yet" in str(explain(x.tanh(), x))


def test_no_path_is_a_sum_of_nothing():
    x = Value(2.0, label="x")
    y = x.step() + Value(1.0)
    assert str(explain(y, x)).splitlines()[:2] == ["d(+)/dx: 0 paths", "= 0"]
    assert "&= 0\n" in explain(y, x)._repr_latex_()


def test_lines_are_short_whatever_is_in_them():
    x = Value(1.234567891e-300, label="name " * 50)
    y = x
    for i in range(300):
        y = (y * 1.234567891e-5 + y * -1.234567891e300).tanh()
        y.label = f"a label that is rather long {i}"
    found = explain(y, x)
    assert max(map(len, str(found).splitlines())) < 100
    y.backward()
    y.backward()
    assert max(map(len, str(explain(y, x)).splitlines())) < 100
    assert re.search(r"<- \(\d+ more\) <-", str(found))
    y = x * 2.0
    (y * 999.0).backward()
    assert len(str(explain(y, x)).splitlines()[-1]) < 100


def test_parameter_of_a_model_has_its_whole_name():
    model = MLP(2, [2, 1], seed=0)
    w = model.parameters()[0]
    assert "<- layers.0.neurons.0.weights.0  " in str(explain(model([1.0, 2.0]), w))


HOSTILE = [
    "a\nb\r\x00\x1b[31m",
    "\u202eright to left",
    "\ud800",
    "<script>alert(1)</script>",
    r"\input{/etc/passwd}",
    "$$ x & y # z % ~ ^ _ { }",
    "}" * 20,
    "x" * 100_000,
    "ü β 中",
]


@pytest.mark.parametrize("label", HOSTILE, ids=map(ascii, (label[:12] for label in HOSTILE)))
def test_label_is_text_and_neither_a_line_nor_markup(label):
    x = Value(2.0, label=label)
    found = explain(x * x, x)
    assert all(line.isprintable() for line in str(found).splitlines())
    assert len(str(found).splitlines()) == 5
    formula = found._repr_latex_()
    assert len(formula) < 3000
    bare = re.sub(r"\\[{}\\$#%&_,]", "", formula.strip("$"))
    assert not re.search("[<>~%#$]|\\^(?!{)", bare)
    # Backslashes begin nothing but what formulas here consist of.
    known = {"begin", "end", "frac", "partial", "text", "quad", "backslash", "lt", "gt", "wedge"}
    known |= {"sim", "cdot", "cdots", "infty"}
    assert set(re.findall(r"\\([A-Za-z]+)", formula)) <= known
    depths = [bare[:i].count("{") - bare[:i].count("}") for i in range(len(bare) + 1)]
    assert min(depths) == depths[-1] == 0


@pytest.mark.parametrize(
    ("slope", "shown"),
    [
        (1e-9, r"1 \cdot 10^{-9}"),
        (-2.5, "(-2.5)"),
        (math.inf, r"\infty"),
        (math.nan, r"\text{NaN}"),
        (123456.0, "123456"),
    ],
)
def test_numbers_of_a_formula_are_written_as_in_formulas(slope, shown):
    x = Value(1.0, label="x")
    assert rf"&= {shown}" in explain(x * slope, x)._repr_latex_()


def test_long_path_has_its_ends_in_a_formula():
    y = x = Value(0.5, label="x")
    for _ in range(100):
        y = y.tanh()
    formula = explain(y, x)._repr_latex_()
    assert formula.count(r"\cdots") == 2
    assert len(formula) < 1000


@pytest.mark.parametrize("made", [lambda x: x * x, lambda x: x.tanh(), lambda x: x])
def test_formula_is_one_that_matplotlib_reads_line_by_line(made):
    mathtext = pytest.importorskip("matplotlib.mathtext")
    x = Value(0.5, label="a_1 % <b>")
    y = made(x)
    formula = explain(y, x)._repr_latex_()
    lines = formula.split("\n")[1:-1]
    for line in lines:
        line = line.removesuffix(r" \\").replace("&", "").replace("\\quad", "")
        line = line.replace(r"\text", r"\mathrm").replace(r"\lt", "<").replace(r"\gt", ">")
        mathtext.MathTextParser("path").parse(f"${line}$")
