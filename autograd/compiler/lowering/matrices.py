"""Layers: weights times inputs, plus a bias."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograd import operations as ops
from autograd.compiler.instructions import MatrixProduct, Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.statements import Product, Reduce, View, stacked


def forward(builder: Builder, node: MatrixProduct) -> None:
    weights, x = _weights(builder, node), _inputs(builder, node)
    out = _positions(node, builder.home(node.out, node.name))
    note = "W @ x + b" if node.bias_column else "W @ x"
    builder.do(Product(out, weights, x, note=note))
    if node.bias is not None:
        builder.apply(ops.add, out, builder.read(node.bias, f"{_stem(node)}_bias"), out=out)


def backward(builder: Builder, gradients: Gradients, node: MatrixProduct) -> None:
    gradient = _positions(node, gradients.of(node.out))
    if node.bias is not None:
        bias = builder.read(node.bias, f"{_stem(node)}_bias")
        gradients.deposit(node.bias, bias, gradient.shape, ready=gradient)
    _to_weights(builder, gradients, node, gradient)
    _to_inputs(builder, gradients, node, gradient)


def _to_weights(
    builder: Builder, gradients: Gradients, node: MatrixProduct, gradient: View
) -> None:
    """Summed over the examples by the product itself, and over the positions after it."""
    weights, x = _weights(builder, node), _inputs(builder, node)
    x = x.transposed(*range(len(x.shape) - 2), len(x.shape) - 1, len(x.shape) - 2)

    def write(out: View) -> None:
        if node.positions == 1:
            builder.do(Product(out, gradient, x, note="delta @ x.T"))
            return
        shape = (node.positions, node.rows, node.columns)
        products = builder.temporary(shape, "products")
        builder.do(Product(products, gradient, x, note="delta @ x.T"))
        builder.do(Reduce(out.with_axes(3), ops.total, products))

    gradients.deposit(node.weights, weights, weights.shape, write)


def _to_inputs(builder: Builder, gradients: Gradients, node: MatrixProduct, gradient: View) -> None:
    weights, rows, x = _weights(builder, node), node.inputs, _inputs(builder, node)
    if node.bias_column:
        # The 1 that the bias is multiplied with gets no gradient.
        count = node.columns - 1
        rows = Rows(rows.storage, rows.places[:-1])
        x = replace(builder.read(rows), name=x.name.removesuffix("_and_1"))
        weights = replace(weights, shape=(node.rows, count), name=f"{weights.name}_without_bias")

    def write(out: View) -> None:
        builder.do(Product(out, weights.T, gradient, note="W.T @ delta"))

    gradients.deposit(rows, x, x.shape, write)


def _weights(builder: Builder, node: MatrixProduct) -> View:
    return builder.matrix(node.weights, node.rows, node.columns, f"{_stem(node)}_weights")


def _inputs(builder: Builder, node: MatrixProduct) -> View:
    """Shape (columns, batch), or (positions, columns, batch) if there are several."""
    name = _stem(node)
    if node.bias_column:
        name = builder.read(Rows(node.inputs.storage, node.inputs.places[:-1]), name).name
        return replace(builder.read(node.inputs), name=f"{name}_and_1")
    places = np.asarray(node.inputs.places)
    if node.positions > 1:
        places = places.reshape(node.positions, node.columns)
    return builder.table(node.inputs, places, name, full=True)


def _positions(node: MatrixProduct, view: View) -> View:
    return stacked(view, (node.positions, node.rows)) if node.positions > 1 else view


def _stem(node: MatrixProduct) -> str:
    return node.name.removesuffix("_dot") or node.name
