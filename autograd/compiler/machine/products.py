"""Products of matrices: which of the functions in C does them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autograd import operations as ops
from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.loops import Domain, in_lanes, load, pointer
from autograd.compiler.machine.statements import ScatteredProduct, SummedProduct
from autograd.compiler.machine.sums import folded
from autograd.compiler.views import BATCH, Buffer, View, broadcast


def product(arena: Arena, statement: kinds.Product) -> list[str]:
    """A call, in loops over the axes that tell one product from the next."""
    if statement.out.shape[-2] == BATCH:  # the other way round
        left, right, out = (_turned(x) for x in (statement.right, statement.left, statement.out))
        statement = kinds.Product(out, left, right)
    return _called(arena, statement, _Call.text)


def summed(arena: Arena, statement: SummedProduct) -> list[str]:
    """The same, summed along some of these axes."""
    return _called(arena, statement, _Call.summed)


def _called(
    arena: Arena, statement: kinds.Product | SummedProduct, text: Callable[[_Call], str | None]
) -> list[str]:
    """The call of a function if there is one for these sides, else every product in turn."""
    count = len(statement.out.shape)
    left, right = (side.with_axes(count) for side in (statement.left, statement.right))
    if left.there() is None and right.there() is None:
        call = _Call(arena, left, right, statement.out)
        if found := text(call):
            return call.loops.nest([found])
    return _one_by_one(arena, left, right, statement.out)


def scattered(arena: Arena, statement: ScatteredProduct) -> list[str]:
    """A product of what lies in any rows, or into these."""
    left, right, out = statement.left, statement.right, statement.out
    table = View(Buffer("", 0), 0, *statement.table)
    if statement.scattered == "right":  # the other way round
        left, right, out, table = right, _turned(left), _turned(out), _turned(table)
        statement = replace(
            statement, out=out, left=left, right=right, scattered="left",
            table=(table.shape, table.strides),
        )  # fmt: skip
    if statement.scattered == "out":
        out = table
    else:
        left = table
    call = _Call(arena, left, right, out)
    return call.loops.nest([call.scattered(statement)])


class _Call:
    """The call for some sides, if there is a function for their kinds."""

    def __init__(self, arena: Arena, left: View, right: View, out: View) -> None:
        self.arena, self.left, self.right, self.out = arena, left, right, out
        self.loops = _outer(out)
        self.rows, self.length, self.columns = left.shape[-2], left.shape[-1], right.shape[-1]

    def text(self) -> str | None:
        lanes = tuple(map(has_lanes, (self.left, self.right, self.out)))
        if self.left.buffer.kind == "given":
            return None
        if self.right.buffer.kind == "given":
            return self._in_place() if not self.loops.axes else None
        sizes = f"{self.rows}, {self.length}"
        if self.columns == BATCH and lanes == (False, True, True):
            return self._weighted()
        if self.length == BATCH and lanes == (True, True, False):
            return self._summed(None)
        if BATCH in self.out.shape[:-2] and lanes == (True, True, True):
            sides = ", ".join(map(self._at, ("left", "right", "out")))
            return f"lanewise({sides}, {sizes}, {self.columns}, width);"
        if not any(lanes):
            sides = ", ".join(map(self._at, ("left", "right", "out")))
            return f"plain({sides}, {sizes}, {self.columns});"
        return None

    def _weighted(self) -> str:
        """With weights; if they are the same at several positions, at all of these at once."""
        positions = self.loops.axes[-1:]
        if positions and self.left.shape[positions[0][1]] == 1:
            ((count, axis),) = positions
            self.loops = replace(self.loops, axes=self.loops.axes[:-1])
            left, right = self._at("left"), self._at("right", axis, -2)
            out = self._at("out", axis, -2)
            sizes = f"{count}, {self.rows}, {self.length}"
            return f"weighted_parts({left}, {right}, {out}, {sizes}, width);"
        left, right, out = self._at("left"), self._at("right", -2), self._at("out", -2)
        return f"weighted({left}, {right}, {out}, {self.rows}, {self.length}, width);"

    def summed(self) -> str | None:
        """Over positions and lanes."""
        axes = [i for i, n in enumerate(self.out.shape[:-2]) if n == 1]
        long = [i for i in axes if self.left.shape[i] != 1 or self.right.shape[i] != 1]
        views = (self.left, self.right, self.out)
        if len(long) != 1 or self.length != BATCH or any(x.buffer.kind == "given" for x in views):
            return None
        if tuple(map(has_lanes, views)) != (True, True, False):
            return None
        return self._summed(long[0])

    def _summed(self, axis: int | None) -> str:
        """Over the lanes, and over positions along an axis if there is one."""
        left, right, out = self._at("left", axis, -2), self._at("right", axis, -1), self._at("out")
        positions = 1 if axis is None else max(self.left.shape[axis], self.right.shape[axis])
        sizes = f"{positions}, {self.rows}, {self.columns}"
        return f"summed({left}, {right}, {out}, {sizes}, count, is_first);"

    def scattered(self, statement: ScatteredProduct) -> str:
        """Where one side lies in any rows, which a table has."""
        side, (shape, strides) = statement.scattered, statement.table
        buffer: Buffer = getattr(statement, side).buffer
        places = [-1 if row < 0 else self.arena.lane(buffer, row) for row in statement.rows]
        name = self.arena.table(tuple(places), places)
        view = View(Buffer(name, len(places), 1, "vector"), 0, shape, strides)
        table = view.with_axes(len(self.out.shape))
        steps = [str(table.strides[i] if table.shape[i] != 1 else 0) for i in (-2, -1)]
        at = ", ".join(["lanes", pointer(self.arena, self.loops, table), *steps, "stride"])
        sizes = f"{self.rows}, {self.length}, {self.columns}, width"
        if side == "out":
            return f"wanted({self._at('left')}, {self._at('right')}, {at}, {sizes});"
        if side == "left":
            return f"present({at}, {self._at('right')}, {self._at('out')}, {sizes});"
        raise AssertionError("turned before")

    def _in_place(self) -> str | None:
        """With an argument where it was given, an example a row."""
        name, left = self.right.buffer.name, self._at("left")
        given = f"{name}, {name}_row, {name}_example"
        if self.columns == BATCH and not has_lanes(self.left):
            out, sizes = self._at("out", -2), f"{self.rows}, {self.length}"
            return f"scored({left}, {given}, {out}, {sizes}, count, width);"
        if self.length == BATCH and has_lanes(self.left) and not has_lanes(self.out):
            left, sizes = self._at("left", -2), f"{self.rows}, {self.columns}"
            return f"credited({left}, {given}, {self._at('out')}, {sizes}, count, is_first);"
        return None

    def _at(self, side: str, *axes: int | None) -> str:
        """A pointer to its first element, and how far it is to the next along these axes."""
        view: View = getattr(self, side)
        steps = [self._step(view, axis) for axis in axes or (-2, -1)]
        return ", ".join([pointer(self.arena, self.loops, view), *steps])

    def _step(self, view: View, axis: int | None) -> str:
        if axis is None or view.shape[axis] in (1, BATCH):
            return "0"
        return in_lanes(view.strides[axis]) if has_lanes(view) else str(view.strides[axis])


def _outer(out: View) -> Domain:
    """The axes in front of the matrices, without the lanes, over which the functions go."""
    domain = Domain.of((*out.shape[:-2], 1, 1))
    return Domain(domain.axes, domain.count, False)


def _one_by_one(arena: Arena, left: View, right: View, out: View) -> list[str]:
    """Every product in turn, but for those of absent elements."""
    others = range(len(out.shape) - 2)
    left, right = left.arranged(*others, -2, None, -1), right.arranged(*others, None, -1, -2)
    domain = Domain.of(broadcast([left, right]))
    value = f"{load(arena, domain, left)} * {load(arena, domain, right)}"
    skip = [_skip(arena, domain, side) for side in (left, right) if side.there() is not None]
    out = out.arranged(*others, -2, -1, None)
    return folded(arena, ops.add, domain, out, value, skip=skip)


def _skip(arena: Arena, domain: Domain, side: View) -> str:
    """What goes on to the next where an element is absent."""
    buffer = side.buffer
    absent = [int(row in {*buffer.absent}) for row in range(buffer.rows)]
    table = arena.table(("absent", buffer), absent)
    return f"if ({table}[{domain.row(side, side.start)}]) continue;"


def _turned(view: View) -> View:
    axes = range(len(view.shape))
    return view.arranged(*axes[:-2], axes[-1], axes[-2])
