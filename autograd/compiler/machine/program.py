"""A program in C: what goes on in a block of examples, and around the blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd.compiler import statements as kinds
from autograd.compiler.lowering import Lowered
from autograd.compiler.machine import products, rows, sums
from autograd.compiler.machine.arena import Arena
from autograd.compiler.machine.joined import joined
from autograd.compiler.machine.loops import Domain, store
from autograd.compiler.machine.phases import phases
from autograd.compiler.machine.runs import Run, runs
from autograd.compiler.machine.spans import Marks, Span, read, span, written
from autograd.compiler.machine.statements import ScatteredProduct, Seed, SummedProduct
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, View

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
}

Item = Run | Statement


def program(lowered: Lowered) -> tuple[str, Arena]:
    """The text, and where its numbers lie.

    Raises:
        Uncovered: the statements do what machine code does not have.
    """
    statements = joined(_all_of(lowered))
    middle = next((i for i, x in enumerate(statements) if isinstance(x, Seed)), len(statements))
    found = phases(statements)

    def items(part: Sequence[int], back: bool) -> list[Item]:
        return list(runs([statements[i] for i in part if (i >= middle) == back]))

    there, back = items(found.block, False), items(found.block, True)
    kept = [span(view) for view in (lowered.output, *(view for *_, view in lowered.slopes))]
    _drop_unread([*there, *back], kept)
    uses = [*map(_touched, there), kept, *map(_touched, back), kept]
    arena = Arena([[x for x in spans if _in_lanes(x)] for spans in uses])
    parts = {
        "before": _lines(arena, items(found.before, False)),
        "forward": [*_lines(arena, there), *_results(arena, lowered.output)],
        "before_backward": _lines(arena, items(found.before, True)),
        "backward": _lines(arena, back),
        "after": _lines(arena, items(found.after, True)),
    }
    givens = [
        f"GIVEN_ARRAY({'Count' if buffer.integer else 'double'}, given_{i}, {i})"
        for i, buffer in enumerate(lowered.given)
    ]
    functions = [
        "\n".join(
            [
                f"static void {name}(PLACES) {{",
                *(f"    {line}" for line in ["LOCALS", *givens, *lines]),
                "}",
            ]
        )
        for name, lines in parts.items()
    ]
    entries = [f"ENTRY(forward, 0, {len(givens)})", f"ENTRY(step, 1, {len(givens)})"]
    return "\n\n".join(["\n".join(arena.tables), *functions, "\n".join(entries), ""]), arena


def _all_of(lowered: Lowered) -> list[Statement]:
    ones = [kinds.Copy(view, 1.0) for view in lowered.ones]
    seed = [Seed(lowered.seed)] if lowered.seed else []
    return [*ones, *lowered.forward, *seed, *lowered.backward]


def _drop_unread(items: Sequence[Item], kept: Sequence[Span]) -> None:
    """What nobody reads behind its run is not stored."""
    last = Marks()
    for number, item in enumerate(items):
        last.mark(_read(item), number)
    last.mark(kept, len(items))
    for number, item in enumerate(items):
        if isinstance(item, Run):
            final = {item.statements[i].out: i for i in range(len(item.statements))}
            item.needed = {
                i
                for i in final.values()
                if last.highest(written(item.statements[i])) > number
                or not any(map(_in_lanes, written(item.statements[i])))
            }


def _read(item: Item) -> list[Span]:
    return item.read() if isinstance(item, Run) else read(item)


def _touched(item: Item) -> list[Span]:
    if isinstance(item, Run):
        return [*item.read(), *item.written()]
    return [*read(item), *written(item)]


def _in_lanes(spans: Span) -> bool:
    return spans[0].columns == BATCH and spans[0].kind == "memory"


def _lines(arena: Arena, items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Run):
            yield from item.text(arena)
        else:
            yield from (_seed if isinstance(item, Seed) else _TEXTS[type(item)])(arena, item)


def _results(arena: Arena, output: View) -> Iterator[str]:
    """The results of the examples of a block, into the array that the caller has."""
    for k, row in enumerate(output.places().ravel().tolist()):
        name, first = arena.origin(View(output.buffer, row, (1, 1), (0, 0)))
        value = f"ROW({first})[e]" if name == "lanes" else f"{name}[{first}]"
        yield f"for (Count e = 0; e < count; e++) output[{k} * batch + begin + e] = {value};"


def _seed(arena: Arena, seed: Seed) -> list[str]:
    domain = Domain.of(seed.out.shape)
    return domain.nest([store(arena, domain, seed.out, "all(weight)")])
