"""What machine code does in one statement, and NumPy in several; and where it begins to go back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from autograd.compiler.statements import Statement
from autograd.compiler.views import View

Side = Literal["left", "right", "out"]


@dataclass(frozen=True, slots=True)
class SummedProduct(Statement):
    """`out = left @ right`, summed along the axes before the last two, where `out` has length 1."""

    left: View
    right: View


@dataclass(frozen=True, slots=True)
class ScatteredProduct(Statement):
    """`out = left @ right` for each example, where the `scattered` one of them lies in any rows.

    Of that one, the field holds the rows from the first to the last. Its elements are those that
    `table` shows, a view of places in `rows`: the row of each element in its buffer, -1 where
    nothing is. What is not there is of no product, and of the result nothing else is written.
    """

    left: View
    right: View
    scattered: Side
    rows: tuple[int, ...]
    # In a tuple, since it is nothing that is read.
    table: tuple[tuple[int, ...], tuple[int, ...]] = field(default=((), ()))  # shape, strides


@dataclass(frozen=True, slots=True)
class Seed(Statement):
    """`out`, the gradient of the one result, is the weight of an example."""
