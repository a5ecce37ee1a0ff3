"""Loops: over the axes of a shape, and within them over the lanes, a vector at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.expressions import number
from autograd.compiler.views import BATCH, Operand, View


@dataclass(frozen=True)
class Domain:
    """The axes of a loop: (length, number) of each that is longer than 1, and the lanes.

    `count` is how many axes the shape has, so that views of fewer can be read beside.
    """

    axes: tuple[tuple[int, int], ...]
    count: int
    lanes: bool

    @classmethod
    def of(cls, shape: Sequence[int]) -> Domain:
        axes = tuple((n, i) for i, n in enumerate(shape) if n not in (1, BATCH))
        return cls(axes, len(shape), BATCH in shape)

    def without(self, outer: Domain) -> Domain:
        """What goes on inside of the loops of another."""
        axes = tuple(axis for axis in self.axes if axis not in outer.axes)
        return Domain(axes, self.count, self.lanes and not outer.lanes)

    def steps(self, view: View) -> tuple[int, ...]:
        """How many rows apart the elements of a view are along each axis."""
        view = view.with_axes(self.count)
        return tuple(0 if view.shape[i] == 1 else view.strides[i] for _, i in self.axes)

    def row(self, view: View, first: int) -> str:
        """The row of the present element, if that of the first one is known."""
        steps = zip(self.axes, self.steps(view), strict=True)
        terms = [f"i{i} * {step}" if step != 1 else f"i{i}" for (_, i), step in steps if step]
        return " + ".join([str(first), *terms] if first or not terms else terms)

    def nest(self, body: Sequence[str]) -> list[str]:
        """Lines in these loops."""
        heads = [f"for (Count i{i} = 0; i{i} < {n}; i{i}++)" for n, i in self.axes]
        if self.lanes:
            heads.append("for (Count v = 0; v < width; v += WIDTH)")
        if not heads and len(body) == 1:
            return list(body)
        lines = [f"{'    ' * depth}{head} {{" for depth, head in enumerate(heads)] or ["{"]
        inner = "    " * len(lines)
        closing = [f"{'    ' * depth}}}" for depth in reversed(range(len(lines)))]
        return [*lines, *(f"{inner}{line}" for line in body), *closing]


def element(arena: Arena, domain: Domain, view: View) -> str:
    """The present element of a view as a place that can be assigned to; of lanes a vector."""
    name, first = arena.origin(view)
    row = domain.row(view, first)
    if name != "lanes":
        return f"{name}[{row}]"
    return f"AT(Bits, {row})" if view.buffer.integer else f"AT(Vector, {row})"


def load(arena: Arena, domain: Domain, operand: Operand) -> str:
    """The present element as a vector."""
    if not isinstance(operand, View):
        return f"all({number(operand)})"
    if operand.buffer.kind == "given":
        name, first = arena.origin(operand)
        return f"GIVEN_AT({name}, {domain.row(operand, first)})"
    text = element(arena, domain, operand)
    return text if has_lanes(operand) else f"all({text})"


def store(arena: Arena, domain: Domain, view: View, value: str) -> str:
    """What writes a vector there."""
    text = element(arena, domain, view)
    return f"{text} = {value};" if has_lanes(view) else f"{text} = ({value})[0];"


def pointer(arena: Arena, domain: Domain, view: View) -> str:
    """Where the present element of a view lies, the first lane of it."""
    name, first = arena.origin(view)
    row = domain.row(view, first)
    if name == "lanes":
        return f"ROW({row})"
    return name if row == "0" else f"{name} + {row}"


def in_lanes(step: int) -> str:
    """How many numbers lie between those that are so many rows apart."""
    return "stride" if step == 1 else f"{step} * stride" if step else "0"
