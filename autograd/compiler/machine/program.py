"""A program in C: what goes on in a block of examples, and around the blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd.compiler import statements as kinds
from autograd.compiler.lowering import Lowered
from autograd.compiler.machine import products, rows, sums
from autograd.compiler.machine.arena import Arena
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.expressions import with_calls
from autograd.compiler.machine.joined import joined
from autograd.compiler.machine.loops import Domain, store
from autograd.compiler.machine.phases import phases
from autograd.compiler.machine.runs import Item, Run, drop_unread, read_by, runs, written_by
from autograd.compiler.machine.spans import Span, span
from autograd.compiler.machine.statements import ScatteredProduct, Seed, SummedProduct
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, View, shape_text

_LONGEST = 2_500  # statements, with which a compiler is busy for some ten seconds


def program(lowered: Lowered) -> tuple[str, Arena]:
    """The text, and where its numbers lie.

    Raises:
        Uncovered: the statements do what machine code does not have.
    """
    statements = joined(_all_of(lowered))
    if len(statements) > _LONGEST:
        raise Uncovered(f"it has {len(statements):,} statements, with which compilers take long")
    middle = next((i for i, x in enumerate(statements) if isinstance(x, Seed)), len(statements))
    found = phases(statements)

    def items(part: Sequence[int], back: bool) -> list[Item]:
        return list(runs([statements[i] for i in part if (i >= middle) == back]))

    there, back = items(found.block, False), items(found.block, True)
    kept = [span(view) for view in (lowered.output, *(view for *_, view in lowered.slopes))]
    drop_unread([*there, *back], kept)
    uses = [*map(_touched, there), kept, *map(_touched, back), kept]
    arena = Arena([[x for x in spans if _in_lanes(x)] for spans in uses])
    parts = {
        "before": _lines(arena, items(found.before, False)),
        "forward": [*_lines(arena, there), *_results(arena, lowered)],
        "before_backward": _lines(arena, items(found.before, True)),
        "backward": _lines(arena, back),
        "after": _lines(arena, items(found.after, True)),
    }
    given = {x.name: "Count" if x.integer else "double" for x in lowered.given}
    functions = [_function(name, list(lines), given) for name, lines in parts.items()]
    count = len(given)
    steps = [f"ENTRY(step, 1, {count})"] if lowered.seed else []
    entries = [f"ENTRY(forward, 0, {count})", *steps]
    called, functions = with_calls(functions)
    texts = ["\n".join([_NOTE, *arena.tables, *called]), *functions, "\n".join(entries), ""]
    return "\n\n".join(texts), arena


_NOTE = """\
/* AT(kind, row) is a vector of row `row` of the lanes, which has a number for each example of a
   block; theta and singles are the same for all. */"""


def _all_of(lowered: Lowered) -> list[Statement]:
    ones = [kinds.Copy(view, 1.0) for view in lowered.ones]
    seed = [Seed(lowered.seed)] if lowered.seed else []
    return [*ones, *lowered.forward, *seed, *lowered.backward]


def _touched(item: Item) -> list[Span]:
    return [*read_by(item), *written_by(item)]


def _in_lanes(rows: Span) -> bool:
    return rows[0].columns == BATCH and rows[0].kind == "memory"


def _function(name: str, lines: Sequence[str], given: dict[str, str]) -> str:
    """One part, with the arguments that it reads."""
    read = [
        f"GIVEN_ARRAY({kind}, {each}, {i})"
        for i, (each, kind) in enumerate(given.items())
        if any(each in line for line in lines)
    ]
    body = "".join(f"    {line}\n" for line in ("LOCALS", *read, *lines))
    return f"static void {name}(PLACES) {{\n{body}}}"


# ---------------------------------------------------------------------------------- the lines


def _seed(arena: Arena, seed: Seed) -> list[str]:
    domain = Domain.of(seed.out.shape)
    return domain.nest([store(arena, domain, seed.out, "all(weight)")])


_TEXTS: dict[type[Statement], Callable[[Arena, Any], list[str]]] = {
    kinds.Copy: rows.copied,
    kinds.Reduce: sums.reduced,
    kinds.ReduceSegments: sums.reduced_segments,
    kinds.Product: products.product,
    SummedProduct: products.summed,
    ScatteredProduct: products.scattered,
    kinds.Take: rows.taken,
    kinds.Put: rows.put,
    kinds.Locate: rows.located,
    kinds.Pick: rows.picked,
    kinds.Unpick: rows.unpicked,
    Seed: _seed,
}


def _lines(arena: Arena, items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Run):
            yield f"/* {shape_text(item.statements[0].out.shape)} */"
            yield from item.text(arena)
        else:
            yield f"/* {shape_text(item.out.shape)}: {item.note or type(item).__name__} */"
            yield from _TEXTS[type(item)](arena, item)


def _results(arena: Arena, lowered: Lowered) -> Iterator[str]:
    """The results of the examples of a block, into the array that the caller has."""
    yield "/* the results */"
    output = lowered.output
    rows = output.places().ravel().tolist()
    if len(rows) == 1:  # of all results, if they are the same
        rows *= len(lowered.program.outputs)
    places = [arena.origin(View(output.buffer, row, (1, 1), (0, 0))) for row in rows]
    k, (name, first) = "0", places[0]
    row = str(first)
    if len(places) > 1:
        k, row = "k", f"{arena.table('results', [place for _, place in places])}[k]"
        yield f"for (Count k = 0; k < {len(places)}; k++)"
    value = f"ROW({row})[e]" if name == "lanes" else f"{name}[{row}]"
    yield f"for (Count e = 0; e < count; e++) output[{k} * batch + begin + e] = {value};"
