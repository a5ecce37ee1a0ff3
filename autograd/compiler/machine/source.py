"""The C source: statements printed as loops over blocks of examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograd.compiler import statements as kinds
from autograd.compiler.lowering import Lowered
from autograd.compiler.machine import other, products
from autograd.compiler.machine.arena import Arena
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.loops import Run, runs
from autograd.compiler.machine.phases import phases, span
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, View

_TEXTS: dict[type[Statement], Callable[[Arena, Any], list[str]]] = {
    kinds.Reduce: other.reduced,
    kinds.ReduceSegments: other.reduced_segments,
    kinds.Product: products.product,
    kinds.Take: other.taken,
    kinds.Put: other.put,
    kinds.Locate: other.located,
    kinds.Pick: other.picked,
    kinds.Unpick: other.unpicked,
}
_LIBRARY = [Path(__file__).with_name(f"{name}.c").read_text("utf-8") for name in ("functions", "products")]


class CSource:
    def __init__(self, lowered: Lowered) -> None:
        self.program, self.lowered = lowered.program, lowered
        arena = self.arena = Arena()
        for view in lowered.ones:
            arena.row(view.buffer)
        printer = _Printer(arena, lowered)
        functions = [
            printer.function("forward", lowered.forward, []),
            printer.function("step", lowered.forward, lowered.backward),
        ]
        self.text = "\n".join([*arena.tables, "", *functions])

    def library(self, width: int) -> str:
        return "\n".join([f"#define WIDTH {width}", *_LIBRARY])


class _Printer:
    def __init__(self, arena: Arena, lowered: Lowered) -> None:
        self.arena, self.lowered = arena, lowered

    def function(self, name: str, forward: Sequence[Statement], backward: Sequence[Statement]) -> str:
        lowered = self.lowered
        before, block, after = phases([*forward, *backward])
        out, seed = lowered.output, lowered.seed
        results = f"((lanes + {self.arena.row(out.buffer)} * stride))"
        lines: list[str] = []
        for statement in before:
            lines += self._indented(self._single(statement), 1)
        lines.append("    for (Count begin = 0; begin < batch; begin += stride) {")
        lines.append("        Count count = batch - begin < stride ? batch - begin : stride;")
        lines.append("        Count width = (count + WIDTH - 1) / WIDTH * WIDTH;")
        lines.append("        int is_first = begin == 0;")
        for given in lowered.given:
            lines.append(f"        const {_kind(given)} *{given.name} = all_{given.name} + begin * {given.name}_example;")
        if seed and backward:
            lines.append(f"        for (Count v = 0; v < width; v++) {self.arena.base(seed)}[v] = weight;")
        for item in self._body(block):
            lines += self._indented(item, 2)
        rows = out.places().ravel().tolist()
        for k, row in enumerate(rows):
            base = self.arena.row(out.buffer) + row
            value = f"lanes[{base} * stride + e]" if out.buffer.columns == BATCH else f"singles[{base}]"
            lines.append(f"        for (Count e = 0; e < count; e++) output[{k} * batch + begin + e] = {value};")
        lines.append("    }")
        for statement in after:
            lines += self._indented(self._single(statement), 1)
        given = "".join(
            f", const {_kind(x)} *all_{x.name}, Count {x.name}_row, Count {x.name}_example" for x in lowered.given
        )
        head = (f"void chainrule_{name}(const double *theta, double *grad_theta, double *lanes, double *singles, "
                f"Count stride, Count batch, double weight, double *output{given}) {{")
        return "\n".join([head, *lines, "}", ""])

    def _single(self, statement: Statement) -> list[str]:
        if type(statement) in _TEXTS:
            return _TEXTS[type(statement)](self.arena, statement)
        (run,) = runs([statement])
        assert isinstance(run, Run)
        return run.text(self.arena, lambda s: True)

    def _body(self, block: Sequence[Statement]) -> list[list[str]]:
        last: dict[Any, int] = {}
        for number, statement in enumerate(block):
            for view in statement.views():
                if view is not statement.out or isinstance(statement, kinds.Unpick):
                    buffer, start, stop = span(view)
                    if isinstance(statement, kinds.Pick) and view is statement.source:
                        start, stop = 0, buffer.rows
                    for row in range(start, stop):
                        last[buffer, row] = number
        buffer, start, stop = span(self.lowered.output)
        for row in range(start, stop):
            last[buffer, row] = len(block)
        done, texts = 0, []
        for item in runs(block):
            if isinstance(item, Run):
                done += len(item.statements)

                def needed(statement: Statement, done: int = done) -> bool:
                    buffer, start, stop = span(statement.out)
                    return any(last.get((buffer, row), -1) >= done for row in range(start, stop)) or buffer.columns != BATCH

                texts.append(item.text(self.arena, needed))
            else:
                done += 1
                texts.append(self._text(item))
        return texts

    def _text(self, statement: Statement) -> list[str]:
        if isinstance(statement, kinds.Copy):
            assert isinstance(statement.source, View)
            return other.brought_in(self.arena, statement.source, statement.out)
        if type(statement) not in _TEXTS:
            raise Uncovered(type(statement).__name__)
        return _TEXTS[type(statement)](self.arena, statement)

    def _indented(self, lines: Sequence[str], depth: int) -> list[str]:
        return ["    " * depth + line for line in lines]


def _kind(buffer: Any) -> str:
    return "Count" if buffer.integer else "double"
