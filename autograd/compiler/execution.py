"""Execution: a program's source bound to the buffers of a batch size, and run.

A call only copies the arguments in and runs straight-line statements. Batches larger than what
stays in the processor's cache run in blocks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextvars import Context
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.instructions import Pick, Program
from autograd.compiler.lending import Lender, Lent

Vector = NDArray[np.float64]
Result = TypeVar("Result")

_INDEX, _UNSIGNED = np.dtype(np.intp), np.dtype(np.uintp)
_CACHE_BYTES = 3 << 20  # what all arrays of one block may take
_SMALLEST_BLOCK = 64
# What the buffers of a program's batch sizes may take together. Some are kept whatever they take:
# those of the batches of an epoch and of its last, shorter one, in training and in validation.
_KEPT_BYTES = 1 << 26
_KEPT_SIZES = 4


class Bound(Protocol):
    """A program on the arrays of one batch size.

    Attributes:
        gradients: those of the arguments: (argument, elements, array).
        size: what it takes, in bytes.
    """

    gradients: list[tuple[int, list[int], Any]]
    size: int

    def outputs(self, arguments: Sequence[Any]) -> Any:
        """All results of every example, (outputs, batch), until the next call."""

    def weighted(self, arguments: Sequence[Any], weight: float) -> float:
        """`weight` times the sum of the one output; writes the gradient."""


class Source(Protocol):
    """What is run: a program in some language, which can be bound to the arrays of a batch size.

    Attributes:
        program: what was scheduled.
        text: as it can be printed and read.
        rows: how many numbers each example takes in memory.
    """

    program: Program
    rows: int

    @property
    def text(self) -> str: ...

    def bind(self, theta: Vector, gradient: Vector, batch: int) -> Bound:
        """Make the buffers for a batch size, and the functions that run on them."""


# In this context NumPy is silent about infinities; entering it costs less than `errstate`.
_quiet = threading.local()


def quiet() -> Context:
    """The context of this thread in which NumPy does not warn."""
    try:
        context: Context = _quiet.context
    except AttributeError:
        context = _quiet.context = Context()
        context.run(np.seterr, all="ignore")
    return context


def quietly(function: Callable[..., Result], *arguments: Any, **settings: Any) -> Result:
    """Call a function during which NumPy does not warn."""
    return quiet().run(function, *arguments, **settings)


def _selection(places: list[int]) -> Any:
    """What selects these places of an array: a slice, which copies nothing, if one can."""
    first, last = places[0], places[-1]
    return slice(first, last + 1) if places == [*range(first, last + 1)] else places


class Runner:
    """Runs a program on a vector of parameters.

    Parameters:
        theta: the parameters; by default the program has a vector of its own.
    """

    def __init__(self, source: Source, theta: Vector | None = None) -> None:
        self.source, self.program = source, source.program
        self.theta = np.zeros(self.program.sizes["theta"]) if theta is None else theta
        self.gradient = np.zeros(len(self.theta))
        self._lender = Lender(self.gradient)
        self._bound: OrderedDict[int, Bound] = OrderedDict()  # the one used last at the end
        self._latest: tuple[int, Bound | None] = (-1, None)  # a batch size, and what it is bound to
        self._kept = 0  # bytes
        self._block = max(_SMALLEST_BLOCK, _CACHE_BYTES // (8 * max(source.rows, 1)))
        self._checked = self._indices()

    def _indices(self) -> list[tuple[int, Any, Any, int]]:
        """For each argument that holds indices: which elements, their limits, and the lowest."""
        program = self.program
        limits = [np.iinfo(np.int64).max] * program.sizes["indices"]
        for node in program.instructions:
            if isinstance(node, Pick):
                for row in node.indices.places:
                    limits[row] = min(limits[row], node.choices)
        checks = []
        for argument, rows in program.indices().items():
            found = [limits[row] for row in rows.values()]
            checks.append((argument, _selection([*rows]), np.array(found)[:, None], min(found)))
        return checks

    def bound(self, batch: int) -> Bound:
        """Buffers and functions for a batch size; those that were used last are kept."""
        latest, bound = self._latest
        if latest == batch and bound is not None:
            return bound
        bound = self._bound.get(batch)
        if bound is not None:
            self._bound.move_to_end(batch)
            self._latest = (batch, bound)
            return bound
        bound = self.source.bind(self.theta, self.gradient, batch)
        self._bound[batch] = bound
        self._latest = (batch, bound)
        self._kept += bound.size
        while self._kept > _KEPT_BYTES and len(self._bound) > _KEPT_SIZES:
            self._kept -= self._bound.popitem(last=False)[1].size
        return bound

    def blocks(self, batch: int) -> list[slice]:
        """The examples in blocks of nearly one size."""
        count = -(-batch // self._block)
        edges = [batch * i // max(count, 1) for i in range(count + 1)]
        return [slice(a, b) for a, b in pairwise(edges)]

    def check_indices(self, arguments: Sequence[Any]) -> None:
        """Raise for an index that a pick cannot follow."""
        for argument, elements, limits, lowest in self._checked:
            chosen = arguments[argument][elements]
            if chosen.dtype == _INDEX and chosen.size:
                # A negative number, read without its sign, is larger than any limit.
                unsigned = chosen.view(_UNSIGNED)
                if unsigned.item(unsigned.argmax()) < lowest:  # quicker than a maximum
                    continue
            wrong = ~((chosen >= 0) & (chosen < limits) & (chosen == np.trunc(chosen)))
            if wrong.any():
                row, example = np.argwhere(wrong)[0]
                name = self.program.arguments[argument].name
                raise IndexError(
                    f"{name} holds the index {chosen[row, example]:g}, "
                    f"not one of 0 to {limits[row, 0] - 1}"
                )

    def at_a_point(self, arguments: Sequence[Any]) -> tuple[float, list[Vector]]:
        """The one output for a batch of one, and its gradient with respect to the arguments."""
        self.check_indices(arguments)
        value = self._run(arguments, 1, 1.0)
        gradients = [np.zeros(len(argument)) for argument in arguments]
        for argument, elements, gradient in self.bound(1).gradients:
            gradients[argument][elements] = gradient[:, 0]
        return value, gradients

    def outputs(self, arguments: Sequence[Any], batch: int) -> Vector:
        """Every output of every example, shape (batch, outputs)."""
        self.check_indices(arguments)
        result = np.empty((batch, len(self.program.outputs)))
        for block in self.blocks(batch):
            bound = self.bound(block.stop - block.start)
            result[block] = bound.outputs([argument[:, block] for argument in arguments]).T
        return result

    def weighted(self, arguments: Sequence[Any], batch: int, weight: float) -> tuple[float, Vector]:
        """`weight` times the sum of the one output over the batch, and its gradient."""
        value, gradient = self.lent(arguments, batch, weight)
        return value, gradient.copy()

    def lent(self, arguments: Sequence[Any], batch: int, weight: float) -> tuple[float, Lent]:
        """The same with a gradient that is copied only if it is still wanted at the next run."""
        if self._checked:
            self.check_indices(arguments)
        if 0 < batch <= self._block:
            self._lender.take_back()
            latest, bound = self._latest
            if latest != batch or bound is None:
                bound = self.bound(batch)
            return bound.weighted(arguments, weight), self._lender.lend()
        total, value = np.zeros(len(self.theta)), 0.0
        for block in self.blocks(batch):
            part = [argument[:, block] for argument in arguments]
            value += self._run(part, block.stop - block.start, weight)
            quietly(np.add, total, self.gradient, out=total)
        return value, Lent(total)

    def _run(self, arguments: Sequence[Any], batch: int, weight: float) -> float:
        self._lender.take_back()
        return self.bound(batch).weighted(arguments, weight)
