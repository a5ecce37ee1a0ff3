"""The text of a program: the textbook's statements, with the shapes of their arrays."""

import ast
import re
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest

from autograd import Operation, Value, scope
from autograd.compiler.execution import Runner
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import lowered
from autograd.compiler.numpy_source import NumpySource
from autograd.compiler.scheduling import scheduled
from autograd.operations import TABLE
from nn import MLP
from tests.compiler.comparing import record_function
from tests.compiler.program_cases import GENERATOR, NAMED

X = Argument("x", (2,), integer=False)
BATCH = 5


def printed(f: Callable[..., Any], *arguments: Argument, name: str = "loss") -> NumpySource:
    return NumpySource(lowered(scheduled(folded(record_function(f, arguments)), name)))


def body(program: NumpySource, function: str) -> list[str]:
    """The statements of `forward` or `backward`."""
    tree = ast.parse(program.text)
    (found,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
    return [ast.unparse(statement) for statement in found.body]


def functions(program: NumpySource, function: str) -> list[str]:
    return [re.split(r"[(\[ ]", statement)[0] for statement in body(program, function)]


def bound(program: NumpySource) -> dict[str, Any]:
    """The names of a program, and what they stand for."""
    runner = Runner(program, None)
    forward = program.bind(runner.theta, runner.gradient, BATCH).forward
    return forward.__globals__ | dict(
        zip(signature(forward).parameters, given(program), strict=True)
    )


def given(program: NumpySource) -> list[np.ndarray]:
    shapes = [(int(np.prod(a.shape, dtype=int)), BATCH) for a in program.program.arguments]
    return [np.ones(shape, dtype=int) for shape in shapes]


def lines(program: NumpySource, pattern: str) -> list[tuple[str, ...]]:
    """The parts of the lines that are as in the pattern, in which SHAPE is a shape."""
    return re.findall(f"^{pattern}$".replace("SHAPE", r"(\([^()]*\))"), program.text, re.MULTILINE)


PROGRAMS = {name: NumpySource(case.lowered()) for name, case in NAMED.items()}
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def test_a_program_reads_like_the_textbook():
    assert [*body(PROGRAMS["hinge"], "forward"), *body(PROGRAMS["hinge"], "backward")] == [
        "x[...] = given_x",
        "y[...] = given_y",
        "dot(layer0_weights, x_and_1, out=layer0_dot)",
        "relu(layer0_dot, out=layer0_relu)",
        "dot(layer1_weights, layer0_relu_and_1, out=layer1_dot)",
        "multiply(y, layer1_dot, out=multiply_1)",
        "subtract(1.0, multiply_1, out=subtract_1)",
        "relu(subtract_1, out=loss)",
        "not_equal(loss, 0.0, out=scratch)",
        "multiply(scratch, grad_loss, out=grad_subtract_1)",
        "negate(grad_subtract_1, out=grad_multiply_1)",
        "multiply(y, grad_multiply_1, out=grad_layer1_dot)",
        "dot_or_multiply(grad_layer1_dot, layer0_relu_and_1_T, out=grad_layer1_weights)",
        "dot_or_multiply(layer1_weights_without_bias, grad_layer1_dot, out=grad_layer0_relu)",
        "not_equal(layer0_relu, 0.0, out=scratch_1)",
        "multiply(scratch_1, grad_layer0_relu, out=grad_layer0_dot)",
        "dot(grad_layer0_dot, x_and_1_T, out=grad_layer0_weights)",
    ]


@each_program
def test_each_line_is_a_short_statement(program):
    for function in ("forward", "backward"):
        for statement in body(program, function):
            (node,) = ast.parse(statement).body
            assert isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Pass)
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            assert len(calls) <= 3
    assert all(len(line.split("  #")[0]) < 110 for line in program.text.splitlines())


@each_program
def test_shapes_in_comments_are_true(program):
    names = bound(program)
    claims = [
        *lines(program, r"(\w+) = [^#\n]*  # SHAPE"),  # declarations
        *lines(program, r"    [^#\n]*out=(\w+)\)  # SHAPE"),
        *lines(program, r"    (\w+)\[\.\.\.\] = [^#\n]*  # SHAPE"),
    ]
    assert claims
    for name, shape in claims:
        assert names[name].shape == eval(shape, {"batch": BATCH}), name


