"""What would make a graph depend on numbers is refused: by name, with its line and a way out."""

import copy
import math
import sys
import threading
import time
from contextlib import suppress

import numpy as np
import pytest

from autograd import (
    CompilationError,
    Value,
    compiled,
    derivative,
    gradient,
    no_grad,
    pick,
    relu,
    tanh,
    total,
    uniform,
    where,
)
from nn import Parameter

X = np.array([[0.5, -1.0, 2.0], [1.5, 1.0, -2.0]])
W = Value(0.5, label="w")
TABLE = [10.0, 20.0, 30.0]
KEPT = []


def branch(x):
    if x[0] > 0.0:
        return x[0]
    return x[1]


def loop(x):
    y = x[0]
    while y < 100.0:
        y = y * 2.0
    return y


def caught(x):
    """The error does not get lost when the function goes another way."""
    try:
        return x[0] * float(x[1])
    except TypeError:
        return x[0]


def suppressed(x):
    with suppress(Exception):
        return x[0] if x[0] > 0 else x[1]
    return x[2]


def matched(x):
    match x[0]:
        case 0.0:
            return x[1]
    return x[2]


def assigned(x):
    W.data = 3.0
    return W * x[0]


ITSELF = "compute with the Value itself, x.exp() and not math.exp(x), or write where("

# A function, the use that is refused, of what, and a part of the way out.
REFUSED = {
    "if": (branch, ">", "'x'", "write where(condition, a, b)"),
    "while": (loop, "<", "'x'", "where(condition, a, b)"),
    "condition": (lambda x: x[0] if x[0].tanh() else x[1], "bool()", "the result of tanh()",
                  "where("),
    "and": (lambda x: x[0] and x[1], "bool()", "'x'", "where("),
    "not": (lambda x: x[0] * (not x[1]), "bool()", "'x'", "where("),
    "max": (lambda x: max(x[0], x[1]), ">", "'x'", "maximum()"),
    "min": (lambda x: min(x), "<", "'x'", "where("),
    "sorted": (lambda x: sorted(x)[0], "<", "'x'", "where("),
    "in": (lambda x: x[0] * ((x[0] + 1.0) in x), "==",
           "the result of add()", "where("),
    "index of a list": (lambda x: x[0] * x.index(x[2]), "==", "'x'", "where("),
    "==": (lambda x: x[0] == 1.0, "==", "'x'", "where("),
    "!=": (lambda x: x[0] != x[1], "!=", "'x'", "where("),
    "<=": (lambda x: x[0] <= 1.0, "<=", "'x'", "where("),
    "comparison of a parameter": (lambda x: x[0] if W > 0 else x[1], ">", "'w'", "where("),
    "match": (matched, "==", "'x'", "where("),
    "condition of where": (lambda x: where(x[0] > 0, x[0], 0.0), ">", "'x'", "greater()"),
    ".data": (lambda x: x[0] * x[1].data, ".data", "'x'", "compute with the Value itself"),
    ".data of a result": (lambda x: relu(x[0]).data, ".data", "the result of relu()", "Value"),
    ".data of a parameter": (lambda x: x[0] * W.data, ".data", "'w'", "the Value itself"),
    "assigning .data": (assigned, "assigning .data", "'w'", ""),
    ".grad": (lambda x: x[0] * x[1].grad, ".grad", "'x'", "call gradient(output, inputs)"),
    "float": (lambda x: float(x[0]), "float()", "'x'", ITSELF),
    "float of a parameter": (lambda x: x[0] * float(W), "float()", "'w'", ITSELF),
    "int": (lambda x: x[0] * int(x[1]), "int()", "'x'", ITSELF),
    "round": (lambda x: round(x[0], 2), "round()", "'x'", "where("),
    "bool": (lambda x: bool(x[0]), "bool()", "'x'", "where("),
    "format": (lambda x: x[0] * len(f"{x[0]:.3f}"), "format()", "'x'", "print it outside"),
    "math": (lambda x: math.exp(x[0]), "float()", "'x'", ITSELF),
    "gamma": (lambda x: math.gamma(x[0]), "float()", "'x'", ITSELF),
    "isnan": (lambda x: x[0] * math.isnan(x[0]), "float()", "'x'", ITSELF),
    "index": (lambda x: TABLE[x[0]], "as an index", "'x'", "write pick(values, index)"),
    "range": (lambda x: total([x[1] for _ in range(x[0])]), "as an index", "'x'", "pick("),
    "an array of floats": (lambda x: np.array(x, dtype=float)[0], "float()", "'x'", ITSELF),
    "largest by NumPy": (lambda x: np.max(x), ">=", "'x'", "where("),
    "sorted by NumPy": (lambda x: np.sort(np.array(x))[0], "<", "'x'", "where("),
    "backward": (lambda x: (x[0] * W).backward(), "backward()", "the result of multiply()",
                 "call gradient(output, inputs) inside"),
    "caught": (caught, "float()", "'x'", ITSELF),
    "suppressed": (suppressed, ">", "'x'", "where("),
    "computed index": (lambda x: pick(x, x[0] + 1.0), "as the index of pick()",
                       "the result of add()", "give it an argument as it came"),
    "parameter for an index": (lambda x: pick(x, W), "as the index of pick()", "'w'",
                               "give it an argument"),
}  # fmt: skip


