"""The C source of a program: compiled, loaded, and bound to the arrays of a batch size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.compiler import statements as kinds
from autograd.compiler.execution import Vector
from autograd.compiler.lowering import Lowered
from autograd.compiler.machine.loading import loaded
from autograd.compiler.machine.program import program
from autograd.compiler.statements import Statement
from autograd.compiler.views import Buffer, whole

_CACHE = 1 << 19  # bytes that the examples of a block may take, what they were given among it
_BINDING = np.dtype(
    [
        (name, np.int64)
        for name in ("theta", "gradient", "lanes", "singles", "output", "stride", "batch")
    ]
)


class CSource:
    """The source of a program in C, which can be bound to the arrays of a batch size.

    Attributes:
        program: what was scheduled.
        text: as it can be printed and read.
        rows: how many numbers each example takes in memory at once, as a NumPy program.
        numbers: how many a block has of each example, with those that it is given.

    Raises:
        Uncovered: it does what machine code does not have.
        NoMachineCodeError: there is no compiler, or it failed.
    """

    def __init__(self, lowered: Lowered) -> None:
        # As the NumPy program, so that it draws the same numbers for the same blocks; and between
        # two of them an interrupt is heard.
        self.program, self.rows = lowered.program, lowered.shared().rows
        self.draws, made = _with_draws(_renamed(lowered))
        self.text, self.arena = program(made)
        self.numbers = self.arena.rows + sum(buffer.rows for buffer in made.given)
        self.integer = [buffer.integer for buffer in made.given]
        self.slopes = made.slopes
        names = ("forward", "step") if made.seed else ("forward",)
        self.width, self.functions = loaded(self.text, names)

    def bind(self, theta: Vector, gradient: Vector, batch: int) -> CBound:
        """Make the arrays for a batch size."""
        return CBound(self, theta, gradient, batch)


class CBound:
    """The functions of a program, and the arrays of one batch size."""

    def __init__(self, source: CSource, theta: Vector, gradient: Vector, batch: int) -> None:
        self._forward, self._step = source.functions[0], source.functions[-1]
        stride = _stride(source.numbers, source.width, batch)
        raw = np.zeros(source.arena.rows * stride + 8)
        skip = -raw.ctypes.data // 8 % 8
        lanes = raw[skip : skip + source.arena.rows * stride].reshape(-1, stride)
        self._output = np.zeros((len(source.program.outputs), batch))
        self._draws = [(generator, np.empty((n, batch))) for generator, n in source.draws]
        self._dtypes = [np.dtype(np.int64 if x else np.float64) for x in source.integer]
        singles = np.zeros(source.arena.singles + 1)
        arrays = (theta, gradient, lanes, singles, self._output)
        self._binding = np.array((*(x.ctypes.data for x in arrays), stride, batch), _BINDING)
        self._held, self._at = arrays, self._binding.ctypes.data
        self.gradients = _gradients(source, lanes)
        self.size = sum(x.nbytes for x in arrays[2:]) + sum(x.nbytes for _, x in self._draws)

    def outputs(self, arguments: Sequence[Any]) -> Any:
        """All results of every example, (outputs, batch), until the next call."""
        self._call(self._forward, 1.0, arguments)
        return self._output

    def weighted(self, arguments: Sequence[Any], weight: float) -> float:
        """`weight` times the sum of the one output; writes the gradient."""
        return self._call(self._step, weight, arguments)

    def _call(
        self, function: Callable[..., float], weight: float, arguments: Sequence[Any]
    ) -> float:
        for dtype, array in zip(self._dtypes, arguments, strict=False):
            if array.dtype is not dtype:
                arguments = self._copied(arguments)
                break
        drawn = [generator.random(out=array) for generator, array in self._draws]
        try:
            return function(self._at, weight, *arguments, *drawn)
        except TypeError:  # One lies in a way that machine code does not read.
            return function(self._at, weight, *self._copied(arguments), *drawn)

    def _copied(self, arguments: Sequence[Any]) -> list[Any]:
        """As machine code reads them all: the numbers of each example side by side."""
        return [x.astype(t, order="F") for x, t in zip(arguments, self._dtypes, strict=False)]


def _gradients(source: CSource, lanes: Any) -> list[tuple[int, list[int], Any]]:
    """Those of the arguments, of the examples of one block."""
    found = []
    for argument, elements, view in source.slopes:
        start, step = source.arena.lane(view.buffer, view.start), view.strides[0] or 1
        found.append((argument, elements, lanes[start::step][: view.shape[0]]))
    return found


def _stride(numbers: int, width: int, batch: int) -> int:
    """How many examples a block has: blocks of nearly one size, in whole vectors."""
    most = max(width, _CACHE // (8 * max(numbers, 1)) // width * width)
    blocks = max(1, -(-batch // most))
    return max(1, -(-batch // (blocks * width))) * width


def _renamed(lowered: Lowered) -> Lowered:
    """The same without names of the user's in it."""
    statements = [*lowered.forward, *lowered.backward]
    names = {}
    for i, buffer in enumerate(lowered.given):
        uses = [x for x in statements if any(view.buffer is buffer for view in x.views())]
        whole_numbers = bool(uses) and all(x.out.buffer.integer for x in uses)
        names[buffer] = replace(buffer, name=f"given_{i}", integer=whole_numbers)

    def moved(statements: Sequence[Statement]) -> list[Statement]:
        return [statement.moved(lambda x: names.get(x, x)) for statement in statements]

    return replace(
        lowered,
        given=list(names.values()),
        forward=moved(lowered.forward),
        backward=moved(lowered.backward),
    )


def _with_draws(lowered: Lowered) -> tuple[list[tuple[Any, int]], Lowered]:
    """Random numbers come from Python, as arguments more; the generators, and how many each."""
    draws, given, forward = [], list(lowered.given), []
    for statement in lowered.forward:
        if isinstance(statement, kinds.Draw):
            rows = statement.out.places().size
            drawn = Buffer(f"given_{len(given)}", rows, kind="given")
            given.append(drawn)
            draws.append((statement.generator, rows))
            statement = kinds.Copy(statement.out, whole(drawn))
        forward.append(statement)
    return draws, replace(lowered, given=given, forward=forward)
