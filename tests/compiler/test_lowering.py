"""Products, and their gradients and those of all else, read as data."""

from typing import Any

import pytest

from autograd import Value, exp, pick, step, tanh, total
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import Lowered
from autograd.compiler.statements import Apply, Copy, Product, Reduce
from autograd.compiler.views import BATCH
from tests.compiler.program_cases import NAMED, W, layer, sum_of_tanh
from tests.compiler.reading import lower, made, of, only, rows, steps

INDEX = Argument("i", (), integer=True)


# ------------------------------------------------------------------------------ products


def network() -> Lowered:
    return NAMED["hinge"].lowered()


def test_a_network_is_the_textbooks():
    program = network()
    assert steps(program.forward) == [
        *["Copy", "Copy"],  # the arguments
        *["Product", "relu", "Product"],  # the layers
        *["multiply", "subtract", "relu"],  # the loss
    ]
    assert steps(program.backward) == [
        *["not_equal", "multiply", "negate", "multiply"],
        *["Product", "Product", "not_equal", "multiply", "Product"],
    ]


def test_the_matrices_of_a_network_have_the_textbooks_shapes():
    program = network()
    products = of(Product, [*program.forward, *program.backward])
    assert [(p.left.shape, p.right.shape, p.note) for p in products] == [
        ((4, 3), (3, BATCH), "W @ x + b"),
        ((1, 5), (5, BATCH), "W @ x + b"),
        ((1, BATCH), (BATCH, 5), "delta @ x.T"),
        ((4, 1), (1, BATCH), "W.T @ delta"),
        ((4, BATCH), (BATCH, 3), "delta @ x.T"),
    ]


def test_weights_and_their_gradient_are_parts_of_the_vectors():
    program = network()
    first, second = of(Product, program.forward)
    assert (first.left.buffer.name, first.left.buffer.kind) == ("theta", "vector")
    assert rows(first.left) + rows(second.left) == list(range(17))
    outs = [p.out for p in of(Product, program.backward) if p.out.buffer.kind == "vector"]
    assert [view.buffer.name for view in outs] == ["grad_theta"] * 2
    assert [rows(view) for view in outs] == [rows(second.left), rows(first.left)]


def test_the_inputs_of_a_layer_end_with_a_row_that_holds_1():
    program = network()
    (one, _), (first, _) = program.ones, of(Product, program.forward)
    assert rows(one) == rows(first.right)[-1:]
    written = [row for s in (*program.forward, *program.backward) for row in rows(s.out)
               if s.out.buffer is one.buffer]  # fmt: skip
    assert rows(one)[0] not in written


def test_the_derivative_of_a_product_is_two_products_of_delta():
    program = made(lambda x: sum_of_tanh(layer([W * a for a in x])), (4,))
    forward = only(Product, program.forward)
    to_weights, to_inputs = of(Product, program.backward)
    assert rows(to_weights.out) == rows(forward.left)
    assert rows(to_weights.left) == rows(to_inputs.right) == rows(forward.out)
    assert to_weights.left.buffer is to_inputs.right.buffer is program.seed.buffer, "delta"
    assert to_weights.right == forward.right.T
    assert rows(to_inputs.out) == rows(forward.right)[:-1], "the 1 gets no gradient"


def test_layers_at_several_positions_are_a_product_for_each():
    program = made(lambda x: sum_of_tanh(y for row in x for y in layer(row)), (5, 4))
    assert only(Product, program.forward).out.shape == (5, 3, BATCH)
    assert only(Product, program.forward).left.shape == (1, 3, 4), "with the same weights"
    assert only(Product, program.backward).out.shape == (5, 3, 4)
    sums = of(Reduce, program.backward)
    assert [s.source.shape for s in sums] == [(5, 3, BATCH), (5, 3, 4)], "biases, weights"


# ------------------------------------------------------------- gradients: assigned, added


def test_a_gradient_that_is_written_once_is_assigned():
    assert "add" not in steps(network().backward)
    assert not of(Copy, network().backward), "and nothing is set to 0 first"


def test_the_first_contribution_is_assigned_and_the_second_added():
    program = made(lambda x: total([exp(y) * tanh(y) for y in [W * a for a in x]]), (3,))
    operand = only(Apply, [s for s in program.forward if steps([s]) == ["exp"]]).inputs[0]
    to = [s for s in program.backward if rows(s.out) == rows(operand)
          and s.out.buffer is program.seed.buffer]  # fmt: skip
    assert steps(to) == ["multiply", "add"]
    assert to[1].out in to[1].inputs


def test_what_only_a_step_reads_gets_no_gradient():
    def f(x: Any) -> Value:
        first, second, third = layer(x)
        return first * third * step(second)

    program = made(f, (4,))
    passed, not_passed = of(Product, program.forward)
    assert rows(only(Product, program.backward).left) == rows(passed.out)
    assert not {*rows(not_passed.out)} & {row for s in program.backward for row in rows(s.out)}


def test_the_gradient_of_an_argument_that_nothing_comes_back_to_is_0():
    program = made(lambda x, y: step(x) * y, (), (), inputs=True)
    (_, _, of_x), _ = program.slopes
    assert [s.source for s in program.backward if s.out == of_x] == [0.0]


def test_what_a_pick_may_not_choose_begins_with_0():
    program = lower(lambda x, i: pick(layer(x), i), Argument("x", (4,), False), INDEX)
    zeros, *_ = program.backward
    assert (type(zeros), zeros.source) == (Copy, 0.0)
    assert rows(zeros.out) == rows(only(Product, program.forward).out)


def test_nothing_is_passed_back_to_what_needs_no_gradient():
    assert made(lambda x: sum_of_tanh(exp(a) for a in x), (3,)).backward == []
    assert steps(made(lambda x: tanh(W) * exp(x), ()).backward) == [
        *["multiply", "Reduce"],  # to tanh
        *["sech_squared", "multiply"],
    ]


def test_several_results_have_no_backward_pass():
    program = made(layer, (4,))
    assert (program.seed, program.backward, program.slopes) == (None, [], [])


@pytest.mark.parametrize(
    ("name", "elements"),
    {
        "hinge": [[0, 1], [0]],
        "windows": [[*range(6)]],
        "attention": [[*range(36)]],
        "picks of mixed": [[*range(4)]],
        "irregular": [[0, 1, 3], [0]],
    }.items(),
)
def test_arguments_get_gradients_if_they_are_to(name, elements):
    assert NAMED[name].lowered().slopes == []
    program = NAMED[name].lowered(inputs=True)
    assert [found for _, found, _ in program.slopes] == elements
    for _, found, view in program.slopes:
        assert view.shape == (len(found), BATCH)
        written = [s.out for s in program.backward if s.out.buffer is view.buffer]
        assert {*rows(view)} <= {row for out in written for row in rows(out)}
