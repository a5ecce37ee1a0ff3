"""A function and the shapes of its arguments become the scalar graph of one example."""

import numpy as np
import pytest

from autograd import TABLE, Value, add, constant, dot, multiply, no_grad, scope, tanh, uniform
from autograd.compiler.graph import Argument, Graph
from autograd.value import record
from tests.compiler.comparing import record_function


def vector(name: str, size: int) -> Argument:
    return Argument(name, (size,), integer=False)


def number(name: str, integer: bool = False) -> Argument:
    return Argument(name, (), integer)


def operations(graph: Graph) -> list[str]:
    return [node.op.name for node in graph.nodes if node.op]


def test_graph_of_a_formula():
    w = Value(3.0)
    graph = record_function(lambda x, y: (w * x - y).tanh(), [number("x"), number("y")])
    assert [(node.kind, node.op and node.op.name, node.operands) for node in graph.nodes] == [
        ("input", None, ()),
        ("input", None, ()),
        ("parameter", None, ()),
        ("operation", "multiply", (2, 0)),
        ("operation", "subtract", (3, 1)),
        ("operation", "tanh", (4,)),
    ]
    assert graph.nodes[2].content is w
    assert graph.outputs == [5]


def test_arguments_arrive_in_the_shape_of_one_example():
    seen = []

    def f(number, vector, matrix):
        seen.append((len(vector), [len(row) for row in matrix]))
        return number + vector[1] * matrix[1][2]

    matrix = Argument("matrix", (2, 3), integer=False)
    graph = record_function(f, [number("number"), vector("vector", 2), matrix])
    assert seen == [(2, [3, 3])]
    inputs = [node.content for node in graph.nodes if node.kind == "input"]
    assert inputs == [(0, 0), (1, 0), (1, 1), *[(2, i) for i in range(6)]]


def test_numbers_are_constants_each_once():
    graph = record_function(lambda x: (x + 2.0) * 2 * -0.0 + 0.0, [number("x")])
    constants = [repr(node.content) for node in graph.nodes if node.kind == "constant"]
    assert constants == ["2.0", "-0.0", "0.0"]


def test_a_captured_value_is_one_parameter_however_often_it_is_read():
    w = Value(1.0)
    graph = record_function(lambda x: w * x + w * w, [number("x")])
    assert [node.content for node in graph.nodes if node.kind == "parameter"] == [w]


def test_an_intermediate_value_from_outside_is_a_parameter():
    y = Value(2.0) * 3.0
    graph = record_function(lambda x: y * x, [number("x")])
    assert [node.content for node in graph.nodes if node.kind == "parameter"] == [y]


def test_a_constant_value_from_outside_is_a_constant():
    graph = record_function(lambda x: constant(4.0) * x, [number("x")])
    assert [node.content for node in graph.nodes if node.kind == "constant"] == [4.0]


@pytest.mark.parametrize(
    ("result", "structure"),
    [
        (lambda x: x[0], 0.0),
        (lambda x: [x[0], 2.0], [0.0, 0.0]),
        (lambda x: (x[0], [x[1]]), [0.0, [0.0]]),
        (lambda x: np.array([[x[0] * 2.0, x[1]]]), [[0.0, 0.0]]),
    ],
)
def test_structure_of_the_outputs(result, structure):
    graph = record_function(result, [vector("x", 2)])
    assert graph.structure == structure
    assert len(graph.outputs) == str(structure).count("0.0")


def test_scopes_are_kept():
    def f(x):
        with scope("layer0"):
            return dot([2.0], [x])

    with scope("outside"):
        graph = record_function(f, [number("x")])
    assert [node.scope for node in graph.nodes if node.op] == ["layer0"]


def test_each_draw_is_a_node_of_its_own():
    generator = np.random.default_rng(0)
    graph = record_function(lambda x: x * uniform(generator) + uniform(generator), [number("x")])
    assert [node.content for node in graph.nodes if node.kind == "random"] == [generator] * 2
    assert generator.random() == np.random.default_rng(0).random(), "recording draws nothing"


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_every_row_of_the_table_is_recorded_as_itself(row):
    graph = record_function(lambda xs: record(row, xs), [vector("xs", row.arity or 3)])
    assert operations(graph) == [row.name]


def test_no_grad_lets_the_number_through_and_no_derivative():
    w = Value(2.0)

    def f(x):
        with no_grad():
            fixed = w * x
        return fixed * w

    graph = record_function(f, [number("x")])
    assert operations(graph) == ["multiply", "no_grad", "multiply"]
    stop = next(node.op for node in graph.nodes if node.op and node.op.name == "no_grad")
    assert stop.local_derivatives([3.0], 3.0, [True]) == [None]


def test_recording_leaves_the_parameters_alone():
    w = Value(2.0)
    record_function(lambda x: (w * x).tanh(), [number("x")])
    assert (w.data, w.has_grad, w.kind) == (2.0, False, "input")
    assert add(w, 1.0).data == 3.0


def test_values_have_their_numbers_back_after_a_failed_recording():
    w = Value(2.0)

    def f(x):
        raise KeyError("not found")

    with pytest.raises(KeyError):
        record_function(f, [number("x")])
    assert multiply(w, w).data == 4.0
    assert tanh(w).data == pytest.approx(np.tanh(2.0))
