"""Dots of all pairs of two lists of vectors: matrix products, one for each example and block.

That is attention: the scores are those of queries and keys, and what is looked up those of weights
and values. A causal mask leaves out half of the pairs, or the ends of the vectors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.instructions import PairProducts, Rows
from autograd.compiler.lowering.building import Builder, shaped
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.shapes import Places
from autograd.compiler.statements import BATCH, Product, Take, View, whole


class _Stack(NamedTuple):
    """Matrices of numbers of the examples, shape (blocks, rows, columns, BATCH).

    `there` says which are there, None if all are: the others are zeros.
    """

    view: View
    there: NDArray[np.bool_] | None

    @property
    def T(self) -> _Stack:
        there = None if self.there is None else self.there.transpose(0, 2, 1)
        return _Stack(self.view.transposed(0, 2, 1, 3), there)


def forward(builder: Builder, node: PairProducts) -> None:
    home = builder.home(node.out, node.name)
    out = builder.lying(node.out.storage, _places(node), node.name)
    shape = (node.blocks, node.lefts, node.rights, BATCH)
    products = out or builder.temporary(shape, "products")
    _product(builder, _left(builder, node), _right(builder, node).T, products, "L @ R.T")
    if out is None:
        builder.do(Take(home, whole(products.buffer), tuple(node.wanted)))


def backward(builder: Builder, gradients: Gradients, node: PairProducts) -> None:
    gradients.of(node.out)
    left, right = _left(builder, node), _right(builder, node)
    delta = _delta(builder, node)

    def to_left(out: View) -> None:
        _product(builder, delta, right, out, "delta @ R")

    def to_right(out: View) -> None:
        _product(builder, delta.T, left, out, "delta.T @ L")

    gradients.deposit(node.left, left.view, left.view.shape, to_left)
    gradients.deposit(node.right, right.view, right.view.shape, to_right)


def _product(builder: Builder, a: _Stack, b: _Stack, out: View, note: str) -> None:
    a_view, b_view, out = (view.transposed(3, 0, 1, 2) for view in (a.view, b.view, out))
    builder.do(Product(out, a_view, b_view, a.there, b.there, note=note))


def _left(builder: Builder, node: PairProducts) -> _Stack:
    return _stack(builder, node.left, (node.blocks, node.lefts, node.length), f"{node.name}_left")


def _right(builder: Builder, node: PairProducts) -> _Stack:
    shape = (node.blocks, node.rights, node.length)
    return _stack(builder, node.right, shape, f"{node.name}_right")


def _stack(builder: Builder, rows: Rows, shape: tuple[int, ...], name: str) -> _Stack:
    places = np.reshape(rows.places, shape)
    return _Stack(builder.table(rows, places, name, full=True), _there(places))


def _delta(builder: Builder, node: PairProducts) -> _Stack:
    """The gradients of all pairs, zeros for those that are not wanted."""
    places = _places(node)
    lying = builder.lying(node.out.storage, places, node.name)
    if lying:
        view = builder.gradient(lying)
        assert view is not None
        return _Stack(view, None)
    rows = tuple(places.ravel().tolist())
    taken = builder.taken(whole(builder.gradients[node.out.storage]), rows, "delta")
    return _Stack(shaped(taken.buffer, (*places.shape, BATCH)), _there(places))


def _places(node: PairProducts) -> Places:
    """Where the result of each pair is, shape (blocks, lefts, rights); -1 for no place."""
    places = np.full(node.blocks * node.lefts * node.rights, -1)
    places[list(node.wanted)] = node.out.places
    return places.reshape(node.blocks, node.lefts, node.rights)


def _there(places: Places) -> NDArray[np.bool_] | None:
    there = places >= 0
    return None if there.all() else there
