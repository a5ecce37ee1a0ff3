"""What instructions become, forward and backward, read as data."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, exp, logsumexp, maximum, pick, step, tanh, total
from autograd.compiler.graph import Argument
from autograd.compiler.lowering import Lowered
from autograd.compiler.scheduling import pairs
from autograd.compiler.statements import (
    BATCH,
    Apply,
    Copy,
    Count,
    Pick,
    Product,
    Put,
    Reduce,
    ReduceSegments,
    Statement,
    Take,
    Unpick,
    View,
    broadcast,
)
from nn import MLP, hinge
from tests.compiler.interpreting import lower
from tests.compiler.program_cases import NAMED, Case, random_cases

INDEX = Argument("i", (), integer=True)


def values(count: int) -> list[Value]:
    return [Value(0.1 * i + 0.1) for i in range(count)]


WEIGHTS, BIASES = [values(4) for _ in range(3)], values(3)
W, V = values(2)


def layer(x: Sequence[Any]) -> list[Value]:
    return [dot(row, x, bias) for row, bias in zip(WEIGHTS, BIASES, strict=True)]


def squares(xs: Sequence[Any]) -> Value:
    """A sum to be differentiated, with a gradient that differs from number to number."""
    return total([tanh(x) for x in xs])


def made(f: Callable[..., Any], *shapes: tuple[int, ...], inputs: bool = False) -> Lowered:
    arguments = [Argument(name, s, False) for name, s in zip("xyz", shapes, strict=False)]
    return lower(f, *arguments, inputs=inputs)


def steps(statements: Sequence[Statement]) -> list[str]:
    """The names of the kinds; of what is applied the operation's."""
    return [s.op.name if isinstance(s, Apply) else type(s).__name__ for s in statements]


def of(kind: type, statements: Sequence[Statement]) -> list[Any]:
    return [s for s in statements if isinstance(s, kind)]


def only(kind: type, statements: Sequence[Statement]) -> Any:
    (found,) = of(kind, statements)
    return found


def rows(view: View) -> list[int]:
    return view.places().ravel().tolist()


def reads(statement: Statement) -> list[View]:
    return [view for view in statement.views() if view is not statement.out]


# ------------------------------------------------------------------------------ products


def network() -> Lowered:
    model = MLP(2, [4, 1], seed=0)
    return made(lambda x, y: hinge(model(x), y), (2,), ())


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
    program = made(lambda x: squares(layer([W * a for a in x])), (4,))
    forward = only(Product, program.forward)
    to_weights, to_inputs = of(Product, program.backward)
    assert rows(to_weights.out) == rows(forward.left)
    assert rows(to_weights.left) == rows(to_inputs.right) == rows(forward.out)
    assert to_weights.left.buffer is to_inputs.right.buffer is program.seed.buffer, "delta"
    assert to_weights.right == forward.right.T
    assert rows(to_inputs.out) == rows(forward.right)[:-1], "the 1 gets no gradient"


def test_layers_at_several_positions_are_a_product_for_each():
    program = made(lambda x: squares(y for row in x for y in layer(row)), (5, 4))
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
    assert made(lambda x: squares(exp(a) for a in x), (3,)).backward == []
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


# -------------------------------------------------------------------- rows and their axes


def test_a_row_that_is_used_again_and_again_is_an_axis_of_length_1():
    program = made(lambda x, y: total([tanh(y) * a for a in x]), (4,), ())
    assert not of(Take, program.forward)
    apply = only(Apply, [s for s in program.forward if steps([s]) == ["multiply"]])
    assert [view.shape for view in apply.inputs] == [(1, BATCH), (4, BATCH)]


def test_the_gradient_of_what_is_broadcast_is_a_sum():
    def f(x: Any) -> Value:
        return squares(tanh(V) * a * b for a in x[0][:2] for b in [exp(W * c) for c in x[1]])

    sums = {(s.source.shape, s.out.shape) for s in of(Reduce, made(f, (2, 3)).backward)}
    assert ((2, 3, BATCH), (1, 3, BATCH)) in sums, "a row for each b, over all a"


ORDER = [0, 3, 1]


def unordered(x: Any) -> Value:
    x = [W * a for a in x]
    return total([x[i] * y for i, y in zip(ORDER, map(tanh, x), strict=False)])


