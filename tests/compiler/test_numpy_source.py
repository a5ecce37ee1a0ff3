"""The text of a program: the textbook's statements, with the shapes of their arrays."""

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Operation, Value, logsumexp, maximum, pick, scope, tanh
from autograd.compiler.execution import Emitted, Runner
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.scheduling import scheduled
from autograd.operations import TABLE
from nn import MLP, cross_entropy, hinge, mse
from tests.compiler.comparing import record_function

X, Y = Argument("x", (2,), integer=False), Argument("y", (), integer=False)
LABEL = Argument("y", (), integer=True)
BATCH = 5


def emitted(f: Callable[..., Any], *arguments: Argument, name: str = "loss") -> Emitted:
    return Emitted(scheduled(folded(record_function(f, arguments)), name))


def body(program: Emitted, function: str) -> list[str]:
    """The statements of `forward` or `backward`."""
    tree = ast.parse(program.text)
    (found,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
    return [ast.unparse(statement) for statement in found.body]


def functions(program: Emitted, function: str) -> list[str]:
    return [re.split(r"[(\[ ]", statement)[0] for statement in body(program, function)]


def networks() -> dict[str, Emitted]:
    small, wide = MLP(2, [4, 1], seed=0), MLP(2, [4, 3], "tanh", seed=0)
    return {
        "hinge": emitted(lambda x, y: hinge(small(x), y), X, Y),
        "mse": emitted(lambda x, y: mse(wide(x), [y, y, 1.0]), X, Y),
        "cross entropy": emitted(lambda x, y: cross_entropy(wide(x), y), X, LABEL),
        "parameters": emitted(lambda: sum(p * p for p in small.parameters())),
        "irregular": emitted(
            lambda x, y: tanh(maximum(x[0] * y, x[1], 0.5)) * logsumexp(x[0], y, 1.0, 2.0), X, Y
        ),
        "positions": emitted(
            lambda x: sum(small(row) for row in x), Argument("x", (3, 2), integer=False)
        ),
        "index": emitted(lambda x, y: pick([*x, small(x)], y), X, LABEL),
    }


each_network = pytest.mark.parametrize("program", networks().values(), ids=networks())


def test_an_mlp_is_the_textbooks():
    program = networks()["hinge"]
    assert functions(program, "forward") == [
        *["x", "y"],  # the arguments
        *["dot", "relu", "dot"],  # the layers
        *["multiply", "subtract", "relu"],  # the loss
    ]
    products = [line for line in program.text.splitlines() if "@" in line]
    shapes = [re.findall(r"\([^()]*, [^()]*\) @ \([^()]*, [^()]*\)", line) for line in products]
    assert shapes == [
        ["(4, 3) @ (3, batch)"],
        ["(1, 5) @ (5, batch)"],
        ["(1, batch) @ (batch, 5)"],
        ["(4, 1) @ (1, batch)"],
        ["(4, batch) @ (batch, 3)"],
    ]


def test_names_are_those_of_the_model():
    text = networks()["hinge"].text
    for name in ("layer0_weights", "layer0_relu", "layer1_weights", "grad_layer1_weights", "loss"):
        assert re.search(rf"^{name} = ", text, re.MULTILINE), name


@each_network
def test_each_line_is_a_short_statement(program):
    for function in ("forward", "backward"):
        for statement in body(program, function):
            (node,) = ast.parse(statement).body
            assert isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Pass)
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            assert len(calls) <= 3
    assert all(len(line) < 120 for line in program.text.splitlines())


@each_network
def test_shapes_in_comments_are_true(program):
    runner = Runner(program, None)
    bind = program.bind(runner.theta, runner.gradient, BATCH)
    names = bind.forward.__globals__
    claims = re.findall(r"^(\w+) = [^#\n]*  # (\([^()]*\))$", program.text, re.MULTILINE)
    assert claims
    for name, shape in claims:
        assert names[name].shape == eval(shape, {"batch": BATCH}), name


