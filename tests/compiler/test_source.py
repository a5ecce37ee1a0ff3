"""The text of a program and its code: the same statements, in pieces of bounded length."""

import traceback
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd import Value, compiled, scope
from autograd.compiler import source
from autograd.compiler.source import Source

STATEMENTS = [(f"seen.append(({i}, x))", f"the number {i}") for i in range(10)]
DECLARATIONS = [("# A note.", ""), ("seen = []", "what was done"), ("other = 1", "")]


@pytest.fixture(params=[1, 2, 3, 9, 10, 11])
def _piece(request, monkeypatch):
    monkeypatch.setattr(source, "_PIECE", request.param)


@pytest.mark.usefixtures("_piece")
def test_statements_run_in_order_whatever_the_pieces():
    names: dict[str, Any] = {}
    forward, backward = Source(["x"], DECLARATIONS, STATEMENTS, STATEMENTS[::-1]).bind(names)
    forward("a")
    assert names["seen"] == [(i, "a") for i in range(10)]
    names["seen"].clear()
    backward("b")
    assert names["seen"] == [(i, "b") for i in range(10)][::-1]


@pytest.mark.usefixtures("_piece")
@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("function", [0, 1])
def test_an_error_is_at_its_line_of_the_text(place, function):
    statements = [*STATEMENTS[:place], ("fault", ""), *STATEMENTS[place:]]
    made = Source(["x"], DECLARATIONS, *[statements, STATEMENTS][:: -1 if function else 1])
    names: dict[str, Any] = {}
    with pytest.raises(NameError) as caught:
        made.bind(names)[function](0)
    line = traceback.extract_tb(caught.value.__traceback__)[-1].lineno
    assert made.text.splitlines()[line - 1] == "    fault"


@pytest.mark.usefixtures("_piece")
def test_an_error_of_a_declaration_is_at_its_line_too():
    made = Source(["x"], [*DECLARATIONS, ("fault", ""), *DECLARATIONS], [], [])
    with pytest.raises(NameError) as caught:
        made.bind({})
    line = traceback.extract_tb(caught.value.__traceback__)[-1].lineno
    assert made.text.splitlines()[line - 1] == "fault"


def test_the_text_is_a_program_that_does_the_same():
    names: dict[str, Any] = {}
    exec(Source(["x"], DECLARATIONS, STATEMENTS, []).text, names)
    names["forward"]("a")
    names["backward"]("a")
    assert names["seen"] == [(i, "a") for i in range(10)]


def test_bindings_share_nothing():
    made, one, other = Source(["x"], DECLARATIONS, STATEMENTS, []), {}, {}
    forward, _ = made.bind(one)
    made.bind(other)
    forward(0)
    assert (len(one["seen"]), len(other["seen"])) == (10, 0)


def test_a_long_chain_is_compiled_in_pieces_and_read_in_one(monkeypatch):
    lines: list[int] = []
    parts = source._parts

    def counted(text: list[str]) -> Iterator[tuple[int, str]]:
        for start, part in parts(text):
            lines.append(part.count("\n") + 1)
            yield start, part

    monkeypatch.setattr(source, "_parts", counted)
    w = Value(0.5)

    def chain(x: Value) -> Value:
        for i in range(1000):
            with scope(f"step{i}"):
                x = (x.tanh() if i % 2 else x.sin()) * w
        return x

    program, x = compiled(chain), np.array([0.5, -0.25])
    assert program(x) == pytest.approx([chain(Value(a)).data for a in x], rel=1e-12)
    assert len(lines) > 6
    assert max(lines) <= source._PIECE
    assert program.source.count("def ") == 2
    assert len(program.source.splitlines()) > 4000


def test_code_can_be_a_key_as_debuggers_and_profilers_have_it():
    made = Source(["x"], [("y = empty(1)", "")], [("multiply(x, -0.5, out=y)", "")], [])
    names = {"empty": np.empty, "multiply": np.multiply}
    forward, _ = made.bind(names)
    assert {forward.__code__: "here"}
    forward(np.array([2.0]))
    assert names["y"] == -1.0
    assert isinstance(names["-0.5"], np.ndarray), "which NumPy takes in sooner than a number"