@pytest.mark.parametrize(("f", "use", "of", "way"), REFUSED.values(), ids=REFUSED)
def test_refused(f, use, of, way):
    g = compiled(f)
    for call in (g, g.mean, g.value_and_gradient):
        with pytest.raises(CompilationError) as caught:
            call(X)
        message = str(caught.value)
        assert message.startswith(f"{use} of {of} in a compiled function, at "), message
        assert way in message
    assert W.data == 0.5


def test_refused_for_plain_numbers_too():
    with pytest.raises(CompilationError, match="> of 'x' in a compiled function"):
        compiled(lambda x: x if x > 0 else -x)(1.0)


def test_the_message_names_file_line_and_code():
    with pytest.raises(CompilationError) as caught:
        compiled(branch)(X)
    line = branch.__code__.co_firstlineno + 1
    assert f"{__file__}:{line}: if x[0] > 0.0:" in str(caught.value)


def test_a_branch_that_no_example_takes_is_refused_all_the_same():
    """Never a replay that is wrong for one example in a thousand."""
    f = compiled(lambda x: x * 2.0 if x < 1e300 else x)
    for batch in (np.ones(1000), np.ones(1)):
        with pytest.raises(CompilationError):
            f(batch)


def test_the_engine_is_as_before_after_an_error():
    with pytest.raises(CompilationError):
        compiled(branch)(X)
    y = Value(2.0) * W
    y.backward()
    assert (y.data, W.grad, W > 0) == (1.0, 2.0, True)
    W.forget_grad()
    assert branch([Value(1.0), Value(2.0)]).data == 1.0


# ----------------------------------------------------------------------- Values that leak


def append_to_a_list(x):
    KEPT.append(x[0] * W)
    return KEPT[-1]


def kept_on_an_object(x):
    kept_on_an_object.latest = tanh(x[0])
    return kept_on_an_object.latest * W


@pytest.mark.parametrize("f", [append_to_a_list, kept_on_an_object])
def test_values_kept_outside_are_refused(f):
    message = "was kept in a variable outside of the compiled function, where it has no number"
    for call in (compiled(f), compiled(f).mean):
        with pytest.raises(CompilationError, match=message):
            call(X)


def test_a_profiler_that_looks_at_the_frames_keeps_nothing():
    frames, seen = [], threading.Event()

    def look(thread):
        frames.append(sys._current_frames()[thread])
        seen.set()
        time.sleep(0.02)
        frames.clear()

    def watched(x):
        hidden = tanh(x[0])
        threading.Thread(target=look, args=(threading.get_ident(),)).start()
        seen.wait()
        return hidden * W

    assert compiled(watched)(X) == pytest.approx(np.tanh(X[:, 0]) * W.data)
    assert not frames


def test_a_kept_value_has_no_number():
    kept = []
    with suppress(CompilationError):
        compiled(lambda x: kept.append(x[0] * W) or x[0])(X)
    (value,) = kept
    for use in (
        lambda: value.data,
        lambda: value + 1.0,
        lambda: tanh(value),
        lambda: total([value, 1.0]),
        lambda: value > 0,
        lambda: value.backward(),
        lambda: compiled(lambda x: value * x)(np.ones(2)),
    ):
        with pytest.raises(CompilationError):
            use()


def test_values_from_another_recording_are_refused():
    kept = []

    def f(x):
        if kept:
            return kept[0] * x
        kept.append(x * W)
        return kept[0]

    g = compiled(f)
    with pytest.raises(CompilationError, match="kept"):
        g(np.ones(3))
    with pytest.raises(CompilationError, match="was kept from another recording"):
        g(np.ones(3))


def test_a_value_in_a_cycle_of_its_own_is_not_kept():
    def f(x):
        cycle = [x * 2.0]
        cycle.append(cycle)
        return cycle[0]

    assert compiled(f)(np.ones(2)).tolist() == [2.0, 2.0]


# -------------------------------------------------------------- numbers that would freeze


