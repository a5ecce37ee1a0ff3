"""Contraction: the product of two views, summed along the axes that the result has not."""

from __future__ import annotations

from autograd import operations as ops
from autograd.compiler.lowering.building import Builder
from autograd.compiler.statements import Product, Reduce
from autograd.compiler.views import BATCH, View, broadcast


def sum_of_products(builder: Builder, left: View, right: View, out: View) -> None:
    """All the products, and then their sums."""
    shape = broadcast([left, right, out])
    if shape == out.shape:
        builder.apply(ops.multiply, left, right, out=out)
        return
    products = builder.temporary(shape, "products")
    builder.apply(ops.multiply, left, right, out=products)
    builder.do(Reduce(out, ops.total, products))


def matrix_product(builder: Builder, left: View, right: View, out: View, note: str) -> None:
    """The same as matrix products.

    Rows are along an axis that the left side has alone, columns along one of the right side, and
    the sum along one of both; every other axis tells one product from the next.
    """
    axes = range(len(out.shape))
    long = [[view.shape[i] != 1 for view in (left, right, out)] for i in axes]
    rows = [i for i in axes if long[i] == [True, False, True]][-1:]
    columns = [i for i in axes if long[i] == [False, True, True]][-1:]
    inner = [i for i in axes if long[i] == [True, True, False]]
    others = [i for i in axes if any(long[i]) and i not in (*rows, *columns, *inner[-1:])]
    # The examples first: an axis that lies closest is the slowest to go along for the others.
    others.sort(key=lambda i: out.shape[i] != BATCH)
    in_rows, in_columns, summed = (part[-1] if part else None for part in (rows, columns, inner))
    a = left.arranged(*others, in_rows, summed)
    b = right.arranged(*others, summed, in_columns)
    result = out.arranged(*others, in_rows, in_columns)
    if inner[:-1]:
        every = broadcast([a.arranged(*range(len(others)), None, None), b])[: len(others)]
        products = builder.temporary((*every, *result.shape[-2:]), "products")
        builder.do(Product(products, a, b, note=note))
        builder.do(Reduce(result, ops.total, products))
    else:
        builder.do(Product(result, a, b, note=note))