def test_rows_that_do_not_lie_evenly_are_taken_once():
    program = made(unordered, (4,))
    taken = only(Take, program.forward)
    assert [row - taken.rows[0] for row in taken.rows] == ORDER
    assert not any(s.source.buffer is taken.source.buffer for s in of(Take, program.backward))
    again = [s for s in program.backward if taken.out.buffer in {v.buffer for v in reads(s)}]
    assert again, "and read again backward"


def test_their_gradients_are_put_where_they_belong():
    program = made(unordered, (4,))
    taken, put = only(Take, program.forward), only(Put, program.backward)
    assert sorted(put.rows) == sorted(taken.rows)


def test_rows_that_lie_evenly_are_not_taken():
    program = made(lambda x: total([x[i] * tanh(W * x[i]) for i in (1, 3, 5)]), (6,))
    (take,) = of(Take, program.forward)
    assert (take.source.buffer.kind, take.rows) == ("given", (1, 3, 5)), "but from the argument"
    assert not {"Take", "Put"} & {*steps(program.backward)}


def test_windows_that_overlap_are_read_through_a_view_and_written_through_sums():
    program = NAMED["windows"].lowered()
    read = [view for s in program.forward for view in reads(s) if view.shape == (4, 3, BATCH)]
    assert (1, 1, 0) in [view.strides for view in read]
    assert all(len({*rows(s.out)}) == len(rows(s.out)) for s in program.backward)
    assert [s.out.shape for s in of(ReduceSegments, program.backward)] == [(6, BATCH)]


# ------------------------------------------------------------------- pairs, picks, lists


def test_attention_is_products_of_all_pairs_of_which_the_wanted_are_taken():
    program = NAMED["attention"].lowered()
    scores, sums = of(Product, program.forward)
    assert (scores.left.shape, scores.right.shape) == ((BATCH, 9, 4), (BATCH, 4, 9))
    wanted = next(s for s in of(Take, program.forward) if s.source.buffer is scores.out.buffer)
    assert list(wanted.rows) == [9 * t + s for t in range(9) for s in range(t + 1)]
    assert sums.right == scores.left, "keys are values here, and lie where they are"


def test_what_a_position_does_not_see_is_absent():
    program = NAMED["attention"].lowered()
    _, sums = of(Product, program.forward)
    assert (sums.left.there() == np.tri(9, dtype=bool)).all()
    taken = next(s for s in program.forward if s.out.buffer is sums.left.buffer)
    assert [i for i, row in enumerate(taken.rows) if row == -1] == list(sums.left.buffer.absent)
    assert taken.source.buffer.zero_row


def test_the_gradient_of_a_pair_that_is_not_wanted_is_absent():
    backward = NAMED["attention"].lowered().backward
    masked = [
        [side.there() is not None for side in (p.left, p.right)] for p in of(Product, backward)
    ]
    assert sorted(masked) == [[False, False], [False, True], [True, False], [True, False]]


@pytest.mark.parametrize(
    ("options", "source", "back"),
    [
        (lambda x: layer(x), "values", ["Unpick"]),
        (lambda x: [*layer(x), tanh(W * x[0])], "loss_choices_gathered", ["Unpick"]),
        (lambda x: BIASES, "theta", ["Count"]),
        (lambda x: [BIASES[0], BIASES[2]], "theta", ["Count"]),
        (lambda x: [tanh(bias) for bias in BIASES], "weights", ["Count"]),
        (lambda x: x, "values", []),
    ],
    ids=["values", "values apart", "parameters", "two of them", "of parameters", "inputs"],
)
def test_picks_of_parameters_are_counted_and_those_of_values_unpicked(options, source, back):
    program = lower(lambda x, i: pick(options(x), i), Argument("x", (4,), False), INDEX)
    forward = only(Pick, program.forward)
    assert forward.source.buffer.name == source
    found = [s for s in program.backward if isinstance(s, Unpick | Count)]
    assert steps(found) == back
    assert all(s.located == forward.located for s in found)


@pytest.mark.parametrize(
    ("options", "once"), [(lambda h: [h[:3], h[1:]], False), (lambda h: [h[:2], h[2:]], True)]
)
def test_picks_know_whether_a_place_can_be_chosen_twice(options, once):
    def f(x: Any, i: Any) -> Value:
        return squares(pick(part, i) for part in options([W * a for a in x]))

    program = lower(f, Argument("x", (4,), False), INDEX)
    assert only(Unpick, program.backward).once == once