def test_numbers_of_another_compiled_function_are_refused():
    """They would stay what they are now, also when its parameters change."""
    p = Parameter(2.0)
    penalty, scaled = compiled(lambda: p * p), compiled(lambda a: p * a)
    for f in (
        lambda x: x[0] * penalty(),
        lambda x: x[0] * scaled(2.0),
        lambda x: x[0] * scaled(np.ones(3))[0],
        lambda x: x[0] * scaled.value_and_gradient(2.0)[0],
        lambda x: x[0] * penalty.value_and_gradient()[0],
    ):
        with pytest.raises(CompilationError, match=r"of plain numbers in a compiled function"):
            compiled(f)(X)
    good = compiled(lambda x: x[0] * penalty.mean())
    first = good(X)
    p.data = 3.0
    assert good(X) == pytest.approx(first * 9.0 / 4.0)


# ---------------------------------------------------------------------- results


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (None, "None"),
        ([], r"\[\]"),
        ("loss", "'loss'"),
        ({"loss": 1.0}, "{'loss': 1.0}"),
        ([1.0, None], "None"),
        (1j, "1j"),
        (object, "object"),
    ],
)
def test_results_that_are_no_values(result, shown):
    message = f"returns Values or nested lists of them, not .*{shown}"
    with pytest.raises(CompilationError, match=message):
        compiled(lambda x: result)(X)


def test_a_value_of_a_value_says_what_to_do():
    with pytest.raises(TypeError, match="a Value holds a plain number, not another Value"):
        compiled(lambda x: Value(x[0]))(X)
    with pytest.raises(TypeError, match="not another Value"):
        compiled(lambda x: derivative(lambda z: z**3, x[0]))(X)


def test_an_error_of_the_function_passes_through():
    with pytest.raises(ZeroDivisionError):
        compiled(lambda x: x[0] * (1 / 0))(X)


def test_a_copied_value_is_refused():
    with pytest.raises(CompilationError):
        compiled(lambda x: copy.deepcopy(x[0]) * 2.0)(X)


# --------------------------------------------------------------------- what is allowed

GENERATOR = np.random.default_rng(0)
ALLOWED = {
    "is None": (lambda x: x[0] if x[1] is not None else x[1]),
    "compared with None": (lambda x: x[0] if x[1] != None else x[1]),  # noqa: E711
    "isinstance": (lambda x: x[0] if isinstance(x[0], Value) else 0.0),
    "len": (lambda x: x[0] * (len(x) - 2)),
    "identity": (lambda x: x[0] if x[0] in x else 0.0),
    "key": (lambda x: {x[0]: x[0], x[1]: 2.0}[x[0]]),
    "repr": (lambda x: x[0] if repr(x[1]) and f"{x[1]}" else 0.0),
    "reversed": (lambda x: list(reversed(x))[2]),
    "zip and sum": (lambda x: sum(a * b for a, b in zip(x, [1, 0, 0], strict=True))),
    "NumPy": (lambda x: np.dot(np.array([1.0, 0.0, 0.0]), np.array(x))),
    "NumPy's functions": (lambda x: np.exp(np.array(x))[0].log()),
    "label and scope": (lambda x: x[0] if x[0].label == "x" and not x[0].scope else 0.0),
    "a draw": (lambda x: x[0] + 0.0 * uniform(GENERATOR)),
}


@pytest.mark.parametrize("f", ALLOWED.values(), ids=ALLOWED)
def test_allowed(f):
    assert compiled(f)(X) == pytest.approx(X[:, 0])


def test_a_derivative_with_respect_to_a_constant_is_0():
    def f(x):
        with no_grad():
            fixed = x[0] * 2.0
        return x[0] + gradient(fixed * 3.0, x[0])

    assert compiled(f)(X).tolist() == X[:, 0].tolist()


# ------------------------------------------------------- refusals that cannot be swallowed

UNLABELLED = Value(0.5)
READ = {
    ".data": lambda w: w.data,
    "float": lambda w: float(w),
    "a comparison": lambda w: w > 0,
    "format": lambda w: len(f"{w}"),
    "format with a width": lambda w: len(f"{w:.3f}"),
    "repr": lambda w: len(repr(w)),
    "str": lambda w: len(str(w)),
    ".grad": lambda w: w.grad,
    "index": lambda w: [Value(1.0), w].index(w),
    "assigning": lambda w: setattr(w, "data", 3.0) or 1.0,
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
@pytest.mark.parametrize("value", [UNLABELLED, Parameter(0.5), Value(0.5, label="w")])
def test_the_number_of_a_value_from_outside_is_refused_even_if_that_is_caught(read, value):
    def swallowing(x):
        try:
            return x[0] * read(value)
        except Exception:
            return x[0]

    for f in (lambda x: x[0] * read(value), swallowing):
        with pytest.raises(CompilationError, match=r"in a compiled function, at .*test_compiled"):
            compiled(f)(X)
    assert value.data == 0.5
    assert repr(value)
