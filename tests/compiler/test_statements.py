"""Views are parts of buffers in any shape, and statements know what they read and write."""

from dataclasses import fields, replace
from itertools import permutations

import numpy as np
import pytest

from autograd import operations as ops
from autograd.compiler import statements
from autograd.compiler.statements import Apply, Copy, Product, Put, Reduce, Statement
from autograd.compiler.views import BATCH, Buffer, View, broadcast, whole
from tests.compiler.interpreting import coordinates, run

VALUES, NUMBERS, ONE = Buffer("values", 24), Buffer("weights", 24, 1), Buffer("one", 1)
MATRIX = View(VALUES, 2, (3, 4, BATCH), (5, 1, 0))
BROADCAST = View(VALUES, 7, (3, 1, 2, BATCH), (2, 0, 8, 0))
WEIGHTS = View(NUMBERS, 1, (2, 3, 1), (3, 1, 0))

each_view = pytest.mark.parametrize(
    "view", [MATRIX, BROADCAST, WEIGHTS, whole(VALUES), whole(NUMBERS), whole(ONE)]
)


def rows(view: View, batch: int = 2) -> list[object]:
    """The row of each element for each example, by the definition of a view."""
    return coordinates(view, batch)[0].tolist()


@pytest.mark.parametrize(
    ("view", "places"),
    [
        (MATRIX, [[2, 3, 4, 5], [7, 8, 9, 10], [12, 13, 14, 15]]),
        (BROADCAST, [[[7, 15]], [[9, 17]], [[11, 19]]]),
        (MATRIX.T, [[2, 7, 12], [3, 8, 13], [4, 9, 14], [5, 10, 15]]),
        (WEIGHTS, [[1, 2, 3], [4, 5, 6]]),
        (View(NUMBERS, 1, (2, 3), (3, 1)), [[1, 2, 3], [4, 5, 6]]),
        (View(NUMBERS, 5, (1,), (0,)), 5),
        (View(VALUES, 5, (BATCH,), (0,)), 5),
        (whole(ONE), [0]),
    ],
)
def test_places_are_the_rows_without_the_columns(view, places):
    assert view.places().tolist() == places


@each_view
def test_places_are_those_of_each_example(view):
    by_example = np.moveaxis(coordinates(view, 2)[0], view.shape.index(view.buffer.columns), 0)
    assert (by_example == view.places()).all()


@each_view
def test_arranging_axes_transposes_the_elements(view):
    elements = coordinates(view, 2)[0]
    for axes in permutations(range(len(view.shape))):
        assert rows(view.arranged(*axes)) == elements.transpose(axes).tolist()
    assert rows(view.T) == elements.T.tolist()
    assert view == view.T.T


def test_an_axis_of_none_has_length_1():
    assert MATRIX.arranged(0, None, 1, 2).shape == (3, 1, 4, BATCH)
    assert MATRIX.arranged(None, 2).strides == (0, 0)
    np.testing.assert_array_equal(
        rows(MATRIX.arranged(0, None, 1, 2)), coordinates(MATRIX, 2)[0][:, None]
    )


def test_axes_that_are_left_out_stay_at_their_start():
    np.testing.assert_array_equal(rows(MATRIX.arranged(0, 2)), coordinates(MATRIX, 2)[0][:, 0])


def test_axes_in_front_change_no_element():
    more = MATRIX.with_axes(5)
    assert more.shape == (1, 1, 3, 4, BATCH)
    assert rows(more) == [[rows(MATRIX)]]
    assert MATRIX.with_axes(3) == MATRIX


@pytest.mark.parametrize("shape", [(12,), (3, 4), (1, 12), (2, 1, 6), (2, 3, 2)])
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("buffer", [VALUES, NUMBERS])
def test_rows_in_another_shape_are_the_same_rows(shape, step, buffer):
    view = View(buffer, 1, (12, buffer.columns), (step, 0))
    made = view.reshaped(*shape, buffer.columns)
    assert made.shape == (*shape, buffer.columns)
    assert not any(stride for n, stride in zip(made.shape, made.strides, strict=True) if n == 1)
    np.testing.assert_array_equal(rows(made), np.reshape(rows(view), (*shape, -1)))


