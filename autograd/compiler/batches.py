"""What is compiled for batches of one kind: the graph, its program, and how it is called."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiler.execution import Runner, Source, Vector
from autograd.compiler.folding import folded
from autograd.compiler.graph import Graph
from autograd.compiler.lending import Lent
from autograd.compiler.lowering import Lowered, lowered
from autograd.compiler.numpy_source import NumpySource
from autograd.compiler.scheduling import scheduled
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.backends import Backend


class BatchProgram:
    """A recorded function on batches.

    Attributes:
        recorded: the graph of one example, as the function was written.
        single: whether the result is one number, which has a mean, a sum and a gradient.
        leaves: the parameters, which are read afresh at every call.
        runs_as: what the program is in the end, where that is a question; with a reason.
    """

    def __init__(self, name: str, graph: Graph, backend: Backend = "numpy") -> None:
        self.name, self.recorded, self.backend = name, graph, backend
        self.runs_as = ""
        self.structure = graph.structure
        self.single = not isinstance(self.structure, list)
        with _collector_paused():
            self._graph = folded(graph)
        self.leaves: list[Value] = [n.content for n in self._graph.nodes if n.kind == "parameter"]
        self._vector: Any = None  # the common vector of the parameters, if they have one
        self._operand: Any = None  # what results have for an operand then
        self._order: tuple[Any, Any] = (None, None)
        self._runner: Runner | None = None

    @property
    def count(self) -> int:
        """How many numbers there are in a result."""
        return len(self._graph.outputs)

    @property
    def runner(self) -> Runner:
        """The program on the vector that the parameters live in now, as they are now."""
        runner = self._runner
        if runner is None or (self._vector is not None and self._vector.superseded):
            with _collector_paused():
                runner = self._schedule(_common_vector(self.leaves))
        if self._vector is None and self.leaves:
            runner.theta[:] = [leaf._data for leaf in self.leaves]
        return runner

    def _schedule(self, vector: Any) -> Runner:
        """Make the program for a vector, and then take it: an interrupt leaves the old one."""
        leaves, operand = self.leaves, None
        if vector is None:
            program = scheduled(self._graph, self.name)
            leaves = program.parameters  # in the order of the program's own vector
            runner = Runner(self._source(lowered(program)))
        else:
            places = [leaf.index for leaf in leaves]  # type: ignore[attr-defined]
            operand = vector.part(sorted(places))
            program = scheduled(self._graph, self.name, places, len(vector.data))
            runner = Runner(self._source(lowered(program)), vector.data)
        self._runner = None  # until all that belongs to the new one is in its place
        self.leaves, self._operand, self._order = leaves, operand, (None, None)
        self._vector, self._runner = vector, runner
        return runner

    def _source(self, made: Lowered) -> Source:
        """The program in the language of the backend, or in NumPy's if it cannot be in that."""
        if self.backend == "c":
            from autograd.compiler.machine import source_in_c

            source, why_not = source_in_c(made, self.name)
            self.runs_as = f"a NumPy program, since {why_not}" if why_not else "machine code"
            if source:
                return source
        return NumpySource(made)

    @property
    def source(self) -> str:
        """The program as text."""
        return self.runner.source.text

    def gradient_of(self, parameters: Sequence[Value], gradient: Vector) -> Vector:
        """The gradient with respect to these parameters: 0 for one that the program has not.

        Parameters:
            parameters: the same list as before while it has not changed.
        """
        if self._order[0] is not parameters:
            self._order = (parameters, self._places(parameters))
        places = self._order[1]
        return gradient if places is None else np.append(gradient, 0.0)[places]

    def _places(self, parameters: Sequence[Value]) -> Any:
        """Where they are in the program's vector; None if they are all of it, in its order."""
        if self._vector is not None:
            where = {leaf: leaf.index for leaf in self.leaves}  # type: ignore[attr-defined]
            size = len(self._vector.data)
        else:
            where, size = {leaf: i for i, leaf in enumerate(self.leaves)}, len(self.leaves)
        places = [where.get(parameter, size) for parameter in parameters]
        return None if places == list(range(size)) else np.array(places, dtype=np.intp)

    def edges(self, gradient: Lent) -> tuple[Any, ...]:
        """The operands and partials of a node that has this gradient."""
        if self._vector is not None:
            operand = self._operand
            return (operand, gradient if operand.whole else gradient.at(operand.where))
        return (*self.leaves, *gradient.copy().tolist())

    @cached_property
    def _of_inputs(self) -> Runner:
        program = scheduled(self._graph, self.name, inputs=True)
        return Runner(self._source(lowered(program, inputs=True)))

    def of_inputs(self) -> Runner:
        """The program with the gradient of the arguments."""
        parameters = self._of_inputs.program.parameters
        if parameters:
            self._of_inputs.theta[:] = [parameter._data for parameter in parameters]
        return self._of_inputs


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the garbage collector, which would walk the growing graph again and again."""
    enabled = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if enabled:
            gc.enable()


def _common_vector(leaves: Sequence[Value]) -> Any:
    """The vector that all leaves live in, if they are of a kind that can."""
    kinds = {type(leaf) for leaf in leaves}
    pack = getattr(kinds.pop(), "pack", None) if len(kinds) == 1 else None
    return pack(leaves) if pack else None
