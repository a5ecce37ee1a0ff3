"""Like nodes become one instruction, and rows lie where the next instruction finds them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, logsumexp, maximum, pick, tanh, total, uniform
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument
from autograd.compiler.instructions import (
    Dots,
    Draw,
    Elementwise,
    Load,
    MatrixProduct,
    PairProducts,
    Pick,
    Program,
    Reduction,
)
from autograd.compiler.scheduling import scheduled
from tests.compiler.comparing import record_function


def values(count: int) -> list[Value]:
    return [Value(0.1 * i + 0.1) for i in range(count)]


def program(f: Callable[..., Any], *shapes: tuple[int, ...], integers: str = "") -> Program:
    names = ["x", "y", "z"][: len(shapes)]
    arguments = [
        Argument(name, shape, name in integers) for name, shape in zip(names, shapes, strict=True)
    ]
    return scheduled(folded(record_function(f, arguments)), "f")


def kinds(made: Program) -> list[type]:
    return [type(instruction) for instruction in made.instructions]


def only(made: Program, kind: type) -> Any:
    (found,) = [x for x in made.instructions if isinstance(x, kind)]
    return found


def layer(weights: list[list[Value]], biases: list[Value], xs: list[Value]) -> list[Value]:
    return [dot(row, xs, bias) for row, bias in zip(weights, biases, strict=True)]


WEIGHTS = [values(3), values(3)]
BIASES = values(2)


def test_a_layer_is_one_matrix_product():
    made = program(lambda x: layer(WEIGHTS, BIASES, x), (3,))
    assert kinds(made) == [Load, MatrixProduct]
    product = only(made, MatrixProduct)
    # The bias is a column of the matrix; the row behind the inputs holds the 1 it is taken times.
    assert (product.rows, product.columns, product.positions) == (2, 4, 1)
    assert (product.bias, product.bias_column) == (None, True)
    assert (product.inputs.places, made.ones) == (range(4), [3])
    assert product.out.places == range(product.out.places[0], product.out.places[0] + 2)


def test_a_layer_written_as_sums_is_the_same_matrix_product():
    def sums(x: Any) -> list[Value]:
        pairs = zip(WEIGHTS, BIASES, strict=True)
        return [sum((w * a for w, a in zip(row, x, strict=True)), b) for row, b in pairs]

    short, long = program(lambda x: layer(WEIGHTS, BIASES, x), (3,)), program(sums, (3,))
    assert kinds(long) == kinds(short)
    a, b = only(short, MatrixProduct), only(long, MatrixProduct)
    assert (a.rows, a.columns, a.positions) == (b.rows, b.columns, b.positions)


def test_positions_share_their_weights():
    made = program(lambda x: [layer(WEIGHTS, BIASES, row) for row in x], (5, 3))
    assert kinds(made) == [Load, MatrixProduct]
    product = only(made, MatrixProduct)
    assert (product.rows, product.columns, product.positions) == (2, 3, 5)
    assert len(product.weights) == 6


def test_attention_scores_are_pairs():
    made = program(lambda x: [dot(a, b) for a in x for b in x], (6, 4))
    assert kinds(made) == [Load, PairProducts]
    pairs = only(made, PairProducts)
    assert (pairs.blocks, pairs.lefts, pairs.rights, pairs.length) == (1, 6, 6, 4)
    assert list(pairs.left.places) == list(pairs.right.places) == list(range(24))
    assert list(pairs.wanted) == list(range(36))


def test_a_few_scores_and_scores_with_a_bias_are_dots():
    few = program(lambda x: [dot(a, b) for a in x for b in x], (3, 4))
    assert kinds(few) == [Load, Dots]
    assert (only(few, Dots).length, len(only(few, Dots).out)) == (4, 9)
    biased = program(lambda x: [dot(a, b, BIASES[0]) for a in x for b in x], (6, 4))
    assert kinds(biased) == [Load, Dots]


def test_dots_of_different_lengths_are_products_and_sums():
    made = program(lambda x: [dot(WEIGHTS[0][:n], x[3 - n :]) for n in (3, 2, 1)], (3,))
    assert kinds(made) == [Load, Elementwise, Reduction]
    assert only(made, Reduction).lengths == [3, 2, 1]


def test_equal_operations_that_are_ready_together_are_one_instruction():
    def f(x: Any) -> list[Value]:
        first = [tanh(a) for a in x]
        return [*first, tanh(first[0] * first[1])]

    made = program(f, (4,))
    assert kinds(made) == [Load, Elementwise, Elementwise, Elementwise]
    sizes = [len(i.out) for i in made.instructions if isinstance(i, Elementwise)]
    assert sizes == [4, 1, 1]


def test_operations_wait_for_others_of_their_kind():
    made = program(lambda x: [tanh(a) for a in x] + [tanh(x[0] * x[1])], (4,))
    assert kinds(made) == [Load, Elementwise, Elementwise]
    assert [len(i.out) for i in made.instructions] == [4, 1, 5]


def test_the_first_position_of_attention_is_computed_with_the_others():
    def attention(x: Any) -> list[list[Value]]:
        """The first softmax is of a single number, so that there is less to compute."""
        rows = [[dot(w, row) for w in WEIGHTS] for row in x]
        scores = [[dot(a, b) for b in rows[: t + 1]] for t, a in enumerate(rows)]
        weights = [[(s - logsumexp(row)).exp() for s in row] for row in scores]
        mixed = [[dot(w, c[: len(w)]) for c in zip(*rows, strict=True)] for w in weights]
        return [[*row, 0.0 * row[0]] for row in mixed]

    x = record_function(lambda x: attention(attention(x)), [Argument("x", (4, 3), False)])
    once = program(attention, (4, 3))
    twice = scheduled(folded(x), "f")
    assert len(twice.instructions) == 2 * len(once.instructions) - 1, "all but the Load"


def test_a_matrix_does_not_wait_for_another_one():
    def network(x: Any) -> Value:
        state = BIASES
        for row in x:
            state = [
                tanh(dot(w, row) + dot(u, state))
                for w, u in zip(WEIGHTS, [BIASES, BIASES[::-1]], strict=True)
            ]
        return total(state)

    products = [i for i in program(network, (4, 3)).instructions if isinstance(i, MatrixProduct)]
    assert [i.positions for i in products if i.columns == 3] == [4]


def test_reductions_of_any_length_are_one_instruction():
    made = program(lambda x: [maximum(x[:n]) for n in (3, 5, 4)], (5,))
    assert kinds(made) == [Load, Reduction]
    assert only(made, Reduction).lengths == [3, 5, 4]


@pytest.mark.parametrize("op", [total, maximum])
def test_two_operands_are_no_reduction(op):
    assert kinds(program(lambda x: op(x), (2,))) == [Load, Elementwise]


def test_softmax_is_reductions_and_elementwise():
    def f(x: Any) -> list[Value]:
        whole = logsumexp(x)
        return [(a - whole).exp() for a in x]

    assert kinds(program(f, (4,))) == [Load, Reduction, Elementwise, Elementwise]


def test_indices_are_not_loaded_as_numbers():
    made = program(lambda x, y: pick(x, y), (4,), (), integers="y")
    assert kinds(made) == [Load, Pick]
    assert made.index_rows == [(1, 0)]
    assert only(made, Pick).choices == 4


def test_an_index_that_is_a_number_too_is_loaded_as_well():
    made = program(lambda x, y: pick(x, y) * y, (4,), (), integers="y")
    assert kinds(made) == [Load, Load, Pick, Elementwise]


def test_what_is_not_used_is_not_loaded():
    made = program(lambda x, y, z: x[1] * y, (4,), (), (9,))
    assert [(i.argument, i.elements) for i in made.instructions if isinstance(i, Load)] == [
        (0, [1]),
        (1, [0]),
    ]


def test_a_large_argument_that_only_matrices_read_is_read_in_place():
    rows = [values(100), values(100)]
    made = program(lambda x: layer(rows, BIASES, x), (100,))
    assert kinds(made) == [MatrixProduct]
    assert only(made, MatrixProduct).inputs.argument == 0
    loaded = program(lambda x: [*layer(rows, BIASES, x), x[0]], (100,))
    assert Load in kinds(loaded)


def test_draws_of_a_generator_are_one_instruction():
    first, second = np.random.default_rng(0), np.random.default_rng(1)
    made = program(lambda x: [x * uniform(g) for g in (first, second, first)], ())
    draws = [(i.generator, len(i.out)) for i in made.instructions if isinstance(i, Draw)]
    assert draws == [(first, 2), (second, 1)]


def test_what_depends_on_parameters_alone_has_one_column():
    made = program(lambda x: x * (BIASES[0] * BIASES[1]).tanh(), ())
    storages = [i.out.storage for i in made.instructions if isinstance(i, Elementwise)]
    assert storages == ["weights", "weights", "values"]


def test_a_function_of_parameters_has_no_rows_for_examples():
    made = program(lambda: total([p * p for p in BIASES]).exp())
    assert made.sizes["values"] == 0
    assert {i.out.storage for i in made.instructions} == {"weights"}


def test_parameters_lie_in_the_order_of_use_or_where_they_are_told():
    graph = folded(record_function(lambda x: BIASES[1] * x + BIASES[0], [Argument("x", (), False)]))
    assert scheduled(graph).parameters == [BIASES[1], BIASES[0]]
    product = only(scheduled(graph, "f", places=[7, 3], size=10), MatrixProduct)
    assert (product.weights.places, product.bias.places) == ([7], [3])


def test_rows_of_two_groups_do_not_overlap():
    made = program(lambda x: [tanh(a * b) for a in x for b in layer(WEIGHTS, BIASES, x)], (3,))
    places = [place for i in made.instructions for place in i.out.places]
    assert len(places) == len(set(places))
    assert max(places) < made.sizes["values"]


def test_instructions_come_after_what_they_read():
    made = program(lambda x: [tanh(logsumexp(layer(WEIGHTS, BIASES, x))), maximum(x)], (3,))
    ready = set(made.ones)
    for i in made.instructions:
        read = [i.inputs] if isinstance(i, MatrixProduct) else getattr(i, "operands", [])
        read = [i.operand] if isinstance(i, Reduction) else read
        assert ready.issuperset(p for rows in read if rows.storage == "values" for p in rows.places)
        ready.update(i.out.places)
