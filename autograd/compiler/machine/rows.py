"""Rows that go from one array to another: taken, put, chosen by indices, and brought in."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler import statements as kinds
from autograd.compiler.machine.arena import Arena, has_lanes
from autograd.compiler.machine.loops import Domain, element, in_lanes, load, store
from autograd.compiler.views import BATCH, Buffer, View, whole


def copied(arena: Arena, copy: kinds.Copy) -> list[str]:
    """The numbers of an argument, an example a lane; zeros behind the last example."""
    assert isinstance(copy.source, View)
    return _brought_in(arena, copy.source, copy.out, "r")


def taken(arena: Arena, take: kinds.Take) -> list[str]:
    """Some rows, one behind the other."""
    source, out = take.source, take.out
    if source.buffer.kind == "given":
        return _brought_in(arena, source, out, f"{_table(arena, take.rows)}[r]")
    name, places = _places(arena, source.buffer, take.rows)
    domain = _rows(len(take.rows), out.buffer.columns)
    row = f"{places}[i0]" if domain.axes else f"{places}[0]"
    kind = "Bits" if out.buffer.integer else "Vector"
    value = f"AT({kind}, {row})" if has_lanes(source) else f"all({name}[{row}])"
    if -1 in take.rows:
        nothing = f"({kind})all(0.0)"
        return domain.nest([store(arena, domain, out, f"({row} < 0 ? {nothing} : {value})")])
    return domain.nest([store(arena, domain, out, value)])


def put(arena: Arena, statement: kinds.Put) -> list[str]:
    """Rows that go to places of their own."""
    buffer, source = statement.out.buffer, statement.source
    name, places = _places(arena, buffer, statement.rows)
    domain = _rows(len(statement.rows), buffer.columns)
    row = f"{places}[i0]" if domain.axes else f"{places}[0]"
    value, sign = load(arena, domain, source), "+=" if statement.added else "="
    if buffer.columns == BATCH:
        return domain.nest([f"AT(Vector, {row}) {sign} {value};"])
    return domain.nest([f"{name}[{row}] {sign} ({value})[0];"])


def located(arena: Arena, locate: kinds.Locate) -> list[str]:
    """The rows that indices choose."""
    domain = _rows(len(locate.first), BATCH)
    first = f"{_table(arena, locate.first)}[{'i0' if domain.axes else '0'}]"
    text = f"{first} + {locate.step} * {element(arena, domain, locate.indices)}"
    return domain.nest([f"{element(arena, domain, locate.out)} = {text};"])


def picked(arena: Arena, pick: kinds.Pick) -> list[str]:
    """The number at the row that each lane has chosen."""
    domain = Domain.of(pick.out.shape)
    number = _chosen(arena, domain, pick.located, pick.source)
    body = [
        "Vector chosen;",
        f"for (int k = 0; k < WIDTH; k++) chosen[k] = {number};",
        store(arena, domain, pick.out, "chosen"),
    ]
    return domain.nest(body)


def unpicked(arena: Arena, unpick: kinds.Unpick) -> list[str]:
    """Each lane's number back to where it was chosen; behind the last example there is none."""
    domain = Domain.of(unpick.source.shape)
    number = _chosen(arena, domain, unpick.located, unpick.out)
    source = element(arena, domain, unpick.source)
    end = "WIDTH" if has_lanes(unpick.out) else "WIDTH && v + k < count"
    return domain.nest([f"for (int k = 0; k < {end}; k++) {number} += {source}[k];"])


def _chosen(arena: Arena, domain: Domain, located: View, view: View) -> str:
    """What lane `k` has chosen of the rows of a view."""
    name, first = arena.origin(view)
    chosen = f"{element(arena, domain, located)}[k] - {view.start}"
    row = f"{first} + within({chosen}, {view.shape[0]})"
    return f"lanes[({row}) * stride + v + k]" if has_lanes(view) else f"{name}[{row}]"


def _brought_in(arena: Arena, source: View, out: View, row: str) -> list[str]:
    name, step = source.buffer.name, out.strides[0]
    _, first = arena.origin(out)
    count = out.shape[0]
    if row == "r" and not out.buffer.integer:
        to = f"ROW({first}), {in_lanes(step)}"
        return [f"bring_in({name}, {name}_row, {name}_example, {to}, {count}, count, width);"]
    kind = "Count" if out.buffer.integer else "double"
    number = f"{name}[{row} * {name}_row + e * {name}_example]"
    to = f"{first} + r * {step}" if step else str(first)
    return [
        f"for (Count r = 0; r < {count}; r++) {{",
        f"    {kind} *to = ({kind} *)ROW({to});",
        f"    for (Count e = 0; e < count; e++) to[e] = {number};",
        "    for (Count e = count; e < width; e++) to[e] = 0;",
        "}",
    ]


def _rows(count: int, columns: int) -> Domain:
    return Domain.of((count, columns))


def _table(arena: Arena, numbers: Sequence[int]) -> str:
    return arena.table(tuple(numbers), list(numbers))


def _places(arena: Arena, buffer: Buffer, rows: Sequence[int]) -> tuple[str, str]:
    """The array of a buffer, and the name of the places of some of its rows there."""
    if buffer.columns == BATCH:
        return "lanes", _table(arena, [-1 if row < 0 else arena.lane(buffer, row) for row in rows])
    name, first = arena.origin(whole(buffer))
    return name, _table(arena, [-1 if row < 0 else first + row for row in rows])
