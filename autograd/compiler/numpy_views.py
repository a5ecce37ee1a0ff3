"""How views are written in NumPy: slices where they can be, in other shapes and orders."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd.compiler.views import BATCH, View, shape_text


def base(view: View) -> tuple[View, tuple[int, ...]] | None:
    """The view with its axes in the order of memory, and their order in it; None if it is that."""
    long = [i for i, n in enumerate(view.shape) if n != 1]
    order = sorted(long, key=lambda i: (view.shape[i] == BATCH, -view.strides[i]))
    if order == long:
        return None
    order = [*(i for i, n in enumerate(view.shape) if n == 1), *order]
    axes = tuple(order.index(i) for i in range(len(order)))
    return view.arranged(*order), axes


def hint(view: View) -> str:
    """A name that tells rows in more than one axis from the same rows in one."""
    if base(view):
        return f"{view.name}_T"
    rows = [n for n in view.shape if n != BATCH]
    if len(rows) < 2 or view.buffer.columns == 1 or view.name.endswith(("_stack", "_each")):
        return view.name
    return f"{view.name}_each" if rows[-1] == 1 else f"{view.name}_stack"


def expression(view: View, array: str) -> str:
    """A view whose axes are in the order of memory, of the array of its buffer."""
    buffer, shape = view.buffer, view.shape
    long = [(n, step) for n, step in zip(shape, view.strides, strict=True) if n not in (1, BATCH)]
    ends = [BATCH] if buffer.columns == BATCH else [] if buffer.kind == "vector" else [1]
    if len(long) > 1 and not dense(long):
        return _strided(view, array)
    rows, step = math.prod(n for n, _ in long), long[-1][1] if long else 1
    is_all = rows == buffer.rows and step == 1 and not buffer.zero_row
    sliced = array if is_all else f"{array}[{_span(view.start, rows, step)}]"
    natural = (rows, *ends)
    if shape == natural:
        return sliced
    if buffer.kind == "vector" and shape == (rows, 1):
        inner = ":" if is_all else _span(view.start, rows, step)
        return f"{array}[{inner}, None]"
    return f"{sliced}.reshape{shape_text(shape)}"


def dense(axes: Sequence[tuple[int, int]]) -> bool:
    """Whether the axes are one long one, cut into parts."""
    steps = [step for _, step in axes]
    expected = [n * step for n, step in axes[1:]]
    return not axes or steps == [*expected, 1]


def _span(start: int, rows: int, step: int) -> str:
    stop = start + (rows - 1) * step + 1
    return f"{start}:{stop}" + (f":{step}" if step > 1 else "")


def _strided(view: View, array: str) -> str:
    shape, strides = view.shape, view.strides
    if view.buffer.columns == BATCH:
        shape, strides = shape[:-1], strides[:-1]
    elif view.buffer.kind != "vector":
        array = f"{array}[:, 0]"
    return f"rows_view({array}, {view.start}, {shape_text(shape)}, {shape_text(strides)})"
