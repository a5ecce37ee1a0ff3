"""What carries out the calls of compiled functions: a module for each backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from autograd import context
from autograd.compiler import batched, eager
from autograd.compiler.arguments import Given, Keywords
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.function import Compiled

Backend = Literal["numpy", "c", "eager"]


class Runs(Protocol):
    """What such a module has."""

    def outputs(self, f: Compiled, given: Given, keywords: Keywords) -> tuple[Any, Any]: ...

    def reduced(self, f: Compiled, given: Given, keywords: Keywords, mean: bool) -> Value: ...

    def value_and_gradient(
        self, f: Compiled, given: Given, keywords: Keywords
    ) -> tuple[float, Any]: ...

    def at_numbers(self, f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any: ...

    def at_arrays(self, f: Compiled, given: Given, keywords: Keywords, slopes: bool) -> Any: ...


MODULES: dict[Backend, Runs] = {"numpy": batched, "c": batched, "eager": eager}


def checked_backend(backend: Any) -> None:
    """Raise unless there is such a backend."""
    if backend not in get_args(Backend):
        *names, last = map(repr, get_args(Backend))
        raise ValueError(f"backend must be {', '.join(names)} or {last}, not {backend!r:.80}")


def present_module(backend: Backend) -> Runs:
    """The module of a backend; the eager one where every operation is to be seen."""
    state = context.current()
    if state.watcher is not None or state.tracer is not None:
        return eager
    return MODULES[backend]
