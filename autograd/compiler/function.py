"""`compiled`: a function of one example's scalars, run on whole batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, update_wrapper
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args, overload

import numpy as np

from autograd import context
from autograd.compiler import batched, eager
from autograd.compiler.arguments import Given, Keywords, has_values, in_order, plain
from autograd.compiler.copying import deeply_copied, reduced
from autograd.compiler.errors import CompilationError
from autograd.compiler.methods import Methods
from autograd.compiler.results import in_structure, operation
from autograd.value import Value

# The stages of the compiler are imported when something is compiled: that keeps the import of
# the package quick.
if TYPE_CHECKING:
    from autograd.compiler.instructions import Program
    from autograd.compiler.programs import Programs

Function = Callable[..., Any]
Backend = Literal["numpy", "eager"]


class Runs(Protocol):
    """What carries out the calls: a module for each backend."""

    def outputs(self, f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]: ...

    def reduced(self, f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value: ...

    def value_and_gradient(
        self, f: Compiled, given: Given, keywords: Keywords
    ) -> tuple[float, Any]: ...

    def at_numbers(self, f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any: ...

    def at_arrays(self, f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any: ...


@overload
def compiled(function: Function, *, backend: Backend = "numpy") -> Compiled: ...
@overload
def compiled(*, backend: Backend = "numpy") -> Callable[[Function], Compiled]: ...
def compiled(
    function: Function | None = None, *, backend: Backend = "numpy"
) -> Compiled | Callable[[Function], Compiled]:
    """Compile a function of one example, written in scalars, for batches of examples.

    The function gets, for each argument, what one example has of it: a Value for an array of
    shape (batch,), a list of Values for (batch, d), nested lists for more. Integer arrays arrive
    as Values that `pick` can use as an index. Values from outside are parameters, which are read
    afresh at every call; Python numbers are constants.

    Parameters:
        function: of one example; a method is compiled for each instance.
        backend: "numpy" compiles to a NumPy program; "eager" runs one example after the other.

    **What it reads from outside.** The function is recorded once. Watched are its closure, its
    defaults and the globals that it names, those of the functions of yours that it can call, and
    the attributes of Modules, and of classes and modules of yours: when one of them is set anew,
    the next call sees it. Programs are kept, so that a mode that is switched back compiles
    nothing anew. Not watched are the contents of lists and dicts (but of a Module's list of
    Modules), the attributes of other objects, and Python's or NumPy's random numbers (`uniform`
    is drawn anew for every example). To notice those, the function is recorded again at its
    second call, at `check()`, and from then on so often that it takes 2 % of the time; if it has
    come to compute something else, a `CompilationError` says what.

    Raises:
        CompilationError: at the first call, if the graph would depend on the example's numbers;
            later, if what the function computes has changed unwatched.

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

    >>> compiled(lambda a, b: a * b + a.exp()).value_and_gradient_at(0.0, 2.0)
    (1.0, (3.0, 0.0))
    """
    checked_backend(backend)
    if function is None:
        return lambda function: compiled(function, backend=backend)
    if not callable(function) and not hasattr(function, "__get__"):
        raise TypeError(f"compiled() takes a function, not {function!r:.60}")
    return Compiled(function, backend)


def checked_backend(backend: Any) -> None:
    """Raise unless there is such a backend."""
    if backend not in get_args(Backend):
        names = " or ".join(map(repr, get_args(Backend)))
        raise ValueError(f"backend must be {names}, not {backend!r:.80}")


class Compiled:
    """A compiled function; made by `compiled`.

    Attributes:
        function: as it was written, bound to its instance if it is a method.
        backend: what runs it, "numpy" or "eager".
        name: what it is called in programs, drawings and messages.
        operation: what its results show in the graph.
        origin: of a method what was decorated, and whose it is.
    """

    def __init__(self, function: Function, backend: Backend = "numpy") -> None:
        update_wrapper(self, function, updated=())  # not the attributes of a callable object
        self.function = function
        self.backend = backend
        name = getattr(function, "__name__", "result")
        self.name = name if name.isidentifier() else "result"
        self.operation = operation(self.name)
        self._methods = Methods()
        self.origin: tuple[Compiled, Any] | None = None

    @cached_property
    def programs(self) -> Programs:
        """What has been compiled."""
        from autograd.compiler.programs import Programs

        return Programs(self.name)

    def __get__(self, instance: Any, owner: type | None = None) -> Compiled:
        """As a method it has programs for each instance, whose parameters they read."""
        descriptor = isinstance(self.function, classmethod | staticmethod)
        if (instance is None and not descriptor) or not hasattr(self.function, "__get__"):
            return self
        home = owner if descriptor else instance
        bound: Compiled = object.__new__(Compiled)
        vars(bound).update(vars(self))
        bound.function = self.function.__get__(instance, owner)
        bound.programs = self._methods.programs(home, self.name)
        bound.origin = (self, home)
        return bound

    # ----------------------------------------------------------------------------- calls

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The result for every example, as an array whose first axis is the batch.

        Of plain numbers it is the plain result; with Values among the arguments the function is
        called as it is.
        """
        if has_values([*arguments, *named.values()]):
            return self.function(*arguments, **named)
        if context.special:
            self._refuse_while_recording()
        given, keywords = in_order(self.function, arguments, named) if named else (arguments, ())
        if given and plain(given):
            return self._runs.at_numbers(self, given, keywords, False)
        outputs, structure = self._runs.outputs(self, given, keywords)
        results = in_structure(structure, outputs)
        return results if given or not isinstance(results, np.ndarray) else results[0]

    def mean(self, *arguments: Any, **named: Any) -> Value:
        """The mean over the batch, as a Value whose operands are the parameters."""
        given, keywords = in_order(self.function, arguments, named) if named else (arguments, ())
        return self._runs.reduced(self, given, keywords, True)

    def sum(self, *arguments: Any, **named: Any) -> Value:
        """The sum over the batch, as a Value whose operands are the parameters."""
        given, keywords = in_order(self.function, arguments, named) if named else (arguments, ())
        return self._runs.reduced(self, given, keywords, False)

    def value_and_gradient(self, *arguments: Any, **named: Any) -> tuple[float, Any]:
        """The mean over a batch and its gradient, as plain numbers, without a Value.

        Returns:
            The mean, and the derivatives with respect to `parameters`, shape (n,), in that order.

        Raises:
            ValueError: it reads no parameters.
        """
        if context.special:
            self._refuse_while_recording()
        given, keywords = in_order(self.function, arguments, named) if named else (arguments, ())
        if given and plain(given):
            raise TypeError(
                f"{self.name}.value_and_gradient() takes batches, and these are plain numbers: for "
                "one point and the gradient of its arguments there is value_and_gradient_at()"
            )
        value, slopes = self._runs.value_and_gradient(self, given, keywords)
        if not len(slopes):
            raise ValueError(
                f"{self.name}() reads no parameters that it could have a gradient of; for that of "
                "its arguments there is value_and_gradient_at()"
            )
        return value, slopes

    def value_and_gradient_at(self, *point: Any, **named: Any) -> tuple[float, Any]:
        """The value at one point and the gradient of its arguments, as SciPy's `minimize` wants.

        Parameters:
            point: what one example has of each argument, numbers or arrays; no batch.

        Returns:
            The value, and the derivatives in the shape of the argument; of several arguments a
            tuple.

        >>> import numpy as np
        >>> f = compiled(lambda xs: xs[0] * xs[1])
        >>> f.value_and_gradient_at(np.array([3.0, 4.0]))
        (12.0, array([4., 3.]))
        """
        if context.special:
            self._refuse_while_recording()
        given, keywords = in_order(self.function, point, named) if named else (point, ())
        if not given:
            raise TypeError(f"{self.name}() takes no arguments that it could have a gradient of")
        runs = self._runs
        at = runs.at_numbers if plain(given) else runs.at_arrays
        value, slopes = at(self, given, keywords, True)
        return value, slopes if len(slopes) > 1 else slopes[0]

    @property
    def _runs(self) -> Runs:
        """The backend's module; the eager one where every operation is to be seen."""
        if self.backend == "eager":
            return eager
        if context.special:
            state = context.current()
            if state.watcher is not None or state.tracer is not None:
                return eager
        return batched

    def _refuse_while_recording(self) -> None:
        if context.current().tracer:
            raise CompilationError(
                f"{self.name}() of plain numbers in a compiled function gives plain numbers, which "
                "would stay as they are now: give it Values, or call its .mean() or .sum()"
            )

    # ------------------------------------------------------------------------ what it reads

    @property
    def owner(self) -> Any:
        """Whose method the function is, or the object that is called; None for a function."""
        function = self.function
        if isinstance(function, FunctionType):
            return None
        return getattr(function, "__self__", function)

    @property
    def parameters(self) -> list[Value]:
        """The Values from outside, in the order of `value_and_gradient`'s gradient.

        For a Module, or a method of one, its `parameters()`; after them, and for other functions,
        what the programs for the present state read, in the order of their first use.
        """
        return list(self.programs.parameters(self.owner, fresh=True))

    def check(self) -> None:
        """Record the function again, to see whether it computes what it did when it was compiled.

        Raises:
            CompilationError: it does not; the message names the operation or number that differs.
        """
        self.programs.check(self.function)

    # ------------------------------------------------------------------------------ copies

    def __reduce__(self) -> Any:
        return reduced(self)

    def __copy__(self) -> Compiled:
        return Compiled(self.function, self.backend)

    def __deepcopy__(self, memo: dict[int, Any]) -> Compiled:
        return deeply_copied(self, memo)

    # -------------------------------------------------------------------------- to look at

    @property
    def source(self) -> str:
        """The program of the latest call as text."""
        text: str = self._latest("source").source
        return text

    @property
    def program(self) -> Program:
        """The array instructions of the latest call on batches."""
        latest = self._latest("program")
        if not hasattr(latest, "runner"):
            raise CompilationError(f"{self.name} was last called with plain numbers, not batches")
        program: Program = latest.runner.emitted.program
        return program

    def _latest(self, what: str) -> Any:
        if self.backend == "eager":
            raise CompilationError(f'{self.name} has no {what}: it runs with backend="eager"')
        if self.programs.latest is None:
            raise CompilationError(
                f"{self.name} has no {what} yet: it is compiled when it first sees its arguments"
            )
        return self.programs.latest

    def __repr__(self) -> str:
        return f"<compiled {self.name}>" if self.backend != "eager" else f"<eager {self.name}>"
