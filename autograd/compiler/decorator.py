"""`compiled`: a function of one example's scalars, run on whole batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, overload

from autograd.compiler.backends import Backend, checked_backend
from autograd.compiler.function import Compiled, Function


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
        backend: "numpy" compiles to a NumPy program, which everybody can read and run; "c" to
            machine code, by the C compiler that is there (or to NumPy after all: `repr` says which
            and why); "eager" runs one example after the other.

    **When it is compiled.** At its first call, and again for arguments of another shape for one
    example or another state of what it reads. To machine code that takes a second or more, where
    the same was not compiled before. What it becomes is decided then: for want of a C compiler it
    becomes a NumPy program, and stays one also when there is a compiler later; call `compiled`
    again for another.

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
    >>> from autograd import Value
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
        raise _no_function(function)
    return Compiled(function, backend)


def _no_function(given: Any) -> TypeError:
    known = isinstance(given, str) and given in get_args(Backend)
    way_out = f": a backend is given by its name, as in compiled(f, backend={given!r})"
    return TypeError(f"compiled() takes a function, not {given!r:.60}{way_out if known else ''}")
