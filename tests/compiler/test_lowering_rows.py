"""How statements read and write rows: where they lie, or taken together; read as data."""

from typing import Any

import numpy as np
import pytest

from autograd import Value, exp, logsumexp, maximum, pick, tanh, total
from autograd.compiler.graph import Argument
from autograd.compiler.statements import (
    Apply,
    Pick,
    Product,
    Put,
    Reduce,
    ReduceSegments,
    Take,
    Unpick,
)
from autograd.compiler.views import BATCH
from tests.compiler.program_cases import BIASES, NAMED, WEIGHTS, V, W, layer, sum_of_tanh
from tests.compiler.reading import lower, made, of, only, reads, rows, steps

INDEX = Argument("i", (), integer=True)


# -------------------------------------------------------------------- rows and their axes


def test_a_row_that_is_used_again_and_again_is_an_axis_of_length_1():
    program = made(lambda x, y: total([tanh(y) * a for a in x]), (4,), ())
    assert not of(Take, program.forward)
    apply = only(Apply, [s for s in program.forward if steps([s]) == ["multiply"]])
    assert [view.shape for view in apply.inputs] == [(1, BATCH), (4, BATCH)]


def test_the_gradient_of_what_is_broadcast_is_a_sum():
    def f(x: Any) -> Value:
        return sum_of_tanh(tanh(V) * a * b for a in x[0][:2] for b in [exp(W * c) for c in x[1]])

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
    ("options", "source", "gradient"),
    [
        (lambda x: layer(x), "values", [(3, BATCH)]),
        (lambda x: [*layer(x), tanh(W * x[0])], "loss_choices_gathered", [(4, BATCH)]),
        (lambda x: BIASES, "theta", [(3, 1)]),
        (lambda x: [tanh(bias) for bias in BIASES], "weights", [(3, 1)]),
        (lambda x: x, "values", []),
    ],
    ids=["values", "values apart", "parameters", "of parameters", "inputs"],
)
def test_the_gradient_of_a_pick_is_added_to_what_was_chosen(options, source, gradient):
    program = lower(lambda x, i: pick(options(x), i), Argument("x", (4,), False), INDEX)
    forward, back = only(Pick, program.forward), of(Unpick, program.backward)
    assert forward.source.buffer.name == source
    assert [s.out.shape for s in back] == gradient
    assert all(s.located == forward.located for s in back)


def test_what_is_picked_from_has_no_gaps_if_all_examples_share_it():
    def f(x: Any, i: Any) -> Value:
        return pick([WEIGHTS[0][0], WEIGHTS[0][2]], i) * total(layer(x))

    program = lower(f, Argument("x", (4,), False), INDEX)
    taken = next(s for s in of(Take, program.forward) if s.source.buffer.name == "theta")
    assert only(Pick, program.forward).source == taken.out
    assert taken.rows[1] - taken.rows[0] == 2


def test_rows_with_gaps_are_taken_once_for_a_pick_and_its_gradient():
    w = [Value(0.1 * i) for i in range(6)]
    program = lower(lambda i: pick(w[::2], i) + total([x * x for x in w]), INDEX)
    gaps = [take for take in of(Take, [*program.forward, *program.backward])
            if take.source.buffer.name == "theta"]  # fmt: skip
    assert len(gaps) == 1


@pytest.mark.parametrize(
    ("options", "once"), [(lambda h: [h[:3], h[1:]], False), (lambda h: [h[:2], h[2:]], True)]
)
def test_picks_know_whether_a_place_can_be_chosen_twice(options, once):
    def f(x: Any, i: Any) -> Value:
        return sum_of_tanh(pick(part, i) for part in options([W * a for a in x]))

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
        return sum_of_tanh(logsumexp(x[:n]) for n in lengths)

    program = made(f, (4,))
    assert steps(program.forward).count("exp") == 1
    assert "exp" not in steps(program.backward)
    (kept,) = [s.out for s in program.forward if steps([s]) == ["exp"]]
    assert kept.buffer in {view.buffer for s in program.backward for view in reads(s)}


def test_a_sum_keeps_the_sign_of_zeros_forward_only():
    program = made(lambda x: total([tanh(W * a) for a in x]), (3,))
    assert only(Reduce, program.forward).signed
    assert not only(Reduce, program.backward).signed
