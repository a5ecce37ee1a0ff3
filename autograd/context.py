"""How operations are being recorded right now: at all, in which scope, watched by whom.

The state is an object in a context variable, so it is private to each thread and each asyncio
task, and restored on exceptions. Reading a context variable for every operation would cost;
`special` knows the blocks that are open anywhere in the process, and while there are none nobody
needs to look.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import ContextDecorator
from contextvars import ContextVar
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar, overload
from weakref import ref


class Watcher(Protocol):
    """Is shown each node as it is recorded, and each gradient as it is passed on.

    Of a backward pass it is shown the nodes in order, operands before results, and the gradients
    so far, the last node's first.
    """

    def recorded(self, node: Any, operands: Sequence[Any]) -> None: ...

    def differentiated(self, order: Sequence[Any], passed: Sequence[float]) -> None: ...


class Tracer(Protocol):
    """Records operations in the engine's place, on Values that need not have a number.

    `made` holds the Values that the traced function made itself.
    """

    made: set[Any]

    def record(self, operation: Any, operands: Sequence[Any]) -> Any: ...

    def leaf(self, kind: Any, content: Any, label: str) -> Any: ...

    def refuse(self, value: Any, use: str) -> NoReturn: ...

    def saw(self, owner: Any, name: str) -> None: ...


class Context:
    """The state in a block: that of the block around it, with some fields changed."""

    recording: bool = True
    scope: str = ""
    watcher: Watcher | None = None
    tracer: Tracer | None = None
    alive: _Alive | None = None
    right_since: object = None  # the last end of a block that it knows of

    def __init__(self, outer: Context | None = None, within: str = "", **changes: Any) -> None:
        self.outer = outer
        if outer is not None:
            self.recording, self.scope = outer.recording, outer.scope
            self.watcher, self.tracer = outer.watcher, outer.tracer
        if within:
            self.scope = f"{self.scope}.{within}" if self.scope else within
        for field, content in changes.items():
            setattr(self, field, content)
        # Whether operations are recorded as always, in whatever scope.
        self.ordinary = self.recording and self.watcher is None and self.tracer is None


_current: ContextVar[Context] = ContextVar("autograd_context", default=Context())  # noqa: B039
special: set[_Alive] = set()


class _Alive(ref["_Entry"]):
    """Refers weakly to an entry, and can be looked up when that is gone, whenever it went."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


class _Entry:
    """Lives as long as a block is open: in the block that was entered, and nowhere else.

    `special` forgets it when it is gone, which happens in C, where no interrupt is heard.
    """

    def __init__(self, changes: dict[str, Any]) -> None:
        self.changes = changes
        self.alive = _Alive(self, special.discard)


# Another object whenever a block has ended: states that were right before may not be now.
_last_end = object()


def current() -> Context:
    """The state of this thread or task.

    Tasks begin in the block that started them, and generators leave theirs when they like: a block
    that was left counts no more, wherever it is still found.
    """
    state = _current.get()
    if state.right_since is _last_end and (state.alive in special or state.outer is None):
        return state
    return _renewed(state)


def _renewed(state: Context) -> Context:
    """The state without what those blocks had changed that have ended; it is that from now on."""
    end, found, chain = _last_end, state, []
    while found.outer is not None:
        chain.append(found)
        found = found.outer
    for each in reversed(chain):
        entry = each.alive() if each.alive in special else None
        if entry is not None:
            same = each.outer is found
            found = each if same else Context(found, alive=entry.alive, **entry.changes)
    found.right_since = end
    _current.set(found)
    return found


class _Held(partial[None]):
    """The end of a block, and what holds the block while a `with` holds its end."""

    block: _Block


class _End:
    """`__exit__`, which is handed a weak reference to its block.

    An interrupt as it begins keeps it from running at all: then the `with` lets go of the block,
    which so ends all the same, even if the traceback of the interrupt is kept.
    """

    def __get__(self, block: _Block | None, owner: type[_Block]) -> Callable[..., None]:
        if block is None:
            return lambda block, *error: block.leave()
        held = _Held(_leave, ref(block))
        held.block = block
        return held


def _leave(block: ref[_Block], *error: object) -> None:
    if found := block():
        found.leave()


class _Block(ContextDecorator):
    """A `with` block, or decorator, in which some fields of the state are changed."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes
        self._entered: list[_Entry] = []

    def _recreate_cm(self) -> _Block:
        return _Block(**self.changes)  # A decorated function gets a block for each of its calls.

    def __call__(self, function: Any) -> Any:
        """The function, in such a block whenever it is called."""
        lazy = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
        if lazy or inspect.iscoroutinefunction(function) or isinstance(function, type):
            name = getattr(function, "__name__", function)
            raise TypeError(
                f"a block decorates functions that run when they are called, and {name} is a "
                "class, a generator or a coroutine: use `with` inside of it"
            )
        return super().__call__(function)

    # A signal is heard where a function begins and after a call, and nowhere else.

    def __enter__(self) -> None:
        entry = _Entry(self.changes)
        try:
            special.add(entry.alive)
            self._entered.append(entry)
            _current.set(Context(current(), alive=entry.alive, **self.changes))
        except BaseException:
            special.discard(entry.alive)
            raise

    __exit__ = _End()

    def leave(self) -> None:
        """End the block, also if an interrupt comes meanwhile; a second one seldom does."""
        global _last_end
        if not self._entered:
            raise RuntimeError("this block was not entered, so it cannot end: use it by `with`")
        try:
            entry = self._innermost()
        except BaseException:
            entry = self._innermost()
            raise
        finally:
            special.discard(entry.alive)
        self._entered.remove(entry)
        _last_end = object()
        state = _current.get()
        if state.alive is entry.alive and state.outer is not None:
            _current.set(state.outer)

    def _innermost(self) -> _Entry:
        """The last entry that is open here; one block may be entered often."""
        state: Context | None = _current.get()
        while state is not None:
            if state.alive in special and (entry := state.alive()) in self._entered:
                return entry
            state = state.outer
        return self._entered[-1]


def changed(**changes: Any) -> _Block:
    """The same state with some fields changed, for the duration of a block."""
    return _Block(**changes)


Function = TypeVar("Function", bound=Callable[..., Any])


@overload
def no_grad() -> _Block: ...
@overload
def no_grad(function: Function) -> Function: ...
def no_grad(function: Any = None) -> Any:
    """Compute without recording: results are constants. Also a decorator.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.operands
    (9.0, ())
    """
    return applied(_Block(recording=False), function, "no_grad")


def applied(block: _Block, function: Any, name: str) -> Any:
    """The block, or the function that it decorates without having been called itself."""
    if function is None:
        return block
    if callable(function):
        return block(function)
    raise TypeError(f"{name}() takes nothing, or decorates a function, not {function!r:.60}")


def recording() -> _Block:
    """Record after all: a derivative that is taken under `no_grad()` needs its own graph."""
    return _Block(recording=True)


def scope(name: str) -> _Block:
    """Name the part of the model that the nodes of this block belong to; scopes nest.

    Also a decorator.

    >>> from autograd import Value, scope
    >>> with scope("encoder"), scope("layer0"):
    ...     y = Value(1.0) + 2.0
    >>> y.scope
    'encoder.layer0'
    """
    if not isinstance(name, str):
        raise TypeError(
            f"scope() takes a name, not {name!r:.60}: as a decorator it is @scope('encoder')"
        )
    return _Block(within=name)
