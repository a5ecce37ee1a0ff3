"""`compiled`: a function of one example's scalars, run on whole batches."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from functools import update_wrapper
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import context
from autograd.compiler.errors import CompilationError
from autograd.operation import Operation
from autograd.operations import total
from autograd.structure import flatten, rebuild
from autograd.value import Value, as_values, constant, record

# The stages of the compiler are imported when something is compiled: that keeps the import of
# the package quick.
if TYPE_CHECKING:
    from autograd.compiler.batches import BatchProgram
    from autograd.compiler.instructions import Program
    from autograd.compiler.scalars import ScalarProgram


def compiled(function: Callable[..., Any]) -> Compiled:
    """Compile a function of one example, written in scalars, for batches of examples.

    The function gets, for each argument, what one example has of it: a Value for an array of
    shape (batch,), a list of Values for (batch, d), nested lists for more. Integer arrays arrive
    as Values that `pick` can use as an index. Values from outside are parameters, which are read
    afresh at every call; Python numbers are constants.

    Raises:
        CompilationError: at the first call, if the graph would depend on the example's numbers.

    >>> import numpy as np
    >>> w = Value(3.0)
    >>> @compiled
    ... def squared_error(x, y):
    ...     return (w * x - y) ** 2
    >>> X, Y = np.array([1.0, 2.0]), np.array([2.0, 8.0])
    >>> squared_error(X, Y)
    array([1., 4.])
    >>> squared_error.mean(X, Y).backward()
    >>> w.grad
    -3.0

    A function of plain numbers is compiled to Python on floats:

    >>> compiled(lambda a, b: a * b + a.exp()).value_and_gradient(0.0, 2.0)
    (1.0, (3.0, 0.0))
    """
    return Compiled(function)


class Compiled:
    """A compiled function; made by `compiled`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function, updated=())  # not the attributes of a callable object
        self.function = function
        name = getattr(function, "__name__", "result")
        self.name = name if name.isidentifier() else "result"
        self._op = Operation(self.name, symbol=self.name, forward=lambda x: x, partials=_refuse)
        self._batches: dict[tuple[Any, ...], BatchProgram] = {}
        self._scalars: dict[int, ScalarProgram] = {}
        self._latest: BatchProgram | ScalarProgram | None = None
        self._lock = RLock()

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = name

    def __get__(self, instance: Any, owner: type) -> Compiled:
        """As a method it is compiled for each instance, whose parameters it then reads."""
        if instance is None:
            return self
        bound = Compiled(MethodType(self.function, instance))
        vars(instance)[self._attribute] = bound  # Found there from now on.
        return bound

    # ----------------------------------------------------------------------------- calls

    def __call__(self, *arguments: Any) -> Any:
        """The result for every example, as an array whose first axis is the batch.

        Of plain numbers it is the plain result; with Values among the arguments the function is
        called as it is.
        """
        if _has_values(arguments):
            return self.function(*arguments)
        self._refuse_while_recording()
        if arguments and _plain(arguments):
            return self._scalar(len(arguments)).value([float(x) for x in arguments])
        with self._lock:
            program, arrays, batch = self._prepared(arguments)
            outputs = program.runner.outputs(arrays, batch)
        results = _in_structure(program.graph.structure, outputs)
        return results if arguments or not isinstance(results, np.ndarray) else results[0]

    def mean(self, *arguments: Any) -> Value:
        """The mean over the batch, as a Value whose operands are the parameters."""
        return self._reduced(arguments, mean=True)

    def sum(self, *arguments: Any) -> Value:
        """The sum over the batch, as a Value whose operands are the parameters."""
        return self._reduced(arguments, mean=False)

    def value_and_gradient(self, *arguments: Any) -> tuple[float, Any]:
        """The value and the gradient as plain numbers, without a Value.

        Of batches: the mean over the batch, and its gradient with respect to the parameters as a
        flat array, in the order of their vector (`Module.parameters()` for a module) or, for
        plain Values, of their first use. Of plain numbers, or of arrays of a function without
        parameters, which are one point then: the value, and the gradient with respect to the
        arguments, a tuple if there are several.
        """
        self._refuse_while_recording()
        if arguments and _plain(arguments):
            program = self._scalar(len(arguments))
            value, gradient = program.value_and_gradient([float(x) for x in arguments])
            return value, gradient if len(gradient) > 1 else gradient[0]
        try:
            with self._lock:
                value, flat, batches = self._weighted(arguments, mean=True)
                if batches.leaves:
                    return value, batches.gradient_of_parameters(flat)
        except CompilationError:
            raise
        except (TypeError, ValueError, IndexError) as error:
            return self._at_a_point(arguments, error)
        return self._at_a_point(arguments, None)

    def _reduced(self, arguments: Sequence[Any], mean: bool) -> Value:
        state = context.current() if context.special else None
        if state is not None and (state.watcher or state.tracer):
            return self._eagerly(arguments, mean)
        with self._lock:
            value, gradient, program = self._weighted(arguments, mean)
            if not program.leaves or (state is not None and not state.recording):
                return constant(value)
            out: _Result = object.__new__(_Result)
            Value.__init__(out, value)
            out.op, out._edges = self._op, program.edges(gradient)
        return out

    def _weighted(self, arguments: Sequence[Any], mean: bool) -> tuple[float, Any, BatchProgram]:
        program, arrays, batch = self._prepared(arguments)
        if not program.single:
            raise ValueError(
                f"{self.name}() gives {len(program.graph.outputs)} numbers for each example: only "
                "a function of one result has a mean, a sum and a gradient"
            )
        if batch == 0 and mean:
            raise ValueError(f"{self.name}.mean() of an empty batch")
        weight = 1.0 / batch if mean else 1.0
        return (*program.runner.weighted(arrays, batch, weight), program)

    def _eagerly(self, arguments: Sequence[Any], mean: bool) -> Value:
        """One example after the other, where every operation is watched or recorded."""
        examples = list(zip(*map(np.asarray, arguments), strict=True)) if arguments else [()]
        if mean and not examples:
            raise ValueError(f"{self.name}.mean() of an empty batch")
        losses = [self.function(*map(_nested_values, example)) for example in examples]
        result = record(total, losses)
        return result / len(losses) if mean else result

    def _at_a_point(self, arguments: Sequence[Any], error: Exception | None) -> tuple[float, Any]:
        """The arguments as one point: no batch, and the gradient is theirs."""
        try:
            points = [
                self._array(i, np.asarray(x)[np.newaxis]).astype(np.float64)
                for i, x in enumerate(arguments)
            ]
            with self._lock:
                program, arrays, _ = self._prepared(points)
                if error and program.leaves:
                    raise error
                if not program.single:
                    raise ValueError(f"{self.name}() must give one number to have a gradient")
                value, gradients = program.of_inputs().at_a_point(arrays)
        except (TypeError, ValueError, IndexError) as second:
            if error is None:
                second.add_note(
                    f"{self.name}() has no parameters: its arguments are one point, not a batch"
                )
            raise (error or second) from None
        shaped = [g.reshape(np.shape(x)) for g, x in zip(gradients, arguments, strict=True)]
        return value, tuple(shaped) if len(shaped) > 1 else shaped[0]

    def _refuse_while_recording(self) -> None:
        if context.special and context.current().tracer:
            raise CompilationError(
                f"{self.name}() of plain numbers in a compiled function gives plain numbers, which "
                "would stay as they are now: give it Values, or call its .mean() or .sum()"
            )

    # ------------------------------------------------------------------------- compiling

    def _scalar(self, count: int) -> ScalarProgram:
        program = self._scalars.get(count)
        if program is None:
            from autograd.compiler.scalars import ScalarProgram

            with self._lock:
                names = [self._argument_name(i) for i in range(count)]
                program = self._scalars[count] = ScalarProgram(self.function, names)
        self._latest = program
        return program

    def _prepared(self, arguments: Sequence[Any]) -> tuple[BatchProgram, list[Any], int]:
        """The program for such arguments, compiled now if it is the first time."""
        arrays = [self._array(i, argument) for i, argument in enumerate(arguments)]
        batch = len(arrays[0]) if arrays else 1
        for i, array in enumerate(arrays):
            if len(array) != batch:
                raise ValueError(
                    f"{self._argument_name(i)} has {len(array)} examples and "
                    f"{self._argument_name(0)} has {batch}: all arguments need as many"
                )
        key = tuple([(array.shape[1:], array.dtype.kind in "iub") for array in arrays])
        program = self._batches.get(key)
        if program is None:
            from autograd.compiler.batches import BatchProgram
            from autograd.compiler.recording import Argument

            kinds = [Argument(self._argument_name(i), *kind) for i, kind in enumerate(key)]
            program = self._batches[key] = BatchProgram(self.name, self.function, kinds)
        self._latest = program
        return program, [_columns(array) for array in arrays], batch

    def _array(self, i: int, argument: Any) -> Any:
        array = argument if isinstance(argument, np.ndarray) else np.asarray(argument)
        if array.dtype.kind not in "fiub":
            raise TypeError(
                f"{self._argument_name(i)} must be an array of real numbers, not of {array.dtype}"
            )
        if array.ndim == 0:
            raise TypeError(
                f"{self._argument_name(i)} must be an array whose first axis is the batch, not the "
                f"single number {array}: give each example its own, or set it in the function"
            )
        if array.dtype.itemsize > 8:  # an extended precision, which no program computes in
            array = array.astype(np.float64)
        return array

    def _argument_name(self, i: int) -> str:
        try:
            parameters = inspect.signature(self.function).parameters.values()
        except (TypeError, ValueError):
            parameters = {}.values()
        names = [p.name for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD]
        return names[i] if i < len(names) else f"argument{i}"

    # -------------------------------------------------------------------------- to look at

    @property
    def source(self) -> str:
        """The program of the latest call as text."""
        text: str = self._compiled("source").source
        return text

    @property
    def program(self) -> Program:
        """The array instructions of the latest call on batches."""
        latest = self._compiled("program")
        if not hasattr(latest, "runner"):
            raise CompilationError(f"{self.name} was last called with plain numbers, not batches")
        program: Program = latest.runner.emitted.program
        return program

    def _compiled(self, what: str) -> Any:
        if self._latest is None:
            raise CompilationError(
                f"{self.name} has no {what} yet: it is compiled when it first sees its arguments"
            )
        return self._latest

    def __reduce__(self) -> Any:
        return Compiled, (self.function,)  # A copy compiles anew.

    def __repr__(self) -> str:
        return f"<compiled {self.name}>"