@each_network
def test_statements_run_and_change_nothing_but_their_buffers(program):
    runner = Runner(program, None)
    runner.theta[:] = 0.5
    before = runner.theta.copy()
    bound = program.bind(runner.theta, runner.gradient, BATCH)
    shapes = [(int(np.prod(a.shape, dtype=int)), BATCH) for a in program.program.arguments]
    given = [np.ones(shape, dtype=int) for shape in shapes]
    bound.forward(*given)
    first = bound.output.copy()
    bound.forward(*given)
    np.testing.assert_array_equal(bound.output, first)
    np.testing.assert_array_equal(runner.theta, before)
    assert all((array == 1.0).all() for array in given)


@each_network
def test_every_name_is_defined(program):
    defined = {target.id for node in ast.walk(ast.parse(program.text))
               if isinstance(node, ast.Assign) for target in node.targets
               if isinstance(target, ast.Name)}  # fmt: skip
    bound = program.bind(np.zeros(0), np.zeros(0), BATCH) if not _theta(program) else None
    if bound is not None:
        assert defined <= set(bound.forward.__globals__)
    unused = [name for name in defined
              if len(re.findall(rf"\b{name}\b", program.text)) == 1
              and name not in (program.source.output, program.source.seed)]  # fmt: skip
    assert unused == [], "no array is made that nothing reads"


def _theta(program: Emitted) -> int:
    return program.program.sizes["theta"]


def test_a_gradient_that_is_written_once_is_assigned():
    program = networks()["hinge"]
    assert not [line for line in body(program, "backward") if line.startswith(("add(", "copyto("))]


def test_weights_are_a_view_of_the_parameters_vector():
    model = MLP(2, [3], seed=0)
    graph = folded(record_function(model, [X]))
    order = {parameter: i for i, parameter in enumerate(model.parameters())}
    places = [order[node.content] for node in graph.nodes if node.kind == "parameter"]
    program = Emitted(scheduled(graph, "out", places, 9))
    bound = program.bind(np.arange(9.0), np.zeros(9), BATCH)
    (weights,) = [array for name, array in bound.forward.__globals__.items()
                  if name.endswith("weights") and not name.startswith("grad")]  # fmt: skip
    assert weights.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "with the bias in the last column"
    assert "take" not in functions(program, "forward")


@pytest.mark.parametrize(
    "name",
    ["forward", "backward", "theta", "batch", "values", "grad_values", "empty", "dot", "class",
     "x", "given_x", "scratch", "columns", "inf"],
)  # fmt: skip
def test_a_function_or_a_scope_can_have_any_name(name):
    w = Value(0.5)

    def f(x: Any) -> Any:
        with scope(name):
            hidden = (w * x[0] + x[1]).tanh() * x[1]
        return hidden.exp()

    program = emitted(f, X, name=name)
    bound = program.bind(np.array([0.5]), np.zeros(1), 1)
    bound.forward(np.array([[0.25], [-1.0]]))
    assert bound.output[0, 0] == pytest.approx(np.exp(-np.tanh(0.5 * 0.25 - 1.0)))


def test_a_scope_of_any_text_makes_no_code():
    def f(x: Any) -> Any:
        with scope("a b\n    raise SystemExit #é"):
            return x[0].tanh()

    program = emitted(f, X)
    assert functions(program, "forward") == ["x", "tanh"]


@pytest.mark.parametrize("name", ["copy", "theta", "add", "empty", "forward", "float", "values"])
@pytest.mark.parametrize("symbol", ["+", "neg", "f"])
def test_an_operation_of_ones_own_is_called_whatever_its_name(name, symbol):
    double = Operation(name, symbol=symbol, forward=lambda x: 2.0 * x, partials=(2.0,))
    program = emitted(lambda x: double(x[0] + x[1]), X)
    bound = program.bind(np.zeros(0), np.zeros(0), 1)
    bound.forward(np.array([[0.25], [-1.0]]))
    assert bound.output[0, 0] == -1.5
    assert double not in TABLE.values()
