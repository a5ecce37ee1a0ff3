"""The C source: statements printed as loops over blocks of examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler import statements as kinds
from autograd.compiler.execution import Vector
from autograd.compiler.lowering import Lowered
from autograd.compiler.machine import other, products
from autograd.compiler.machine.arena import Arena
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.loading import loaded
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
_CACHE = 1 << 19  # bytes that the lanes of a block may take
_BINDING = np.dtype([(name, np.int64) for name in (
    "theta", "gradient", "lanes", "singles", "output", "stride", "batch")])


class CSource:
    """The source of a program in C, which can be bound to the arrays of a batch size."""

    def __init__(self, lowered: Lowered) -> None:
        self.program, self.rows, self.lowered = lowered.program, lowered.rows, lowered
        arena = self.arena = Arena()
        for view in lowered.ones:
            arena.row(view.buffer)
        printer = _Printer(arena, lowered)
        count = len(lowered.given)
        views = "".join(
            f", views[{i}].data, views[{i}].strides[0] / 8, views[{i}].strides[1] / 8"
            for i in range(count)
        )
        functions = [printer.function("forward", lowered.forward, [])]
        entries = [f"ENTRY(forward, {count}{views})"]
        if lowered.seed is not None:
            functions.append(printer.function("step", lowered.forward, lowered.backward))
            entries.append(f"ENTRY(step, {count}{views})")
        self.text = "\n".join([*arena.tables, "", *functions, *entries, ""])
        self._made: Any = None

    def _functions(self) -> tuple[Any, Any]:
        if self._made is None:
            names = ["forward", "step"] if self.lowered.seed is not None else ["forward"]
            made = loaded(self.text, names)
            self._made = (made.width, made.functions[0], made.functions[-1])
        return self._made

    def bind(self, theta: Vector, gradient: Vector, batch: int) -> CBound:
        width, forward, step = self._functions()
        return CBound(self, width, forward, step, theta, gradient, batch)


class CBound:
    """The functions of a program, and the arrays of one batch size."""

    gradients: list[Any] = []

    def __init__(self, source, width, forward, step, theta, gradient, batch) -> None:
        arena, count = source.arena, len(source.program.outputs)
        most = max(32, _CACHE // (8 * max(arena.lanes, 1)) // width * width)
        blocks = max(1, -(-batch // most))
        stride = max(1, -(-batch // (blocks * width))) * width  # blocks of nearly one size
        raw = np.zeros(arena.lanes * stride + 8)
        skip = -raw.ctypes.data // 8 % 8
        lanes = raw[skip : skip + arena.lanes * stride].reshape(arena.lanes, stride)
        for view in source.lowered.ones:
            lanes[arena.row(view.buffer) + view.start] = 1.0
        self._singles = np.zeros(arena.singles + 1)
        self._output = np.zeros((count, batch))
        held = (theta, gradient, lanes, self._singles, self._output)
        self._binding = np.array((*(x.ctypes.data for x in held), stride, batch), _BINDING)
        self._held = (raw, *held)
        self._at = self._binding.ctypes.data
        self._forward, self._step = forward, step
        self.size = sum(x.nbytes for x in self._held[3:]) + raw.nbytes

    def outputs(self, arguments: Sequence[Any]) -> Any:
        self._forward(self._at, 1.0, *arguments)
        return self._output

    def weighted(self, arguments: Sequence[Any], weight: float) -> float:
        return self._step(self._at, weight, *arguments)


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
        head = (f"static void run_{name}(const double *theta, double *grad_theta, double *lanes, double *singles, "
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
