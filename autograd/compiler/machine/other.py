"""Statements that are no elementwise loops and no products: reductions, rows, choices."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, pairwise

from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.expressions import expression
from autograd.compiler.machine.loops import Domain, element, load, nest, store
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Operand, View, whole

_names = count()


def reduced(arena: Arena, reduce: kinds.Reduce) -> list[str]:
    """One loop within another."""
    source, out = reduce.source, reduce.out
    outer, all_axes = Domain.of(out.shape), Domain.of(source.shape)
    inner_axes = tuple(a for a in all_axes.axes if a not in outer.axes)
    over_lanes = all_axes.lanes and not outer.lanes
    inner = Domain(inner_axes, all_axes.count, False)
    value = load(source, element(arena, all_axes, source))
    if over_lanes:
        if reduce.op.name not in ("total", "add"):
            raise Uncovered(f"{reduce.op.name} over all examples")
        value = f"v + WIDTH <= count ? {value} : first({value}, count - v)"
        lanes = Domain(inner_axes, all_axes.count, True)
        target = f"*({element(arena, outer, out)})"
        body = ["Vector sum = all(0.0);", *nest(lanes, [f"sum = sum + ({value});"])]
        body.append(f"{target} = (is_first ? 0.0 : {target}) + sum_of(sum);")
        return nest(outer, body)
    begin = "all(-0.0)" if reduce.signed else "all(0.0)"
    if reduce.op.name not in ("total", "add"):
        begin = "all(-INFINITE)" if reduce.op.name == "maximum" else "all(INFINITE)"
    body = [f"Vector result = {begin};"]
    body += nest(inner, [f"result = {expression(reduce.op, ['result', value])};"])
    body.append(store(out, element(arena, outer, out), "result"))
    return nest(outer, body)


def reduced_segments(arena: Arena, reduce: kinds.ReduceSegments) -> list[str]:
    source, out = reduce.source, reduce.out
    if len(out.shape) != 2 or has_lanes(source) != has_lanes(out):
        raise Uncovered("segments in other shapes")
    rows = source.shape[0]
    starts = arena.table(("starts", reduce.starts, rows), [*reduce.starts, rows])
    step = source.strides[0]
    at = f"{arena.base(source)} + r * {step}" + (" * stride + v" if has_lanes(source) else "")
    begin = "all(0.0)"
    if reduce.op.name not in ("total", "add"):
        begin = "all(-INFINITE)" if reduce.op.name == "maximum" else "all(INFINITE)"
    domain = Domain(((out.shape[0], 0),), 2, has_lanes(out))
    line = f"result = {expression(reduce.op, ['result', load(source, at)])};"
    body = [f"Vector result = {begin};",
            f"for (Count r = {starts}[i0]; r < {starts}[i0 + 1]; r++) {line}"]
    body.append(store(out, element(arena, domain, out), "result"))
    return nest(domain, body)


def taken(arena: Arena, take: kinds.Take) -> list[str]:
    rows = arena.table(("rows", take.rows), list(take.rows))
    if take.source.buffer.kind == "given":
        return brought_in(arena, take.source, take.out, f"{rows}[r]")
    return _rows_between(arena, take.out, f"i0", whole(take.source.buffer), f"{rows}[i0]", take.rows, False)


def put(arena: Arena, statement: kinds.Put) -> list[str]:
    rows = arena.table(("rows", statement.rows), list(statement.rows))
    out, source = whole(statement.out.buffer), statement.source
    domain = Domain(((len(statement.rows), 0),), 2, has_lanes(out))
    value = "all(0.0)" if not isinstance(source, View) else load(source, element(arena, domain, source))
    if not isinstance(source, View) and source != 0.0:
        raise Uncovered("put of a number")
    lane = " * stride + v" if has_lanes(out) else ""
    target = f"{arena.base(out)} + {rows}[i0]{lane}"
    if statement.added:
        value = f"{load(out, target)} + {value}"
    return nest(domain, [store(out, target, f"({value})")])


def _rows_between(arena, out, to, source, at, rows, added):
    domain = Domain(((len(rows), 0),), 2, has_lanes(out))
    lane = " * stride + v" if has_lanes(source) else ""
    value = load(source, f"{arena.base(source)} + {at}{lane}")
    if -1 in rows:
        value = f"{at} < 0 ? all(0.0) : {value}"
    return nest(domain, [store(out, element(arena, domain, out), f"({value})")])


def brought_in(arena: Arena, source: View, out: View, row: str = "r") -> list[str]:
    """The numbers of an argument, an example a lane; zeros behind the last example."""
    name, step = source.buffer.name, out.strides[0]
    if row == "r" and not out.buffer.integer:
        return [f"bring_in({name}, {name}_row, {name}_example, {arena.base(out)}, {step} * stride, "
                f"{out.shape[0]}, count, width);"]
    kind = "Count" if out.buffer.integer else "double"
    to = f"(({kind} *){arena.base(out)} + r * {step} * stride)"
    value = f"{name}[{row} * {name}_row + e * {name}_example]"
    return [
        f"for (Count r = 0; r < {out.shape[0]}; r++) {{",
        f"  for (Count e = 0; e < count; e++) {to}[e] = {value};",
        f"  for (Count e = count; e < width; e++) {to}[e] = 0;",
        "}",
    ]


def located(arena: Arena, locate: kinds.Locate) -> list[str]:
    """Rows, whichever kind of buffer they are of."""
    out, indices = locate.out, locate.indices
    firsts = arena.table(("first", locate.first), list(locate.first))
    domain = Domain(((out.shape[0], 0),) if out.shape[0] > 1 else (), 2, True)
    i = "i0" if out.shape[0] > 1 else "0"
    text = f"{firsts}[{i}] + {locate.step} * *(const Bits *)({element(arena, domain, indices)})"
    return nest(domain, [f"*(Bits *)({element(arena, domain, out)}) = {text};"])


def picked(arena: Arena, pick: kinds.Pick) -> list[str]:
    source, domain = whole(pick.source.buffer), Domain.of(pick.out.shape)
    at = f"((const Count *)({element(arena, domain, pick.located)}))[k]"
    base = arena.base(source)
    number = f"{base}[{at} * stride + v + k]" if has_lanes(source) else f"{base}[{at}]"
    to = f"({element(arena, domain, pick.out)})[k]"
    return nest(domain, [f"for (Count k = 0; k < WIDTH; k++) {to} = {number};"])


def unpicked(arena: Arena, unpick: kinds.Unpick) -> list[str]:
    out, domain = whole(unpick.out.buffer), Domain.of(unpick.source.shape)
    at = f"((const Count *)({element(arena, domain, unpick.located)}))[k]"
    base = arena.base(out)
    number = f"({element(arena, domain, unpick.source)})[k]"
    if has_lanes(out):
        return nest(domain, [f"for (Count k = 0; k < WIDTH; k++) {base}[{at} * stride + v + k] += {number};"])
    return nest(domain, [f"for (Count k = 0; k < WIDTH && v + k < count; k++) {base}[{at}] += {number};"])
