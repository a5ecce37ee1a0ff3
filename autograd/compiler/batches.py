"""What is compiled for batches of one kind: the graph, its program, and how it is called."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd.compiler.execution import Emitted, Runner, Vector
from autograd.compiler.folding import folded
from autograd.compiler.recording import Argument, record_function
from autograd.compiler.scheduling import scheduled
from autograd.value import Value


class BatchProgram:
    """A function for arguments of certain shapes.

    Attributes:
        leaves: the parameters, which are read afresh at every call.
    """

    def __init__(self, name: str, function: Callable[..., Any], arguments: list[Argument]) -> None:
        self.name = name
        with _collector_paused():
            self.graph = folded(record_function(function, arguments))
        self.leaves: list[Value] = [n.content for n in self.graph.nodes if n.kind == "parameter"]
        self._vector: Any = None  # the common vector of the parameters, if they have one
        self._runner: Runner | None = None
        self._of_inputs: Runner | None = None

    @property
    def single(self) -> bool:
        """Whether the result is one number, which has a mean, a sum and a gradient."""
        return not isinstance(self.graph.structure, list)

    @property
    def runner(self) -> Runner:
        """The program on the vector that the parameters live in now, as they are now."""
        if self._runner is None or (self._vector is not None and self._vector.superseded):
            self._vector = _common_vector(self.leaves)
            with _collector_paused():
                self._runner = self._scheduled()
        if self._vector is None and self.leaves:
            self._runner.theta[:] = [leaf.data for leaf in self.leaves]
        return self._runner

    def _scheduled(self) -> Runner:
        if self._vector is None:
            program = scheduled(self.graph, self.name)
            self.leaves = program.parameters  # in the order of the program's own vector
            return Runner(Emitted(program), None)
        places = [leaf.index for leaf in self.leaves]  # type: ignore[attr-defined]
        program = scheduled(self.graph, self.name, places, len(self._vector.data))
        return Runner(Emitted(program), self._vector.data)

    @property
    def source(self) -> str:
        """The program as text."""
        return self.runner.emitted.text

    def gradient_of_parameters(self, gradient: Vector) -> Vector:
        """The part of a gradient that belongs to `leaves`, in their order."""
        if self._vector is None or len(self._vector.data) == len(self.leaves):
            return gradient
        return gradient[sorted(leaf.index for leaf in self.leaves)]  # type: ignore[attr-defined]

    def edges(self, gradient: Vector) -> tuple[Any, ...]:
        """The operands and partials of a node that has this gradient."""
        if self._vector is not None:
            return (self._vector, gradient)
        return (*self.leaves, *gradient.tolist())

    def of_inputs(self) -> Runner:
        """The program with the gradient of the arguments."""
        if self._of_inputs is None:
            program = scheduled(self.graph, self.name, inputs=True)
            self._of_inputs = Runner(Emitted(program, inputs=True), None)
        parameters = self._of_inputs.emitted.program.parameters
        if parameters:
            self._of_inputs.theta[:] = [parameter.data for parameter in parameters]
        return self._of_inputs


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the garbage collector, which would walk the growing graph again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _common_vector(leaves: Sequence[Value]) -> Any:
    """The vector that all leaves live in, if they are of a kind that can."""
    kinds = {type(leaf) for leaf in leaves}
    pack = getattr(kinds.pop(), "pack", None) if len(kinds) == 1 else None
    return pack(leaves) if pack else None