def test_rows_that_are_absent_are_told_in_the_shape_of_places():
    buffer = Buffer("gathered", 6, absent=(2, 5))
    view = View(buffer, 0, (2, 3, BATCH), (3, 1, 0))
    assert view.there().tolist() == [[True, True, False]] * 2
    assert view.arranged(2, 1, 0).there().tolist() == [[True] * 2, [True] * 2, [False] * 2]
    assert View(buffer, 0, (2, 2, BATCH), (3, 1, 0)).there() is None, "all of these are there"
    assert MATRIX.there() is None


def test_a_name_is_no_difference():
    assert whole(VALUES) == replace(whole(VALUES), name="x")
    assert whole(VALUES) != whole(Buffer("values", 24)), "buffers are told apart as objects"


def shaped(*shape: int) -> View:
    return View(VALUES, 0, shape, (0,) * len(shape))


@pytest.mark.parametrize(
    ("operands", "shape"),
    [
        ([shaped(3, BATCH), shaped(3, BATCH)], (3, BATCH)),
        ([shaped(3, 1), shaped(1, BATCH)], (3, BATCH)),
        ([shaped(4, 1, BATCH), shaped(3, BATCH)], (4, 3, BATCH)),
        ([2.0, shaped(1, 1)], (1, 1)),
        ([shaped(1, 1, 1), shaped(BATCH)], (1, 1, BATCH)),
        ([2.0], ()),
    ],
)
def test_shapes_broadcast_by_numpys_rules(operands, shape):
    assert broadcast(operands) == shape
    views = [tuple(7 if n == BATCH else n for n in x.shape) for x in operands if x != 2.0]
    assert np.broadcast_shapes(*views) == tuple(7 if n == BATCH else n for n in shape)


def test_views_are_what_is_read_and_written():
    assert Copy(MATRIX, 0.0).views() == [MATRIX]
    assert Apply(MATRIX, ops.add, (WEIGHTS, 1.0)).views() == [MATRIX, WEIGHTS]
    assert Product(MATRIX, WEIGHTS, BROADCAST).views() == [MATRIX, WEIGHTS, BROADCAST]


def test_a_statement_moves_to_other_buffers_with_all_its_views():
    other = {VALUES: Buffer("other", 24)}
    before = Apply(MATRIX, ops.add, (MATRIX.T, WEIGHTS, 1.0), note="a sum")
    after = before.moved(lambda buffer: other.get(buffer, buffer))
    assert [view.buffer for view in after.views()] == [other[VALUES], other[VALUES], NUMBERS]
    assert list(map(rows, after.views())) == list(map(rows, before.views()))
    assert (after.op, after.inputs[2], after.note) == (ops.add, 1.0, "a sum")
    assert [view.buffer for view in before.views()] == [VALUES, VALUES, NUMBERS]


def test_moving_to_the_same_buffers_changes_nothing():
    put = Put(whole(VALUES), 0.0, (3, 1), added=True)
    assert put.moved(lambda buffer: buffer) == put


@pytest.mark.parametrize(
    ("source", "out", "axes"),
    [((3, 4, BATCH), (3, 1, BATCH), (1,)), ((3, 4, BATCH), (1, 4, 1), (0, 2)),
     ((1, 4), (1, 4), ()), ((1, BATCH), (1, 1), (1,))],
)  # fmt: skip
def test_what_is_reduced_is_what_the_result_has_not(source, out, axes):
    assert Reduce(shaped(*out), ops.total, shaped(*source)).axes == axes


def is_kind(content: object) -> bool:
    return isinstance(content, type) and issubclass(content, Statement) and content != Statement


@pytest.mark.parametrize("kind", [x for x in vars(statements).values() if is_kind(x)])
def test_every_kind_has_a_meaning(kind):
    assert run.dispatch(kind) is not run.dispatch(Statement)
    assert fields(kind)[0].name == "out"