class _Result(Value):
    """What a compiled function gave: a node whose operands are the parameters."""

    __slots__ = ()

    def backward(self) -> None:
        """As for any Value; if it depends on one vector of parameters, in one addition."""
        leaf, *gradient = self._edges or ()
        if len(gradient) == 1 and hasattr(leaf, "add_to_grad"):
            leaf.add_to_grad(gradient[0])
            self._grad = 1.0
        else:
            super().backward()

    @property
    def operands(self) -> tuple[Value, ...]:
        leaves = super().operands
        return tuple(p for leaf in leaves for p in getattr(leaf, "parameters", (leaf,)))

    @property
    def partials(self) -> tuple[float | None, ...]:
        return tuple(float(p) for part in super().partials for p in np.atleast_1d(part))  # type: ignore[arg-type]


def _refuse(operands: Any, out: Any) -> Any:
    raise CompilationError(
        "a compiled result has only first derivatives: to differentiate twice, call gradient() "
        "inside the compiled function"
    )


def _plain(arguments: Sequence[Any]) -> bool:
    return all(type(x) is float or np.ndim(x) == 0 for x in arguments)


def _nested_values(example: Any) -> Any:
    return rebuild(example, as_values(flatten(example)))


def _has_values(arguments: Sequence[Any]) -> bool:
    return any(
        isinstance(leaf, Value)
        for x in arguments
        if isinstance(x, Value | list | tuple) or (isinstance(x, np.ndarray) and x.dtype == object)
        for leaf in flatten(x)
    )


def _columns(array: Any) -> Any:
    """Shape (batch, ...) as (numbers of an example, batch), without a copy if possible."""
    if array.ndim == 1:
        return array[np.newaxis]
    return array.T if array.ndim == 2 else array.reshape(len(array), math.prod(array.shape[1:])).T


def _in_structure(structure: Any, outputs: Any) -> Any:
    """Outputs of shape (batch, numbers), in the shape that the function gave them."""
    if not isinstance(structure, list):
        return outputs[:, 0]
    try:
        shape = np.shape(structure)
    except ValueError:
        return rebuild(structure, list(outputs.T))
    return outputs.reshape(len(outputs), *shape)
