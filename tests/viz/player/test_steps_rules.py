"""Rules in words: what the table of operations writes when it is called on names."""

import math
from random import Random

import pytest

from autograd import TABLE, Operation, Value, absolute, constant, logsumexp, pick
from viz import steps
from viz.player.walk.formulas import Formula, local_derivatives, written
from viz.player.walk.naming import names
from viz.player.walk.passes import forward
from viz.player.walk.rules import Speaker

# Of an operation on a, b and c: how it is written, and its derivatives. "∂L/∂a" stands where the
# formula would be too long.
RULES = {
    "add": ("a + b", "1", "1"),
    "subtract": ("a - b", "1", "-1"),
    "multiply": ("a * b", "b", "a"),
    "divide": ("a / b", "(1 / b)", "-(L / b)"),
    "negate": ("-a", "-1"),
    "power": ("a ** b", "(b * a ** (b - 1))", "(L * log(a))"),
    "remainder": ("a % b", "1", "-2"),
    "exp": ("exp(a)", "L"),
    "log": ("log(a)", "(1 / a)"),
    "sqrt": ("sqrt(a)", "(0.5 / L)"),
    "tanh": ("tanh(a)", "sech²(a)"),
    "sigmoid": ("sigmoid(a)", "(0.25 * sech²(0.5 * a))"),
    "relu": ("relu(a)", "1"),
    "gelu": ("gelu(a)", "∂L/∂a"),
    "cos": ("cos(a)", "-sin(a)"),
    "hypot": ("hypot(a, b)", "(a / L)", "(b / L)"),
    "clip": ("clip(a, b, c)", "0", "0", "1"),
    "total": ("a + b + c", "1", "1", "1"),
    "maximum": ("max(a, b, c)", "1", "0", "0"),
    "logsumexp": ("logsumexp(a, b, c)", "∂L/∂a", "∂L/∂b", "∂L/∂c"),
}


def lines(loss: Value) -> list[str]:
    return [line for step in steps(loss) for line in step.rule.splitlines()]


def leaves() -> list[Value]:
    return [Value(x, label=name) for x, name in ((3.0, "a"), (1.25, "b"), (0.5, "c"))]


@pytest.mark.parametrize(("name", "texts"), RULES.items(), ids=RULES)
def test_rules_are_written_by_the_row_of_the_table(name, texts):
    formula, *slopes = texts
    forward, _, *passed = lines(TABLE[name](*leaves()[: len(slopes)]))
    assert forward.startswith(f"L = {formula} = ")
    for line, leaf, slope in zip(passed, "abc", slopes, strict=False):
        assert line.startswith(f"{leaf}.grad: 0 + dL/dL * {slope} = 0 + 1 * ")


def recorded(name: str, random: Random) -> Value:
    """A node of the operation, on leaves."""
    op = TABLE[name]
    operands = [Value(x) for x in op.sample(random)]
    if name == "pick":
        return pick(operands[:-1], operands[-1])
    return op(operands[:2], operands[2:]) if name == "dot" else op(*operands)


def computed(text: str, numbers: dict[str, float]) -> float:
    """The number that a text stands for, as Python reads it."""
    words = {"sech²": "sech_squared", "leaky relu": "leaky_relu"}
    for symbol, word in words.items():
        text = text.replace(symbol, word)
    functions = {op.symbol: op for op in TABLE.values()} | dict(TABLE)
    return float(eval(text, functions | numbers))


@pytest.mark.parametrize("name", TABLE)
def test_what_is_written_is_what_is_computed(name):
    random = Random(0)
    for _ in range(5):
        node = recorded(name, random)
        numbers = {f"x{i}": x.data for i, x in enumerate(node.operands)} | {"out": node.data}
        symbols = [Formula(text, number) for text, number in numbers.items()]
        assert node.op is not None
        text = written(node.op, symbols[:-1], node.data).text
        if name != "pick":  # whose arguments come in a list
            assert math.isclose(computed(text, numbers), node.data, rel_tol=1e-5)
        for slope, partial in zip(
            local_derivatives(node, symbols[:-1], symbols[-1]), node.partials, strict=True
        ):
            if isinstance(slope, Formula):
                assert slope.number == partial
                assert math.isclose(computed(slope.text, numbers), partial, rel_tol=1e-5)
            elif slope is not None:
                assert slope == partial


def added_to_much(a: Value, b: Value, c: Value) -> Value:
    a.grad = 65000.0
    return a * 1e-4


SENTENCES = {
    "little added to much": (
        added_to_much,
        "a.grad: 65000 (there before) + dL/dL * 0.0001 = 65000 + 1 * 0.0001 = 65000.0001",
    ),
    "a negative base": (lambda a, b, c: (-a) ** 2.0, "L = v1 ** 2 = (-3) ** 2 = 9"),
    "minus a negative number": (lambda a, b, c: a - -b, "L = a - v1 = 3 - (-1.25) = 4.25"),
    "the power of a constant": (
        lambda a, b, c: a**2.0,
        "a.grad: 0 + dL/dL * (2 * a) = 0 + 1 * 6 = 6",
    ),
    "a number added": (lambda a, b, c: a + 10000.0, "L = a + 10000 = 3 + 10000 = 10003"),
    "infinity": (lambda a, b, c: a / 0.0, "L = a / 0 = 3 / 0 = inf"),
    "no number": (lambda a, b, c: a * math.nan, "a.grad: 0 + dL/dL * nan = 0 + 1 * nan = nan"),
    "a step": (lambda a, b, c: a.step(), "a.grad: 0, nothing passes through step"),
    "a comparison": (
        lambda a, b, c: (a > b) * c + TABLE["less"](a, b),
        "v2 = a < b = 3 < 1.25 = 0",
    ),
    "out of reach": (lambda a, b, c: (a * b).step() * c, "b.grad: 0, nothing reaches it"),
    "once more out of reach": (
        lambda a, b, c: a * a.step(),
        "a.grad: nothing passes through step",
    ),
    "a choice": (lambda a, b, c: pick([a, b], 1), "a.grad: 0 + dL/dL * 0 = 0 + 1 * 0 = 0"),
}


