"""Products of matrices: which of the functions in `products.c` does them."""

from __future__ import annotations

from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.loops import Domain, element, nest
from autograd.compiler.views import BATCH, View


def product(arena: Arena, statement: kinds.Product) -> list[str]:
    """The call, in loops over the axes that tell one product from the next."""
    left, right, out = statement.left, statement.right, statement.out
    if any(x.there() is not None for x in (left, right)):
        raise Uncovered("products in which elements are absent")
    count = len(out.shape)
    left, right = left.with_axes(count), right.with_axes(count)
    others = tuple((n, i) for i, n in enumerate(out.shape[:-2]) if n not in (1, BATCH))
    (rows, length), columns = left.shape[-2:], right.shape[-1]
    loops = Domain(others, count, False)
    if rows == BATCH:  # the other way round
        left, right, out = _turned(right), _turned(left), _turned(out)
        (rows, length), columns = left.shape[-2:], right.shape[-1]

    def at(view: View) -> str:
        text = element(arena, loops, view)
        return text.removesuffix(" + v")

    def step(view: View, axis: int) -> str:
        """From one element to the next along an axis."""
        if view.shape[axis] in (1, BATCH):
            return "0"
        return f"{view.strides[axis]}" + (" * stride" if has_lanes(view) else "")

    if right.buffer.kind == "given":
        name = right.buffer.name
        given = f"{name}, {name}_row, {name}_example"
        if columns == BATCH and not has_lanes(left) and not others:
            call = f"scored({at(left)}, {step(left, -2)}, {step(left, -1)}, {given}, {at(out)}, {step(out, -2)}, {rows}, {length}, count, width);"
        elif length == BATCH and not has_lanes(out) and not others:
            call = f"credited({at(left)}, {step(left, -2)}, {given}, {at(out)}, {step(out, -2)}, {step(out, -1)}, {rows}, {columns}, count, is_first);"
        else:
            raise Uncovered(f"the product {statement}")
        return [call]
    if left.buffer.kind == "given":
        raise Uncovered(f"the product {statement}")
    sides = f"{at(left)}, {step(left, -2)}"
    right_text, out_text = f"{at(right)}, {step(right, -2)}", f"{at(out)}, {step(out, -2)}"
    if columns == BATCH and not has_lanes(left) and has_lanes(out):
        call = f"weighted({sides}, {step(left, -1)}, {right_text}, {out_text}, {rows}, {length}, width);"
    elif length == BATCH and not has_lanes(out):
        right_text = f"{at(right)}, {step(right, -1)}"
        call = (f"gathered({sides}, {right_text}, {out_text}, {step(out, -1)}, {rows}, {columns}, "
                "count, is_first);")
    elif BATCH in out.shape[:-2] and has_lanes(left) and has_lanes(right):
        call = (f"lanewise({sides}, {step(left, -1)}, {right_text}, {step(right, -1)}, {out_text}, "
                f"{step(out, -1)}, {rows}, {length}, {columns}, width);")
    elif not any(map(has_lanes, (left, right, out))):
        call = (f"plain({sides}, {step(left, -1)}, {right_text}, {step(right, -1)}, {out_text}, "
                f"{step(out, -1)}, {rows}, {length}, {columns});")
    else:
        raise Uncovered(f"the product {statement}")
    return nest(loops, [call])


def _turned(view: View) -> View:
    axes = range(len(view.shape))
    return view.arranged(*axes[:-2], axes[-1], axes[-2])
