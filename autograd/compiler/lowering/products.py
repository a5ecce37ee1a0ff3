"""Products and their sums: layers, dots, and all pairs of two lists of vectors.

All are one idea: two sides and a result in axes that fit, and what is read along an axis that the
result has not is summed. So are the derivatives: the gradient of one side is such a product of the
result's gradient, delta, and the other side.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograd import operations as ops
from autograd.compiler.instructions import Dots, MatrixProduct, PairProducts, Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.contraction import matrix_product, sum_of_products
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.shapes import Places, common_shape
from autograd.compiler.statements import Take
from autograd.compiler.views import BATCH, View, broadcast, whole

Products = MatrixProduct | PairProducts | Dots


def forward(builder: Builder, node: Products) -> None:
    home = builder.home(node.out, node.name)
    left, right, result = _views(builder, node)
    out = result or builder.temporary(_all_pairs(node), "products")
    _multiply(builder, node, left, right, out, "W @ x + b" if _has_ones(node) else "W @ x")
    if isinstance(node, PairProducts):
        if result is None:
            builder.do(Take(home, whole(out.buffer), tuple(node.wanted)))
    elif node.bias is not None:
        sums = _for_bias(node, home)
        builder.apply(ops.add, sums, _bias(builder, node, node.bias), out=sums)


def backward(builder: Builder, gradients: Gradients, node: Products) -> None:
    gradient = gradients.of(node.out)
    if not isinstance(node, PairProducts) and node.bias is not None:
        sums = _for_bias(node, gradient)
        gradients.deposit(node.bias, _bias(builder, node, node.bias), sums)
    left, right, result = _views(builder, node)
    delta = (builder.gradient(result) if result else None) or _delta(builder, node)

    def to_left(out: View) -> None:
        _multiply(builder, node, delta, right, out, "delta @ x.T")

    def to_both(out: View) -> None:
        to_left(out)
        builder.apply(ops.add, out, out, out=out)

    if isinstance(node, Dots) and node.left == node.right:  # a sum of squares
        gradients.deposit(node.left, left, to_both)
        return
    gradients.deposit(_rows(node)[0], left, to_left)
    # The 1 that a bias is multiplied with gets no gradient.
    inner, weights, x = node, left, right
    if _has_ones(node):
        inner = _without_ones(node)
        weights, x, _ = _views(builder, inner)
        weights = replace(weights, name=f"{left.name}_without_bias")

    def to_right(out: View) -> None:
        _multiply(builder, inner, weights, delta, out, "W.T @ delta")

    gradients.deposit(_rows(inner)[1], x, to_right)


def _multiply(
    builder: Builder, node: Products, left: View, right: View, out: View, note: str
) -> None:
    if isinstance(node, Dots):
        sum_of_products(builder, left, right, out)
    else:
        matrix_product(builder, left, right, out, note)


def _rows(node: Products) -> tuple[Rows, Rows]:
    if isinstance(node, MatrixProduct):
        return node.weights, node.inputs
    return node.left, node.right


def _views(builder: Builder, node: Products) -> tuple[View, View, View | None]:
    """Both sides and the result; None for a result whose rows do not lie in such axes."""
    if isinstance(node, MatrixProduct):
        return _layer(builder, node)
    if isinstance(node, PairProducts):
        return _pairs(builder, node)
    return _dots(builder, node)


# ------------------------------------------------------------- weights and inputs: layers


def _layer(builder: Builder, node: MatrixProduct) -> tuple[View, View, View]:
    """Axes: (positions, if there are several,) rows, columns, examples."""
    name = _stem(node)
    weights = builder.matrix(node.weights, node.rows, node.columns, f"{name}_weights")
    out, places = builder.read(node.out), node.inputs.table
    if node.positions > 1:
        x = builder.table(node.inputs, places.reshape(node.positions, -1), name, full=True)
        out = out.reshaped(node.positions, node.rows, BATCH)
        weights = weights.arranged(None, 0, 1, None)
        return weights, x.arranged(0, None, 1, 2), out.arranged(0, 1, None, 2)
    if node.bias_column:
        name = f"{builder.read(Rows('values', node.inputs.places[:-1]), name).name}_and_1"
    x = builder.table(node.inputs, places, name, full=True)
    return weights.arranged(0, 1, None), x.arranged(None, 0, 1), out.arranged(0, None, 1)


def _has_ones(node: Products) -> bool:
    return isinstance(node, MatrixProduct) and node.bias_column


def _without_ones(node: Products) -> MatrixProduct:
    """The product of weights and inputs alone, where a bias is one of the weights."""
    assert isinstance(node, MatrixProduct)
    table = np.reshape(node.weights.table, (node.rows, node.columns))[:, :-1]
    return replace(
        node,
        weights=Rows("theta", table.ravel().tolist()),
        inputs=Rows("values", node.inputs.places[:-1]),
        columns=node.columns - 1,
        bias_column=False,
    )


def _bias(builder: Builder, node: MatrixProduct | Dots, bias: Rows) -> View:
    return builder.read(bias, f"{_stem(node)}_bias")


def _stem(node: MatrixProduct | Dots) -> str:
    """What a layer is called, without the operation."""
    return node.name.removesuffix("_dot") or node.name


def _for_bias(node: MatrixProduct | Dots, view: View) -> View:
    """The results, or their gradient, in axes of which the last two are those of the bias."""
    if isinstance(node, MatrixProduct) and node.positions > 1:
        return view.reshaped(node.positions, node.rows, BATCH)
    return view


# ------------------------------- two lists of vectors: attention, matrices of parameters


def _pairs(builder: Builder, node: PairProducts) -> tuple[View, View, View | None]:
    """Axes: blocks, lefts, rights, numbers of a vector, examples."""
    left, right = (
        builder.table(rows, np.reshape(rows.table, (node.blocks, -1, node.length)), name, full=True)
        for rows, name in ((node.left, f"{node.name}_left"), (node.right, f"{node.name}_right"))
    )
    result = builder.lying(node.out.storage, _places(node), node.name)
    out = result.arranged(0, 1, 2, None, 3) if result else None
    return left.arranged(0, 1, None, 2, 3), right.arranged(0, None, 1, 2, 3), out


def _all_pairs(node: Products) -> tuple[int, ...]:
    assert isinstance(node, PairProducts)
    columns = BATCH if node.out.storage == "values" else 1
    return (node.blocks, node.lefts, node.rights, 1, columns)


def _places(node: PairProducts) -> Places:
    """Where the result of each pair is; -1 for those that are not wanted."""
    places = np.full(node.blocks * node.lefts * node.rights, -1)
    places[list(node.wanted)] = node.out.places
    return places.reshape(node.blocks, node.lefts, node.rights)


def _delta(builder: Builder, node: Products) -> View:
    """The gradients of all pairs: nothing for those that are not wanted."""
    assert isinstance(node, PairProducts)
    rows = _places(node).ravel().tolist()
    taken = builder.taken(whole(builder.gradients[node.out.storage]), rows, "delta")
    return taken.reshaped(*_all_pairs(node))


# --------------------------------------------------------- no common vectors: single dots


def _dots(builder: Builder, node: Dots) -> tuple[View, View, View]:
    """Axes in which what can be read where it lies is read there."""
    length = node.length
    left: Places = node.left.table
    right: Places = node.right.table
    out: Places = np.repeat(node.out.table, length)
    lying = [places for places in (left, right) if common_shape([places, out])]
    shape = common_shape([*lying, out]) or (len(node.out), length)
    left, right, out = (places.reshape(shape) for places in (left, right, out))
    x = builder.table(node.left, left, f"{node.name}_left")
    y = builder.table(node.right, right, f"{node.name}_right")
    if broadcast([x, y])[:-1] != shape:
        # One number is multiplied with one number again and again, and each time counts.
        x = builder.table(node.left, left, f"{node.name}_left", full=True)
    return x, y, builder.table(node.out, out, node.name)
