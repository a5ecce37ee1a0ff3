"""Sums that were written with + after +: one box for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd import Value
from viz.graphs.picture import Box, Line
from viz.graphs.selection import counted_uses


def chains(values: Sequence[Value], least: int, roots: Iterable[Value] = ()) -> dict[Value, Box]:
    """For the nodes of each sum of more than `least` additions the box that stands for it.

    Inside are sums that nobody named or asked for, and that serve nothing but the next one.

    >>> xs = [Value(i) for i in range(10)]
    >>> sums = [xs[0] + xs[1]]
    >>> for x in xs[2:]:
    ...     sums.append(sums[-1] + x)
    >>> boxes = chains([*xs, *sums], least=4)
    >>> len(boxes), boxes[sums[0]] is boxes[sums[-1]], boxes[sums[0]].times
    (9, True, 9)
    """
    uses = counted_uses(values, roots)
    runs: dict[Value, list[Value]] = {}
    for value in values:
        if not (isinstance(value, Value) and value.op and value.op.name == "add"):
            continue
        run: list[Value] = []
        for x in value.operands:
            if x in runs and uses[x] == 1 and not x.label and x.scope == value.scope:
                before = runs.pop(x)
                # The longer one is kept: a long sum is not copied at each of its steps.
                run, shorter = (before, run) if len(before) > len(run) else (run, before)
                run += shorter
        run.append(value)
        runs[value] = run
    return {
        node: box
        for last, run in runs.items()
        if len(run) > least
        for box in [_box(last, len(run))]
        for node in run
    }


def _box(last: Value, times: int) -> Box:
    assert last.op is not None
    return Box(
        "operation",
        str(last.label),
        last.op.symbol,
        last.data,
        last.grad if last.has_grad else None,
        value=last,
        times=times,
        lines=[Line("note", f"\N{MULTIPLICATION SIGN} {times:,}")],
    )
