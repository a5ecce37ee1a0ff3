"""What holds for all statements of all programs."""

from collections.abc import Iterator

import pytest

from autograd.compiler.statements import (
    Apply,
    Copy,
    Product,
    Put,
    Reduce,
    ReduceSegments,
    Statement,
    Take,
)
from autograd.compiler.views import BATCH, View, broadcast
from tests.compiler.program_cases import NAMED, Case, random_cases
from tests.compiler.reading import of, reads, rows


def statements(case: Case) -> Iterator[Statement]:
    for inputs in (False, True):
        program = case.lowered(inputs)
        yield from (*program.forward, *program.backward)


@pytest.fixture(scope="module")
def every() -> list[Statement]:
    """The statements of many programs."""
    return [s for case in (*NAMED.values(), *random_cases(10)) for s in statements(case)]


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


def test_the_products_of_an_example_are_together(every):
    axes = [s.out.shape[:-2] for s in of(Product, every)]
    assert any(len(shape) > 1 and BATCH in shape for shape in axes)
    assert not any(BATCH in shape[1:] for shape in axes)


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
    takes = [s for s in of(Take, every) if s.rows == tuple(range(s.source.buffer.rows))]
    assert not any(s.source.buffer.shared and s.out.buffer.shared for s in [*copies, *takes])
