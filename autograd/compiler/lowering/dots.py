"""Dots of numbers of the examples with each other: products, and their sums over each list."""

from __future__ import annotations

import numpy as np

from autograd import operations as ops
from autograd.compiler.instructions import SegmentedDot
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients, Writer
from autograd.compiler.lowering.segments import Uneven
from autograd.compiler.lowering.shapes import Places, common_shape
from autograd.compiler.statements import Reduce, View


def forward(builder: Builder, node: SegmentedDot) -> None:
    home = builder.home(node.out, node.name)
    if len({*node.lengths}) > 1:
        left, right = _lists(builder, node)
        products = builder.temporary((left.shape[0], home.shape[-1]), "products")
        builder.apply(ops.multiply, left, right, out=products)
        Uneven(node.lengths).reduce(builder, ops.total, products, home)
    else:
        left, right, out, shape = _fitting(builder, node)
        if shape == out.shape:
            builder.apply(ops.multiply, left, right, out=out)
        else:
            products = builder.temporary(shape, "products")
            builder.apply(ops.multiply, left, right, out=products)
            builder.do(Reduce(out, ops.total, products))
    if node.bias is not None:
        builder.apply(ops.add, home, builder.read(node.bias, f"{node.name}_bias"), out=home)


def backward(builder: Builder, gradients: Gradients, node: SegmentedDot) -> None:
    gradient = gradients.of(node.out)
    if node.bias is not None:
        bias = builder.read(node.bias, f"{node.name}_bias")
        gradients.deposit(node.bias, bias, gradient.shape, ready=gradient)
    if len({*node.lengths}) > 1:
        left, right = _lists(builder, node)
        each = Uneven(node.lengths).spread_out(builder, gradient)
        shape: tuple[int, ...] = (len(node.left), gradient.shape[-1])
    else:
        left, right, out, shape = _fitting(builder, node)
        fitting = builder.gradient(out)
        assert fitting is not None
        each = fitting
    for rows, view, other in ((node.left, left, right), (node.right, right, left)):
        gradients.deposit(rows, view, shape, _product(builder, other, each))


def _product(builder: Builder, other: View, each: View) -> Writer:
    return lambda out: builder.apply(ops.multiply, other, each, out=out)


def _lists(builder: Builder, node: SegmentedDot) -> tuple[View, View]:
    """The operands, one row behind the other."""
    left, right = (
        builder.table(rows, np.asarray(rows.places), f"{node.name}_{side}", full=True)
        for rows, side in ((node.left, "left"), (node.right, "right"))
    )
    return left, right


def _fitting(builder: Builder, node: SegmentedDot) -> tuple[View, View, View, tuple[int, ...]]:
    """The operands and the result in shapes that fit, and the shape of the products.

    The result has length 1 along the axes that are summed.
    """
    count, length = len(node.out), node.lengths[0]
    left, right = np.asarray(node.left.places), np.asarray(node.right.places)
    out = np.repeat(np.asarray(node.out.places), length)
    shape = _shape_of([left, right], out) or (count, length)
    left_view = builder.table(node.left, left.reshape(shape), f"{node.name}_left")
    right_view = builder.table(node.right, right.reshape(shape), f"{node.name}_right")
    out_view = builder.table(node.out, out.reshape(shape), node.name)
    return left_view, right_view, out_view, (*shape, out_view.shape[-1])


def _shape_of(lists: list[Places], out: Places) -> tuple[int, ...] | None:
    """A shape for all that can be read where it lies; the others are gathered in it."""
    lying = [each for each in lists if common_shape([each, out])]
    return common_shape([*lying, out])
