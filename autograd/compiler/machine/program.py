"""A program in C: what goes on in a block of examples, and around the blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
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

_LONGEST = 1_500  # statements, with which a compiler is busy for some ten seconds
_ARRAYS = ("values", "grad_values", "grad_theta")  # in which NumPy has what a reader looks for
_MOST_ARGUMENTS = 250  # which a call describes on the stack


def program(lowered: Lowered) -> tuple[str, Arena]:
    """The text, and where its numbers lie.

    Raises:
        Uncovered: the statements do what machine code does not have.
    """
    statements = joined(_all_of(lowered))
    if len(statements) > _LONGEST:
        raise Uncovered(
            f"it has {len(statements):,} statements, and compilers take very long with more than "
            f"{_LONGEST:,}"
        )
    if len(lowered.given) > _MOST_ARGUMENTS:
        raise Uncovered(
            f"it has {len(lowered.given):,} arguments, more than {_MOST_ARGUMENTS}: give numbers "
            "of one kind as one array"
        )
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
/* `lanes` has a row for each number of an example; in it lie those of the `count` examples of a
   block side by side, and others for nothing up to `width`, a whole number of vectors. Rows are
   `stride` apart: ROW(row) is where one begins, and AT(Vector, row) its vector that the loop over
   `v` has come to. `theta` holds the parameters, `grad_theta` their gradient, `singles` what else
   is the same for all examples; given_0, given_1 ... are the arguments. PLACES, LOCALS and
   GIVEN_ARRAY declare these. Comments say what is computed, and where it lies in the NumPy program.
   An ENTRY calls the parts: `before`, for each block `forward` and `backward`, and `after`. */"""


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
        statements = item.statements if isinstance(item, Run) else [item]
        shape = shape_text(statements[0].out.shape)
        yield from _comment(f"{shape}: {', '.join(map(_described, statements))}")
        yield from item.text(arena) if isinstance(item, Run) else _TEXTS[type(item)](arena, item)


def _described(statement: Statement) -> str:
    """What a statement does, and where its result lies in the NumPy program.

    Arrays beside its large ones may have a name of the person's, which does not get into C.
    """
    op = getattr(statement, "op", None)
    what = op.name if op else statement.note or type(statement).__name__
    buffer, start, stop = span(statement.out)
    if buffer.name not in _ARRAYS:
        return what
    return f"{what} -> {buffer.name}[{f'{start}:{stop}' if stop > start + 1 else start}]"


def _comment(text: str) -> Iterator[str]:
    lines = wrap(text, 92, break_long_words=False, break_on_hyphens=False)
    for i, line in enumerate(lines):
        yield f"{'   ' if i else '/* '}{line}{' */' if i == len(lines) - 1 else ''}"


def _results(arena: Arena, lowered: Lowered) -> Iterator[str]:
    """The results of the examples of a block, into the array that the caller has."""
    yield "/* the results */"
    output = lowered.output
    rows = output.places().ravel().tolist()
    if len(rows) == 1:  # of all results, if they are the same
        rows *= len(lowered.program.outputs)
    places = [arena.origin(View(output.buffer, row, (1, 1), (0, 0))) for row in rows]
    to, (name, first) = "begin", places[0]
    row = str(first)
    if len(places) > 1:
        to, row = "k * batch + begin", f"{arena.table('results', [x for _, x in places])}[k]"
        yield f"for (Count k = 0; k < {len(places)}; k++)"
    value = f"ROW({row})[e]" if name == "lanes" else f"{name}[{row}]"
    yield f"for (Count e = 0; e < count; e++) output[{to} + e] = {value};"