def test_lists_of_one_length_are_an_axis_and_others_are_segments():
    even = made(lambda x: [maximum(row) for row in x], (2, 3))
    assert only(Reduce, even.forward).source.shape == (2, 3, BATCH)
    uneven = made(lambda x: [maximum(x[:n]) for n in (3, 5, 4)], (5,))
    assert only(ReduceSegments, uneven.forward).starts == (0, 3, 8)


@pytest.mark.parametrize("lengths", [(4, 4), (4, 3)])
def test_what_logsumexp_computed_serves_its_derivative(lengths):
    def f(x: Any) -> Value:
        x = [W * a for a in x]
        return squares(logsumexp(x[:n]) for n in lengths)

    program = made(f, (4,))
    assert steps(program.forward).count("exp") == 1
    assert "exp" not in steps(program.backward)
    (kept,) = [s.out for s in program.forward if steps([s]) == ["exp"]]
    assert kept.buffer in {view.buffer for s in program.backward for view in reads(s)}


def test_a_sum_keeps_the_sign_of_zeros_forward_only():
    program = made(lambda x: total([tanh(W * a) for a in x]), (3,))
    assert only(Reduce, program.forward).signed
    assert not only(Reduce, program.backward).signed


# ------------------------------------------------------------------------------ the laws


def statements(case: Case) -> Iterator[Statement]:
    for inputs in (False, True):
        program = case.lowered(inputs)
        yield from (*program.forward, *program.backward)


LAWFUL = [*NAMED.values(), *random_cases(10)]


@pytest.fixture(scope="module", params=[pairs._LARGE, 1], ids=["", "pairs however small"])
def every(request: Any) -> Iterator[list[Statement]]:
    """The statements of many programs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "_LARGE", request.param)
        yield [statement for case in LAWFUL for statement in statements(case)]


def test_every_view_lies_inside_its_buffer(every):
    for view in (view for s in every for view in s.views()):
        axes = zip(view.shape, view.strides, strict=True)
        reach = sum((n - 1) * stride for n, stride in axes if n != BATCH)
        assert min(view.strides) >= 0
        assert 0 <= view.start <= view.start + reach < view.buffer.rows


def test_one_axis_of_every_view_is_that_of_the_examples(every):
    for view in (view for s in every for view in s.views()):
        axes = [stride for n, stride in zip(view.shape, view.strides, strict=True) if n == BATCH]
        assert axes == ([0] if view.buffer.columns == BATCH else [])


def test_operands_fit_the_result(every):
    for s in of(Apply, every):
        assert broadcast([*s.inputs, s.out]) == s.out.shape
    for s in of(Copy, every):
        assert broadcast([s.source, s.out]) == s.out.shape
    for s in of(Reduce, every):
        assert broadcast([s.source, s.out]) == s.source.shape
        assert len(s.out.shape) == len(s.source.shape)


def test_matrices_fit(every):
    for s in of(Product, every):
        assert s.left.shape[-1] == s.right.shape[-2]
        assert s.out.shape[-2:] == (s.left.shape[-2], s.right.shape[-1])
        sides = [View(v.buffer, 0, v.shape[:-2], v.strides[:-2]) for v in (s.left, s.right)]
        assert broadcast(sides) == s.out.shape[:-2]


def test_rows_fit(every):
    for s in of(Take, every):
        assert s.out.shape[:-1] == (len(s.rows),)
        assert -1 - s.source.buffer.zero_row < min(s.rows) <= max(s.rows) < s.source.buffer.rows
    for s in of(Put, every):
        assert len({*s.rows}) == len(s.rows)
        assert isinstance(s.source, float) or s.source.shape[:-1] == (len(s.rows),)
    for s in of(ReduceSegments, every):
        assert s.out.shape[:-1] == (len(s.starts),)
        assert list(s.starts) == sorted({*s.starts})
        assert s.starts[-1] < s.source.shape[0]


def test_what_is_written_is_read_by_nothing_else_of_the_statement(every):
    for s in (s for s in every if isinstance(s, Apply | Copy | Reduce | Product)):
        for view in reads(s):
            same_rows = view.buffer is s.out.buffer and {*rows(view)} & {*rows(s.out)}
            assert not same_rows or (view.start, view.strides) == (s.out.start, s.out.strides)


def test_no_intermediate_result_is_copied_to_another(every):
    copies = [s for s in of(Copy, every) if isinstance(s.source, View)]
    assert not any(s.source.buffer.shared and s.out.buffer.shared for s in copies)
