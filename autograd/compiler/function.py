"""A compiled function: what it is called with, what it gives, and what there is to look at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, update_wrapper
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import context
from autograd.compiler.arguments import Given, Keywords, has_values, in_order, plain
from autograd.compiler.backends import MODULES, Backend, Runs, present_module
from autograd.compiler.copying import deeply_copied, reduced
from autograd.compiler.errors import CompilationError
from autograd.compiler.methods import Methods
from autograd.compiler.results import in_structure, operation
from autograd.value import Value

# The stages of the compiler are imported when something is compiled: that keeps the import of
# the package quick.
if TYPE_CHECKING:
    from autograd.compiler.graph import Graph
    from autograd.compiler.instructions import Program
    from autograd.compiler.programs import Programs

Function = Callable[..., Any]


class Compiled:
    """A compiled function; made by `compiled`.

    Attributes:
        function: as it was written, bound to its instance if it is a method.
        backend: what runs it, "numpy", "c" or "eager".
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
        runs, given, keywords = self._prepared(arguments, named, numbers=True)
        if given and plain(given):
            return runs.at_numbers(self, given, keywords, False)
        outputs, structure = runs.outputs(self, given, keywords)
        results = in_structure(structure, outputs)
        return results if given or not isinstance(results, np.ndarray) else results[0]

    def mean(self, *arguments: Any, **named: Any) -> Value:
        """The mean over the batch, as a Value whose operands are the parameters."""
        runs, given, keywords = self._prepared(arguments, named)
        return runs.reduced(self, given, keywords, True)

    def sum(self, *arguments: Any, **named: Any) -> Value:
        """The sum over the batch, as a Value whose operands are the parameters."""
        runs, given, keywords = self._prepared(arguments, named)
        return runs.reduced(self, given, keywords, False)

    def value_and_gradient(self, *arguments: Any, **named: Any) -> tuple[float, Any]:
        """The mean over a batch and its gradient, as plain numbers, without a Value.

        Returns:
            The mean, and the derivatives with respect to `parameters`, shape (n,), in that order.

        Raises:
            ValueError: it reads no parameters.
        """
        runs, given, keywords = self._prepared(arguments, named, numbers=True)
        if given and plain(given):
            raise TypeError(
                f"{self.name}.value_and_gradient() takes batches, and these are plain numbers: for "
                "one point and the gradient of its arguments there is value_and_gradient_at()"
            )
        value, slopes = runs.value_and_gradient(self, given, keywords)
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
        >>> from autograd import compiled
        >>> f = compiled(lambda xs: xs[0] * xs[1])
        >>> f.value_and_gradient_at(np.array([3.0, 4.0]))
        (12.0, array([4., 3.]))
        """
        runs, given, keywords = self._prepared(point, named, numbers=True)
        if not given:
            raise TypeError(f"{self.name}() takes no arguments that it could have a gradient of")
        at = runs.at_numbers if plain(given) else runs.at_arrays
        value, slopes = at(self, given, keywords, True)
        return value, slopes if len(slopes) > 1 else slopes[0]

    def _prepared(
        self, arguments: Given, named: dict[str, Any], numbers: bool = False
    ) -> tuple[Runs, Given, Keywords]:
        """What carries out a call, the arguments in the function's order, and their keywords.

        Parameters:
            numbers: whether the result is of numbers, which must not get into a recording.
        """
        if numbers and context.special and context.current().tracer:
            raise CompilationError(
                f"{self.name}() of plain numbers in a compiled function gives plain numbers, which "
                "would stay as they are now: give it Values, or call its .mean() or .sum()"
            )
        if not named and not context.special:  # which is quicker than to look again below
            return MODULES[self.backend], arguments, ()
        runs = present_module(self.backend) if context.special else MODULES[self.backend]
        return (
            (runs, *in_order(self.function, arguments, named)) if named else (runs, arguments, ())
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
        program: Program = self._of_batches("program").runner.program
        return program

    @property
    def graph(self) -> Graph:
        """The scalar graph of one example, as it was written, of the latest call on batches."""
        graph: Graph = self._of_batches("graph").recorded
        return graph

    def _of_batches(self, what: str) -> Any:
        latest = self._latest(what)
        if not hasattr(latest, "runner"):
            raise CompilationError(
                f"{self.name} was last called with plain numbers, not batches, and has no "
                f"{what} of these: call it on several examples at once, such as an array with "
                "one in each row"
            )
        return latest

    def _latest(self, what: str) -> Any:
        if self.backend == "eager":
            raise CompilationError(f'{self.name} has no {what}: it runs with backend="eager"')
        if self.programs.latest is None:
            raise CompilationError(
                f"{self.name} has no {what} yet: call it first, which compiles it"
            )
        return self.programs.latest

    def __repr__(self) -> str:
        if self.backend == "eager":
            return f"<eager {self.name}>"
        latest = self.programs.latest
        runs_as = getattr(latest, "runs_as", "")
        if self.backend == "c" and latest is not None and not hasattr(latest, "runs_as"):
            runs_as = "a program on floats, since it was called with plain numbers"
        return f"<compiled {self.name}: {runs_as}>" if runs_as else f"<compiled {self.name}>"
