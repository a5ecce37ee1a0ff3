"""Sums, largest and smallest numbers: of what lies along some axes, of rows, or of products."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import operations as ops
from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.expressions import expression
from autograd.compiler.machine.loops import Domain, element, load, store
from autograd.compiler.views import View
from autograd.operation import Operation

_BEGINS = {ops.maximum: "all(-INFINITE)", ops.minimum: "all(INFINITE)"}


def reduced(arena: Arena, reduce: kinds.Reduce) -> list[str]:
    """One loop within another."""
    domain = Domain.of(reduce.source.shape)
    value = load(arena, domain, reduce.source)
    begin = _BEGINS.get(reduce.op, "all(-0.0)" if reduce.signed else "all(0.0)")
    return folded(arena, reduce.op, domain, reduce.out, value, begin)


def folded(
    arena: Arena,
    op: Operation,
    domain: Domain,
    out: View,
    value: str,
    begin: str = "all(0.0)",
    skip: Sequence[str] = (),
) -> list[str]:
    """`op` of all values of a domain, for each element of `out`; the lines of `skip` go before."""
    outer = Domain.of(out.with_axes(domain.count).shape)
    inner = domain.without(outer)
    if not inner.lanes:
        line = f"result = {expression(op, ['result', value])};"
        loop = inner.nest([*skip, line])
        return outer.nest([f"Vector result = {begin};", *loop, store(arena, outer, out, "result")])
    if op is not ops.total and op is not ops.add:
        raise Uncovered(f"{op.name} of all examples")
    target = element(arena, outer, out)
    value = f"v + WIDTH <= count ? {value} : first({value}, count - v)"
    loop = inner.nest([*skip, f"sum += {value};"])
    last = f"{target} = (is_first ? 0.0 : {target}) + sum_of(sum);"
    return outer.nest(["Vector sum = all(0.0);", *loop, last])


def reduced_segments(arena: Arena, reduce: kinds.ReduceSegments) -> list[str]:
    """Rows from one start to the next."""
    source, out = reduce.source, reduce.out
    rows, domain = source.shape[0], Domain.of(out.shape)
    starts = arena.table(("starts", reduce.starts, rows), [*reduce.starts, rows])
    name, first = arena.origin(source)
    row = f"{first} + r * {source.strides[0]}"
    value = f"AT(Vector, {row})" if has_lanes(source) else f"all({name}[{row}])"
    segment = f"i{domain.axes[0][1]}" if domain.axes else "0"
    body = [
        f"Vector result = {_BEGINS.get(reduce.op, 'all(-0.0)')};",
        f"for (Count r = {starts}[{segment}]; r < {starts}[{segment} + 1]; r++)",
        f"    result = {expression(reduce.op, ['result', value])};",
        store(arena, domain, out, "result"),
    ]
    return domain.nest(body)
