"""`compiled`: a function of one example's scalars, run on whole batches."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import update_wrapper
from threading import RLock
from typing import Any

import numpy as np

from autograd import context
from autograd.compiler.execution import Emitted, Runner, Vector
from autograd.compiler.folding import folded
from autograd.compiler.recording import Argument, CompilationError, Graph, record_function
from autograd.compiler.scheduling import Program, scheduled
from autograd.operation import Operation
from autograd.operations import total
from autograd.structure import flatten, rebuild
from autograd.value import Value, constant


class _Result(Value):
    """What a compiled function gave: a node whose operands are the parameters."""

    __slots__ = ()

    @property
    def operands(self) -> tuple[Value, ...]:
        return tuple(p for leaf in _leaves(self) for p in getattr(leaf, "parameters", [leaf]))

    @property
    def partials(self) -> tuple[float | None, ...]:
        return tuple(float(p) for part in super().partials for p in np.atleast_1d(part))  # type: ignore[arg-type]


def _leaves(result: Value) -> tuple[Any, ...]:
    edges = result._edges or ()
    return edges[: len(edges) // 2]


class _Plan:
    """What is compiled for arguments of one kind."""

    def __init__(self, name: str, graph: Graph) -> None:
        self.name, self.graph = name, graph
        self.leaves: list[Value] = [n.content for n in graph.nodes if n.kind == "parameter"]
        self._vector: Any = None  # the common vector of the parameters, if they have one
        self._runner: Runner | None = None

    @property
    def runner(self) -> Runner:
        if self._runner is None or (self._vector is not None and self._vector.superseded):
            self._vector = _common_vector(self.leaves)
            places = [p.index for p in self.leaves] if self._vector is not None else None  # type: ignore[attr-defined]
            size = len(self._vector.data) if self._vector is not None else len(self.leaves)
            program = scheduled(self.graph, self.name, places, size)
            data = np.zeros(size) if self._vector is None else self._vector.data
            self._runner = Runner(Emitted(program), data)
        return self._runner

    def refresh(self, runner: Runner) -> None:
        """Read the parameters that have no common vector."""
        if self._vector is None and self.leaves:
            runner.theta[:] = [leaf.data for leaf in self.leaves]

    def edges(self, gradient: Vector) -> tuple[Any, ...]:
        if self._vector is not None:
            return (self._vector, gradient)
        return (*self.leaves, *gradient.tolist())


def _common_vector(leaves: Sequence[Value]) -> Any:
    """The vector that all leaves live in, if they are of a kind that can."""
    kinds = {type(leaf) for leaf in leaves}
    pack = getattr(kinds.pop(), "pack", None) if len(kinds) == 1 else None
    return pack(leaves) if pack else None


class Compiled:
    """A function of one example, compiled for batches; made by `compiled`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function)
        self.function = function
        self.name = getattr(function, "__name__", "function")
        if not self.name.isidentifier():
            self.name = "result"
        self._op = Operation(self.name, symbol=self.name, forward=lambda x: x, partials=_twice)
        self._plans: dict[tuple[Any, ...], _Plan] = {}
        self._latest: _Plan | None = None
        self._lock = RLock()

    def __call__(self, *arguments: Any) -> Any:
        """The result for every example, as an array whose first axis is the batch."""
        if _has_values(arguments):
            return self.function(*arguments)
        with self._lock:
            plan, arrays, batch = self._prepared(arguments)
            runner = plan.runner
            plan.refresh(runner)
            runner.check_indices(arrays)
            outputs = runner.outputs(arrays, batch)
        results = _in_structure(plan.graph.structure, outputs)
        return results if arguments else _single(results)

    def mean(self, *arguments: Any) -> Value:
        """The mean over the batch as a Value, whose operands are the parameters."""
        return self._reduced(arguments, mean=True)

    def sum(self, *arguments: Any) -> Value:
        """The sum over the batch as a Value, whose operands are the parameters."""
        return self._reduced(arguments, mean=False)

    def _reduced(self, arguments: Sequence[Any], mean: bool) -> Value:
        state = context.current() if context.special else None
        if state is not None and (state.watcher or state.tracer):
            return self._eagerly(arguments, mean)
        value, gradient, plan = self._value_and_gradient(arguments, mean)
        if gradient is None or not plan.leaves or (state is not None and not state.recording):
            return constant(value)
        out: _Result = object.__new__(_Result)
        Value.__init__(out, value)
        out.op, out._edges = self._op, plan.edges(gradient)
        return out

    def _value_and_gradient(
        self, arguments: Sequence[Any], mean: bool
    ) -> tuple[float, Vector | None, _Plan]:
        with self._lock:
            plan, arrays, batch = self._prepared(arguments)
            if len(plan.graph.outputs) != 1 or plan.graph.structure != 0.0:
                raise ValueError(
                    f"{self.name}() gives {len(plan.graph.outputs)} numbers for each example: only "
                    "a function of one result has a mean, a sum and a gradient"
                )
            if batch == 0 and mean:
                raise ValueError(f"{self.name}.mean() of an empty batch")
            runner = plan.runner
            plan.refresh(runner)
            runner.check_indices(arrays)
            value, gradient = runner.weighted(arrays, batch, 1.0 / batch if mean else 1.0)
        return value, gradient, plan

    def _eagerly(self, arguments: Sequence[Any], mean: bool) -> Value:
        """One example after the other, where the engine watches or records every operation."""
        examples = list(zip(*arguments, strict=True)) if arguments else [()]
        losses = [self.function(*[_python(x) for x in example]) for example in examples]
        result: Value = total(losses)
        return result / len(losses) if mean else result

    def _prepared(self, arguments: Sequence[Any]) -> tuple[_Plan, list[Any], int]:
        arrays = [_array(self._argument_name(i), x) for i, x in enumerate(arguments)]
        sizes = {len(array) for array in arrays} or {1}
        if len(sizes) > 1:
            raise ValueError(
                f"{self.name}() got batches of {sorted(sizes)} examples: all arguments need as many"
            )
        key = tuple((array.shape[1:], array.dtype.kind in "iub") for array in arrays)
        plan = self._plans.get(key)
        if plan is None:
            kinds = [Argument(self._argument_name(i), *kind) for i, kind in enumerate(key)]
            plan = self._plans[key] = _Plan(self.name, folded(record_function(self.function, kinds)))
        self._latest = plan
        batch = sizes.pop()
        return plan, [array.reshape(batch, -1).T for array in arrays], batch

    def _argument_name(self, index: int) -> str:
        try:
            names = list(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            names = []
        return names[index] if index < len(names) else f"argument{index}"

    @property
    def source(self) -> str:
        """The program of the latest call as text."""
        return self._compiled("source").runner.emitted.text

    @property
    def program(self) -> Program:
        """The array instructions of the latest call."""
        return self._compiled("program").runner.emitted.program

    def _compiled(self, what: str) -> _Plan:
        if self._latest is None:
            raise CompilationError(
                f"{self.name} has no {what} yet: it is compiled when it first sees its arguments"
            )
        return self._latest

    def __repr__(self) -> str:
        return f"<compiled {self.name}>"


def compiled(function: Callable[..., Any]) -> Compiled:
    """Compile a function of one example, written in scalars, for batches of examples."""
    return Compiled(function)


def _twice(operands: Any, out: Any) -> Any:
    raise TypeError(
        "a compiled result has only first derivatives outside: to differentiate twice, call "
        "gradient() inside the compiled function"
    )


def _array(name: str, argument: Any) -> Any:
    array = np.asarray(argument)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be an array of real numbers, its type is {array.dtype}")
    if array.ndim == 0:
        raise TypeError(f"{name} must be a batch: an array whose first axis is the examples")
    return array


def _has_values(arguments: Sequence[Any]) -> bool:
    return any(isinstance(x, Value) for x in flatten(list(arguments)) if not isinstance(x, float))


def _python(example: Any) -> Any:
    """An example's argument as the function gets it: numbers in nested lists."""
    return np.asarray(example).tolist()


def _in_structure(structure: Any, outputs: Vector) -> Any:
    if not isinstance(structure, list):
        return outputs[:, 0]
    try:
        shape = np.shape(structure)
    except ValueError:
        return rebuild(structure, list(outputs.T))
    return outputs.reshape(len(outputs), *shape)


def _single(results: Any) -> Any:
    return results[0] if isinstance(results, np.ndarray) else results