@pytest.mark.parametrize(("graph", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_what_is_said_in_special_cases(graph, sentence):
    assert sentence in lines(graph(*leaves()))


def product(first: str, second: str) -> Value:
    return Value(5.0, label=first) * Value(2.0, label=second)


LABELS = {
    "an expression": ("a + b", "c", "L = (a + b) * c = 5 * 2 = 10", "(a + b).grad: 0 + dL/dL * c"),
    "a sign": ("x", "-y", "L = x * (-y) = 5 * 2 = 10", "x.grad: 0 + dL/dL * (-y)"),
    "a number": ("6", "x", "L = (6) * x = 5 * 2 = 10", "(6).grad: 0 + dL/dL * x"),
    "a call": ("f(x)", "x", "L = (f(x)) * x = 5 * 2 = 10", "(f(x)).grad: 0 + dL/dL * x"),
    "a path": ("n.w.0", "x[0]", "L = n.w.0 * x[0] = 5 * 2 = 10", "n.w.0.grad: 0 + dL/dL * x[0]"),
    "right to left": (
        "א",
        "ב1",
        "L = \u200eא\u200e * \u200eב1\u200e = 5 * 2 = 10",
        "\u200eא\u200e.grad: 0 + dL/dL * \u200eב1\u200e",
    ),
}


@pytest.mark.parametrize(("first", "second", "computed", "passed"), LABELS.values(), ids=LABELS)
def test_a_label_stays_one_thing_in_a_formula(first, second, computed, passed):
    forward, _, backward, _ = lines(product(first, second))
    assert (forward, backward) == (computed, f"{passed} = 0 + 1 * 2 = 2")


def test_a_result_that_is_called_by_its_formula_is_no_longer_a_chain():
    loss = product("a", "b")
    loss.label = "a * b"
    assert lines(loss)[0] == "(a * b) = a * b = 5 * 2 = 10"


def test_a_constant_below_zero_is_one_thing_in_a_formula():
    x = Value(2.0, label="x")
    assert lines(constant(-3.0) ** x)[0] == "L = (-3) ** x = (-3) ** 2 = 9"


def test_the_local_derivative_has_another_name_than_the_one_over_all_paths():
    x = Value(2.0, label="x")
    assert lines(logsumexp([x, x]))[2:] == [
        "x.grad: 0 + dL/dL * ∂L/∂x = 0 + 1 * 0.5 = 0.5",
        "x.grad: 0.5 + dL/dL * ∂L/∂x = 0.5 + 1 * 0.5 = 1",
    ]


def halved(x: float) -> float:
    """What works on numbers only, as anybody's operation may."""
    return 0.5 if x > 0 else math.exp(x)


OWN = {
    "in words": (lambda x, out: 1.0 - absolute(out), "(1 - abs(L))"),
    "in branches": (lambda x, out: halved(x), "∂L/∂a"),
}


@pytest.mark.parametrize(("partial", "slope"), OWN.values(), ids=OWN)
def test_an_operation_of_your_own_is_told_too(partial, slope):
    own = Operation("own", symbol="own", forward=lambda x: x / (1 + abs(x)), partials=(partial,))
    forward, _, backward = lines(own(Value(3.0, label="a")))
    assert forward == "L = own(a) = own(3) = 0.75"
    assert backward.startswith(f"a.grad: 0 + dL/dL * {slope} = 0 + 1 * ")


def test_an_expansion_that_knows_numbers_only_is_left_out():
    own = Operation(
        "own",
        symbol="own",
        forward=lambda *xs: max(xs),
        partials=lambda xs, out: [1.0 if x is out else 0.0 for x in xs],
        expansion=lambda xs: xs[0] if xs[0] > xs[1] else xs[1],
    )
    assert lines(own(*leaves()))[0] == "L = own(a, b, c) = own(3, 1.25, 0.5) = 3"


def test_an_index_that_was_changed_since_and_picks_nothing_now_is_told():
    a, b, index = *leaves()[:2], Value(1.0, label="i")
    loss = pick([a, b], index)
    index.data = 7.0
    nodes = [a, b, index, loss]
    [line] = Speaker(loss, names(nodes), {}, {}).tell(forward(nodes)[0]).lines
    assert line == "L = pick(a, b, i) = 1.25, computed from numbers that were changed since"


def test_numbers_that_were_changed_since_are_not_put_into_a_formula():
    a, b, _ = leaves()
    loss = a * b
    a.data = 10.0
    assert lines(loss) == [
        "L = a * b = 3.75, computed from numbers that were changed since",
        "L.grad: dL/dL = 1",
        "a.grad: 0 + dL/dL * b = 0 + 1 * 1.25 = 1.25",
        "b.grad: 0 + dL/dL * ∂L/∂b = 0 + 1 * 3 = 3",
    ]
