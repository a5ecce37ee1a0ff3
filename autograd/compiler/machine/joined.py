"""Statements that machine code does at once where NumPy needs several.

NumPy multiplies matrices position by position, and adds these products up; and it multiplies all
pairs of queries and keys, from copies in which what is not wanted is absent. Machine code does
either in one go, where the numbers lie.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler.machine.spans import span, views_read
from autograd.compiler.machine.statements import ScatteredProduct, SummedProduct
from autograd.compiler.statements import Product, Reduce, Statement, Take
from autograd.compiler.views import BATCH, Buffer, View


def joined(statements: Sequence[Statement]) -> list[Statement]:
    """The same in fewer statements.

    Intermediate results must have memory of their own.
    """
    return _without_copies(_summed(statements))


def _summed(statements: Sequence[Statement]) -> list[Statement]:
    """A product of which only the sum is read is summed at once."""
    counts = _readers(statements)
    found: list[Statement] = []
    for statement in statements:
        last = found[-1] if found else None
        if (
            isinstance(statement, Reduce)
            and isinstance(last, Product)
            and statement.source == last.out
            and statement.op.name == "total"
            and max(statement.axes, default=0) < len(last.out.shape) - 2
            and len(counts[last.out.buffer]) == 1
            and last.out.buffer.columns == 1
        ):
            found[-1] = SummedProduct(statement.out, last.left, last.right, note=last.note)
        else:
            found.append(statement)
    return found


def _without_copies(statements: Sequence[Statement]) -> list[Statement]:
    """What products read from copies, or is copied from them, is read and written in its place."""
    counts = _readers(statements)
    copies: dict[Buffer, Take] = {}
    found: list[Statement] = []
    for number, statement in enumerate(statements):
        last = found[-1] if found else None
        if isinstance(statement, Take) and _is_for_products(statements, number, counts):
            copies[statement.out.buffer] = statement
        elif (
            isinstance(statement, Take)
            and type(last) is Product
            and statement.source.buffer is last.out.buffer
            and len(counts[last.out.buffer]) == 1
            and _is_for_each_example(last)
        ):
            found[-1] = _scattered_result(last, statement)
        elif isinstance(statement, Product):
            found.append(_scattered_side(statement, copies))
        else:
            found.append(statement)
    return found


def _is_for_products(
    statements: Sequence[Statement], number: int, counts: dict[Buffer, list[int]]
) -> bool:
    """Whether only products read this copy, while what was copied is still there."""
    take = statements[number]
    assert isinstance(take, Take)
    readers = counts.get(take.out.buffer, [])
    if -1 not in take.rows or not readers:
        return False
    rows = {row for row in take.rows if row >= 0}
    written = [span(other.out) for other in statements[number + 1 : readers[-1]]]
    kept = all(
        buffer is not take.source.buffer or rows.isdisjoint(range(start, stop))
        for buffer, start, stop in written
    )
    return kept and all(_reads_once(statements[i], take.out.buffer) for i in readers)


def _reads_once(statement: Statement, buffer: Buffer) -> bool:
    """Whether it is a product with this on one side, and the other side lies in its place."""
    if not isinstance(statement, Product):
        return False
    others = [x for x in (statement.left, statement.right) if x.buffer is not buffer]
    return len(others) == 1 and not others[0].buffer.absent and _is_for_each_example(statement)


def _is_for_each_example(product: Product) -> bool:
    """Whether each example has a product of its own."""
    return BATCH in product.out.shape[:-2]


def _scattered_side(product: Product, copies: dict[Buffer, Take]) -> Product | ScatteredProduct:
    """The product with the one side that was copied in its place."""
    out, left, right, note = product.out, product.left, product.right, product.note
    if take := copies.get(left.buffer):
        rows, table = take.rows, (left.shape, left.strides)
        left = _covering(take.source.buffer, rows, left.name)
        return ScatteredProduct(out, left, right, "left", rows, table, note=note)
    if take := copies.get(right.buffer):
        rows, table = take.rows, (right.shape, right.strides)
        right = _covering(take.source.buffer, rows, right.name)
        return ScatteredProduct(out, left, right, "right", rows, table, note=note)
    return product


def _scattered_result(product: Product, take: Take) -> ScatteredProduct:
    """The product of which only the rows that are taken are wanted."""
    rows = [-1] * product.out.buffer.rows
    for number, row in enumerate(take.rows):
        rows[row] = take.out.start + number * take.out.strides[0]
    table = (product.out.shape, product.out.strides)
    left, right, note = product.left, product.right, product.note
    return ScatteredProduct(take.out, left, right, "out", tuple(rows), table, note=note)


def _covering(buffer: Buffer, rows: Sequence[int], name: str) -> View:
    """From the first to the last row."""
    there = [row for row in rows if row >= 0]
    count = max(there) + 1 - min(there)
    return View(buffer, min(there), (count, buffer.columns), (1, 0), name)


def _readers(statements: Sequence[Statement]) -> dict[Buffer, list[int]]:
    """The numbers of the statements that read something of a buffer."""
    found: dict[Buffer, list[int]] = {}
    for number, statement in enumerate(statements):
        for view in views_read(statement):
            found.setdefault(view.buffer, []).append(number)
    return found