@each_program
def test_shapes_of_matrices_are_true(program):
    names = bound(program)
    matrices = lines(
        program, r"    \w+\(([\w.]+), ([\w.]+), [^#\n]*  # (?:.* times )?SHAPE @ SHAPE.*"
    )
    assert len(matrices) == program.text.count(" @ (")
    for left, right, *shapes in matrices:
        found = [eval(side, names).shape[-2:] for side in (left, right)]
        assert found == [eval(shape, {"batch": BATCH}) for shape in shapes]


@each_program
def test_statements_run_and_change_nothing_but_their_buffers(program):
    runner, arguments = Runner(program, None), given(program)
    runner.theta[:] = 0.5
    bound = program.bind(runner.theta, runner.gradient, BATCH)
    results = []
    for _ in range(2):
        GENERATOR.bit_generator.state = np.random.default_rng(0).bit_generator.state
        bound.forward(*arguments)
        results.append(bound.output.copy())
    np.testing.assert_array_equal(*results)
    assert (runner.theta == 0.5).all()
    assert all((array == 1).all() for array in arguments)


@each_program
def test_every_name_is_defined_once_and_used(program):
    declared = [name for name, _ in lines(program, r"(\w+) = ([^#\n]*).*")]
    assert len({*declared}) == len(declared)
    assert {*declared} <= {*bound(program)}
    asked_for = (program.output, program.seed)
    unused = [
        name
        for name in declared
        if len(re.findall(rf"\b{name}\b", program.text)) == 1 and name not in asked_for
    ]
    assert unused == [], "no array is made that nothing reads"


def test_weights_are_a_view_of_the_parameters_vector():
    model = MLP(2, [3], seed=0)
    graph = folded(record_function(model, [X]))
    order = {parameter: i for i, parameter in enumerate(model.parameters())}
    places = [order[node.content] for node in graph.nodes if node.kind == "parameter"]
    program, theta = NumpySource(lowered(scheduled(graph, "out", places, 9))), np.arange(9.0)
    weights = program.bind(theta, np.zeros(9), BATCH).forward.__globals__["out_weights"]
    assert weights.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "with the bias in the last column"
    assert np.shares_memory(weights, theta)


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

    program = printed(f, X, name=name)
    bound = program.bind(np.array([0.5]), np.zeros(1), 1)
    bound.forward(np.array([[0.25], [-1.0]]))
    assert bound.output[0, 0] == pytest.approx(np.exp(-np.tanh(0.5 * 0.25 - 1.0)))


def test_a_scope_of_any_text_makes_no_code():
    def f(x: Any) -> Any:
        with scope("a b\n    raise SystemExit #é"):
            return x[0].tanh()

    program = printed(f, X)
    assert functions(program, "forward") == ["x", "tanh"]


@pytest.mark.parametrize("name", ["copy", "theta", "add", "empty", "forward", "float", "values"])
@pytest.mark.parametrize("symbol", ["+", "neg", "f"])
def test_an_operation_of_ones_own_is_called_whatever_its_name(name, symbol):
    double = Operation(name, symbol=symbol, forward=lambda x: 2.0 * x, partials=(2.0,))
    program = printed(lambda x: double(x[0] + x[1]), X)
    bound = program.bind(np.zeros(0), np.zeros(0), 1)
    bound.forward(np.array([[0.25], [-1.0]]))
    assert bound.output[0, 0] == -1.5
    assert double not in TABLE.values()


def test_a_gradient_is_called_after_what_it_is_of():
    w = Value(0.5)
    program = printed(lambda x: ((x[0] * w).tanh() * x[1]).tanh() * w * x[0], X)
    views = dict(re.findall(r"^(\w+) = (?:grad_)?(\w+\[[^]]*\])", program.text, re.MULTILINE))
    gradients = [name for name in views if name.startswith("grad_")]
    assert len(gradients) > 5
    for name in gradients:
        assert views[name] == views[name.removeprefix("grad_")]


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_was_made_at_compile_time_is_shown(program):
    for name, content in program._tables.items():
        if isinstance(content, np.ndarray):
            assert f"# {name}: " in program.text
            assert str(content.ravel()[0]) in program.text.split(f"# {name}: ")[1].split("\n")[0]
